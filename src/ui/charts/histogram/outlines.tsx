import { createEffect, createMemo, createSignal, For, Show } from 'solid-js'
import { sumOf } from '../../../compute/histogram.ts'
import { type Outline, outlineOf, stepPath } from '../../../compute/histogram-outline.ts'
import { binsAt } from '../../../compute/histogram-strip.ts'
import { formatCount, formatValue } from '../../../compute/number.ts'
import { linearTicks } from '../../../compute/ticks.ts'
import { type ValueScale, valueTicks } from '../../../compute/value-scale.ts'
import type { Bins, Histograms } from '../../../model/histogram.ts'
import { useApp } from '../../../state/app.ts'
import type { ShownRun } from '../../../state/view/chart-context.ts'
import { Name } from '../../components/name.tsx'
import { readTokens } from '../design-tokens.ts'
import { createRatio } from '../ratio.ts'
import { type Box, drawAxes, drawChip, EDGE, penOn, tracePath } from './draw.ts'
import { countText, shareText } from './scene.ts'

/** Rows of the tooltip, at most. */
const MOST_ROWS = 12
const TIP = 260

export interface OneOutline {
  run: ShownRun
  bins: Bins
  step: number
  line: Outline
}

/** The last entry of each run in the answer, as outlines. */
export function outlinesOf(
  data: Histograms,
  runs: readonly ShownRun[],
  scale: ValueScale,
  width: number,
): OneOutline[] {
  return data.runs.flatMap((key, r) => {
    const [from, to] = [data.runStarts[r] as number, data.runStarts[r + 1] as number]
    const run = runs.find((one) => one.key === key)
    if (to <= from || !run) return []
    const bins = binsAt(data, to - 1)
    return [{ run, bins, step: data.steps[to - 1] as number, line: outlineOf(bins, scale, width) }]
  })
}

export function outlineBox(width: number, height: number): Box {
  return {
    left: EDGE.left,
    top: EDGE.top,
    width: Math.max(1, width - EDGE.left - EDGE.right),
    height: Math.max(1, height - EDGE.top - EDGE.bottom),
  }
}

/** Histograms of several runs at one step, laid over each other as lines of steps. */
export function Outlines(props: {
  metric: string
  outlines: readonly OneOutline[]
  scale: ValueScale
  width: number
  height: number
}) {
  const { theme, view } = useApp()
  const ratio = createRatio()
  let base: HTMLCanvasElement | undefined
  let overlay: HTMLCanvasElement | undefined
  const [share, setShare] = createSignal<number>()
  const box = createMemo(() => outlineBox(props.width, props.height))
  const highest = createMemo(() => Math.max(0, ...props.outlines.map(({ line }) => line.highest)))

  createEffect(() => {
    const tokens = readTokens(theme())
    const pen = penOn(base, props.width, props.height, ratio())
    if (!pen) return
    const at = box()
    const most = highest()
    const y = linearTicks(0, 100 * most, Math.max(2, Math.floor(at.height / 40)))
    drawAxes(pen, at, tokens, {
      y: { ...y, labels: y.labels.map((label) => `${label} %`) },
      yShare: (percent) => (most > 0 ? percent / 100 / most : 0),
      grid: 'y',
    })
    drawAxes(pen, at, tokens, {
      x: valueTicks(props.scale, Math.max(2, Math.floor(at.width / 64))),
      xShare: props.scale.share,
    })
    const hot = view.highlight()
    const order = [...props.outlines].sort((a, b) => Number(a.run.key === hot) - Number(b.run.key === hot))
    pen.save()
    pen.translate(at.left, 0)
    pen.lineJoin = 'round'
    for (const { run, line } of order) {
      const isHot = run.key === hot
      const path = stepPath(line, at.top + at.height, at.height, most)
      if (isHot) {
        tracePath(pen, path)
        pen.setLineDash([])
        pen.strokeStyle = tokens.paper
        pen.lineWidth = 4.5
        pen.stroke()
      }
      tracePath(pen, path)
      pen.setLineDash(run.style.dash)
      pen.strokeStyle = run.style.color
      pen.globalAlpha = hot !== undefined && !isHot ? 0.45 : 1
      pen.lineWidth = isHot ? 2.25 : props.outlines.length > 24 ? 1 : 1.5
      pen.stroke()
    }
    pen.restore()
  })
  createEffect(() => {
    const here = share()
    const tokens = readTokens(theme())
    const pen = penOn(overlay, props.width, props.height, ratio())
    if (!pen || here === undefined) return
    const at = box()
    const px = Math.round(at.left + here * at.width)
    pen.fillStyle = tokens.ink3
    pen.fillRect(px, at.top, 1, at.height)
    drawChip(
      pen,
      formatValue(props.scale.value(here), 3),
      { x: px, y: at.top + at.height + 6, side: 'below' },
      tokens,
    )
  })

  const rows = createMemo(() => {
    const here = share()
    if (here === undefined) return []
    const value = props.scale.value(here)
    return props.outlines
      .map(({ run, bins, step }) => {
        const i = binOf(bins, value)
        const count = i < 0 ? 0 : (bins.counts[i] as number)
        const total = sumOf(bins.counts)
        return { run, step, i, count, share: total > 0 ? count / total : 0, bins }
      })
      .sort((a, b) => b.share - a.share)
  })

  function onMove(event: PointerEvent): void {
    const at = box()
    const x = event.clientX - (overlay?.getBoundingClientRect().left ?? 0)
    setShare(Math.max(0, Math.min(1, (x - at.left) / at.width)))
  }

  function onKeyDown(event: KeyboardEvent): void {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (by === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    event.stopPropagation()
    setShare(Math.max(0, Math.min(1, (share() ?? 0.5) + (by * (event.shiftKey ? 10 : 1)) / 100)))
  }

  const first = () => rows()[0]
  const label = () => `${props.metric}, outlines of ${formatCount(props.outlines.length)} runs`
  const spoken = () =>
    rows()
      .slice(0, 3)
      .map(({ run, count, share: part }) => `${run.name} ${countText(count)}, ${shareText(part)}`)
      .join('; ')
  return (
    <div class="histogram-box" style={{ height: `${props.height}px` }}>
      <canvas class="chart-layer" ref={base} />
      {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: a chart that takes keys is an application (design §12) */}
      <canvas
        class="chart-layer chart-overlay"
        ref={overlay}
        tabindex="0"
        role="application"
        aria-roledescription="chart"
        aria-label={label()}
        onPointerMove={onMove}
        onPointerDown={onMove}
        onPointerLeave={() => setShare(undefined)}
        onBlur={() => setShare(undefined)}
        onKeyDown={onKeyDown}
      />
      <Show when={first()}>
        <div
          class="chart-tip histogram-tip"
          aria-hidden="true"
          style={{
            width: `${TIP}px`,
            top: '4px',
            left: `${
              box().left + (share() ?? 0) * box().width + 14 + TIP > props.width
                ? Math.max(0, box().left + (share() ?? 0) * box().width - 14 - TIP)
                : box().left + (share() ?? 0) * box().width + 14
            }px`,
          }}
        >
          <div class="chart-tip-head">
            <b>{`At ${formatValue(props.scale.value(share() ?? 0), 4)}`}</b>
            <span>count, share of its bin</span>
          </div>
          <For each={rows().slice(0, MOST_ROWS)}>
            {(row) => (
              <div class="chart-tip-row">
                <i class="histogram-dot" style={{ background: row.run.style.color }} />
                <span class="chart-tip-name">
                  <Name of={row.run.name} />
                </span>
                <span class="chart-tip-value">
                  {row.i < 0 ? '–' : `${countText(row.count)}, ${shareText(row.share)}`}
                </span>
              </div>
            )}
          </For>
          <Show when={rows().length > MOST_ROWS}>
            <div class="chart-tip-foot">
              <span>{`${MOST_ROWS} of ${formatCount(rows().length)} runs, greatest share first`}</span>
            </div>
          </Show>
        </div>
      </Show>
      <span class="unseen" aria-live="polite">
        {spoken()}
      </span>
    </div>
  )
}

/** The bin that a value lies in; −1 where there is none. The last one has its end. */
function binOf({ edges, counts }: Bins, value: number): number {
  const n = counts.length
  for (let i = 0; i < n; i++)
    if (
      value >= (edges[i] as number) &&
      (value < (edges[i + 1] as number) || (i === n - 1 && value === edges[n]))
    )
      return i
  return -1
}

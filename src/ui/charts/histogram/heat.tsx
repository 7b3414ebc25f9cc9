import {
  createEffect,
  createMemo,
  createSignal,
  createUniqueId,
  For,
  onCleanup,
  Show,
  untrack,
} from 'solid-js'
import { sumOf } from '../../../compute/histogram.ts'
import { cellAt, joinBins } from '../../../compute/histogram-cells.ts'
import {
  binsAt,
  type StripColumns,
  type StripPixels,
  stripColumns,
  stripPixels,
} from '../../../compute/histogram-strip.ts'
import { formatCount, formatValue } from '../../../compute/number.ts'
import { valueTicks } from '../../../compute/value-scale.ts'
import type { Histograms } from '../../../model/histogram.ts'
import { useApp } from '../../../state/app.ts'
import type { ShownRun } from '../../../state/view/chart-context.ts'
import { Name } from '../../components/name.tsx'
import { readTokens } from '../design-tokens.ts'
import { createRatio } from '../ratio.ts'
import { drawAxes, drawCells, drawChip, EDGE, penOn, rampOf } from './draw.ts'
import { HistogramTip } from './histogram-tip.tsx'
import {
  AXIS_WORD,
  countText,
  extentOf,
  shareText,
  stripAxis,
  type ValueAxis,
  valueScale,
  xsOf,
  xTicksFor,
  xWords,
} from './scene.ts'

/** Of several strips one below the other: the run's name above each, and the height of the strip itself. */
const LABEL = 15
const GAP = 5

/** Height of a strip, by how many there are; one alone has what the card leaves. */
function stripHeight(count: number): number {
  return count <= 4 ? 72 : count <= 12 ? 44 : 28
}

/** What the strips of so many runs need. */
export function heatHeight(count: number, alone: number): number {
  return count <= 1 ? alone : EDGE.top + count * (LABEL + stripHeight(count) + GAP) + EDGE.bottom
}

export interface HeatOptions {
  data(): Histograms | undefined
  runs(): readonly ShownRun[]
  axis(): ValueAxis
  width(): number
  height(): number
}

export type HeatModel = ReturnType<typeof createHeat>

/** Strips of some runs: what they show, for the picture and for what is said of it. */
export function createHeat(options: HeatOptions) {
  const { view } = useApp()
  const ratio = createRatio()
  const axis = createMemo(() => stripAxis(view.x()))
  const zoom = createMemo(() => (view.x().kind === 'metric' ? undefined : view.zoom()))
  const scale = createMemo(() => {
    const now = options.data()
    return now && valueScale(now.common, options.axis())
  })
  const xs = createMemo(() => {
    const now = options.data()
    return now ? xsOf(now, axis()) : new Float64Array(0)
  })
  const columns = createMemo((): StripColumns[] => {
    const now = options.data()
    return now
      ? now.runs.map((_, r) => stripColumns(xs(), now.runStarts[r] as number, now.runStarts[r + 1] as number))
      : []
  })
  const extent = createMemo(() => extentOf(columns(), zoom()))
  const left = EDGE.left
  const width = createMemo(() => Math.max(1, options.width() - EDGE.left - EDGE.right))
  const rows = createMemo(() => {
    const count = columns().length
    if (count <= 1) return [{ top: EDGE.top, height: Math.max(1, options.height() - EDGE.top - EDGE.bottom) }]
    const height = stripHeight(count)
    return columns().map((_, i) => ({ top: EDGE.top + i * (LABEL + height + GAP) + LABEL, height }))
  })
  const pixelOf = (x: number): number => {
    const [min, max] = extent()
    return left + ((x - min) / (max - min)) * width()
  }
  const xAt = (pixel: number): number => {
    const [min, max] = extent()
    return min + ((pixel - left) / width()) * (max - min)
  }
  const pixels = createMemo((): StripPixels[] => {
    const [now, on, size] = [options.data(), scale(), ratio()]
    if (!now || !on || options.width() <= 0) return []
    const [w, first] = [Math.round(width() * size), Math.round(left * size)]
    return columns().map((column, r) => {
      const h = Math.max(1, Math.round((rows()[r]?.height ?? 1) * size))
      return stripPixels(now, column, on, (x) => pixelOf(x) * size - first, w, h)
    })
  })
  /** The place among its columns of the histogram of a run at an x; −1 for none. */
  const columnAt = (r: number, x: number): number => {
    const found = columns()[r]
    if (!found) return -1
    // of several at one x the last one
    for (let i = found.entries.length - 1; i >= 0; i--)
      if (x >= (found.from[i] as number) && x <= (found.to[i] as number)) return i
    return -1
  }
  const facts = createMemo(() => {
    const all = pixels()
    const sum = (of: (one: StripPixels) => number) => all.reduce((n, one) => n + of(one), 0)
    const total = sum(({ total: n }) => n)
    return {
      entries: sum(({ entries }) => entries),
      empty: sum(({ empty }) => empty),
      outside: total > 0 ? sum(({ outside }) => outside) / total : 0,
      together: Math.max(0, ...all.map(({ together }) => together)),
      joined: all.some(({ joined }) => joined),
    }
  })
  return {
    options,
    axis,
    scale,
    xs,
    columns,
    extent,
    rows,
    width,
    ratio,
    pixelOf,
    xAt,
    pixels,
    columnAt,
    facts,
  }
}

export interface HeatProps {
  model: HeatModel
  metric: string
  /** A step was clicked, or chosen by keys. */
  onStep?(step: number): void
}

/** Every step of some runs as a column each: bins along the other axis, and colour for the logarithm of the count. */
export function Heat(props: HeatProps) {
  const { view, theme, preferences } = useApp()
  const { model } = props
  const id = createUniqueId()
  let base: HTMLCanvasElement | undefined
  let overlay: HTMLCanvasElement | undefined
  /** Where the pointer or the keys are: a run, an entry of its columns, and a share of the value axis. */
  const [at, setAt] = createSignal<{ row: number; column: number; share: number; keys: boolean }>()
  const [drag, setDrag] = createSignal<{ from: number; to: number }>()
  const [spoken, setSpoken] = createSignal('')
  const zone = () => preferences.value().timeZone
  const words = (x: number) => xWords(model.axis(), x, zone())
  const size = () => ({ width: model.options.width(), height: model.options.height() })
  const runs = () => model.options.runs()

  createEffect(() => {
    const { width, height } = size()
    const [all, ratio, data, scale] = [model.pixels(), model.ratio(), model.options.data(), model.scale()]
    const tokens = readTokens(theme())
    const pen = penOn(base, width, height, ratio)
    if (!pen || !data || !scale) return
    const rows = model.rows()
    all.forEach((pixels, r) => {
      const { top } = rows[r] ?? { top: 0 }
      const ramp = rampOf(runs()[r]?.style.color ?? tokens.ink2, tokens)
      drawCells(pen, pixels, Math.round(EDGE.left * ratio), Math.round(top * ratio), ramp, data.common.counts)
    })
    rows.forEach(({ top, height: high }, r) => {
      const last = r === rows.length - 1
      const ticks = valueTicks(scale, Math.max(2, Math.min(9, Math.floor(high / 22))), EDGE.left - 10)
      const box = { left: EDGE.left, top, width: model.width(), height: high }
      drawAxes(pen, box, tokens, {
        ...{ y: ticks, yShare: scale.share },
        ...(last && {
          x: xTicksFor(model.axis(), model.extent(), Math.max(2, Math.floor(box.width / 90)), zone()),
          xShare: (x: number) => (model.pixelOf(x) - EDGE.left) / box.width,
        }),
      })
    })
  })

  /** The crosshair: where it is here, else where another chart has it. */
  const cursorX = createMemo(() => view.cursor()?.x)
  createEffect(() => {
    const { width, height } = size()
    const [here, x, pulled, scale] = [at(), cursorX(), drag(), model.scale()]
    const tokens = readTokens(theme())
    const pen = penOn(overlay, width, height, model.ratio())
    if (!pen || !scale) return
    const rows = model.rows()
    const end = EDGE.left + model.width()
    const bottom = (rows[rows.length - 1]?.top ?? 0) + (rows[rows.length - 1]?.height ?? 0)
    const top = rows[0]?.top ?? 0
    if (pulled) {
      const [a, b] = [pulled.from, pulled.to].sort((p, q) => p - q) as [number, number]
      pen.globalAlpha = 0.14
      pen.fillStyle = tokens.accent
      pen.fillRect(a, top, b - a, bottom - top)
      pen.globalAlpha = 1
    }
    if (x === undefined) return
    const px = Math.round(model.pixelOf(x))
    if (px < EDGE.left - 1 || px > end + 1) return
    // seen on every colour: a line of ink in one of paper
    pen.fillStyle = tokens.paper
    pen.fillRect(px - 1, top, 3, bottom - top)
    pen.fillStyle = tokens.ink
    pen.fillRect(px, top, 1, bottom - top)
    const row = here && rows[here.row]
    if (!here || !row) return
    const py = Math.round(row.top + (1 - here.share) * row.height)
    pen.fillStyle = tokens.paper
    pen.fillRect(EDGE.left, py - 1, model.width(), 3)
    pen.fillStyle = tokens.ink
    pen.fillRect(EDGE.left, py, model.width(), 1)
    drawChip(pen, formatValue(scale.value(here.share), 2), { x: EDGE.left, y: py, side: 'left' }, tokens)
    drawChip(pen, words(x), { x: px, y: bottom + 6, side: 'below' }, tokens)
  })

  /** The bin under the pointer, with its neighbours where they are narrower than a pixel. */
  const found = createMemo(() => {
    const [here, data, scale] = [at(), model.options.data(), model.scale()]
    const column = here && model.columns()[here.row]
    const entry = here && column?.entries[here.column]
    if (!here || !data || !scale || entry === undefined) return undefined
    const bins = binsAt(data, entry)
    const high = model.pixels()[here.row]?.height ?? 1
    const cells = joinBins(bins, [scale.low, scale.high], (value) => scale.share(value) * high, high)
    const cell = cellAt(cells, Math.min(high - 1, Math.floor(here.share * high)))
    const total = sumOf(bins.counts)
    const facts = {
      step: data.steps[entry] as number,
      bins: bins.counts.length,
      total,
      run: runs()[here.row],
    }
    if (cell < 0) return { ...facts, low: Number.NaN, high: Number.NaN, count: 0, joined: 0 }
    const [first, last] = [cells.first[cell] as number, cells.end[cell] as number]
    return {
      ...facts,
      low: bins.edges[first] as number,
      high: bins.edges[last] as number,
      count: cells.counts[cell] as number,
      joined: last - first,
    }
  })

  function put(row: number, column: number, share: number, keys: boolean): void {
    const entry = model.columns()[row]?.entries[column]
    if (entry === undefined) return
    setAt({ row, column, share: Math.max(0, Math.min(1, share)), keys })
    view.setCursor({ x: model.xs()[entry] as number, metric: props.metric, pinned: false })
    view.setHighlight(runs()[row]?.key)
  }

  function leave(): void {
    if (!at()) return
    setAt(undefined)
    setDrag(undefined)
    view.setCursor(undefined)
    view.setHighlight(undefined)
  }
  onCleanup(() => untrack(leave))

  function placeOf(event: PointerEvent): { x: number; y: number } {
    const box = overlay?.getBoundingClientRect()
    return { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) }
  }

  function onPointerMove(event: PointerEvent): void {
    const { x, y } = placeOf(event)
    const pulled = drag()
    if (pulled) setDrag({ ...pulled, to: Math.max(EDGE.left, Math.min(EDGE.left + model.width(), x)) })
    const rows = model.rows()
    const row = rows.findIndex(({ top, height }) => y >= top - LABEL / 2 && y < top + height + GAP)
    const column = row < 0 ? -1 : model.columnAt(row, model.xAt(x))
    if (column < 0) return leaveButDrag()
    const { top, height } = rows[row] ?? { top: 0, height: 1 }
    put(row, column, 1 - (y - top) / height, false)
  }

  function leaveButDrag(): void {
    const pulled = drag()
    leave()
    setDrag(pulled)
  }

  function onPointerDown(event: PointerEvent): void {
    if (event.button !== 0 || event.pointerType === 'touch') return
    overlay?.setPointerCapture(event.pointerId)
    const { x } = placeOf(event)
    setDrag({ from: x, to: x })
  }

  function onPointerUp(event: PointerEvent): void {
    const pulled = drag()
    setDrag(undefined)
    if (pulled && Math.abs(pulled.from - pulled.to) >= 4) {
      const [min, max] = [model.xAt(pulled.from), model.xAt(pulled.to)].sort((a, b) => a - b)
      // a zoom of another axis cannot be seen here
      if (view.x().kind !== 'metric') view.setZoom({ min, max })
      return
    }
    onPointerMove(event)
    choose()
  }

  function choose(): void {
    const now = found()
    if (now && Number.isFinite(now.step)) props.onStep?.(now.step)
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const now = at() ?? { row: 0, column: -1, share: 0.5, keys: true }
    const count = model.columns()[now.row]?.entries.length ?? 0
    const by = event.shiftKey ? 10 : 1
    const to = (column: number) => Math.max(0, Math.min(count - 1, column))
    const high = model.pixels()[now.row]?.height ?? 1
    switch (event.key) {
      case 'ArrowLeft':
        put(now.row, now.column < 0 ? to(count) : to(now.column - by), now.share, true)
        break
      case 'ArrowRight':
        put(now.row, to(now.column + by), now.share, true)
        break
      case 'Home':
        put(now.row, 0, now.share, true)
        break
      case 'End':
        put(now.row, count - 1, now.share, true)
        break
      case 'ArrowUp':
      case 'ArrowDown':
        put(now.row, to(now.column), now.share + ((event.key === 'ArrowUp' ? 1 : -1) * by * 3) / high, true)
        break
      case 'PageUp':
      case 'PageDown': {
        const row = now.row + (event.key === 'PageUp' ? -1 : 1)
        if (row < 0 || row >= model.columns().length) return
        const x = view.cursor()?.x
        const column = x === undefined ? -1 : model.columnAt(row, x)
        put(row, Math.max(0, column), now.share, true)
        break
      }
      case 'Enter':
        choose()
        break
      case 'Escape':
        if (!at()) return
        leave()
        break
      default:
        return
    }
    event.preventDefault()
    event.stopPropagation()
    speak()
  }

  let speaking: ReturnType<typeof setTimeout> | undefined
  function speak(): void {
    clearTimeout(speaking)
    speaking = setTimeout(() => {
      const now = found()
      const x = view.cursor()?.x
      if (!now || x === undefined) return
      const share = now.total > 0 ? shareText(now.count / now.total) : '0 %'
      const range = Number.isNaN(now.low)
        ? 'no bin here'
        : `${formatValue(now.low)} to ${formatValue(now.high)}`
      setSpoken(
        `${AXIS_WORD[model.axis().kind]} ${words(x)}, ${runs().length > 1 ? `${now.run?.name}, ` : ''}${range}, ${countText(now.count)}, ${share}`,
      )
    }, 400)
  }
  onCleanup(() => clearTimeout(speaking))

  const summary = () => {
    const { entries, outside } = model.facts()
    const scale = model.scale()
    const range = scale ? `, values ${formatValue(scale.low)} to ${formatValue(scale.high)}` : ''
    return `${props.metric}, ${formatCount(entries)} histograms of ${formatCount(runs().length)} runs${range}, ${shareText(outside)} outside`
  }
  return (
    <div class="histogram-box" style={{ height: `${size().height}px` }}>
      <canvas class="chart-layer" ref={base} />
      <Show when={runs().length > 1}>
        <For each={model.rows()}>
          {(row, r) => (
            <span
              class="histogram-run"
              classList={{ hot: view.highlight() === runs()[r()]?.key }}
              style={{ top: `${row.top - LABEL}px`, left: `${EDGE.left}px` }}
            >
              <i style={{ background: runs()[r()]?.style.color }} />
              <Name of={runs()[r()]?.name ?? ''} />
              <Show when={(model.pixels()[r()]?.entries ?? 1) === 0}>
                <em>none in view</em>
              </Show>
            </span>
          )}
        </For>
      </Show>
      {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: a chart that takes keys is an application (design §12) */}
      <canvas
        class="chart-layer chart-overlay"
        ref={overlay}
        tabindex="0"
        role="application"
        aria-roledescription="chart"
        aria-label={summary()}
        aria-describedby={id}
        onPointerMove={onPointerMove}
        onPointerDown={onPointerDown}
        onPointerUp={onPointerUp}
        onPointerCancel={() => setDrag(undefined)}
        onPointerLeave={() => !drag() && leave()}
        onDblClick={() => view.setZoom(undefined)}
        onKeyDown={onKeyDown}
        onBlur={leave}
      />
      <Show when={!drag() && found()}>
        {(now) => (
          <HistogramTip
            head={`${AXIS_WORD[model.axis().kind]} ${words(view.cursor()?.x ?? Number.NaN)}`}
            side={`${formatCount(now().bins)} ${now().bins === 1 ? 'bin' : 'bins'}`}
            run={runs().length > 1 ? now().run : undefined}
            range={
              Number.isNaN(now().low)
                ? now().bins === 0
                  ? 'nothing was counted'
                  : 'no bin here'
                : `${formatValue(now().low, 3)} to ${formatValue(now().high, 3)}`
            }
            count={Number.isNaN(now().low) ? '' : countText(now().count)}
            foot={
              now().total > 0
                ? `${shareText(now().count / now().total)} of ${countText(now().total)}`
                : 'empty'
            }
            exact={now().joined > 1 ? `${now().joined} bins joined` : now().joined === 1 ? 'exact' : ''}
            left={model.pixelOf(view.cursor()?.x ?? 0)}
            top={
              (model.rows()[at()?.row ?? 0]?.top ?? 0) +
              (1 - (at()?.share ?? 0)) * (model.rows()[at()?.row ?? 0]?.height ?? 0)
            }
            width={size().width}
            height={size().height}
          />
        )}
      </Show>
      <span class="unseen" id={id}>
        Left and right move by step, up and down by value, Enter takes the step
      </span>
      <span class="unseen" aria-live="polite">
        {spoken()}
      </span>
    </div>
  )
}

import { createEffect, createMemo, createSignal } from 'solid-js'
import { evenly, outlineOf, RIDGE_LINES, ridgeGrounds, stepPath } from '../../../compute/histogram-outline.ts'
import { binsAt } from '../../../compute/histogram-strip.ts'
import { formatCount } from '../../../compute/number.ts'
import { valueTicks } from '../../../compute/value-scale.ts'
import { useApp } from '../../../state/app.ts'
import type { ShownRun } from '../../../state/view/chart-context.ts'
import { readTokens } from '../design-tokens.ts'
import { drawAxes, EDGE, penOn, tracePath } from './draw.ts'
import type { HeatModel } from './heat.tsx'
import { outlineBox } from './outlines.tsx'
import { xWords } from './scene.ts'

/** Names at the left stand so far apart, CSS pixels. */
const APART = 22

/** Entries of the first run that a ridge shows, from the earliest to the latest: the chosen one among them. */
export function ridgeEntries(model: HeatModel, chosen: number | undefined): number[] {
  const all = model.columns()[0]?.entries ?? new Uint32Array(0)
  const [min, max] = model.extent()
  const seen = Array.from(all).filter((e) => {
    const x = model.xs()[e] as number
    return x >= min && x <= max
  })
  const places = evenly(seen.length, RIDGE_LINES).map((i) => seen[i] as number)
  if (chosen === undefined || places.includes(chosen) || !seen.includes(chosen)) return places
  // it takes the place of the nearest one that is neither the first nor the last
  const at = seen.indexOf(chosen)
  let nearest = 1
  places.forEach((e, i) => {
    if (
      i > 0 &&
      i < places.length - 1 &&
      Math.abs(seen.indexOf(e) - at) < Math.abs(seen.indexOf(places[nearest] as number) - at)
    )
      nearest = i
  })
  return places.with(nearest, chosen)
}

/** Outlines of the steps of one run one behind the other, the latest in front. */
export function Ridge(props: {
  model: HeatModel
  metric: string
  run: ShownRun | undefined
  /** The crosshair's, in ink. */
  chosen: number | undefined
  onStep?(step: number): void
}) {
  const { theme, preferences } = useApp()
  let canvas: HTMLCanvasElement | undefined
  const [hot, setHot] = createSignal<number>()
  const entries = createMemo(() => ridgeEntries(props.model, props.chosen))
  const size = () => ({ width: props.model.options.width(), height: props.model.options.height() })
  const box = createMemo(() => outlineBox(size().width, size().height))
  const words = (e: number) =>
    xWords(props.model.axis(), props.model.xs()[e] as number, preferences.value().timeZone)

  createEffect(() => {
    const { model } = props
    const [data, scale, at] = [model.options.data(), model.scale(), box()]
    const tokens = readTokens(theme())
    const { width, height } = size()
    const pen = penOn(canvas, width, height, model.ratio())
    if (!pen || !data || !scale) return
    drawAxes(pen, at, tokens, {
      x: valueTicks(scale, Math.max(2, Math.floor(at.width / 64))),
      xShare: scale.share,
      grid: 'x',
    })
    pen.fillStyle = tokens.axis
    pen.fillRect(at.left, at.top + at.height, at.width, 1)
    const lines = entries().map((e) => outlineOf(binsAt(data, e), scale, at.width))
    const highest = Math.max(0, ...lines.map((line) => line.highest))
    const { grounds, high } = ridgeGrounds(lines.length, at.height)
    const color = props.run?.style.color ?? tokens.ink2
    let named = -APART
    lines.forEach((line, i) => {
      const e = entries()[i] as number
      const ground = at.top + (grounds[i] as number)
      const isChosen = e === props.chosen || i === hot()
      pen.save()
      pen.translate(at.left, 0)
      const path = stepPath(line, ground, high, highest)
      tracePath(pen, path)
      pen.fillStyle = tokens.paper
      pen.globalAlpha = 0.85
      pen.fill()
      pen.fillStyle = color
      pen.globalAlpha = 0.28
      pen.fill()
      pen.globalAlpha = 1
      pen.beginPath()
      pen.moveTo(0, ground)
      for (let p = 0; p < path.length; p += 2) pen.lineTo(path[p] as number, path[p + 1] as number)
      pen.lineTo(at.width, ground)
      pen.strokeStyle = isChosen ? tokens.ink : color
      pen.lineWidth = isChosen ? 2 : 1
      pen.stroke()
      pen.restore()
      const last = i === lines.length - 1
      // the last one is named whatever stands before it
      const room = Math.min(ground - named, last ? APART : at.top + at.height - ground)
      if (!isChosen && !last && room < APART) return
      named = ground
      pen.font = `${isChosen ? '600 ' : ''}11px ${tokens.font}`
      pen.fillStyle = isChosen ? tokens.ink : tokens.ink3
      pen.textAlign = 'right'
      pen.textBaseline = 'middle'
      const text = words(e)
      const wide = pen.measureText(text).width
      if (isChosen) {
        // what stood there gives way
        pen.fillStyle = tokens.paper
        pen.fillRect(0, ground - 9, at.left - 2, 18)
        pen.fillStyle = tokens.ink
      }
      pen.fillText(text, Math.max(wide, at.left - 8), ground - 1)
    })
  })

  function lineAt(event: PointerEvent | MouseEvent): number | undefined {
    const y = event.clientY - (canvas?.getBoundingClientRect().top ?? 0) - EDGE.top
    const { grounds } = ridgeGrounds(entries().length, box().height)
    let nearest: number | undefined
    grounds.forEach((ground, i) => {
      if (nearest === undefined || Math.abs(ground - y) < Math.abs((grounds[nearest] as number) - y))
        nearest = i
    })
    return nearest
  }

  function take(i: number | undefined): void {
    const e = i === undefined ? undefined : entries()[i]
    const step = e === undefined ? undefined : props.model.options.data()?.steps[e]
    if (step !== undefined && Number.isFinite(step)) props.onStep?.(step)
  }

  function onKeyDown(event: KeyboardEvent): void {
    const by = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 }[event.key]
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === 'Enter') take(hot())
    else if (by !== undefined) {
      const now = hot() ?? Math.max(0, entries().indexOf(props.chosen ?? -1))
      setHot(Math.max(0, Math.min(entries().length - 1, now + by)))
    } else return
    event.preventDefault()
    event.stopPropagation()
  }
  const hotWords = () => {
    const e = entries()[hot() ?? -1]
    return e === undefined ? '' : words(e)
  }
  return (
    <div class="histogram-box" style={{ height: `${size().height}px` }}>
      {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: a chart that takes keys is an application (design §12) */}
      <canvas
        class="chart-layer chart-overlay"
        ref={canvas}
        tabindex="0"
        role="application"
        aria-roledescription="chart"
        aria-label={`${props.metric}, ridge of ${formatCount(entries().length)} steps`}
        onPointerMove={(event) => setHot(lineAt(event))}
        onPointerLeave={() => setHot(undefined)}
        onClick={(event) => take(lineAt(event))}
        onBlur={() => setHot(undefined)}
        onKeyDown={onKeyDown}
      />
      <span class="unseen" aria-live="polite">
        {hotWords()}
      </span>
    </div>
  )
}

import '../styles/under.css'
import { createEffect, createMemo, createUniqueId, onCleanup, Show } from 'solid-js'
import { formatValue } from '../../compute/number.ts'
import type { FrameQuery, ProbeQuery } from '../../model/view.ts'
import { createFrames } from '../../state/data/charts.ts'
import type { UnderChart } from '../../state/view/chart-context.ts'
import { createCrosshair } from '../../state/view/crosshair.ts'
import type { ChartModel } from './chart-model.ts'
import { drawLines } from './draw-lines.ts'
import { type Box, makeScene, toPixel, xMap } from './scene.ts'

/** CSS pixels that it takes of the card. */
const UNDER = 48
const TOP = 14
const BOTTOM = 4
const AS_LOGGED = { kind: 'mean', width: 0, factor: 1 } as const

/** A system metric as a strip under a chart, on the same x axis: a line for each drawn run. */
export function ChartUnder(props: { model: ChartModel; under: UnderChart; width: number; ratio: number }) {
  const { model } = props
  const { view } = model
  let canvas: HTMLCanvasElement | undefined
  const id = createUniqueId()
  /** Where the plot above stands. */
  const box = createMemo((): Box | undefined => {
    const above = model.drawn()?.box
    return above && { left: above.left, width: above.width, top: TOP, height: UNDER - TOP - BOTTOM }
  })
  const query = createMemo((): FrameQuery | undefined => {
    const [scene, place] = [model.scene(), box()]
    // an axis that is another metric has no place for what was sampled by the clock
    if (!model.visible() || !scene || !place || scene.frame.single || scene.query.x.kind === 'metric')
      return undefined
    const { x, xScale } = scene.query
    return {
      ...{ project: props.under.project, metric: props.under.metric, x, xScale, yScale: 'linear' },
      runs: scene.lines.map(({ run }) => props.under.lineOf(run.key)),
      ...{ range: { kind: 'full' }, smoothing: AS_LOGGED, raw: false },
      zoom: { min: scene.frame.x[0], max: scene.frame.x[1] },
      width: Math.floor(place.width * props.ratio),
    }
  })
  const frames = createFrames({
    query,
    version: () => props.under.version(),
    exact: () => view.exact(),
    holdY: () => undefined,
    ask: (asked, signal, version) => view.frame(asked, signal, version),
  })
  createEffect(() => view.setBusy(id, frames.waiting()))
  onCleanup(() => view.setBusy(id, false))

  const scene = createMemo(() => {
    const now = frames.status()
    if (now.kind !== 'ready') return undefined
    const runs = (model.scene()?.lines ?? []).map(({ run }) => ({ ...run, key: props.under.lineOf(run.key) }))
    return makeScene(now.frame, now.query, runs, view.theme(), false, view.timeZone())
  })
  createEffect(() => {
    const [now, place] = [scene(), box()]
    if (!canvas || !place) return
    const [width, height] = [Math.round(props.width * props.ratio), Math.round(UNDER * props.ratio)]
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width
      canvas.height = height
    }
    const pen = canvas.getContext('2d')
    if (!pen) return
    pen.setTransform(1, 0, 0, 1, 0, 0)
    pen.clearRect(0, 0, width, height)
    if (now && now.lines.length > 0) drawLines(pen, now, place, props.ratio)
  })

  const probe = createMemo((): ProbeQuery | undefined => {
    const [now, at, focus] = [scene(), view.cursor()?.x, model.focus()]
    if (!now || at === undefined || !focus || !model.visible()) return undefined
    const [min, max] = now.frame.x
    const { project, metric, x } = now.query
    const reach = (max - min) / Math.max(1, box()?.width ?? 1)
    return { project, metric, runs: [props.under.lineOf(focus.key)], x, smoothing: AS_LOGGED, at, reach }
  })
  const crosshair = createCrosshair(probe, view.probe)
  const value = () => {
    const focus = model.focus()
    const here = focus && probe() ? crosshair.point(props.under.lineOf(focus.key))?.logged : undefined
    return here === undefined ? '' : `${formatValue(here)} ${props.under.unit}`.trim()
  }
  const cursor = () => {
    const [now, place, at] = [scene(), box(), view.cursor()?.x]
    if (!now || !place || at === undefined) return undefined
    const px = toPixel(xMap(now, place), at)
    return px >= place.left && px <= place.left + place.width ? px : undefined
  }
  const ends = () => {
    const now = scene()
    if (!now || now.lines.length === 0) return ''
    return `${formatValue(now.frame.y[0], 3)} to ${formatValue(now.frame.y[1], 3)} ${props.under.unit}`.trim()
  }
  const none = () => frames.status().kind === 'ready' && scene()?.lines.length === 0
  return (
    <div
      class="chart-under"
      role="img"
      aria-label={`${props.under.metric}, ${none() ? 'no samples' : ends()}`}
      data-under={props.under.metric}
      data-lines={String(scene()?.lines.length ?? 0)}
      style={{ height: `${UNDER}px` }}
    >
      <canvas ref={canvas} />
      <span class="under-words" style={{ left: `${box()?.left ?? 52}px` }}>
        {props.under.metric} <em>{none() ? 'no samples' : value() || ends()}</em>
      </span>
      <Show when={cursor()}>{(px) => <i class="under-cursor" style={{ left: `${px()}px` }} />}</Show>
    </div>
  )
}

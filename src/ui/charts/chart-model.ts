import {
  type Accessor,
  batch,
  createEffect,
  createMemo,
  createSignal,
  createUniqueId,
  onCleanup,
  untrack,
} from 'solid-js'
import { formatCount } from '../../compute/number.ts'
import { runOf } from '../../model/line-key.ts'
import { createFrames, type FrameStatus } from '../../state/data/charts.ts'
import type { ChartView, ShownRun } from '../../state/view/chart-context.ts'
import { createCrosshair } from '../../state/view/crosshair.ts'
import { frameQuery } from '../../state/view/frame-query.ts'
import { createCalm } from './calm.ts'
import { formatX, yTicks } from './chart-axes.ts'
import { type Box, GUTTER, makeScene, probeAt, type Scene, valueText } from './scene.ts'
import { withAlerts } from './with-alerts.ts'
import { drawnRuns, withGroups } from './with-groups.ts'
import { linesCount, treatmentWords } from './words.ts'

export interface ChartModelOptions {
  view: ChartView
  metric: Accessor<string>
  /** undefined until it is known. */
  visible: Accessor<boolean | undefined>
  /** CSS pixels of the whole plot. */
  width: Accessor<number>
  height: Accessor<number>
  ratio: Accessor<number>
  /** The table stands in the picture's place, so nothing is drawn. */
  table: Accessor<boolean>
  /** Every run is read at the crosshair, rather than the focused one alone. */
  everyRun: Accessor<boolean>
}

export type ChartState = 'loading' | 'ready' | 'empty' | 'error'

export interface Drawn {
  scene: Scene
  box: Box
}

export type ChartModel = ReturnType<typeof createChartModel>

/** What one chart knows, derived from the page's view and from its own frames. */
export function createChartModel(options: ChartModelOptions) {
  const { view, metric } = options
  const [inside, setInside] = createSignal(false)
  const [drawn, setDrawn] = createSignal<Drawn | undefined>(undefined, { equals: false })

  const query = createMemo(() => {
    const width = Math.floor((options.width() - GUTTER.left - GUTTER.plain) * options.ratio())
    return options.visible() ? frameQuery(view, metric(), width) : undefined
  })

  const frames = createFrames({
    query,
    version: () => view.dataVersion(),
    exact: () => view.exact(),
    holdY: () => {
      const now = untrack(frames.status)
      return untrack(inside) && now.kind === 'ready' ? now.frame.y : undefined
    },
    ask: (asked, signal, version) => view.frame(asked, signal, version),
  })

  const status: Accessor<FrameStatus> = frames.status
  const scene = createMemo((old: Scene | undefined): Scene | undefined => {
    // Off screen nothing is redrawn; what changed meanwhile comes with the next sight of it.
    if (old && options.visible() === false) return old
    const now = status()
    if (now.kind !== 'ready') return undefined
    const made = makeScene(
      now.frame,
      now.query,
      drawnRuns(view, metric()),
      view.theme(),
      view.integer(metric()),
      view.timeZone(),
    )
    if (view.unit) made.unit = view.unit(metric())
    if (view.stretch) made.stretch = view.stretch()
    return withGroups(withAlerts(made, view), view)
  })

  /** What words beside the picture are of: they keep no picture waiting, but never call an exact one a preview. */
  const told = createCalm(
    scene,
    (next, before) =>
      !next ||
      !before ||
      options.table() ||
      // rows that came, not somebody who asks for something else
      next.query === before.query ||
      next.frame.fidelity.kind !== before.frame.fidelity.kind,
  )

  /** All rows are read, and none has its place in the x range that was chosen. */
  const outside = createMemo(() => {
    const shown = scene()
    if (!shown?.query.zoom || shown.lines.length === 0 || shown.frame.single) return undefined
    return shown.frame.fidelity.kind === 'exact' && shown.frame.fidelity.rows === 0 ? shown : undefined
  })

  const state = createMemo((): ChartState => {
    if (view.lines(metric()).length === 0) return 'empty'
    const now = status()
    if (now.kind === 'failed') return 'error'
    const shown = scene()
    if (!shown) return 'loading'
    if (shown.lines.length > 0) return outside() ? 'empty' : 'ready'
    // Rows not read yet may still bring points.
    return frames.waiting() || shown.frame.fidelity.kind === 'preview' ? 'loading' : 'empty'
  })

  /** The picture on screen answers what the page asks. */
  const busy = createMemo(() => {
    const visible = options.visible()
    if (visible === undefined) return true
    if (!visible) return false
    const now = state()
    if (now === 'empty') return frames.waiting() && view.lines(metric()).length > 0
    if (now === 'error') return false
    return (
      frames.waiting() ||
      told() !== scene() ||
      (now === 'ready' && !options.table() && drawn()?.scene !== scene())
    )
  })
  // not by its metric: the full screen walks them, and the card of the same one is behind it
  const id = createUniqueId()
  createEffect(() => view.setBusy(id, busy()))
  createEffect(() => view.setShown(id, options.visible() ? told()?.frame : undefined))
  onCleanup(() => {
    view.setBusy(id, false)
    view.setShown(id, undefined)
  })

  const hot = createMemo(() => {
    const [line, run] = [view.hotLine(), view.highlight()]
    if (run === undefined) return undefined
    const keys = scene()?.lines.map(({ run: { key } }) => key) ?? []
    const groups = view.groups(metric())
    const group = groups === 'waits' ? undefined : groups?.lineOf(run)
    return (
      keys.find((key) => key === line) ??
      keys.find((key) => runOf(key) === run) ??
      keys.find((key) => key === group)
    )
  })

  /** The run that captions and keys speak of: the highlighted one, else the newest. */
  const focus = createMemo((): ShownRun | undefined => {
    const lines = scene()?.lines ?? []
    const key = hot()
    return (lines.find((line) => line.run.key === key) ?? lines[lines.length - 1])?.run
  })

  const probe = createMemo(() => {
    const cursor = options.visible() ? view.cursor() : undefined
    const now = drawn()
    if (!cursor || !now || now.scene.frame.single) return undefined
    const lines = now.scene.lines.map(({ run }) => run.key)
    const runs = options.everyRun() ? lines : lines.filter((key) => key === focus()?.key)
    return runs.length > 0 ? probeAt(now, runs, cursor.x) : undefined
  })
  const crosshair = createCrosshair(probe, view.probe)

  const pointed = createMemo(() => view.cursor() !== undefined)
  /** Logged value of the focused run at the shared crosshair, while any chart has one. */
  const reading = createMemo(() => {
    const [now, run] = [scene(), focus()]
    if (!options.visible() || !pointed() || !now || !run || now.frame.single) return undefined
    const value = crosshair.point(run.key)?.logged
    return { color: run.style.color, text: value === undefined ? '–' : valueText(now, value, 4) }
  })

  return {
    view,
    metric,
    visible: options.visible,
    status,
    scene,
    told,
    state,
    outside,
    busy,
    waiting: frames.waiting,
    retry: frames.retry,
    drawn,
    setDrawn: (next: Drawn) => batch(() => setDrawn(next)),
    inside,
    setInside(next: boolean) {
      setInside(next)
      if (!next) frames.release()
    },
    hot,
    focus,
    crosshair,
    reading,
    /** What the labels of the y axis leave out: `× 10⁻³⁰⁰`. */
    axisNote: createMemo(() => {
      const now = told()
      return now && !now.frame.single
        ? (yTicks(now, { height: options.height() - GUTTER.top - GUTTER.bottom }).note ?? '')
        : ''
    }),
    summary: createMemo(() => summarize(metric(), told())),
  }
}

/** `train/loss, 6 runs, step 0 to 20,000, last values 3.264 to 3.320, 1 NaN` */
function summarize(metric: string, scene: Scene | undefined): string {
  if (!scene) return metric
  const { frame, lines } = scene
  const parts = [metric, linesCount(scene)]
  if (!frame.single) {
    const { x } = scene.query
    parts.push(
      `${x.kind === 'metric' ? x.name : x.kind === 'step' ? 'step' : 'time'} ${formatX(scene, frame.x[0])} to ${formatX(scene, frame.x[1])}`,
    )
  }
  const last = lines.map((line) => line.end.seen).filter(Number.isFinite)
  if (last.length > 0) {
    const low = valueText(scene, Math.min(...last), 4)
    const high = valueText(scene, Math.max(...last), 4)
    parts.push(low === high ? `last value ${low}` : `last values ${low} to ${high}`)
  }
  if (frame.nonFinite > 0) parts.push(`${formatCount(frame.nonFinite)} NaN or infinite`)
  if (scene.alerts) parts.push(scene.alerts.words)
  parts.push(...(scene.groups?.words ?? []))
  if (!frame.single && lines.length > 0) parts.push(treatmentWords(scene))
  return parts.join(', ')
}

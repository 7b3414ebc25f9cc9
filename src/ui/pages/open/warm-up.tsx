import { render } from 'solid-js/web'
import type { Frame, LineEnd, Lines } from '../../../model/view.ts'
import type { ChartView, ShownRun } from '../../../state/view/chart-context.ts'
import { ChartCard } from '../../charts/chart-card.tsx'

/*
 * Charts that nobody sees, drawn while a person chooses what to open: the first ones of a file then need not
 * wait until the browser has made their code ready.
 */

/** Runs of a chart: lines with names, and a crowd. */
const RUNS = [4, 30]
const METRICS = ['eval/loss', 'accuracy']
const POINTS = 400

/** Draws them in a place that is not in the page, and takes them away. */
export function warmUp(theme: 'light' | 'dark'): void {
  const cards = () =>
    RUNS.map((count) =>
      METRICS.map((metric) => (
        <ChartCard
          metric={metric}
          title={metric}
          view={viewOf(count, theme)}
          width={390}
          height={242}
          inSight
        />
      )),
    )
  const dispose = render(cards, document.createElement('div'))
  // charts are drawn in the frames after the one in which they are asked for
  requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(dispose)))
}

function viewOf(count: number, theme: 'light' | 'dark'): ChartView {
  const runs = Array.from({ length: count }, (_, slot): ShownRun => {
    return {
      key: String(slot),
      name: `run ${slot}`,
      slot,
      style: { color: '#2d69e9', dash: slot > 10 ? [5, 2] : [] },
    }
  })
  const nothing = (): void => {}
  return {
    project: () => '',
    projectName: () => '',
    runs: () => runs,
    lines: () => runs,
    isSeveral: () => false,
    editSeveral: nothing,
    removeSeveral: nothing,
    groups: () => undefined,
    envelope: () => false,
    smoothing: () => ({ kind: 'mean', width: 10, factor: 1, auto: true }),
    x: () => ({ kind: 'step' }),
    xScale: () => 'linear',
    yScale: () => 'linear',
    setYScale: nothing,
    range: () => ({ kind: 'robust' }),
    setRange: nothing,
    hasOwnAxis: () => false,
    zoom: () => undefined,
    setZoom: nothing,
    zoomBack: nothing,
    zoomForward: nothing,
    highlight: () => undefined,
    hotLine: () => undefined,
    setHighlight: nothing,
    cursor: () => undefined,
    setCursor: nothing,
    hiddenWith: () => 0,
    showHidden: nothing,
    showRaw: () => true,
    alerts: () => [],
    alertMarks: () => true,
    setAlertMarks: nothing,
    theme: () => theme,
    dataVersion: () => 1,
    exact: () => true,
    readingText: () => '',
    integer: () => false,
    timeZone: () => 'local',
    frame: async (query) => frameOf(count, query.area ?? false),
    probe: () => new Promise(nothing),
    table: () => new Promise(nothing),
    readOn: async () => {},
    downloadCsv: async () => {},
    setBusy: nothing,
    setShown: nothing,
    isPinned: () => false,
    setPinned: nothing,
    fullscreen: () => undefined,
    setFullscreen: nothing,
  }
}

function frameOf(count: number, area: boolean): Frame {
  return {
    version: '',
    x: [0, POINTS],
    y: [-1, 2],
    xFull: [0, POINTS],
    main: lines(count, 0),
    raw: area ? { ...lines(0, 0), starts: new Uint32Array(count + 1) } : lines(count, 0.3),
    ...(area && { area: areaOf() }),
    treatment: { logged: 0, points: 0, from: 3, to: 3, unit: 'rows' },
    best: 'min',
    ends: Array.from({ length: count }, (_, run) => endOf(run)),
    marks: { run: Uint32Array.of(0, 1), x: Float64Array.of(10, 20), kind: Uint8Array.of(0, 1) },
    above: 1,
    below: 1,
    nonPositive: 0,
    nonFinite: 2,
    decades: 0,
    carried: 0,
    leftOut: 0,
    single: false,
    fidelity: { rows: count * POINTS, drawn: count * POINTS, kind: 'exact' },
  }
}

function lines(count: number, noise: number): Lines {
  const xs = Float64Array.from({ length: count * POINTS }, (_, i) => i % POINTS)
  const ys = xs.map((x, i) => (i % 97 === 12 ? Number.NaN : Math.cos(x / 9) + noise * Math.sin(x * 7)))
  return { xs, ys, starts: Uint32Array.from({ length: count + 1 }, (_, run) => run * POINTS) }
}

function endOf(run: number): LineEnd {
  const x = POINTS - 1
  const value = Math.cos(x / 9)
  const rows = POINTS
  return {
    run,
    x,
    drawn: value,
    logged: value,
    rows,
    rowsInView: rows,
    ending: value,
    seen: value,
    seenX: x,
    seenDrawn: value,
    least: -1,
    greatest: 2.5,
    bestX: 28,
  }
}

function areaOf(): Frame['area'] {
  const xs = Float64Array.from({ length: POINTS }, (_, i) => i)
  return { xs, low: xs.map((x) => Math.cos(x / 9) - 0.5), high: xs.map((x) => Math.cos(x / 9) + 0.5) }
}

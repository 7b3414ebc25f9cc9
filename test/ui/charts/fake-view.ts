import { createSignal } from 'solid-js'
import type { RangeMode, Scale, Smoothing, XAxis, Zoom } from '../../../src/model/view.ts'
import type { AlertMark, ChartView } from '../../../src/state/view/chart-context.ts'
import { type FakeSeries, makeFrame, makeProbe, makeSeries, makeTable } from './fake-frames.ts'

const LIGHT = [
  '#2d69e9',
  '#d6760c',
  '#408862',
  '#be518b',
  '#1c9abc',
  '#8e192d',
  '#8d6108',
  '#502aad',
  '#2e675b',
  '#3a435b',
]
const DARK = [
  '#4c70e6',
  '#e68848',
  '#4fcc95',
  '#d6508e',
  '#539eb9',
  '#c03829',
  '#fece5c',
  '#c7a0ff',
  '#84ecf7',
  '#b2b5bc',
]
const DASHES = [[], [5, 2.5], [2, 2.5], [8, 2, 2, 2]]

export interface FakeOptions {
  runs: number
  delay: number
  smoothing: number
  theme: 'light' | 'dark'
  alerts?: readonly AlertMark[]
}

/** A page for charts without a page: made-up series, signals for everything a chart may ask or set. */
export function makeFakeView(options: FakeOptions) {
  const [theme, setTheme] = createSignal(options.theme)
  const [count, setCount] = createSignal(options.runs)
  const [smoothing, setSmoothing] = createSignal<Smoothing>({
    kind: 'mean',
    width: options.smoothing,
    factor: 1,
  })
  const [x, setX] = createSignal<XAxis>({ kind: 'step' })
  const [y, setY] = createSignal<Record<string, Scale | undefined>>({
    'log/z_loss': 'log',
    'log/zero': 'log',
  })
  const [range, setRange] = createSignal<Record<string, RangeMode | undefined>>({})
  const [zoom, setZoom] = createSignal<Zoom>()
  const [highlight, setHighlight] = createSignal<string>()
  const [cursor, setCursor] = createSignal<ReturnType<ChartView['cursor']>>()
  const [fullscreen, setFullscreen] = createSignal<string>()
  const [alertMarks, setAlertMarks] = createSignal(true)
  const [version, setVersion] = createSignal(1)
  const busy = new Map<string, boolean>()
  const kept = new Map<string, FakeSeries | undefined>()
  const seriesOf = (metric: string, keys: string[]) =>
    keys.map((key) => {
      const id = `${metric}/${key}/${options.runs}`
      if (!kept.has(id)) kept.set(id, makeSeries(metric, Number(key), options.runs))
      return kept.get(id)
    })
  const view: ChartView = {
    project: () => 'fake',
    projectName: () => 'fake',
    runs: () =>
      Array.from({ length: count() }, (_, slot) => ({
        key: String(slot),
        name: `sweep-lr${(slot % 7) + 1}e-4-s${slot}`,
        slot,
        created: 1.7e12,
        style: {
          color: (theme() === 'dark' ? DARK : LIGHT)[slot % 10] ?? '',
          dash: DASHES[Math.floor(slot / 10) % 4] ?? [],
        },
      })),
    lines: () => view.runs(),
    isSeveral: () => false,
    editSeveral: () => {},
    removeSeveral: () => {},
    groups: () => undefined,
    envelope: () => false,
    smoothing,
    x,
    xScale: () => 'linear',
    yScale: (metric) => y()[metric] ?? 'linear',
    setYScale: (metric, scale) => setY({ ...y(), [metric]: scale }),
    range: (metric) => range()[metric] ?? { kind: 'robust' },
    setRange: (metric, mode) => setRange({ ...range(), [metric]: mode }),
    hasOwnAxis: (metric) => range()[metric] !== undefined || y()[metric] !== undefined,
    zoom,
    setZoom: (next) => setZoom(next),
    zoomBack: () => setZoom(undefined),
    zoomForward: () => {},
    highlight,
    hotLine: highlight,
    setHighlight: (run) => setHighlight(run),
    cursor,
    setCursor: (next) => setCursor(next),
    hiddenWith: () => 5,
    showHidden: () => setCount(count() + 1),
    showRaw: () => true,
    alerts: () => options.alerts ?? [],
    alertMarks,
    setAlertMarks: (on) => setAlertMarks(on),
    theme,
    dataVersion: version,
    exact: () => true,
    readingText: () => 'reading 4.7 of 12.4 MB',
    integer: () => false,
    timeZone: () => 'utc',
    async frame(query) {
      if (query.metric === 'broken') throw new Error('sqlite: malformed page 8812 in metrics')
      if (query.metric === 'waiting') await new Promise(() => {})
      if (options.delay > 0) await new Promise((done) => setTimeout(done, options.delay))
      return makeFrame(query, seriesOf(query.metric, query.runs))
    },
    probe: (query) => Promise.resolve(makeProbe(query, seriesOf(query.metric, query.runs))),
    table: (metric, from, rows) =>
      Promise.resolve(
        makeTable(
          seriesOf(
            metric,
            view.runs().map((run) => run.key),
          ),
          from,
          rows,
        ),
      ),
    readOn: () => Promise.resolve(),
    downloadCsv: () => Promise.resolve(),
    setBusy: (metric, now) => {
      busy.set(metric, now)
      document.documentElement.dataset.ready = String(![...busy.values()].includes(true))
    },
    setShown: () => {},
    isPinned: () => false,
    setPinned: () => {},
    fullscreen,
    setFullscreen: (metric) => setFullscreen(metric),
  }
  return { view, setTheme, setCount, setSmoothing, setX, setVersion, setRange }
}

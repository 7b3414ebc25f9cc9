import { createMemo } from 'solid-js'
import type { Summary } from '../../../../compute/column-summary.ts'
import { shareExplained } from '../../../../compute/explained.ts'
import { directionOf } from '../../../../compute/metric-words.ts'
import type { Good } from '../../../../compute/pareto.ts'
import {
  type ColumnSpec,
  columnId,
  formatColumns,
  parseColumn,
  parseColumns,
} from '../../../../compute/run-columns.ts'
import type { RunsModel } from '../model.ts'

/** Decades that make an axis a log one while nobody said: of what was set, of what was measured. */
const LOG_CONFIG = 10
const LOG_METRIC = 20
/** Axes that parallel coordinates have at first, of config and of metrics. */
const CONFIG_AXES = 5
const METRIC_AXES = 6

export type Role = 'xcol' | 'ycol' | 'color' | 'size'
export type Choices = ReturnType<typeof createChoices>

/** What a person chose for the plots, as it stands in the link, and what holds while nothing does. */
export function createChoices(model: RunsModel) {
  const own = model.own
  const chosen = (role: Role): ColumnSpec | undefined => parseColumn(own()[role] ?? '')
  const metrics = createMemo(() => {
    const specs = model.specs().filter((spec) => spec.kind === 'metric' && !spec.delta)
    const [main] = model.sorting().flatMap(({ spec }) => (spec === 'name' ? [] : spec))
    const first = main?.kind === 'metric' && !main.delta ? main : undefined
    return first ? [first, ...specs.filter((spec) => columnId(spec) !== columnId(first))] : specs
  })
  const config = createMemo(() => model.specs().filter(({ kind }) => kind === 'config'))
  const y = createMemo(() => chosen('ycol') ?? metrics()[0] ?? FALLBACK)
  const x = createMemo(
    (): ColumnSpec =>
      chosen('xcol') ??
      metrics().find((spec) => columnId(spec) !== columnId(y())) ??
      config()[0] ?? { kind: 'fact', fact: 'started' },
  )
  /** The metric that matters most stands last, where Best looks. */
  const axes = createMemo((): ColumnSpec[] => {
    if (own().axes) return parseColumns(own().axes ?? '')
    const [main, ...others] = metrics()
    return [...config().slice(0, CONFIG_AXES), ...others.slice(0, METRIC_AXES - 1), ...(main ? [main] : [])]
  })
  /** The key that explains most of what is drawn. */
  const telling = createMemo((): ColumnSpec | undefined => {
    const metric = model.columnOf(y()).data()
    const values = metric && metric.kind !== 'text' ? metric.values : undefined
    const shares = config().map((spec) => {
      const key = model.columnOf(spec).data()
      return { spec, share: (values && key && shareExplained(key, values)) ?? -1 }
    })
    return shares.sort((a, b) => b.share - a.share)[0]?.spec
  })
  const color = createMemo((): ColumnSpec | undefined => {
    const text = own().color
    if (text === 'run') return undefined
    return parseColumn(text ?? '') ?? (model.view() === 'parallel' ? axes().at(-1) : telling())
  })
  const listed = (name: 'log' | 'flip') => new Set((own()[name] ?? '').split('\n').filter((id) => id !== ''))
  const logs = createMemo(() => listed('log'))
  const flips = createMemo(() => listed('flip'))
  const goods = createMemo(() => (own().good ?? '').split('\n').filter((one) => one !== ''))
  const off = createMemo(() => new Set((own().without ?? '').split(',').filter(Boolean)))

  /** `id` for on, `-id` for off; the standard is not mentioned. */
  function setMark(name: 'log' | 'flip', id: string, on: boolean, standard: boolean): void {
    const next = listed(name)
    next.delete(id)
    next.delete(`-${id}`)
    if (on !== standard) next.add(on ? id : `-${id}`)
    model.set({ [name]: [...next].join('\n') })
  }
  const logAtFirst = (spec: ColumnSpec, summary: Summary): boolean => {
    const ratio = spec.kind === 'config' ? LOG_CONFIG : LOG_METRIC
    return spec.kind !== 'fact' && summary.least > 0 && summary.greatest / summary.least >= ratio
  }
  const flipAtFirst = (spec: ColumnSpec): boolean =>
    spec.kind === 'metric' && !COUNTS.has(spec.by) && directionOf(spec.metric) === 'min'

  return {
    x,
    y,
    color,
    size: () => chosen('size'),
    axes,
    setColumn: (role: Role, spec: ColumnSpec | undefined) =>
      model.set({ [role]: spec ? columnId(spec) : role === 'color' ? 'run' : '' }),
    setAxes: (next: readonly ColumnSpec[]) => model.set({ axes: formatColumns(next), order: '' }),
    isStandardAxes: () => !own().axes,
    isLog(spec: ColumnSpec, summary: Summary): boolean {
      const id = columnId(spec)
      return logs().has(id) || (!logs().has(`-${id}`) && logAtFirst(spec, summary))
    },
    setLog: (spec: ColumnSpec, summary: Summary, on: boolean) =>
      setMark('log', columnId(spec), on, logAtFirst(spec, summary)),
    /** The least value stands at the top: of what is better the less, at first. */
    isFlipped(spec: ColumnSpec): boolean {
      const id = columnId(spec)
      return flips().has(id) || (!flips().has(`-${id}`) && flipAtFirst(spec))
    },
    setFlipped: (spec: ColumnSpec, on: boolean) => setMark('flip', columnId(spec), on, flipAtFirst(spec)),
    /** Which end is the good one: as somebody said, else as the name tells. */
    goodOf(id: string, told: Good | undefined): Good | undefined {
      const said = goods().find((text) => text.slice(text.indexOf(' ') + 1) === id)
      if (said === undefined) return told
      return said.startsWith('min ') ? 'min' : said.startsWith('max ') ? 'max' : undefined
    },
    setGood(id: string, good: Good | undefined, told: Good | undefined) {
      const others = goods().filter((text) => text.slice(text.indexOf(' ') + 1) !== id)
      model.set({ good: [...others, ...(good === told ? [] : [`${good ?? 'none'} ${id}`])].join('\n') })
    },
    byExplained: () => own().order === 'explained',
    setByExplained: (on: boolean) => model.set({ order: on ? 'explained' : '' }),
    /** `frontier`, `seeds`: what is drawn besides the points. */
    draws: (what: 'frontier' | 'seeds') => !off().has(what),
    setDraws(what: 'frontier' | 'seeds', on: boolean) {
      const next = new Set(off())
      if (on) next.delete(what)
      else next.add(what)
      model.set({ without: [...next].join(',') })
    },
  }
}

const FALLBACK: ColumnSpec = { kind: 'fact', fact: 'duration' }
/** Of these neither end is the good one, whatever the metric. */
const COUNTS: ReadonlySet<string> = new Set(['count', 'nonfinite'])

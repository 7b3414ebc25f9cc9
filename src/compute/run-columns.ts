import type { Measure } from '../model/measure.ts'
import type { Json, Run } from '../model/run.ts'
import { makeConfigGetter, valueText } from './group.ts'

/** What a metric's value of a run may be. `tail`: mean of the last tenth of its points. */
export const STATISTICS = ['last', 'first', 'min', 'max', 'mean', 'tail', 'count', 'nonfinite'] as const
export type Statistic = (typeof STATISTICS)[number]

/** Facts of a run that no key and no metric tells. `steps`: the last step; `rows`: how many were logged. */
export const FACTS = [
  'group',
  'state',
  'started',
  'duration',
  'steps',
  'rows',
  'user',
  'tags',
  'note',
] as const
export type Fact = (typeof FACTS)[number]

/**
 * A column of the table of runs. `delta`: the same value less that of the baseline, or that in percent of the
 * baseline's. `spark`: the line of the metric, sorted by what was logged last.
 */
export type ColumnSpec =
  | { kind: 'fact'; fact: Fact }
  | { kind: 'config'; path: string }
  | ({ kind: 'metric'; metric: string; delta?: Delta } & Taken)
  | { kind: 'spark'; metric: string }
  /** `key` is '' of traces. */
  | { kind: 'logged'; of: Logged; key: string }
  /** What a plot tells of its runs; in no link. */
  | { kind: 'told'; by: 'frontier' }
export type Delta = 'value' | 'percent'
/**
 * What runs logged beside numbers. `media`: how many values of a key; `picture`: the last one, sorted by its step;
 * `table`: rows of the last table; `traces`: how many, of all keys.
 */
export const LOGGED = ['media', 'picture', 'table', 'traces'] as const
export type Logged = (typeof LOGGED)[number]
/** How a metric's value of a run is taken. */
export type Taken = { by: Statistic } | Measure

/**
 * Values of a column, by run. A number is NaN where the run has none, which `has` tells from a logged NaN;
 * times are ms since 1970, durations seconds. Texts are undefined where there is none.
 */
export type Column =
  | { kind: 'number' | 'time' | 'duration'; values: Float64Array; has: Uint8Array }
  | { kind: 'text'; values: (string | undefined)[] }

/**
 * `state`, `config:optimizer.lr`, `max:eval/acc`, `Δmax:eval/acc`, `Δ%max:eval/acc`, `at(1000):loss`,
 * `best(max eval/acc):kl`, `reach(>=0.7):eval/acc`, `area:loss`, `spark:loss`, `picture:samples`, `traces`;
 * names as they are, but for colons and percent signs within parentheses.
 */
export function columnId(spec: ColumnSpec): string {
  if (spec.kind === 'fact') return spec.fact
  if (spec.kind === 'config') return `config:${spec.path}`
  if (spec.kind === 'spark') return `spark:${spec.metric}`
  if (spec.kind === 'told') return `told:${spec.by}`
  if (spec.kind === 'logged') return spec.of === 'traces' ? 'traces' : `${spec.of}:${spec.key}`
  const delta = spec.delta === undefined ? '' : spec.delta === 'value' ? 'Δ' : 'Δ%'
  return `${delta}${takenText(spec)}:${spec.metric}`
}

/** How a value is taken, as text: a key of its own for each way. */
function takenText(taken: Taken): string {
  switch (taken.by) {
    case 'at':
      return `at(${taken.step})`
    case 'best':
      return `best(${taken.end} ${taken.of.replaceAll('%', '%25').replaceAll(':', '%3A')})`
    case 'reach':
      return `reach(${taken.end === 'min' ? '<=' : '>='}${taken.value})`
    default:
      return taken.by
  }
}

/** It needs more than what is told of every metric. */
export function isMeasure(taken: Taken): taken is Measure {
  return taken.by === 'at' || taken.by === 'best' || taken.by === 'reach' || taken.by === 'area'
}

/** Undefined where the text names no column. */
export function parseColumn(id: string): ColumnSpec | undefined {
  const fact = FACTS.find((one) => one === id)
  if (fact) return { kind: 'fact', fact }
  if (id === 'traces') return { kind: 'logged', of: 'traces', key: '' }
  const colon = id.indexOf(':')
  if (colon < 0) return undefined
  const [head, name] = [id.slice(0, colon), id.slice(colon + 1)]
  if (head === 'config') return { kind: 'config', path: name }
  const logged = LOGGED.find((of) => of === head && of !== 'traces')
  if (logged) return { kind: 'logged', of: logged, key: name }
  if (head === 'spark') return { kind: 'spark', metric: name }
  const [, sign = '', rest = ''] = /^(Δ?%?)(.*)$/s.exec(head) ?? []
  const taken = parseTaken(rest)
  if (!taken || sign === '%') return undefined
  const metric: ColumnSpec = { kind: 'metric', metric: name, ...taken }
  return sign === '' ? metric : { ...metric, delta: sign === 'Δ' ? 'value' : 'percent' }
}

function parseTaken(text: string): Taken | undefined {
  const by = STATISTICS.find((one) => one === text)
  if (by) return { by }
  if (text === 'area') return { by: 'area' }
  const [, name, inner = ''] = /^(at|best|reach)\((.+)\)$/s.exec(text) ?? []
  if (name === 'at') return isNumber(inner) ? { by: 'at', step: Number(inner) } : undefined
  if (name === 'best') {
    const [, end, of = ''] = /^(min|max) (.+)$/s.exec(inner) ?? []
    const metric = of.replaceAll('%3A', ':').replaceAll('%25', '%')
    return end === 'min' || end === 'max' ? { by: 'best', of: metric, end } : undefined
  }
  const [, sign, value = ''] = /^(<=|>=)(.+)$/s.exec(inner) ?? []
  if (name !== 'reach' || !isNumber(value)) return undefined
  return { by: 'reach', value: Number(value), end: sign === '<=' ? 'min' : 'max' }
}

function isNumber(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text))
}

/** Several columns as one text of an address: with commas between, those in names written as `%2C`. */
export function formatColumns(specs: readonly ColumnSpec[]): string {
  return specs.map((spec) => columnId(spec).replaceAll('%', '%25').replaceAll(',', '%2C')).join(',')
}

/** What names no column is left out. */
export function parseColumns(text: string): ColumnSpec[] {
  return text
    .split(',')
    .flatMap((part) => parseColumn(part.replaceAll('%2C', ',').replaceAll('%25', '%')) ?? [])
}

/** What is not logged: whether the run's source is live and it goes on; what a person wrote about it. */
export interface Told {
  state(run: Run): 'live' | 'ended'
  tags(run: Run): string | undefined
  note(run: Run): string | undefined
}

export function factColumn(runs: readonly Run[], fact: Fact, told: Told): Column {
  switch (fact) {
    case 'group':
      return texts(runs, (run) => run.group ?? undefined)
    case 'user':
      return texts(runs, (run) => run.username ?? undefined)
    case 'state':
      return texts(runs, told.state)
    case 'tags':
      return texts(runs, told.tags)
    case 'note':
      return texts(runs, told.note)
    case 'started':
      return numbers('time', runs, ({ created }) => (Number.isFinite(created) ? created : undefined))
    case 'duration':
      return numbers('duration', runs, ({ created, last }) => {
        const seconds = (last - created) / 1000
        return Number.isFinite(seconds) ? seconds : undefined
      })
    case 'steps':
      return numbers('number', runs, ({ lastStep }) => lastStep ?? undefined)
    case 'rows':
      return numbers('number', runs, ({ rows }) => rows)
  }
}

/** Of numbers where every run that has the key has a number there; else of texts. */
export function configColumn(runs: readonly Run[], path: string): Column {
  const valueIn = makeConfigGetter(path)
  const values = runs.map(({ config }) => valueIn(config))
  const set = values.filter((value): value is Json => value !== undefined && value !== null)
  if (set.length > 0 && set.every((value) => typeof value === 'number' || isNumberWord(value)))
    return numbers('number', values, (value) =>
      value === undefined || value === null ? undefined : Number(value),
    )
  return texts(values, (value) => (value === undefined ? undefined : valueText(value)))
}

/** Numbers that JSON has no form for come as words: trackio writes `"NaN"` and `"Infinity"`. */
function isNumberWord(value: Json): boolean {
  return typeof value === 'string' && /^(NaN|-?Infinity)$/.test(value)
}

function numbers<T>(
  kind: 'number' | 'time' | 'duration',
  items: readonly T[],
  of: (item: T) => number | undefined,
): Column {
  const values = new Float64Array(items.length).fill(Number.NaN)
  const has = new Uint8Array(items.length)
  items.forEach((item, i) => {
    const value = of(item)
    if (value === undefined) return
    values[i] = value
    has[i] = 1
  })
  return { kind, values, has }
}

function texts<T>(items: readonly T[], of: (item: T) => string | undefined): Column {
  return { kind: 'text', values: items.map(of) }
}

/**
 * Places of the runs in the order of some columns, the first one first; equal ones stay as they are. NaN comes
 * last whichever way round, what is missing after it.
 */
export function orderBy(
  count: number,
  keys: readonly { column: Column; descending: boolean }[],
): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i)
  const compares = keys.map(({ column, descending }) => comparer(column, descending))
  if (compares.length === 0) return order
  return order.sort((a, b) => {
    for (const compare of compares) {
      const found = compare(a, b)
      if (found !== 0) return found
    }
    return a - b
  })
}

function comparer(column: Column, descending: boolean): (a: number, b: number) => number {
  const sign = descending ? -1 : 1
  if (column.kind === 'text') {
    // places of the distinct texts: comparing words costs much more than comparing numbers
    const distinct = [...new Set(column.values)].filter((text) => text !== undefined)
    const place = new Map(distinct.sort(collator.compare).map((text, i) => [text, i]))
    const at = column.values.map((text) => (text === undefined ? -1 : (place.get(text) ?? -1)))
    return (a, b) => {
      const [left, right] = [at[a]!, at[b]!]
      if (left < 0 || right < 0) return left < 0 ? (right < 0 ? 0 : 1) : -1
      return (left - right) * sign
    }
  }
  const { values, has } = column
  return (a, b) => {
    const [left, right] = [values[a]!, values[b]!]
    if (left === left && right === right) return left < right ? -sign : left > right ? sign : 0
    const rank = (i: number, value: number): number => (value === value ? 0 : has[i] ? 1 : 2)
    return rank(a, left) - rank(b, right)
  }
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

import type { RunKey } from '../model/run.ts'
import { type Otherwise, pickStep, whyNone } from './media-steps.ts'
import { formatCount } from './number.ts'

/** What stands along a side of the grid: `config:` and a path for the values of a config key. */
export type Dimension = 'run' | 'step' | 'caption' | 'none' | 'all' | `config:${string}`

/** A value with a picture, a sound or the like, as the grid places it. */
export interface Placed {
  run: RunKey
  /** NaN where none was logged. */
  step: number
  /** undefined while it is not read; '' for none. */
  caption: string | undefined
}

export interface GridHead {
  /** Unique on its side. */
  id: string
  text: string
  run?: RunKey | undefined
  step?: number | undefined
}

export interface GridCell {
  /** Places in the list of values; several where nothing on either side tells them apart. */
  items: number[]
  /** What was asked for, where what stands here is of other steps. */
  asked?: number | undefined
  /** Why it is empty. */
  why?: string | undefined
}

export interface GridQuery {
  values: readonly Placed[]
  rows: Dimension
  columns: Dimension
  /** The step of the page; undefined while no run has one. */
  asked: number | undefined
  otherwise: Otherwise
  /** Runs in the order that they are listed in, with their names. */
  runs: readonly { key: RunKey; name: string }[]
  /** A config value of a run in words; '' where it has none. */
  config(run: RunKey, path: string): string
}

export interface Grid {
  rows: GridHead[]
  columns: GridHead[]
  cell(row: GridHead, column: GridHead): GridCell
}

/**
 * Values in rows and columns. Where neither side is the step, each cell stands for the asked step, by the rule for
 * runs that have nothing there; where one is, its heads are the logged steps, and that rule holds for the asked one
 * alone. `all` as columns: all values of a row, in the order of runs and steps.
 */
export function gridOf(query: GridQuery): Grid {
  const { values, rows, columns, asked, otherwise } = query
  const rowOf = headsOf(query, rows)
  const columnOf = headsOf(query, columns)
  const byStep = rows === 'step' || columns === 'step' || columns === 'all'
  const order = new Map(query.runs.map(({ key }, i) => [key, i]))
  /** Values of a row and column, apart from the step. */
  const found = new Map<string, number[]>()
  values.forEach((value, i) => {
    const key = JSON.stringify([rows === 'step' ? '' : rowOf.id(value), columns === 'step' ? '' : columnOf.id(value)])
    const known = found.get(key)
    if (known) known.push(i)
    else found.set(key, [i])
  })
  const inOrder = (a: number, b: number): number => {
    const [p, q] = [values[a], values[b]]
    if (!p || !q) return 0
    return (order.get(p.run) ?? 0) - (order.get(q.run) ?? 0) || compareSteps(p.step, q.step) || a - b
  }
  for (const list of found.values()) list.sort(inOrder)

  /** Of each run what stands for the step. */
  function atStep(list: readonly number[], step: number, rule: Otherwise): GridCell {
    const items: number[] = []
    const whys: string[] = []
    let other = false
    for (const [from, end] of stretches(list, values)) {
      const own = list.slice(from, end)
      const steps = own.map((i) => values[i]?.step ?? Number.NaN).filter(Number.isFinite)
      const picked = pickStep(steps, step, rule)
      if (picked === undefined) {
        whys.push(whyNone(steps, step, rule))
        continue
      }
      if (picked !== step) other = true
      items.push(...own.filter((i) => values[i]?.step === picked))
    }
    if (items.length > 0) return other ? { items, asked: step } : { items }
    return { items, why: whys[0] ?? 'none logged' }
  }

  return {
    rows: rowOf.heads,
    columns: columnOf.heads,
    cell(row, column) {
      const list = found.get(JSON.stringify([rows === 'step' ? '' : row.id, columns === 'step' ? '' : column.id])) ?? []
      if (columns === 'all') {
        const step = rows === 'step' ? row.step : undefined
        return { items: step === undefined ? list : list.filter((i) => values[i]?.step === step) }
      }
      if (!byStep)
        return asked === undefined || list.length === 0
          ? { items: list, why: list.length === 0 ? 'none logged' : undefined }
          : atStep(list, asked, otherwise)
      const step = (rows === 'step' ? row.step : undefined) ?? (columns === 'step' ? column.step : undefined)
      if (step === undefined) return { items: list.filter((i) => !Number.isFinite(values[i]?.step)) }
      if (list.length === 0) return { items: [], why: 'none logged' }
      return atStep(list, step, step === asked ? otherwise : { kind: 'nothing' })
    },
  }
}

/** Stretches of one run in an ordered list: [from, end]. */
function stretches(list: readonly number[], values: readonly Placed[]): [number, number][] {
  const found: [number, number][] = []
  list.forEach((item, i) => {
    const last = found[found.length - 1]
    if (last && values[list[last[0]] ?? -1]?.run === values[item]?.run) last[1] = i + 1
    else found.push([i, i + 1])
  })
  return found
}

function headsOf(
  { values, asked, runs, config }: GridQuery,
  by: Dimension,
): { heads: GridHead[]; id(value: Placed): string } {
  if (by === 'none' || by === 'all') return { heads: [{ id: '', text: '' }], id: () => '' }
  if (by === 'run') {
    const used = new Set(values.map(({ run }) => run))
    return {
      heads: runs.filter(({ key }) => used.has(key)).map(({ key, name }) => ({ id: key, text: name, run: key })),
      id: ({ run }) => run,
    }
  }
  if (by === 'step') {
    const steps = new Set(values.map(({ step }) => step).filter(Number.isFinite))
    // the asked one has its place, whether this key was logged there or not
    if (asked !== undefined && steps.size > 0) steps.add(asked)
    const heads: GridHead[] = [...steps].sort((a, b) => a - b).map((step) => ({ id: String(step), text: formatCount(step), step }))
    if (values.some(({ step }) => !Number.isFinite(step))) heads.push({ id: '', text: 'no step' })
    return { heads, id: ({ step }) => (Number.isFinite(step) ? String(step) : '') }
  }
  const textOf =
    by === 'caption'
      ? ({ caption }: Placed): string => caption ?? ''
      : ({ run }: Placed): string => config(run, by.slice('config:'.length))
  const texts = [...new Set(values.map(textOf))]
  const none = by === 'caption' ? 'no caption' : 'not set'
  return {
    heads: texts.sort(compareTexts).map((text) => ({ id: text, text: text === '' ? none : text })),
    id: textOf,
  }
}

const collator = new Intl.Collator('en', { numeric: true })

/** Numbers by size, words by the alphabet, what is not there last. */
function compareTexts(a: string, b: string): number {
  if (a === '' || b === '') return a === b ? 0 : a === '' ? 1 : -1
  const [p, q] = [Number(a), Number(b)]
  return Number.isNaN(p) || Number.isNaN(q) ? collator.compare(a, b) : p - q
}

function compareSteps(a: number, b: number): number {
  return Number.isNaN(a) || Number.isNaN(b) ? Number(Number.isNaN(a)) - Number(Number.isNaN(b)) : a - b
}

/**
 * Which of `count` columns are shown where `room` fit: the ends, and evenly between them, always with `hold` (its
 * place, or −1). Ascending places.
 */
export function spread(count: number, room: number, hold: number): number[] {
  if (count <= room) return Array.from({ length: count }, (_, i) => i)
  if (room <= 1) return [Math.max(0, hold)]
  const places = Array.from({ length: room }, (_, i) => Math.round((i * (count - 1)) / (room - 1)))
  if (hold >= 0 && !places.includes(hold)) {
    // the nearest gives way, so that the others stay where they were
    let near = 0
    places.forEach((place, i) => {
      if (Math.abs(place - hold) < Math.abs((places[near] ?? 0) - hold)) near = i
    })
    places[near] = hold
  }
  return places
}

/** Columns from `from` on, as many as fit; never beyond the last. */
export function pageOfColumns(count: number, room: number, from: number): number[] {
  const first = Math.max(0, Math.min(from, count - room))
  return Array.from({ length: Math.min(room, count) }, (_, i) => first + i)
}

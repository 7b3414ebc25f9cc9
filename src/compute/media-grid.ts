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

export interface PlacesQuery {
  values: readonly Placed[]
  rows: Dimension
  columns: Dimension
  /** Runs in the order that they are listed in, with their names. */
  runs: readonly { key: RunKey; name: string }[]
  /** A config value of a run in words; '' where it has none. */
  config(run: RunKey, path: string): string
}

/** Values by row and column, whatever the step: what changes only with the data and the two sides. */
export interface Places {
  values: readonly Placed[]
  rowsBy: Dimension
  columnsBy: Dimension
  rows: GridHead[]
  columns: GridHead[]
  /** Of a row and a column that are no steps: in the order of runs, then of steps. */
  list(row: string, column: string): readonly number[]
}

export function placesOf(query: PlacesQuery): Places {
  const { values, rows, columns } = query
  const [rowOf, columnOf] = [sideOf(query, rows), sideOf(query, columns)]
  const order = new Map(query.runs.map(({ key }, i) => [key, i]))
  const found = new Map<string, number[]>()
  values.forEach((value, i) => {
    const key = placeKey(rows === 'step' ? '' : rowOf.id(value), columns === 'step' ? '' : columnOf.id(value))
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
  return {
    ...{ values, rowsBy: rows, columnsBy: columns, rows: rowOf.heads, columns: columnOf.heads },
    list: (row, column) => found.get(placeKey(row, column)) ?? [],
  }
}

function placeKey(row: string, column: string): string {
  return `${row.length},${row},${column}`
}

export interface Grid {
  rows: GridHead[]
  columns: GridHead[]
  cell(row: GridHead, column: GridHead): GridCell
}

/**
 * The places at a step (undefined while no run has one). Where neither side is the step, each cell stands for it, by
 * the rule for runs that have nothing there; where one is, its heads are the logged steps, and that rule holds for
 * the asked one alone. `all` as columns: all values of a row, in the order of runs and steps.
 */
export function gridOf(places: Places, asked: number | undefined, otherwise: Otherwise): Grid {
  const { values, rowsBy, columnsBy } = places

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
        whys.push(steps.length > 0 ? whyNone(steps, step, rule) : 'logged without a step')
        continue
      }
      if (picked !== step) other = true
      items.push(...own.filter((i) => values[i]?.step === picked))
    }
    if (items.length > 0) return other ? { items, asked: step } : { items }
    return { items, why: whys[0] ?? 'none logged' }
  }

  return {
    rows: rowsBy === 'step' ? withStep(places.rows, asked) : places.rows,
    columns: columnsBy === 'step' ? withStep(places.columns, asked) : places.columns,
    cell(row, column) {
      const list = places.list(rowsBy === 'step' ? '' : row.id, columnsBy === 'step' ? '' : column.id)
      const head = rowsBy === 'step' ? row : columnsBy === 'step' ? column : undefined
      if (columnsBy === 'all') return { items: head ? list.filter((i) => isAt(values[i], head)) : [...list] }
      if (list.length === 0) return { items: [], why: 'none logged' }
      // steps by steps: each value once
      if (rowsBy === 'step' && columnsBy === 'step' && row.id !== column.id)
        return { items: [], why: 'another step' }
      if (head && head.step === undefined) return { items: list.filter((i) => isAt(values[i], head)) }
      const step = head ? head.step : asked
      if (step === undefined) return { items: [...list] }
      return atStep(list, step, head && step !== asked ? { kind: 'nothing' } : otherwise)
    },
  }
}

/** It stands below a head of a step, or below that of no step. */
function isAt(value: Placed | undefined, head: GridHead): boolean {
  return head.step === undefined ? !Number.isFinite(value?.step) : value?.step === head.step
}

/** Heads of steps with that of the asked one, whether it was logged here or not. */
function withStep(heads: GridHead[], asked: number | undefined): GridHead[] {
  if (asked === undefined || heads.length === 0 || heads.some(({ step }) => step === asked)) return heads
  const at = heads.findIndex(({ step }) => step === undefined || step > asked)
  const own: GridHead = { id: String(asked), text: formatCount(asked), step: asked }
  return at === -1 ? [...heads, own] : [...heads.slice(0, at), own, ...heads.slice(at)]
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

function sideOf(
  { values, runs, config }: PlacesQuery,
  by: Dimension,
): { heads: GridHead[]; id(value: Placed): string } {
  if (by === 'none' || by === 'all') return { heads: [{ id: '', text: '' }], id: () => '' }
  if (by === 'run') {
    const used = new Set(values.map(({ run }) => run))
    return {
      heads: runs
        .filter(({ key }) => used.has(key))
        .map(({ key, name }) => ({ id: key, text: name, run: key })),
      id: ({ run }) => run,
    }
  }
  if (by === 'step') {
    const steps = new Set(values.map(({ step }) => step).filter(Number.isFinite))
    const heads: GridHead[] = [...steps]
      .sort((a, b) => a - b)
      .map((step) => ({ id: String(step), text: formatCount(step), step }))
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

/** Numbers by size, then words by the alphabet, what is not there last. */
function compareTexts(a: string, b: string): number {
  if (a === '' || b === '') return a === b ? 0 : a === '' ? 1 : -1
  const [p, q] = [Number(a), Number(b)]
  const words = Number(Number.isNaN(p)) - Number(Number.isNaN(q))
  const order = words || (p < q ? -1 : p > q ? 1 : collator.compare(a, b))
  // also of two that are spelled otherwise and read alike
  return order || (a < b ? -1 : Number(a > b))
}

function compareSteps(a: number, b: number): number {
  return Number.isNaN(a) || Number.isNaN(b) ? Number(Number.isNaN(a)) - Number(Number.isNaN(b)) : a - b
}

/**
 * Which of `count` columns are shown where `room` fit: the ends, and evenly between them, always with `hold` (its
 * place, or −1), for which an end gives way where only two fit. Ascending places.
 */
export function spread(count: number, room: number, hold: number): number[] {
  if (count <= room) return Array.from({ length: count }, (_, i) => i)
  if (room <= 1) return [Math.max(0, hold)]
  const places = Array.from({ length: room }, (_, i) => Math.round((i * (count - 1)) / (room - 1)))
  if (hold >= 0 && !places.includes(hold)) {
    // the nearest gives way, so that the others stay where they were
    const ends = room > 2 ? 1 : 0
    let near = ends
    places.forEach((place, i) => {
      if (i < ends || i >= room - ends) return
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

import { createEffect, createMemo, createSignal, onCleanup } from 'solid-js'
import { type ConfigTable, flattenConfigs } from '../../../compute/config-table.ts'
import {
  type Effects,
  factorsOf,
  type KeyEffect,
  makeEffects,
  type Refusal,
  repeatsOf,
} from '../../../compute/effect.ts'
import { compareNames } from '../../../compute/group.ts'
import { type Spread, seedNoise, spreadOf } from '../../../compute/interval.ts'
import { directionOf } from '../../../compute/metric-words.ts'
import { useApp } from '../../../state/app.ts'
import type { CompareColumn, CompareModel } from './model.ts'

/** Runs that pair with nobody, and why. */
export interface LeftOut {
  /** They ended in NaN or an infinity. */
  diverged: number
  /** They go on. */
  live: number
  /** They have no value of the metric. */
  without: number
}

/** What the matched pairs told. */
interface Found {
  effects: Effects
  /** By key of the model's table. */
  byKey: ReadonlyMap<number, KeyEffect>
  left: LeftOut
  /** What it is of. */
  table: ConfigTable
  columns: readonly CompareColumn[]
  asked: string
}

/** So long the page answers nothing else. */
const A_TURN_MS = 8

export type Analysis = ReturnType<typeof createAnalysis>

/**
 * What the differences mean: the change that a key alone makes to a metric, over matched pairs among all runs of
 * the project, and how large a difference the seeds of the baseline's configuration make by themselves.
 */
export function createAnalysis(model: CompareModel) {
  const { runs } = useApp()
  const { choices } = model
  const metric = createMemo(() => choices.own().on || runs.rank()?.metric)

  /** Of all runs, unlike the model's table. */
  const table = createMemo(() =>
    model.calm() ? flattenConfigs(model.all().map(({ config }) => config)) : undefined,
  )
  const factors = createMemo(() => {
    const found = table()
    return found && factorsOf(found)
  })
  /** Places in that table of paths that stand there once. */
  const keyOf = createMemo(() => {
    const places = new Map<string, number>()
    for (const [key, path] of (table()?.paths ?? []).entries()) places.set(path, places.has(path) ? -1 : key)
    return places
  })

  const measured = createMemo(() => {
    const name = metric()
    const of = name === undefined ? undefined : model.valuesOf(name)
    if (!of || !model.calm()) return undefined
    const left: LeftOut = { diverged: 0, live: 0, without: 0 }
    const values = Float64Array.from(model.all(), ({ key }, place) => {
      const value = of(place)
      if (value === undefined) left.without++
      else if (!Number.isFinite(value)) left.diverged++
      else if (runs.isLive(key)) left.live++
      else return value
      return Number.NaN
    })
    return { values, left }
  })
  /** Keys that differ between the columns, and for each other value the first column that has it. */
  const beside = createMemo(() => {
    const found = new Map<number, number[]>()
    if (!model.calm()) return found
    const members = model.columnMembers().map(([first = 0]) => first)
    for (const [key, values] of model.table().values.entries()) {
      const seen = new Set([values[members[0] ?? 0]])
      let columns: number[] | undefined
      for (let column = 1; column < members.length; column++) {
        const value = values[members[column]!]
        if (seen.has(value)) continue
        seen.add(value)
        columns ??= []
        columns.push(column)
      }
      if (columns) found.set(key, columns)
    }
    return found
  })

  /** The run whose value of a key the others are held against; undefined where the baseline has several values. */
  function reference(key: number): number | undefined {
    const [base] = model.columns()
    const inTable = model.columnMembers()[0] ?? []
    const values = model.table().values[key] ?? []
    return inTable.every((member) => values[member] === values[inTable[0] ?? 0]) ? base?.places[0] : undefined
  }

  const asked = createMemo(() => `${choices.statistic()}:${metric()}`)
  const [made, setMade] = createSignal<Found>()
  /** Only as long as it is of what is compared now. */
  const found = createMemo(() => {
    const now = made()
    const isOf = now?.table === model.table() && now.columns === model.columns() && now.asked === asked()
    return isOf ? now : undefined
  })
  // a look at each run for each key: in pieces, so that the page answers meanwhile
  createEffect(() => {
    const [known, values, keys, places] = [factors(), measured(), beside(), keyOf()]
    if (!known || !values) return void setMade(undefined)
    const from = [...keys.keys()].map(reference)
    const [table, columns, of] = [model.table(), model.columns(), asked()]
    const effects = makeEffects(known, values.values)
    const byKey = new Map<number, KeyEffect>()
    const waiting = [...keys.keys()].entries()
    let timer: ReturnType<typeof setTimeout> | undefined
    const work = (): void => {
      const until = performance.now() + A_TURN_MS
      for (const [i, key] of waiting) {
        const place = places.get(table.paths[key] ?? '') ?? -1
        const base = from[i]
        const effect = place < 0 || base === undefined ? undefined : effects.of(place, base)
        if (effect) byKey.set(key, effect)
        if (performance.now() < until) continue
        timer = setTimeout(work)
        return
      }
      setMade({ effects, byKey, left: values.left, table, columns, asked: of })
    }
    work()
    onCleanup(() => clearTimeout(timer))
  })

  const changes = createMemo(() => {
    const all = new Map<number, Spread[]>()
    for (const [key, effect] of found()?.byKey ?? [])
      all.set(
        key,
        (beside().get(key) ?? []).flatMap(
          (column) => effect.to(model.columns()[column]?.places[0] ?? -1)?.spread ?? [],
        ),
      )
    return all
  })

  /** Keys whose effect is told from noise come first, the greatest first, then those with pairs, then the others. */
  function strength(key: number): [number, number] {
    const all = changes().get(key) ?? []
    const certain = all.filter(isCertain)
    if (certain.length > 0) return [0, greatestOf(certain)]
    if (all.length > 0) return [1, greatestOf(all)]
    return [found()?.byKey.get(key)?.each ? 3 : 2, 0]
  }

  /** As they were logged until the effects are known; rows that arrive later change numbers, not places. */
  function sortKeys(keys: readonly number[], before: readonly string[] | undefined): number[] {
    const { paths } = model.table()
    const sorted = [...keys]
    if (choices.byName()) return sorted.sort((a, b) => compareNames(paths[a] ?? '', paths[b] ?? ''))
    if (!found()) return sorted
    if (before) {
      const place = new Map(before.map((path, i) => [path, i]))
      return sorted.sort(
        (a, b) => (place.get(paths[a] ?? '') ?? Infinity) - (place.get(paths[b] ?? '') ?? Infinity),
      )
    }
    const strengths = new Map(keys.map((key): [number, [number, number]] => [key, strength(key)]))
    return sorted.sort((a, b) => {
      const [kindA, greatestA] = strengths.get(a) ?? [5, 0]
      const [kindB, greatestB] = strengths.get(b) ?? [5, 0]
      return kindA - kindB || greatestB - greatestA
    })
  }

  /** Places of the runs that repeat the baseline's configuration. */
  const repeats = createMemo((): readonly number[] => {
    const [base] = model.columns()
    if (!base) return []
    if (base.isGroup) return base.places
    const [place = 0] = base.places
    const known = factors()
    // of a run without a config nothing tells what it repeats
    return known && model.all()[place]?.config ? repeatsOf(known, place) : [place]
  })

  return {
    metric,
    /** Which end of it is the good one. */
    direction: createMemo(() => directionOf(metric() ?? '')),
    ready: () => found() !== undefined || metric() === undefined,
    effects: () => found()?.effects,
    left: () => found()?.left,
    /** `key` of the model's table. */
    effectOf: (key: number) => found()?.byKey.get(key),
    valuesBeside: (key: number): readonly number[] => beside().get(key) ?? [],
    sortKeys,
    /** The greatest mean change of all: one scale for the page. */
    greatest: createMemo(() => greatestOf([...changes().values()].flat())),
    repeats,
    /** Least difference to the baseline that is more than the noise of its seeds; NaN where nothing is known. */
    noise(values: (place: number) => number | undefined): number {
      if (!model.calm()) return Number.NaN
      return seedNoise(spreadOf(repeats().map((place) => values(place) ?? Number.NaN)), 1)
    },
  }
}

function greatestOf(spreads: readonly Spread[]): number {
  return spreads.reduce((most, { mean }) => Math.max(most, Math.abs(mean)), 0)
}

/** The interval leaves out zero. Of one pair nothing is certain. */
export function isCertain({ mean, half }: Spread): boolean {
  return Math.abs(mean) > half
}

/** `hostname` of `environment.hostname`. */
function leafOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1)
}

export function refusalText(why: Refusal): string {
  if (why.kind === 'every') return 'differs in every run'
  return why.kind === 'with' ? `always changes with ${leafOf(why.path)}` : 'no two runs differ in this alone'
}

import { createMemo } from 'solid-js'
import { flattenConfigs } from '../../../compute/config-table.ts'
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
import type { CompareModel } from './model.ts'

/** Runs that pair with nobody, and why. */
export interface LeftOut {
  /** They ended in NaN or an infinity. */
  diverged: number
  /** They go on. */
  live: number
  /** They have no value of the metric. */
  without: number
}

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
  const effects = createMemo((): (Effects & { kept: Map<number, KeyEffect | undefined> }) | undefined => {
    const [known, found] = [factors(), measured()]
    return known && found && { ...makeEffects(known, found.values), kept: new Map() }
  })

  /** The run whose value of a key the others are held against; undefined where the baseline has several values. */
  function reference(key: number): number | undefined {
    const [base] = model.columns()
    const inTable = model.columnMembers()[0] ?? []
    const values = model.table().values[key] ?? []
    return inTable.every((member) => values[member] === values[inTable[0] ?? 0]) ? base?.places[0] : undefined
  }

  /** `key` of the model's table. */
  function effectOf(key: number): KeyEffect | undefined {
    const [known, path, from] = [effects(), model.table().paths[key], reference(key)]
    const place = keyOf().get(path ?? '') ?? -1
    if (!known || place < 0 || from === undefined) return undefined
    // one baseline at a time
    const id = place * model.all().length + from
    if (!known.kept.has(id)) known.kept.set(id, known.of(place, from))
    return known.kept.get(id)
  }

  /** For each other value among the columns the first column that has it. */
  function valuesBeside(key: number): number[] {
    const values = model.table().values[key] ?? []
    const members = model.columnMembers()
    const base = values[members[0]?.[0] ?? 0]
    const seen = new Set([base])
    const found: number[] = []
    members.forEach(([first], column) => {
      if (column === 0 || first === undefined || seen.has(values[first])) return
      seen.add(values[first])
      found.push(column)
    })
    return found
  }

  function changesOf(key: number): Spread[] {
    const effect = effectOf(key)
    if (!effect) return []
    return valuesBeside(key).flatMap((column) => {
      const change = effect.to(model.columns()[column]?.places[0] ?? -1)
      return change?.spread ?? []
    })
  }

  /** Keys whose effect is told from noise come first, the greatest first, then those with pairs, then the others. */
  function strength(key: number): [number, number] {
    const changes = changesOf(key)
    const certain = changes.filter(isCertain)
    const greatest = (found: readonly Spread[]): number =>
      found.reduce((most, { mean }) => Math.max(most, Math.abs(mean)), 0)
    if (certain.length > 0) return [0, greatest(certain)]
    if (changes.length > 0) return [1, greatest(changes)]
    const why = effectOf(key)?.why
    return [why === undefined || why.kind === 'alone' ? 2 : why.kind === 'with' ? 3 : 4, 0]
  }

  /** By name until the effects are known; rows that arrive later change numbers, not places. */
  function sortKeys(keys: readonly number[], before: readonly string[] | undefined): number[] {
    const { paths } = model.table()
    const byName = [...keys].sort((a, b) => compareNames(paths[a] ?? '', paths[b] ?? ''))
    if (choices.byName() || !effects()) return byName
    if (before) {
      const place = new Map(before.map((path, i) => [path, i]))
      return byName.sort(
        (a, b) => (place.get(paths[a] ?? '') ?? Infinity) - (place.get(paths[b] ?? '') ?? Infinity),
      )
    }
    const strengths = new Map(keys.map((key): [number, [number, number]] => [key, strength(key)]))
    return byName.sort((a, b) => {
      const [kindA, greatestA] = strengths.get(a) ?? [5, 0]
      const [kindB, greatestB] = strengths.get(b) ?? [5, 0]
      return kindA - kindB || greatestB - greatestA
    })
  }

  /** The greatest mean change of all: one scale for the page. */
  const greatest = createMemo(() => {
    if (!effects()) return 0
    const { values } = model.table()
    let most = 0
    for (let key = 0; key < values.length; key++)
      for (const { mean } of changesOf(key)) most = Math.max(most, Math.abs(mean))
    return most
  })

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
    ready: () => effects() !== undefined || metric() === undefined,
    effects,
    left: () => measured()?.left,
    effectOf,
    valuesBeside,
    sortKeys,
    greatest,
    repeats,
    /** Least difference to the baseline that is more than the noise of its seeds; NaN where nothing is known. */
    noise(values: (place: number) => number | undefined): number {
      if (!model.calm()) return Number.NaN
      return seedNoise(spreadOf(repeats().map((place) => values(place) ?? Number.NaN)), 1)
    },
  }
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

import type { ConfigTable } from './config-table.ts'
import { codesOf } from './config-table.ts'
import { isAside, isSeed } from './group.ts'
import { type Spread, spreadOf } from './interval.ts'

/*
 * What a config key alone does to a metric: the change over matched pairs of runs that are equal in every other
 * key that varies. Keys that only name or place a run are put aside. Pairs are of the same seed where there are
 * such, else of the means over the seeds.
 */

/** Why nothing is said of a key, or of one of its values. `with`: the path of what always changes with it. */
export type Refusal = { kind: 'alone' } | { kind: 'with'; path: string } | { kind: 'every' }

/** The change from one value of a key to another; without one `why` looks for the reason, at some cost. */
export type Change = { spread: Spread; why?: undefined } | { spread?: undefined; why(): Refusal }

/** Of a key, against the value of one run. */
export interface KeyEffect {
  /** Nothing can be said of any other value. */
  refused: boolean
  /** Each run has its own value. */
  each: boolean
  /** Why it is refused. Looks through all other keys when it is first asked. */
  why(): Refusal
  /** The change to the value of another run; undefined where it has the same. */
  to(run: number): Change | undefined
}

export interface Effects {
  /** Runs that count: those with a finite value. */
  runs: number
  /** Keys that vary but only name or place a run, without seeds. */
  aside: string[]
  /** Keys of seeds that vary. */
  seeds: string[]
  /** Undefined of a key that does not vary. */
  of(key: number, from: number): KeyEffect | undefined
}

/** A key that varies over the runs. */
interface Factor {
  key: number
  path: string
  codes: Int32Array
  distinct: number
  /** No two runs have the same value, where they have one. */
  each: boolean
  kind: 'matched' | 'seed' | 'aside'
}

/** The keys that vary over some runs, and what they are. */
export interface Factors {
  runs: number
  all: Factor[]
  matched: Factor[]
  seeds: Factor[]
  aside: Factor[]
  /** A number for what a run has in all matched keys but one. */
  sums(run: number, but?: Factor): number
}

/** Pairs by the other value's number, in order of its first run. */
type Pairs = Map<number, number[]>

/**
 * `values`: the metric of each run, NaN where the run does not count. Costs a look at each run per key that is
 * asked for: 200 runs × 2,000 keys take 100 ms.
 */
export function makeEffects(factors: Factors, values: Float64Array): Effects {
  const { matched, seeds, sums } = factors
  const byKey = new Map(factors.all.map((factor) => [factor.key, factor]))
  const counted: number[] = []
  for (let run = 0; run < factors.runs; run++) if (Number.isFinite(values[run])) counted.push(run)
  /** Those that a key may always change with, the ones of fewest values first; a name of each run is none. */
  const partners = factors.all
    .filter(({ each }) => !each)
    .sort((a, b) => rank(a) - rank(b) || a.distinct - b.distinct)

  return {
    runs: counted.length,
    aside: factors.aside.map(({ path }) => path),
    seeds: seeds.map(({ path }) => path),
    of(key, from) {
      const factor = byKey.get(key)
      if (!factor) return undefined
      const names = factor.kind === 'aside' && factor.each
      const pairs: Pairs = names ? new Map() : pairsOf(factor, from)
      const refused = pairs.size === 0
      let whole: Refusal | undefined
      const why = (): Refusal => {
        whole ??= refusalOf(factor)
        return whole
      }
      return {
        refused,
        each: factor.each,
        why,
        to(run) {
          const code = factor.codes[run]!
          if (code === factor.codes[from]) return undefined
          const found = pairs.get(code)
          if (found) return { spread: spreadOf(found) }
          return { why: refused ? why : () => refusalOf(factor, new Set([code, factor.codes[from]!])) }
        },
      }
    },
  }

  /** Differences to the runs with the value that `from` has, by the other value. */
  function pairsOf(factor: Factor, from: number): Pairs {
    const base = factor.codes[from]!
    const others = seeds.filter((seed) => seed !== factor)
    const strata = new Map<number, Stratum[]>()
    for (const run of counted) {
      if (factor.codes[run] !== base) continue
      const sum = sums(run, factor)
      const known = strata.get(sum)
      const same = known?.find(({ first }) => isEqual(matched, run, first, factor))
      if (same) same.base.push(run)
      else {
        const stratum: Stratum = { first: run, base: [run], other: new Map() }
        if (known) known.push(stratum)
        else strata.set(sum, [stratum])
      }
    }
    for (const run of counted) {
      const code = factor.codes[run]!
      if (code === base) continue
      const stratum = strata.get(sums(run, factor))?.find(({ first }) => isEqual(matched, run, first, factor))
      if (!stratum) continue
      const of = stratum.other.get(code)
      if (of) of.push(run)
      else stratum.other.set(code, [run])
    }
    const pairs: Pairs = new Map()
    for (const all of strata.values())
      for (const { base: before, other } of all)
        for (const [code, after] of other) {
          const found = differencesOf(before, after, values, others, factor.kind === 'matched')
          if (found.length === 0) continue
          const known = pairs.get(code)
          if (known) known.push(...found)
          else pairs.set(code, found)
        }
    return pairs
  }

  /** `among`: only runs with these values of the key. */
  function refusalOf(factor: Factor, among?: ReadonlySet<number>): Refusal {
    if (!among && factor.each) return { kind: 'every' }
    const runs: number[] = []
    for (let run = 0; run < factors.runs; run++) if (!among || among.has(factor.codes[run]!)) runs.push(run)
    const partner = partners.find(
      (other) =>
        other !== factor &&
        other.distinct >= (among?.size ?? factor.distinct) &&
        decides(other, factor, runs),
    )
    return partner ? { kind: 'with', path: partner.path } : { kind: 'alone' }
  }
}

interface Stratum {
  /** Any run of it, to hold others against. */
  first: number
  base: number[]
  other: Map<number, number[]>
}

/** The keys of a table that vary. */
export function factorsOf(table: ConfigTable): Factors {
  const all: Factor[] = []
  table.paths.forEach((path, key) => {
    const values = table.values[key]!
    const { codes, distinct } = codesOf(values)
    if (distinct < 2) return
    const set = values.filter((value) => value !== undefined).length
    // an item of a list is what its list is
    const name = path.replace(/\[\d+\].*$/, '')
    all.push({
      key,
      path,
      codes,
      distinct,
      each: set === distinct - (set < values.length ? 1 : 0),
      kind: isSeed(name) ? 'seed' : isAside(name) ? 'aside' : 'matched',
    })
  })
  const matched = all.filter(({ kind }) => kind === 'matched')
  return {
    runs: table.runs,
    all,
    matched,
    seeds: all.filter(({ kind }) => kind === 'seed'),
    aside: all.filter(({ kind }) => kind === 'aside'),
    sums: sumsOf(matched, table.runs),
  }
}

/** Runs that repeat one configuration, this one among them: equal in every key but seeds and what is put aside. */
export function repeatsOf({ runs, matched, sums }: Factors, run: number): number[] {
  const found: number[] = []
  for (let other = 0; other < runs; other++)
    if (sums(other) === sums(run) && isEqual(matched, other, run)) found.push(other)
  return found
}

function isEqual(factors: readonly Factor[], run: number, other: number, but?: Factor): boolean {
  return factors.every((factor) => factor === but || factor.codes[run] === factor.codes[other])
}

function rank({ kind }: Factor): number {
  return kind === 'matched' ? 0 : kind === 'seed' ? 1 : 2
}

/** Runs that are equal in `other` are equal in `factor`; not where every run has its own value there. */
function decides(other: Factor, factor: Factor, runs: readonly number[]): boolean {
  const known = new Map<number, number>()
  for (const run of runs) {
    const code = other.codes[run]!
    const before = known.get(code)
    if (before === undefined) known.set(code, factor.codes[run]!)
    else if (before !== factor.codes[run]) return false
  }
  return known.size < runs.length
}

/**
 * Gives a number for what a run has in all keys but one: equal runs have equal numbers. Each value of each key
 * has a number of 53 bits of its own, and they are joined by exclusive or, so that one key is taken out again at
 * once. What has the same number is compared all the same.
 */
function sumsOf(factors: readonly Factor[], runs: number): (run: number, but?: Factor) => number {
  const high = new Int32Array(runs)
  const low = new Int32Array(runs)
  const joined = new Set(factors)
  for (const { key, codes } of factors)
    for (let run = 0; run < runs; run++) {
      high[run]! ^= mix(key, codes[run]!, 0x9e3779b1)
      low[run]! ^= mix(key, codes[run]!, 0x85ebca77)
    }
  return (run, but) => {
    let [a, b] = [high[run]!, low[run]!]
    if (but && joined.has(but)) {
      a ^= mix(but.key, but.codes[run]!, 0x9e3779b1)
      b ^= mix(but.key, but.codes[run]!, 0x85ebca77)
    }
    return (a >>> 0) * 0x200000 + ((b >>> 0) & 0x1fffff)
  }
}

/** The finalizer of MurmurHash3 (Appleby, 2011) over both numbers. */
function mix(key: number, code: number, salt: number): number {
  let hash = Math.imul(key + 1, salt) ^ Math.imul(code + 1, 0xc2b2ae35)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}

/**
 * A difference for each seed that both sides have, of the means of its runs; where they have none in common one
 * difference, of the means over their seeds, but (`byMeans`) of what is itself a seed or the name of a run.
 */
function differencesOf(
  before: readonly number[],
  after: readonly number[],
  values: Float64Array,
  seeds: readonly Factor[],
  byMeans: boolean,
): number[] {
  const bySeed = (runs: readonly number[]): Map<string, number[]> => {
    const found = new Map<string, number[]>()
    for (const run of runs) {
      const seed = seeds.map(({ codes }) => codes[run]).join()
      const known = found.get(seed)
      if (known) known.push(values[run]!)
      else found.set(seed, [values[run]!])
    }
    return found
  }
  const [left, right] = [bySeed(before), bySeed(after)]
  const differences: number[] = []
  for (const [seed, found] of right) {
    const base = left.get(seed)
    if (base) differences.push(spreadOf(found).mean - spreadOf(base).mean)
  }
  if (differences.length > 0 || !byMeans) return differences
  const all = (groups: Map<string, number[]>): number =>
    spreadOf([...groups.values()].map((group) => spreadOf(group).mean)).mean
  return [all(right) - all(left)]
}

import { TrackioError } from '../../model/errors.ts'
import type { RunKey } from '../../model/run.ts'
import type { TypedValues, ValuePlace } from '../../model/typed-values.ts'
import type { LoggedRun, ProjectReader } from '../formats/dataset.ts'

/** A run that has rows. */
interface Held {
  key: RunKey
  logged?: LoggedRun | undefined
}

/**
 * Where the values of these kinds stand in the rows that were read; `runs` in the order that they are to be
 * told in, `serial` tells one opening of a project from the next.
 */
export async function typedIndexOf(
  reader: ProjectReader,
  runs: readonly Held[],
  wanted: readonly string[] | undefined,
  serial: number,
  signal: AbortSignal | undefined,
): Promise<TypedValues> {
  await reader.loadTyped?.(wanted, signal)
  const { names, kinds: kindNames } = reader.keys()
  const isWanted = kindNames.map((kind) => !wanted || wanted.includes(kind))
  const held = runs.flatMap(({ key, logged }) => {
    const typed = logged?.columns.typed
    if (!logged || !typed) return []
    let count = 0
    for (let i = 0; i < typed.length; i++) if (isWanted[typed.kinds[i] as number]) count++
    return count > 0 ? [{ key, typed, count, columns: logged.columns }] : []
  })
  const length = held.reduce((sum, { count }) => sum + count, 0)
  const [run, key, kind, row] = [0, 1, 2, 3].map(() => new Int32Array(length)) as [
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
  ]
  const [step, time] = [new Float64Array(length), new Float64Array(length)]
  const keys = makeNumbers(names)
  const kinds = makeNumbers(kindNames)
  let n = 0
  held.forEach(({ typed, columns }, r) => {
    for (let i = 0; i < typed.length; i++) {
      if (!isWanted[typed.kinds[i] as number]) continue
      const place = typed.rows[i] as number
      run[n] = r
      key[n] = keys.of(typed.keys[i] as number)
      kind[n] = kinds.of(typed.kinds[i] as number)
      row[n] = place
      step[n] = columns.steps.data[place] as number
      time[n] = columns.times.data[place] as number
      n++
    }
  })
  const reading = reader.reading()
  const changes = runs.reduce((sum, { logged }) => sum + (logged?.columns.typed.version ?? 0), 0)
  return {
    runs: held.map(({ key: name }) => name),
    keys: keys.names,
    kinds: kinds.names,
    run,
    key,
    kind,
    row,
    step,
    time,
    reading,
    complete: reader.exact(),
    notices: reader.notices(),
    version: `${serial}:${reading.state}:${reading.rows}:${changes}:${length}`,
  }
}

/** Numbers of the names that are met alone, in the order they are met. */
function makeNumbers(all: readonly string[]): { names: string[]; of(number: number): number } {
  const numbers = new Map<number, number>()
  const names: string[] = []
  return {
    names,
    of(number) {
      let found = numbers.get(number)
      if (found === undefined) {
        found = names.push(all[number] ?? '') - 1
        numbers.set(number, found)
      }
      return found
    },
  }
}

/** JSON texts of logged values, as they are written where the place keeps text; undefined for those that are gone. */
export async function textsAt(
  reader: ProjectReader,
  run: (key: RunKey) => Held | undefined,
  at: readonly ValuePlace[],
  signal: AbortSignal | undefined,
): Promise<(string | undefined)[]> {
  const found = new Array<string | undefined>(at.length)
  const byRun = new Map<RunKey, number[]>()
  at.forEach((place, i) => {
    const places = byRun.get(place.run)
    if (places) places.push(i)
    else byRun.set(place.run, [i])
  })
  for (const [key, wanted] of byRun) {
    const logged = run(key)?.logged
    if (!logged || !reader.storedRows) continue
    const rows = [...new Set(wanted.map((i) => (at[i] as ValuePlace).row))].sort((a, b) => a - b)
    const known = rows.filter((row) => row >= 0 && row < logged.columns.steps.length)
    const keys = [...new Set(wanted.map((i) => (at[i] as ValuePlace).key))]
    const stored = await reader.storedRows(logged, { rows: Uint32Array.from(known), keys }, signal)
    const byRow = new Map(known.map((row, i) => [row, stored[i]]))
    for (const i of wanted) {
      const { row, key: name } = at[i] as ValuePlace
      found[i] = byRow.get(row)?.members.get(name)
    }
  }
  return found
}

/** Those of several projects as one: `prefixes[i]` stands before the run keys of part i. */
export function mergeTyped(parts: readonly TypedValues[], prefixes: readonly string[]): TypedValues {
  const [first] = parts
  if (!first) throw new TrackioError('values', 'no project is open')
  const length = parts.reduce((sum, part) => sum + part.run.length, 0)
  const merged: TypedValues = {
    ...first,
    runs: parts.flatMap((part, i) => part.runs.map((key) => prefixes[i] + key)),
    keys: [...new Set(parts.flatMap((part) => part.keys))],
    kinds: [...new Set(parts.flatMap((part) => part.kinds))],
    run: new Int32Array(length),
    key: new Int32Array(length),
    kind: new Int32Array(length),
    row: new Int32Array(length),
    step: new Float64Array(length),
    time: new Float64Array(length),
    complete: parts.every((part) => part.complete),
    notices: parts.flatMap((part) => part.notices),
    version: parts.map((part) => part.version).join(' '),
  }
  let [at, runs] = [0, 0]
  for (const part of parts) {
    const keys = part.keys.map((name) => merged.keys.indexOf(name))
    const kinds = part.kinds.map((name) => merged.kinds.indexOf(name))
    for (let i = 0; i < part.run.length; i++) {
      merged.run[at + i] = runs + (part.run[i] as number)
      merged.key[at + i] = keys[part.key[i] as number] as number
      merged.kind[at + i] = kinds[part.kind[i] as number] as number
    }
    merged.row.set(part.row, at)
    merged.step.set(part.step, at)
    merged.time.set(part.time, at)
    at += part.run.length
    runs += part.runs.length
  }
  return merged
}

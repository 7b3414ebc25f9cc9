import type { TypedValues, ValuePlace } from '../../model/typed-values.ts'

/** A logged value that has a kind. */
export interface TypedItem extends ValuePlace {
  /** The same value keeps it when others come before it. */
  id: string
  kind: string
  /** NaN where none was logged. */
  step: number
  time: number
}

/** Values of an index, by run, then by row. */
export function itemsOf(values: TypedValues | undefined): TypedItem[] {
  if (!values) return []
  const { runs, keys, kinds } = values
  return Array.from(values.run, (r, i) => {
    const run = runs[r] ?? ''
    const key = keys[values.key[i] ?? -1] ?? ''
    const [row, step, time] = [values.row[i] ?? 0, values.step[i] ?? Number.NaN, values.time[i] ?? Number.NaN]
    return {
      id: JSON.stringify([run, key, row, step, time]),
      run,
      key,
      row,
      step,
      time,
      kind: kinds[values.kind[i] ?? -1] ?? '',
    }
  })
}

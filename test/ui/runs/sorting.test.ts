import { describe, expect, test } from 'vitest'
import type { Column } from '../../../src/compute/run-columns.ts'
import { nextOrder } from '../../../src/ui/pages/runs/sorting.ts'

const column = (values: number[]): Column => ({
  kind: 'number',
  values: Float64Array.from(values),
  has: Uint8Array.from(values, () => 1),
})
const by = (values: number[], held: boolean, text = 'loss') => ({
  by: text,
  keys: [{ column: column(values), descending: false }],
  count: values.length,
  held,
})

describe('the order of runs whose values change', () => {
  test('stays while the pointer is in the table, with new runs at its end', () => {
    const first = nextOrder(undefined, by([3, 1, 2], true))
    expect([...first.runs]).toEqual([1, 2, 0])
    expect(nextOrder(first, by([0, 9, 5], true))).toBe(first)
    const more = nextOrder(first, by([0, 9, 5, -1], true))
    expect([...more.runs]).toEqual([1, 2, 0, 3])
    expect([...more.places]).toEqual([2, 0, 1, 3])
    // it has left
    expect([...nextOrder(more, by([0, 9, 5, -1], false)).runs]).toEqual([3, 0, 2, 1])
  })
  test('is another one for another column, for values that come now, and where runs are gone', () => {
    const first = nextOrder(undefined, by([3, 1, 2], true))
    expect([...nextOrder(first, by([1, 2, 3], true, 'accuracy')).runs]).toEqual([0, 1, 2])
    expect([...nextOrder({ ...first, known: 0 }, by([1, 2, 3], true)).runs]).toEqual([0, 1, 2])
    expect([...nextOrder(first, by([2, 1], true)).runs]).toEqual([1, 0])
  })
})

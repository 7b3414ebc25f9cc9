import { describe, expect, test } from 'vitest'
import { combineProjects } from '../../../src/engine/projects/comparison.ts'
import { frameOf } from '../../../src/engine/questions/frame.ts'
import { historyOf, tableOf } from '../../../src/engine/questions/history.ts'
import { combinedId, membersOf } from '../../../src/model/source.ts'
import { ask, projectOf } from '../made-project.ts'

const A = projectOf({
  one: [
    { step: 0, loss: 1 },
    { step: 1, loss: 2 },
  ],
  two: [{ step: 0, loss: 3 }],
})
const ROWS = [
  { step: 0, loss: 5 },
  { step: 2, loss: 6, acc: 0.5 },
]
const [B, C] = [projectOf({ one: ROWS }), projectOf({ one: ROWS })]

function together() {
  return combineProjects({ ...A.info, name: 'a' }, [
    { ...A, info: { ...A.info, name: 'a' } },
    { ...B, info: { ...B.info, name: 'b' } },
    { ...C, info: { ...C.info, name: 'b' } },
  ])
}

describe('several projects as one', () => {
  test('runs of the first keep key, name and slot; those of the others follow under their project’s name', () => {
    const { runs } = together().catalogue()
    expect(runs.map(({ key, name, slot }) => [key, name, slot])).toEqual([
      ['one', 'one', 0],
      ['two', 'two', 1],
      ['b › one', 'b/one', 2],
      ['b (2) › one', 'b (2)/one', 3],
    ])
  })
  test('keys stay apart whatever the projects are called', () => {
    const called = (name: string) => ({ ...B, info: { ...B.info, name } })
    const { runs } = combineProjects(A.info, [A, called('b'), called('b (2)'), called('b')]).catalogue()
    expect(runs.map(({ key }) => key)).toEqual(['one', 'two', 'b › one', 'b (2) › one', 'b (3) › one'])
  })
  test('a metric is that of all that log it, and counts are each run’s own', () => {
    const { metrics, counts, rows } = together().catalogue()
    expect(metrics.map(({ name, points }) => [name, points])).toEqual([
      ['acc', 2],
      ['loss', 7],
    ])
    expect([...counts]).toEqual([0, 0, 1, 1, 2, 1, 2, 2])
    expect(rows).toBe(7)
  })
  test('one chart and one table hold runs of both', () => {
    const runs = ['one', 'b › one']
    const project = together()
    const frame = frameOf(project, ask(runs, { metric: 'loss' }))
    expect(frame.ends.map(({ run, logged }) => [run, logged])).toEqual([
      [0, 2],
      [1, 6],
    ])
    const table = tableOf(project, 'loss', runs, 0, 10)
    expect([...table.steps]).toEqual([0, 1, 2])
    expect([...table.values]).toEqual([1, 5, 2, Number.NaN, Number.NaN, 6])
    expect([...(historyOf(project, 'b › one').acc?.values ?? [])]).toEqual([0.5])
  })
})

test('an id stands for the projects it was made of, whatever their ids hold', () => {
  const ids = ['s1/a b.db/x', 's2/ü%20.db/several:']
  expect(membersOf(combinedId(ids))).toEqual(ids)
  expect(combinedId(['only'])).toBe('only')
  expect(membersOf('only')).toEqual(['only'])
})

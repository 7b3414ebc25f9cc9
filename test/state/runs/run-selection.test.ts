import { describe, expect, test } from 'vitest'
import type { Run } from '../../../src/model/run.ts'
import {
  assignSlots,
  keepHidden,
  ruleFor,
  shownKeys,
  shownOfGroups,
  unknownRuns,
} from '../../../src/state/runs/run-selection.ts'

describe('which runs are shown', () => {
  test('up to 50 all of them, of more the newest 50', () => {
    expect(shownKeys({ kind: 'auto' }, runs(50), runs(50)).size).toBe(50)
    const shown = shownKeys({ kind: 'auto' }, runs(148), runs(148))
    expect(shown.size).toBe(50)
    expect(shown.has('k147')).toBe(true)
    expect(shown.has('k97')).toBe(false)
  })

  test('where groups are drawn the newest 50 groups whole, of up to 1,000 runs', () => {
    const groups = (count: number, size: number) =>
      Array.from({ length: count }, (_, g) => ({
        runs: Array.from({ length: size }, (_, i) => run(g * size + i, 'n')),
      }))
    expect(shownOfGroups(groups(30, 3)).size).toBe(90)
    const shown = shownOfGroups(groups(60, 3))
    expect(shown.size).toBe(150)
    expect(shown.has('k179')).toBe(true)
    expect(shown.has('k29')).toBe(false)
    expect(shownOfGroups(groups(40, 30)).size).toBe(990)
    expect(shownOfGroups(groups(1, 5000)).size).toBe(5000)
  })

  test('a link names runs by key or by name; a name shows every run that has it', () => {
    const list = [run(0, 'a'), run(1, 'b'), run(2, 'a')]
    expect([...shownKeys({ kind: 'only', keys: [], names: ['a'] }, list, list)]).toEqual(['k0', 'k2'])
    expect([...shownKeys({ kind: 'only', keys: ['k1'], names: [] }, list, list)]).toEqual(['k1'])
  })

  test('none stays none, but a link that names only unknown runs shows all', () => {
    expect(shownKeys({ kind: 'only', keys: [], names: [] }, runs(3), runs(3)).size).toBe(0)
    expect(shownKeys({ kind: 'only', keys: ['gone'], names: [] }, runs(3), runs(3)).size).toBe(3)
    expect(unknownRuns({ kind: 'only', keys: ['gone', 'k1'], names: ['n2', 'nope'] }, runs(3))).toEqual([
      'gone',
      'nope',
    ])
  })

  test('latest keeps the newest of the filtered list', () => {
    const list = runs(5)
    expect([...shownKeys({ kind: 'latest', count: 1 }, list, list.slice(0, 3))]).toEqual(['k2'])
  })

  test('a rule gives back the set it was made for', () => {
    const list = runs(60)
    for (const keys of [[], ['k3'], list.slice(5).map(({ key }) => key), list.map(({ key }) => key)]) {
      const shown = new Set(keys)
      expect(shownKeys(ruleFor(shown, list), list, list)).toEqual(shown)
    }
  })

  test('new runs join when all were shown, and stay hidden when some were hidden', () => {
    expect(ruleFor(new Set(runs(5).map(({ key }) => key)), runs(5))).toEqual({ kind: 'auto' })
    const some = ruleFor(new Set(['k0', 'k1', 'k2']), runs(4))
    expect(some).toEqual({ kind: 'except', keys: ['k3'] })
    expect(keepHidden(some, ['k4'])).toEqual({ kind: 'except', keys: ['k3', 'k4'] })
    expect(keepHidden({ kind: 'except', keys: [] }, ['k4'])).toBeUndefined()
  })
})

describe('colour slots', () => {
  test('are ranks, oldest first', () => {
    expect([...assignSlots(runs(3), {}).values()]).toEqual([0, 1, 2])
  })

  test('are those of runs by their own names alone', () => {
    expect([...assignSlots([run(0, 'c', 'constructor'), run(1)], {})]).toEqual([
      ['constructor', 0],
      ['k1', 1],
    ])
  })

  test('stay when an older run was deleted, and new runs take a free one', () => {
    // k0 was deleted: what is left moves up one rank, but keeps its slot
    const left = [run(0, 'b', 'k1'), run(1, 'c', 'k2'), run(2, 'd', 'k3')]
    expect(Object.fromEntries(assignSlots(left, { k0: 0, k1: 1, k2: 2 }))).toEqual({ k1: 1, k2: 2, k3: 3 })
  })
})

function run(slot: number, name = `n${slot}`, key = `k${slot}`): Run {
  return {
    key,
    id: key,
    name,
    group: null,
    username: null,
    status: null,
    config: null,
    createdAt: '',
    created: slot,
    lastTimestamp: '',
    last: slot,
    slot,
    rows: 0,
    firstStep: null,
    lastStep: null,
  }
}

function runs(count: number): Run[] {
  return Array.from({ length: count }, (_, i) => run(i))
}

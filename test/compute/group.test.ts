import { describe, expect, test } from 'vitest'
import {
  compareNames,
  configValue,
  groupRuns,
  listConfigKeys,
  seedlessKeys,
} from '../../src/compute/group.ts'
import type { Json, Run } from '../../src/model/run.ts'

const runs = [
  run('a-seed-1', { lr: 1, opt: { name: 'adam', betas: [0.9, 0.95] }, 'x.y': 5, _Username: 'me' }, 'g1'),
  run('a-seed-2', { lr: 1, opt: { name: 'muon' } }, 'g2'),
  run('b', null, null),
]

describe('groups', () => {
  test('by what trackio stores, in order of first appearance; runs without one come together', () => {
    expect(shape({ kind: 'group' })).toEqual([
      ['g1', 1],
      ['g2', 1],
      [null, 1],
    ])
  })
  test('by a nested config key', () => {
    expect(shape({ kind: 'config', path: 'opt.name' })).toEqual([
      ['adam', 1],
      ['muon', 1],
      [null, 1],
    ])
  })
  test('by the capture group of a pattern, or the whole match', () => {
    expect(shape({ kind: 'regex', source: 'seed-(\\d)' })).toEqual([
      ['1', 1],
      ['2', 1],
      [null, 1],
    ])
    expect(shape({ kind: 'regex', source: '^[a-z]' })).toEqual([
      ['a', 2],
      ['b', 1],
    ])
  })
  test('an invalid pattern puts all runs together', () => {
    expect(shape({ kind: 'regex', source: '(' })).toEqual([[null, 3]])
  })
})

test('config keys are dotted where nested, sorted, and count their values', () => {
  expect(listConfigKeys(runs)).toEqual([
    { path: 'lr', distinct: 2 },
    { path: 'opt.betas', distinct: 2 },
    { path: 'opt.name', distinct: 3 },
    { path: 'x.y', distinct: 2 },
  ])
})

test('a key that contains dots is found by its own name', () => {
  expect(configValue({ 'x.y': 5 }, 'x.y')).toBe(5)
  expect(configValue({ a: { 'b.c': { d: 1 } } }, 'a.b.c.d')).toBe(1)
  expect(configValue({ a: null }, 'a.b')).toBeUndefined()
  expect(configValue(null, 'a')).toBeUndefined()
})

test('names sort naturally', () => {
  expect(['layer10', 'layer2', 'Layer1', 'a'].sort(compareNames)).toEqual([
    'a',
    'Layer1',
    'layer2',
    'layer10',
  ])
})

function shape(key: Parameters<typeof groupRuns>[1]) {
  return groupRuns(runs, key).map(({ value, runs: members }) => [value, members.length])
}

function run(name: string, config: { [key: string]: Json } | null, group: string | null): Run {
  return {
    key: name,
    id: name,
    name,
    group,
    username: null,
    status: null,
    config,
    createdAt: '',
    created: 0,
    lastTimestamp: '',
    last: 0,
    slot: 0,
    rows: 0,
    firstStep: null,
    lastStep: null,
  }
}

test('by all keys that vary but seeds and what only names a run', () => {
  const sweep = [
    run('a-s1', { lr: 1, seed: 1, output_dir: 'x', same: 0 }, null),
    run('a-s2', { lr: 1, seed: 2, output_dir: 'y', same: 0 }, null),
    run('b-s1', { lr: 2, seed: 1, output_dir: 'z', same: 0 }, null),
  ]
  expect(seedlessKeys(sweep)).toEqual(['lr'])
  const values = groupRuns(sweep, { kind: 'seeds' }).map(({ value, runs: members }) => [
    value,
    members.length,
  ])
  expect(values).toEqual([
    ['lr 1', 2],
    ['lr 2', 1],
  ])
})

import { expect, test } from 'vitest'
import { type ConfigLine, configLines, filterConfig } from '../../src/compute/config-tree.ts'
import { listConfigKeys } from '../../src/compute/group.ts'
import type { Json, Run } from '../../src/model/run.ts'

function run(key: string, config: { [key: string]: Json } | null): Run {
  return { ...{ key, id: key, name: key, group: null, username: null, status: null, config }, ...REST }
}
const REST = {
  createdAt: '',
  created: Number.NaN,
  lastTimestamp: '',
  last: Number.NaN,
  slot: 0,
  rows: 0,
  firstStep: null,
  lastStep: null,
}
const config = {
  seed: 1,
  opt: { lr: 1e-5, betas: [0.9, 0.999], sched: { name: 'cos' } },
  layer10: 1,
  layer2: 2,
}
const runs = [
  run('a', { ...config, _Created: 'x', empty: {} }),
  run('b', { ...config, seed: 2, empty: {}, extra: true }),
  run('c', { ...config, opt: { ...config.opt, lr: 1e-4 }, empty: {} }),
]
const [a, b, c] = runs as [Run, Run, Run]
const distinct = new Map(listConfigKeys(runs).map((key) => [key.path, key.distinct]))
const lines = configLines(a, [a, b], distinct)
const shape = ({ key, depth, count, distinct: n, differs }: ConfigLine) =>
  `${'  '.repeat(depth)}${key}${count === undefined ? '' : ` (${count})`}${n ? ` 1 of ${n}` : ''}${differs ? ' !' : ''}`

test('keys stand in natural order below their heads, with marks where they vary and where their group differs', () => {
  expect(lines.map(shape)).toEqual([
    'empty',
    'extra 1 of 2 !',
    'layer2',
    'layer10',
    'opt (3)',
    '  betas',
    '  lr 1 of 2',
    '  sched (1)',
    '    name',
    'seed 1 of 2 !',
  ])
  expect(lines.find(({ key }) => key === 'extra')?.value).toBeUndefined()
  expect(configLines(c, [c], distinct).filter(({ differs }) => differs)).toEqual([])
})

test('a search looks at paths and values, and keeps the heads above what it finds', () => {
  const found = (filter: Partial<Parameters<typeof filterConfig>[1]>) =>
    filterConfig(lines, { text: '', varying: false, folded: new Set(), ...filter }).map(({ path }) => path)
  expect(found({ text: 'SCHED.N' })).toEqual(['opt', 'opt.sched', 'opt.sched.name'])
  expect(found({ text: '0.999' })).toEqual(['opt', 'opt.betas'])
  expect(found({ varying: true })).toEqual(['extra', 'opt', 'opt.lr', 'seed'])
  expect(found({ folded: new Set(['opt']) })).toEqual(['empty', 'extra', 'layer2', 'layer10', 'opt', 'seed'])
  expect(found({ folded: new Set(['opt.sched']) })).not.toContain('opt.sched.name')
  expect(found({ text: 'lr', folded: new Set(['opt']) })).toEqual(['opt', 'opt.lr'])
  expect(found({ text: 'nothing' })).toEqual([])
})

test('a run without a config has the keys that its group has', () => {
  expect(configLines(run('d', null), [b], distinct).every(({ value }) => value === undefined)).toBe(true)
  expect(configLines(run('d', null), [], distinct)).toEqual([])
})

import { expect, test } from 'vitest'
import { freeTitle, isNumbered, membersOf, titleOf } from '../../src/compute/panel.ts'

const NAMES = [
  'eval/loss',
  'layer_0/grad_norm',
  'layer_0/weight_norm',
  'layer_10/grad_norm',
  'layer_2/grad_norm',
  'train/loss',
]

test('picked metrics stand in the order in which they were picked, as far as the project has them', () => {
  expect(membersOf({ metrics: ['train/loss', 'gone', 'eval/loss'] }, NAMES)).toEqual([
    { metric: 'train/loss', label: 'train/loss' },
    { metric: 'eval/loss', label: 'eval/loss' },
  ])
})

test('what the group of a pattern catches names the lines, in natural order', () => {
  const found = membersOf({ pattern: String.raw`layer_(\d+)\/grad_norm` }, NAMES)
  expect(found.map(({ label }) => label)).toEqual(['0', '2', '10'])
  expect(found.map(({ metric }) => metric)).toEqual([
    'layer_0/grad_norm',
    'layer_2/grad_norm',
    'layer_10/grad_norm',
  ])
  expect(isNumbered(found)).toBe(true)
})

test('without a group, or where two metrics would be called the same, names are in full', () => {
  expect(membersOf({ pattern: 'loss$' }, NAMES).map(({ label }) => label)).toEqual([
    'eval/loss',
    'train/loss',
  ])
  expect(membersOf({ pattern: String.raw`layer_(\d+)` }, NAMES).map(({ label }) => label)).toEqual([
    'layer_0/grad_norm',
    'layer_0/weight_norm',
    'layer_2/grad_norm',
    'layer_10/grad_norm',
  ])
})

test('a pattern that is none has no metrics', () => {
  expect(membersOf({ pattern: '(loss' }, NAMES)).toEqual([])
})

test('titles: by what is in it, and never one that is taken', () => {
  expect(titleOf({ metrics: ['a', 'b'] })).toBe('a + b')
  expect(titleOf({ pattern: 'x' })).toBe('/x/')
  expect(freeTitle('a', (title) => ['a', 'a 2'].includes(title))).toBe('a 3')
})

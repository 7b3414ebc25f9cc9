import { describe, expect, test } from 'vitest'
import { exampleFilter } from '../../src/compute/filter-example.ts'
import type { Json } from '../../src/model/run.ts'

const of = (name: string, ...values: Json[]) => ({ name, values })

describe('exampleFilter', () => {
  test.each<[string, Parameters<typeof exampleFilter>, string | undefined]>([
    ['a learning rate, wherever it stands', [[of('batch', 8, 16), of('lr', 1e-4, 1e-3)], []], 'lr < 1e-3'],
    [
      'rounded as far as it still tells the runs apart',
      [[of('learning_rate', 6.1e-4, 6.2e-4)], []],
      'learning_rate < 6.2e-4',
    ],
    ['half of the runs pass', [[of('lr', 1, 2, 3, 4)], []], 'lr < 3'],
    ['a plain number where that is shorter', [[of('batch', 64, 128)], []], 'batch < 100'],
    ['a text', [[of('opt', 'adamw', 'muon')], []], 'opt = adamw'],
    ['a name and a value with a space stand in quotes', [[of('my key', 'a b', 'c')], []], '"my key" = "a b"'],
    [
      'a seed only names a run: the metric is better',
      [[of('seed', 1, 2)], [of('loss', 3.1, 3.4)]],
      'loss < 3.4',
    ],
    ['negative values', [[], [of('reward', -3, -1)]], 'reward < -1'],
    ['a metric without two values is none', [[], [of('loss', 3, Number.NaN)]], undefined],
    ['nothing that differs', [[of('lr', 1, 1)], []], undefined],
    [
      'too long for the field: the next one',
      [[of('a_very_long_learning_rate_name', 1, 2), of('wd', 1, 2)], []],
      'wd < 2',
    ],
    ['no keys at all', [[], []], undefined],
  ])('%s', (_, [keys, metrics], expected) => {
    expect(exampleFilter(keys, metrics)).toBe(expected)
  })
})

import { describe, expect, test } from 'vitest'
import { spansOf, withoutSubject } from '../../src/compute/filter-ranges.ts'

describe('what a filter says of one subject', () => {
  test.each([
    ['lr >= 1e-4 and lr < 1e-3', 'lr', [{ from: 1e-4, to: 1e-3 }]],
    ['opt = adamw and lr <= 2', 'lr', [{ from: -Infinity, to: 2 }]],
    [
      '(lr < 1 or lr > 3) and lr <= 5',
      'lr',
      [
        { from: -Infinity, to: 1 },
        { from: 3, to: 5 },
      ],
    ],
    [
      'lr in (1, 3)',
      'lr',
      [
        { from: 1, to: 1 },
        { from: 3, to: 3 },
      ],
    ],
    ['not lr > 2', 'lr', [{ from: -Infinity, to: 2 }]],
    ['max(eval/acc) >= 0.7', 'max(eval/acc)', [{ from: 0.7, to: Infinity }]],
    ['lr > 3 and lr < 1', 'lr', []],
    // of another subject, of a search, of a half of an alternative, of what is not right yet
    ['wd > 3', 'lr', undefined],
    ['max(acc) > 3', 'min(acc)', undefined],
    ['lr', 'lr', undefined],
    ['lr < 1 or wd > 2', 'lr', undefined],
    ['lr <', 'lr', undefined],
  ])('of %s: the stretches of %s', (filter, subject, spans) => {
    expect(spansOf(filter, subject)).toEqual(spans)
  })

  test.each([
    ['lr >= 1e-4 and lr < 1e-3 and opt = adamw', 'opt = adamw'],
    ['opt = "a and b" and (lr < 1 or lr > 3) and wd > 2', 'opt = "a and b" and wd > 2'],
    ['lr < 1', ''],
    ['lr < 1 or wd > 2', 'lr < 1 or wd > 2'],
    ['some name', 'some name'],
  ])('%s without it', (filter, rest) => {
    expect(withoutSubject(filter, 'lr')).toBe(rest)
  })
})

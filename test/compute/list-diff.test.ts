import { expect, test } from 'vitest'
import { diffLists } from '../../src/compute/list-diff.ts'
import { makeRandom } from '../random.ts'

const kinds = (before: string, after: string): string =>
  diffLists(
    [...before],
    [...after],
    (a, b) => a === b,
    (a, b) => a.toLowerCase() === b.toLowerCase(),
  )
    .map(({ kind, before: i, after: j }) => `${kind[0]}${i < 0 ? '' : before[i]}${j < 0 ? '' : after[j]}`)
    .join(' ')

test.each([
  ['abc', 'abc', 'saa sbb scc'],
  ['abc', 'ac', 'saa gb scc'],
  ['ac', 'abc', 'saa nb scc'],
  // an A takes the place of an a; a d is something else
  ['abc', 'Adc', 'caA gb nd scc'],
  ['abX', 'yabX', 'ny saa sbb sXX'],
  ['', 'a', 'na'],
  ['a', '', 'ga'],
  ['', '', ''],
  ['aab', 'aB', 'saa ga cbB'],
])('%j to %j', (before, after, words) => {
  const found = kinds(before, after).split(' ').sort().join(' ')
  expect(found).toBe(words.split(' ').sort().join(' '))
})

test('any two lists: every place is told once, in order, and what is the same is', () => {
  const random = makeRandom(7)
  for (let n = 0; n < 300; n++) {
    const list = (): string[] =>
      Array.from({ length: Math.floor(random() * 12) }, () => 'abcAB'[Math.floor(random() * 5)] ?? '')
    const [before, after] = [list(), list()]
    const changes = diffLists(
      before,
      after,
      (a, b) => a === b,
      (a, b) => a.toLowerCase() === b.toLowerCase(),
    )
    const places = (side: 'before' | 'after'): number[] =>
      changes.map((one) => one[side]).filter((at) => at >= 0)
    expect(places('before')).toEqual(before.map((_, i) => i))
    expect(places('after')).toEqual(after.map((_, i) => i))
    for (const { kind, before: i, after: j } of changes) if (kind === 'same') expect(before[i]).toBe(after[j])
  }
})

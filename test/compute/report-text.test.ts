import { expect, test } from 'vitest'
import { groupReports, stepsInOrder } from '../../src/compute/report-list.ts'
import { countWords, reportTitle, slugOf } from '../../src/compute/report-text.ts'

test.each([
  ['# Does it *help*?\n\ntext', 'Does it help?'],
  ['text before\n\n## `code` and [a link](https://x.y) ##\n', 'code and a link'],
  ['Underlined\n==========\n\n# other', 'Underlined'],
  ['```\n# a comment\n```\n\n# After the code', 'After the code'],
  ['no heading\nat all', 'no heading'],
  ['\n\n- an item\n- another', 'an item'],
  ['a rule below\n\n---\n\nmore', 'a rule below'],
  ['#no heading without a space', '#no heading without a space'],
  ['', ''],
  ['  \n ', ''],
  ['#\n\n# second', 'second'],
  ['2 * 3 * 4 is 24', '2 * 3 * 4 is 24'],
])('a report is called by its first heading, else by its first line: %j', (text, title) => {
  expect(reportTitle(text)).toBe(title)
})

test('a title of a megabyte is cut', () => {
  expect(reportTitle(`# ${'é'.repeat(1_000_000)}`)).toBe('é'.repeat(160))
  // which a pattern would go over again from each of its letters
  expect(reportTitle('['.repeat(1_000_000))).toBe('['.repeat(160))
  expect(reportTitle(`# a${' '.repeat(1_000_000)}b`)).toBe('a')
})

test('words are letters and digits that stand together', () => {
  // at, step, 1, 200, 0.771, it’s, naïve, 预训练
  expect(countWords('at **step** 1,200: 0.771 – it’s naïve 预训练 | - #')).toBe(8)
  expect(countWords('')).toBe(0)
})

test('headings are linked to as on GitHub', () => {
  const seen = new Map<string, number>()
  const slugs = ['What changed, and why?', 'Next', 'Next', 'a_b – c'].map((one) => slugOf(one, seen))
  expect(slugs).toEqual(['what-changed-and-why', 'next', 'next-1', 'a_b--c'])
})

const report = (key: string, step: number, time: number, row = step) => ({ key, step, time, row })

test('reports stand by key, keys in the order of their first reports', () => {
  const all = [report('a', 1, 10), report('b', 2, 20), report('a', 3, 30), report('b', 4, Number.NaN)]
  expect(
    groupReports(all, 'newest').map(({ key, reports }) => [key, reports.map(({ step }) => step)]),
  ).toEqual([
    ['a', [3, 1]],
    ['b', [2, 4]],
  ])
  expect(groupReports(all, 'highest').map(({ key }) => key)).toEqual(['b', 'a'])
  expect(groupReports(all, 'oldest')[0]?.reports.map(({ step }) => step)).toEqual([1, 3])
})

test('of one time those that were logged later come first', () => {
  const all = [report('a', 1, 5, 0), report('a', 1, 5, 1)]
  expect(groupReports(all, 'newest')[0]?.reports.map(({ row }) => row)).toEqual([1, 0])
  expect(groupReports(all, 'lowest')[0]?.reports.map(({ row }) => row)).toEqual([0, 1])
})

test('steps go up, those of one step as they were logged; without a step first', () => {
  const all = [
    report('a', 2, 0, 5),
    report('a', 1, 0, 9),
    report('a', Number.NaN, 0, 7),
    report('a', 2, 0, 3),
  ]
  expect(stepsInOrder(all).map(({ row }) => row)).toEqual([7, 9, 3, 5])
})

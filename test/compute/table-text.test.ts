import { expect, test } from 'vitest'
import { type TextTable, tableText } from '../../src/compute/table-text.ts'

const TABLE: TextTable = {
  head: ['Run', 'eval/acc_top, max'],
  rows: [
    ['a|b_1', '0.75 ± 0.01'],
    ['=2+2', '−0.5'],
    ['two\nlines', ''],
  ],
  numbers: [false, true],
  bold: (row, column) => column === 1 && row !== 1,
}

test('CSV quotes what would break it, and no formula runs', () => {
  expect(tableText(TABLE, 'csv')).toBe(
    'Run,"eval/acc_top, max"\na|b_1,0.75 ± 0.01\n\'=2+2,−0.5\n"two\nlines",\n',
  )
})

test('TSV has one line a row', () => {
  expect(tableText(TABLE, 'tsv').split('\n')[3]).toBe('two lines\t')
})

test('Markdown keeps names as they are, and has the best in bold', () => {
  expect(tableText(TABLE, 'markdown').split('\n').slice(0, 4)).toEqual([
    '| Run | eval/acc\\_top, max |',
    '| --- | ---: |',
    '| a\\|b\\_1 | **0.75 ± 0.01** |',
    '| =2+2 | −0.5 |',
  ])
})

test('LaTeX too', () => {
  const text = tableText(TABLE, 'latex')
  expect(text).toContain('\\begin{tabular}{lr}')
  expect(text).toContain('a|b\\_1 & \\textbf{0.75 $\\pm$ 0.01} \\\\')
  expect(text).toContain('=2+2 & $-$0.5 \\\\')
})

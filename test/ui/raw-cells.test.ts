import { expect, test } from 'vitest'
import { formatNames, parseNames } from '../../src/ui/pages/run/names.ts'
import { cellOf, rowJson, timeOf, widthOfKey } from '../../src/ui/pages/run/raw-cells.ts'

test('a cell has the digits that were logged; what is no number stands apart', () => {
  expect(cellOf('0.10000000000000001')).toEqual({ text: '0.10000000000000001', kind: 'number' })
  expect(cellOf('-1e-05')).toEqual({ text: '-1e-05', kind: 'number' })
  // as later releases write it, and as early ones did
  for (const text of ['"NaN"', 'NaN']) expect(cellOf(text)).toEqual({ text: 'NaN', kind: 'number bad' })
  for (const text of ['"-Infinity"', '-Infinity'])
    expect(cellOf(text)).toEqual({ text: '-Infinity', kind: 'number bad' })
  expect(cellOf('"text"')).toEqual({ text: '"text"', kind: 'other' })
  expect(cellOf(undefined).text).toBe('')
})

test('a time stands without date and zone, whatever is no time as it is', () => {
  expect(timeOf('2026-01-01T10:06:11.753000+00:00')).toBe('10:06:11.753000')
  expect(timeOf('2026-01-01 10:06:11Z')).toBe('10:06:11')
  expect(timeOf('epoch 3')).toBe('epoch 3')
  expect(timeOf('')).toBe('')
})

test('a row is copied as JSON with the text of its values', () => {
  const row = { step: 3, timestamp: 't', cells: ['1.50', undefined, 'NaN', '{"a":[1.0]}'] }
  const text = rowJson(row, 6, ['loss', 'lr', 'kl', 'odd "key"'])
  expect(text).toBe(
    '{"row": 7, "step": 3, "timestamp": "t", "metrics": {"loss": 1.50, "kl": "NaN", "odd \\"key\\"": {"a":[1.0]}}}',
  )
  expect(JSON.parse(text).metrics.kl).toBe('NaN')
  expect(JSON.parse(rowJson({ step: null, timestamp: '', cells: [], unreadable: '[1' }, 0, []))).toEqual({
    row: 1,
    step: null,
    timestamp: '',
    unreadable: '[1',
  })
})

test('names of columns come back from the link, whatever is in them', () => {
  for (const names of [
    ['a'],
    ['a', 'b'],
    ['a,b', 'c\\d'],
    [''],
    ['', 'x', ''],
    ['\\.', '.'],
    ['\\-'],
    ['😀,'],
  ])
    expect(parseNames(formatNames(names))).toEqual(names)
  // what stands for no column at all is no list of names
  expect(formatNames(['-'])).not.toBe('\\-')
})

test('a column has room for the longest double, whatever its key is called', () => {
  // 24 letters of 7.23 px, and 10 px at each side
  expect(widthOfKey('a')).toBeGreaterThanOrEqual('-2.2250738585072014e-308'.length * 7.23 + 20)
})

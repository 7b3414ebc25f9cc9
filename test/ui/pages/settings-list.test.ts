import { expect, test } from 'vitest'
import { findSettings, SECTIONS, SETTINGS } from '../../../src/ui/pages/settings/settings-list.ts'

test('rows are found by their names, by the section and by other words for them', () => {
  expect(findSettings('').size).toBe(Object.keys(SETTINGS).length)
  expect([...findSettings('dark')]).toEqual(['theme'])
  expect([...findSettings('DECIMAL comma')]).toEqual(['marks'])
  expect(findSettings('memory')).toEqual(new Set(['held', 'projects', 'thumbnails']))
  expect([...findSettings('hub forget')]).toEqual(expect.arrayContaining(['places', 'tokens']))
  expect(findSettings('no such thing').size).toBe(0)
})

test('every section has a row, and every row a section', () => {
  const used = new Set(Object.values(SETTINGS).map(([section]) => section))
  expect([...used]).toEqual(SECTIONS.map(({ id }) => id))
})

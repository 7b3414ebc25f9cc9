import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { KEYS } from '../../src/ui/common/key-list.ts'
import { restOf, scoreOf } from '../../src/ui/shell/palette-search.ts'

const best = (pool: { text: string; words?: string | undefined }[], query: string) =>
  pool
    .map((one) => ({ text: one.text, score: scoreOf(one, query) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ text }) => text)

describe('the search of the palette', () => {
  const figure = { text: 'Save figure', words: 'export png svg image' }
  const pool = [
    { text: 'train/loss' },
    figure,
    { text: 'Log y axes', words: 'logarithmic' },
    { text: 'eval/long_png_name' },
  ]

  test('the name as typed comes first, then other words for it, then letters in order', () => {
    expect(best(pool, 'log')).toEqual(['Log y axes', 'eval/long_png_name'])
    expect(best(pool, 'png')).toEqual(['eval/long_png_name', 'Save figure'])
    expect(best(pool, 'svg')).toEqual(['Save figure'])
    expect(best(pool, 'trls')).toEqual(['train/loss'])
    expect(best(pool, 'zebra')).toEqual([])
  })

  test('several words may come in any order, each begun', () => {
    expect(best(pool, 'svg save')).toEqual(['Save figure'])
    expect(best(pool, 'exp fig')).toEqual(['Save figure'])
    expect(best(pool, 'save zebra')).toEqual([])
  })

  test('words that an action is not called by are left for its chart', () => {
    expect(restOf(figure, 'png train/loss')).toEqual(['train/loss'])
    expect(restOf(figure, 'Save Figure')).toEqual([])
  })
})

test('the list of keys has every single key of the page', () => {
  const source = readFileSync(
    join(import.meta.dirname, '..', '..', 'src', 'ui', 'shell', 'shortcuts.ts'),
    'utf8',
  )
  const keys = [...source.matchAll(/^ {6}case '(.+)':(?: \{)?$/gm)].map((match) =>
    (match[1] ?? '').replace('\\\\', '\\'),
  )
  expect(keys.length).toBeGreaterThan(12)
  const listed = new Set(KEYS.flatMap(([keys]) => keys.split(' ')))
  // g begins the key of a page
  expect(keys.filter((key) => key !== 'g' && !listed.has(key))).toEqual([])
})

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { licencesText, packagesOf } from '../build/licences.ts'

const root = join(import.meta.dirname, '..')

test('every package that the page is built of is named with its licence, those of others among them', () => {
  const packages = packagesOf(root)
  const names = packages.map(({ name }) => name)
  expect(names).toEqual(
    expect.arrayContaining([
      ...['solid-js', 'uplot', 'hyparquet', 'fflate', '@huggingface/hub', '@sqlite.org/sqlite-wasm'],
      // imported by hyparquet-compressors alone
      'fzstd',
    ]),
  )
  // what only tests and builds use is no part of the page
  expect(names).not.toEqual(expect.arrayContaining(['vitest']))
  expect(names).not.toEqual(expect.arrayContaining(['playwright-core']))
  for (const { name, version, licence } of packages) {
    expect(version, name).toMatch(/^\d+\.\d+/)
    expect(licence, name).not.toBe('')
  }
})

test('the text holds our own licence and each of theirs whole', () => {
  const text = licencesText(root)
  expect(text.startsWith('Trackio Lite\n\nMIT License')).toBe(true)
  const solid = join(root, 'node_modules/solid-js/LICENSE')
  if (existsSync(solid)) expect(text).toContain(readFileSync(solid, 'utf8').trim())
})

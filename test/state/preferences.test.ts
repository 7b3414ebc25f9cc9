import { expect, test } from 'vitest'
import { parseStored } from '../../src/state/preferences.ts'

test('what is missing or broken takes its default', () => {
  const defaults = parseStored(null)
  expect(defaults.theme).toBe('auto')
  for (const text of ['', 'null', '[]', '{', '"x"', '{"theme":7,"recents":{},"slots":[],"sidebarWidth":"wide"}']) {
    expect(parseStored(text)).toEqual(defaults)
  }
})

test('what can be read is kept, the rest of the same list is not', () => {
  const recent = { kind: 'url', name: 'a.db', detail: '', at: 1, url: 'a.db' }
  const stored = parseStored(
    JSON.stringify({ theme: 'dark', recents: [recent, { kind: 'odd' }, 3], slots: { p: { a: 1, b: 'x' } }, sidebarWidth: 9000 }),
  )
  expect(stored).toMatchObject({ theme: 'dark', recents: [recent], slots: { p: { a: 1 } }, sidebarWidth: 420 })
})

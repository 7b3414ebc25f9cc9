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
  const recent = { kind: 'address', name: 'a.db', detail: '', at: 1, link: { as: 'db', texts: ['a.db'] } }
  const old = { kind: 'url', name: 'old.db', detail: '', at: 1, url: 'x/old.db' }
  const stored = parseStored(
    JSON.stringify({ theme: 'dark', recents: [recent, old, { kind: 'odd' }, 3], slots: { p: { a: 1, b: 'x' } }, sidebarWidth: 9000 }),
  )
  expect(stored).toMatchObject({
    theme: 'dark',
    recents: [recent, { kind: 'address', link: { as: 'db', texts: ['x/old.db'] } }],
    slots: { p: { a: 1 } },
    sidebarWidth: 420,
  })
})

import { expect, test } from 'vitest'
import { parseStored, rememberList } from '../../../src/state/address/preferences.ts'

test('what is missing or broken takes its default', () => {
  const defaults = parseStored(null)
  expect(defaults.theme).toBe('auto')
  for (const text of [
    '',
    'null',
    '[]',
    '{',
    '"x"',
    '{"theme":7,"recents":{},"slots":[],"sidebarWidth":"wide"}',
  ]) {
    expect(parseStored(text)).toEqual(defaults)
  }
})

test('what can be read is kept, the rest of the same list is not', () => {
  const recent = { kind: 'address', name: 'a.db', detail: '', at: 1, link: { as: 'db', texts: ['a.db'] } }
  const old = { kind: 'url', name: 'old.db', detail: '', at: 1, url: 'x/old.db' }
  const stored = parseStored(
    JSON.stringify({
      theme: 'dark',
      recents: [recent, old, { kind: 'odd' }, 3],
      slots: { p: { a: 1, b: 'x' } },
      sidebarWidth: 9000,
    }),
  )
  expect(stored).toMatchObject({
    theme: 'dark',
    recents: [recent, { kind: 'address', link: { as: 'db', texts: ['x/old.db'] } }],
    slots: { p: { a: 1 } },
    sidebarWidth: 420,
  })
})

test('pins, orders and unfolded sections are lists by project; what is no name is left out', () => {
  const stored = parseStored(
    JSON.stringify({ pins: { p: ['a', 7], q: 'a' }, order: { p: ['a/'] }, opened: { p: ['x/'] } }),
  )
  expect(stored).toMatchObject({ pins: { p: ['a'] }, order: { p: ['a/'] }, opened: { p: ['x/'] } })
})

test('a list is kept for the newest 40 projects, and forgotten once it is empty', () => {
  let stored = parseStored(null)
  for (let i = 0; i < 45; i++) stored = { ...stored, ...rememberList(stored, 'pins', `p${i}`, [`m${i}`]) }
  expect(Object.keys(stored.pins)).toEqual(Array.from({ length: 40 }, (_, i) => `p${i + 5}`))
  stored = { ...stored, ...rememberList(stored, 'pins', 'p9', ['a', 'b']) }
  expect(Object.entries(stored.pins).at(-1)).toEqual(['p9', ['a', 'b']])
  stored = { ...stored, ...rememberList(stored, 'pins', 'p9', []) }
  expect(stored.pins).not.toHaveProperty('p9')
  expect(stored.order).toEqual({})
})

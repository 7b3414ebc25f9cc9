import { createRoot } from 'solid-js'
import { afterEach, expect, test, vi } from 'vitest'
import {
  createPreferences,
  type Preferences,
  parseStored,
  rememberList,
} from '../../../src/state/address/preferences.ts'

afterEach(() => vi.unstubAllGlobals())

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

/** A browser whose tabs share what is stored; `tell` brings them what others wrote. */
function browser(refuses = false): {
  tab(): Preferences
  tell(): void
  stored(): string | null
  /** From now on there is no room. */
  fill(): void
} {
  let text: string | null = null
  let full = false
  const listeners: ((event: object) => void)[] = []
  const storage = {
    getItem: () => text,
    setItem(_: string, value: string) {
      if (full) throw new DOMException('no room', 'QuotaExceededError')
      text = value
    },
    removeItem: () => {
      text = null
    },
  }
  vi.stubGlobal('window', {
    addEventListener: (_: string, listener: (event: object) => void) => listeners.push(listener),
    removeEventListener: () => {},
    get localStorage() {
      if (refuses) throw new DOMException('denied', 'SecurityError')
      return storage
    },
  })
  return {
    tab: () => createRoot(() => createPreferences()),
    tell: () => {
      for (const listener of listeners)
        listener({ key: 'trackio-lite', newValue: text, storageArea: storage })
    },
    stored: () => text,
    fill: () => {
      full = true
    },
  }
}

test('what one tab chooses is there in the others, and none of them writes over it', () => {
  const { tab, tell } = browser()
  const [one, other] = [tab(), tab()]
  one.set({ theme: 'dark' })
  // not told yet, and it chooses something else
  other.set({ timeZone: 'utc' })
  expect(other.value()).toMatchObject({ theme: 'dark', timeZone: 'utc' })
  expect(one.value().timeZone).toBe('local')
  tell()
  expect(one.value()).toMatchObject({ theme: 'dark', timeZone: 'utc' })
  other.clear()
  tell()
  expect(one.value()).toEqual(parseStored(null))
})

test('a store that is full, or none at all, keeps choices for the visit and says that they do not last', () => {
  const { tab, fill, stored } = browser()
  const full = tab()
  full.set({ theme: 'dark' })
  expect(full.lasts()).toBe(true)
  fill()
  full.set({ timeZone: 'utc' })
  full.set({ singleKeys: false })
  expect(full.lasts()).toBe(false)
  expect(full.value()).toMatchObject({ theme: 'dark', timeZone: 'utc', singleKeys: false })
  expect(parseStored(stored())).toMatchObject({ theme: 'dark', timeZone: 'local' })

  const none = browser(true).tab()
  none.set({ theme: 'dark' })
  expect([none.value().theme, none.lasts(), none.keepsColors('p')]).toEqual(['dark', false, false])
})

test('a project has what was kept of it by its own name alone, whatever it is called', () => {
  const { tab, stored } = browser()
  const preferences = tab()
  const names = () => {
    const { closed, pins, order, marks } = preferences.value()
    return ['constructor', 'toString', '__proto__'].map((name) =>
      [closed, pins, order, marks].map((part) => part[name]),
    )
  }
  const none = [undefined, undefined, undefined, undefined]
  expect(names()).toEqual([none, none, none])
  preferences.set({ pins: { ['__proto__']: ['loss'] } })
  expect(names()).toEqual([none, none, [undefined, ['loss'], undefined, undefined]])
  expect(Object.entries(parseStored(stored()).pins)).toEqual([['__proto__', ['loss']]])
  preferences.clear()
  expect(names()).toEqual([none, none, none])
})

test('what was forgotten of a project on screen is not noted again, nor after everything was', () => {
  const { tab, stored } = browser()
  const preferences = tab()
  preferences.set({ slots: { p: { a: 1 }, q: { a: 1 } }, marks: { p: { a: { note: 'x' } } } })
  preferences.forgetProject('p')
  expect([preferences.keepsColors('p'), preferences.keepsColors('q')]).toEqual([false, true])
  expect(preferences.value()).toMatchObject({ slots: { q: { a: 1 } }, marks: {} })
  preferences.clear()
  expect(preferences.keepsColors('q')).toBe(false)
  expect(stored()).toBeNull()
})

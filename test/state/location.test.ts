import { createRoot } from 'solid-js'
import { afterEach, expect, test, vi } from 'vitest'
import { createLocation, type ViewLocation } from '../../src/state/location.ts'

afterEach(() => vi.unstubAllGlobals())

/** A page at an address; what its history writes is its address. */
function at(address: string): { location: ViewLocation; query(): URLSearchParams } {
  let url = new URL(address)
  vi.stubGlobal('window', {
    addEventListener: () => {},
    removeEventListener: () => {},
    get location() {
      return url
    },
  })
  vi.stubGlobal('history', {
    replaceState(_: unknown, __: string, next: string) {
      url = new URL(next, url)
    },
  })
  const location = createRoot(() => createLocation())
  return { location, query: () => url.searchParams }
}

test('the address names what is shown, and keeps what is not about it', () => {
  const { location, query } = at('https://lite.example/?dataset=me/a&origin=https://blog.example&theme=dark')
  expect(location.wanted()).toEqual([{ as: 'dataset', texts: ['me/a'] }])
  location.setLinks([
    { as: 'bucket', texts: ['me/b'] },
    { as: 'dataset', texts: ['me/c'] },
  ])
  expect([...query()]).toEqual([
    ['origin', 'https://blog.example'],
    ['theme', 'dark'],
    ['bucket', 'me/b'],
    ['dataset', 'me/c'],
  ])
  location.setLinks([])
  expect(query().getAll('origin')).toEqual(['https://blog.example'])
  expect(query().has('dataset')).toBe(false)
})

test('names of another Hub lead there, from whatever page they were opened', () => {
  const plain = at('https://lite.example/')
  plain.location.setLinks([{ as: 'dataset', texts: ['me/a'], hub: 'https://hub.example' }])
  expect(plain.query().get('hub')).toBe('https://hub.example')

  const other = at('https://lite.example/?hub=hub.example')
  expect(other.location.hub()).toBe('https://hub.example')
  other.location.setLinks([{ as: 'dataset', texts: ['me/a'], hub: 'https://huggingface.co' }])
  expect(other.query().get('hub')).toBe('https://huggingface.co')
})

test('a Hub that is no address is none', () => {
  expect(at('https://lite.example/?hub=a b').location.hub()).toBeUndefined()
  expect(at('https://lite.example/?hub=').location.hub()).toBeUndefined()
})

import { createRoot } from 'solid-js'
import { afterEach, expect, test, vi } from 'vitest'
import { createLocation, type ViewLocation } from '../../../src/state/address/location.ts'
import type { PageRules } from '../../../src/state/address/page-rules.ts'

afterEach(() => vi.unstubAllGlobals())

const none = () => []
const PAGES: PageRules = {
  all: [
    { id: 'metrics', needs: 'charts' },
    { id: 'settings', needs: 'nothing' },
    { id: 'alerts', needs: 'alerts', own: { level: /^(error|warn)$/, q: /./ } },
  ],
  home: 'metrics',
  open: 'open',
}

/** A page at an address; what its history writes is its address. */
function at(address: string): {
  location: ViewLocation
  query(): URLSearchParams
  hash(): string
  go(hash: string): void
} {
  let url = new URL(address)
  const listeners: (() => void)[] = []
  vi.stubGlobal('window', {
    addEventListener: (type: string, listener: () => void) =>
      type === 'hashchange' && listeners.push(listener),
    removeEventListener: () => {},
    get location() {
      return url
    },
  })
  vi.stubGlobal('history', {
    replaceState(_: unknown, __: string, next: string) {
      url = new URL(next, url)
    },
    pushState() {},
  })
  const location = createRoot(() => createLocation(PAGES))
  const go = (hash: string): void => {
    url = new URL(hash, url)
    for (const listener of listeners) listener()
  }
  return { location, query: () => url.searchParams, hash: () => url.hash, go }
}

test('the address names what is shown, and keeps what is not about it', () => {
  const { location, query } = at('https://lite.example/?dataset=me/a&origin=https://blog.example&theme=dark')
  expect(location.wanted()).toEqual([{ as: 'dataset', texts: ['me/a'] }])
  location.setLinks(
    [
      { as: 'bucket', texts: ['me/b'] },
      { as: 'dataset', texts: ['me/c'] },
    ],
    none,
  )
  expect([...query()]).toEqual([
    ['origin', 'https://blog.example'],
    ['theme', 'dark'],
    ['bucket', 'me/b'],
    ['dataset', 'me/c'],
  ])
  location.setLinks([], none)
  expect(query().getAll('origin')).toEqual(['https://blog.example'])
  expect(query().has('dataset')).toBe(false)
})

test('a change made right before another page is gone to is in the address that is gone back to', () => {
  const { location, hash } = at('https://lite.example/?theme=dark#/?chart=train/loss')
  location.patch({ fullscreen: undefined })
  location.patch({ page: 'settings' })
  // the page gone to has an entry of its own
  expect(hash()).toBe('#/')
})

test('names of another Hub lead there, from whatever page they were opened', () => {
  const plain = at('https://lite.example/')
  plain.location.setLinks([{ as: 'dataset', texts: ['me/a'], hub: 'https://hub.example' }], none)
  expect(plain.query().get('hub')).toBe('https://hub.example')

  const other = at('https://lite.example/?hub=hub.example')
  expect(other.location.hub()).toBe('https://hub.example')
  other.location.setLinks([{ as: 'dataset', texts: ['me/a'], hub: 'https://huggingface.co' }], none)
  expect(other.query().get('hub')).toBe('https://huggingface.co')
})

test('a Hub that is no address is none', () => {
  expect(at('https://lite.example/?hub=a b').location.hub()).toBeUndefined()
  expect(at('https://lite.example/?hub=').location.hub()).toBeUndefined()
})

test('a file is named in the hash, as it is when the link is copied, beside the view', () => {
  const { location, hash } = at('https://lite.example/')
  let bytes = 5
  location.setLinks([], () => [{ name: 'a b.db', bytes }])
  expect(hash()).toBe('#/?file=a%20b.db~5')
  bytes = 9
  location.patch({ yScale: 'log', page: 'metrics' })
  expect(hash()).toBe('#/?file=a%20b.db~5')
  location.link()
  expect(hash()).toBe('#/metrics?y=log&file=a%20b.db~9')
  expect(location.fullLink()).toBe('/#/metrics?y=log&file=a%20b.db~9')
  location.setLinks([{ as: 'dataset', texts: ['me/a'] }], none)
  expect(hash()).toBe('#/metrics?y=log')
})

test('files of an address are wanted, and stay in it, until something else is shown; a link pasted into an open page asks for its own', () => {
  const { location, hash, go } = at('https://lite.example/#/metrics?y=log&file=x.db~7')
  expect(location.wantedFiles()).toEqual([{ name: 'x.db', bytes: 7 }])
  location.patch({ yScale: 'linear' })
  location.link()
  expect(hash()).toBe('#/metrics?file=x.db~7')
  go('#/metrics?file=y.db~8')
  expect(location.wantedFiles()).toEqual([{ name: 'y.db', bytes: 8 }])
  location.forgetFiles()
  location.link()
  expect(hash()).toBe('#/metrics')
})

test('a page has parameters of its own, which win over those of the view with the same names, and stay while another page is looked at', () => {
  const { location, hash } = at('https://lite.example/#/alerts?level=error&q=nan&smoothing=3')
  expect(location.view()).toMatchObject({
    own: { alerts: { level: 'error', q: 'nan' } },
    search: { text: '' },
    smoothing: { width: 3 },
  })
  location.patch({ search: { text: 'loss', regex: false } })
  location.link()
  expect(hash()).toBe('#/alerts?smoothing=3&level=error&q=nan')
  location.adopt({ page: 'metrics' })
  location.link()
  expect(hash()).toBe('#/metrics?q=loss&smoothing=3')
  location.adopt({ page: 'alerts' })
  location.link()
  expect(location.fullLink()).toBe('/#/alerts?smoothing=3&level=error&q=nan')
})

test('values of a page’s own parameters that are none are named', () => {
  const { location } = at('https://lite.example/#/alerts?level=grave')
  expect(location.view().own).toEqual({ alerts: {} })
  expect(location.problems()).toEqual([{ name: 'level', value: 'grave' }])
})

import { createRoot, createSignal } from 'solid-js'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type ChartDefaults, chartDefaults } from '../../../src/state/address/chart-defaults.ts'
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
function at(
  address: string,
  chosen?: () => ChartDefaults,
): {
  location: ViewLocation
  query(): URLSearchParams
  hash(): string
  /** What was added to the history, in order. */
  pushed: readonly string[]
  go(hash: string): void
} {
  let url = new URL(address)
  const pushed: string[] = []
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
    pushState: (_: unknown, __: string, next: string) => pushed.push(next),
  })
  const location = createRoot(() => createLocation(PAGES, chosen))
  const go = (hash: string): void => {
    url = new URL(hash, url)
    for (const listener of listeners) listener()
  }
  return { location, query: () => url.searchParams, hash: () => url.hash, pushed, go }
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

test('what is opened within a page is a step of its own, with what was still to be written before it', () => {
  const { location, hash, pushed } = at('https://lite.example/#/alerts?level=error')
  location.patch({ own: { alerts: { level: 'error', q: 'a' } } })
  expect(hash()).not.toContain('q=a')
  location.open({ own: { alerts: { level: 'warn', q: 'a' } } })
  expect(hash()).toContain('level=error&q=a')
  expect(pushed).toEqual(['/#/alerts?level=warn&q=a'])
  location.patch({ own: { alerts: { level: 'warn', q: 'ab' } } })
  location.undo()
  location.link()
  expect(pushed.length).toBe(1)
})

test('a link within the page keeps what it does not name, but not which charts and what part of them', () => {
  const { location, pushed } = at(
    'https://lite.example/?dataset=me/a#/alerts?project=p&runs=a,b&smoothing=4&metrics=loss&xmin=5&level=warn',
  )
  location.follow('#/metrics?metrics=acc&y=log')
  expect(location.view()).toMatchObject({
    ...{ page: 'metrics', project: 'p', metrics: 'acc', yScale: 'log', zoom: undefined },
    ...{ shown: { kind: 'only', keys: [], names: ['a', 'b'] }, smoothing: { width: 4 } },
  })
  expect(pushed.at(-1)).toBe('/?dataset=me%2Fa#/metrics?project=p&metrics=acc&smoothing=4&y=log&runs=a,b')
  location.follow('#/alerts?level=all&q=x')
  expect(location.view().own.alerts).toEqual({ q: 'x' })
  expect(location.problems()).toEqual([{ name: 'level', value: 'all' }])
  location.undo()
  expect(location.view()).toMatchObject({ page: 'metrics', metrics: 'acc' })
})

describe('what this browser begins with', () => {
  const CHOSEN = () => chartDefaults('range=full&cols=4&smoothing=7&kind=ema&latest=5')

  test('is what a link says nothing of, and stands in no address', () => {
    const { location, hash } = at('https://lite.example/#/metrics?cols=2', CHOSEN)
    expect(location.view()).toMatchObject({
      ...{ range: 'full', columns: 2, shown: { kind: 'latest', count: 5 } },
      smoothing: { kind: 'ema', width: 7 },
    })
    location.patch({ yScale: 'log' })
    location.setLinks([], none)
    expect(hash()).toBe('#/metrics?y=log&cols=2')
  })

  test('stands in a link that is handed on, which shows the same to who begins with something else', () => {
    const { location } = at('https://lite.example/?range=zero#/metrics', CHOSEN)
    location.patch({ smoothing: { kind: 'ema', width: 3, factor: 1 } })
    const link = location.link()
    expect(link).toContain('?range=zero#/metrics?')
    const other = at(link).location.view()
    expect(other).toEqual(location.view())
    // and to whoever made it
    expect(at(link, CHOSEN).location.view()).toEqual(location.view())
    // the first page needs no mention in an address, but its choices do
    const bare = at('https://lite.example/', CHOSEN).location
    expect(at(bare.link()).location.view()).toEqual(bare.view())
  })

  test('can be left for what everybody begins with, and stays so after a reload', () => {
    const { location, hash } = at('https://lite.example/#/metrics', CHOSEN)
    location.patch({ range: 'robust', columns: 'auto', shown: { kind: 'auto' } })
    location.setLinks([], none)
    expect(at(`https://lite.example/${hash()}`, CHOSEN).location.view()).toMatchObject({
      ...{ range: 'robust', columns: 'auto', shown: { kind: 'auto' } },
    })
  })

  test('changes what nobody chose otherwise since', () => {
    const [chosen, setChosen] = createSignal(chartDefaults(''))
    const { location } = at('https://lite.example/?cols=3#/metrics?y=log', chosen)
    location.patch({ range: 'zero' })
    setChosen(chartDefaults('range=full&cols=4&y=linear&raw=false'))
    expect(location.view()).toMatchObject({ range: 'zero', columns: 3, yScale: 'log', raw: false })
    setChosen(chartDefaults(''))
    expect(location.view()).toMatchObject({ range: 'zero', columns: 3, yScale: 'log', raw: true })
    location.setLinks([], none)
  })

  test('changes nothing for those who chose nothing', () => {
    const address = 'https://lite.example/?cols=3#/metrics?range=full&y=log'
    const { location, hash } = at(address)
    location.setLinks([], none)
    expect(location.link()).toBe(`https://lite.example/?cols=3${hash()}`)
  })
})

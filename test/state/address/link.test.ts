import { describe, expect, test } from 'vitest'
import { DEFAULT_VIEW, type ViewState } from '../../../src/state/address/link.ts'
import { formatFiles, parseFiles } from '../../../src/state/address/source-parameters.ts'
import { formatView, parseView, splitHash } from '../../../src/state/address/view-parameters.ts'

function parse(query: string, base: ViewState = DEFAULT_VIEW) {
  return parseView(new URLSearchParams(query), base)
}

describe('reading a link', () => {
  test('without parameters it is the default view', () => {
    expect(parse('')).toEqual({ view: DEFAULT_VIEW, problems: [] })
  })

  test('upstream parameters are read by their names and aliases', () => {
    const { view, problems } = parse(
      'selected_project=a&metrics=train/loss,lr&metric_filter=^eval&smoothing=3&x-axis=time&xmin=10&sidebar=hidden&navbar=hidden' +
        '&accordion=hidden&__theme=dark&hide_empty_tabs=true&plots_per_row=2&runs=one,two',
    )
    expect(problems).toEqual([])
    expect(view).toMatchObject({
      project: 'a',
      metrics: 'train/loss,lr',
      search: { text: '^eval', regex: true },
      smoothing: { kind: 'mean', width: 3, factor: 1 },
      x: { kind: 'relative' },
      zoom: { min: 10, max: undefined },
      sidebar: 'hidden',
      navbar: false,
      accordion: false,
      theme: 'dark',
      hideEmptyTabs: true,
      columns: 2,
      shown: { kind: 'only', keys: [], names: ['one', 'two'] },
    })
  })

  test.each([
    ['smoothing=250', 'smoothing', 100],
    ['smoothing=-4', 'smoothing', 0],
    ['smoothing=2.6', 'smoothing', 3],
    ['plots_per_row=9', 'columns', 6],
    ['plots_per_row=0', 'columns', 1],
    ['cols=2.4', 'columns', 2],
  ] as const)('%s is taken as the nearest there is, which is told', (query, field, shown) => {
    const [name, value] = query.split('=')
    const { view, problems } = parse(query)
    expect(field === 'smoothing' ? view.smoothing.width : view.columns).toBe(shown)
    expect(problems).toEqual([{ name, value, shown: String(shown) }])
  })

  test('values within bounds are nothing to tell of, however they are written', () => {
    for (const query of ['smoothing=45', 'smoothing=045', 'smoothing=1e1', 'plots_per_row=6', 'cols=auto'])
      expect(parse(query).problems).toEqual([])
  })

  test.each([
    'smoothing=abc',
    'smoothing=',
    'xmin=left',
    'sidebar=maybe',
    'plots_per_row=many',
    'theme=blue',
    'latest=0',
    'range=wide',
    'colors=x',
    'panels=losses',
    'axes=loss~cubic',
    'axes=loss~log~3..1',
    'axes=loss~~1..2..3',
  ])('%s is ignored and named', (query) => {
    const [name, value] = query.split('=')
    expect(parse(query)).toEqual({ view: DEFAULT_VIEW, problems: [{ name, value }] })
  })

  test('an empty range is ignored and named', () => {
    const { view, problems } = parse('xmin=9&xmax=3')
    expect(view.zoom).toBeUndefined()
    expect(problems.map(({ name }) => name)).toEqual(['xmin'])
  })

  test('run_ids wins over runs; an empty list is none', () => {
    expect(parse('runs=a&run_ids=b').view.shown).toEqual({ kind: 'only', keys: ['b'], names: [] })
    expect(parse('run_ids=').view.shown).toEqual({ kind: 'only', keys: [], names: [] })
  })

  test('the hash is read on top of the query', () => {
    const base = parse('smoothing=3&y=log').view
    const { page, params } = splitHash('#/metrics?smoothing=5')
    const { view } = parseView(params, base)
    expect(page).toBe('metrics')
    expect([view.smoothing.width, view.yScale]).toEqual([5, 'log'])
  })
})

describe('writing a link', () => {
  test('only what differs from the base is written', () => {
    expect(formatView(DEFAULT_VIEW, DEFAULT_VIEW)).toBe('')
    const base = parse('smoothing=3').view
    expect(formatView(base, base)).toBe('')
    expect(formatView({ ...base, smoothing: { ...base.smoothing, width: 10 } }, base)).toBe('smoothing=10')
  })

  const views: [string, Partial<ViewState>][] = [
    ['a metric as x that is called step', { x: { kind: 'metric', name: 'step' } }],
    ['a metric as x', { x: { kind: 'metric', name: 'train/global_step' } }],
    [
      'names with commas and per cents',
      { shown: { kind: 'only', keys: [], names: ['a,b', '100%', 'ü/&=?#'] } },
    ],
    ['no runs', { shown: { kind: 'only', keys: [], names: [] } }],
    ['hidden runs', { shown: { kind: 'except', keys: ['x', 'y'] } }],
    ['the latest', { shown: { kind: 'latest', count: 3 } }],
    ['one open end', { zoom: { min: undefined, max: 2.5e-7 } }],
    ['a group by pattern', { group: { kind: 'regex', source: 'seed-(\\d+)' } }],
    ['a group by config', { group: { kind: 'config', path: 'optimizer.lr' } }],
    ['a rank', { rank: { metric: 'eval/loss', by: 'min' } }],
    ['a search', { search: { text: 'a b', regex: false } }],
    ['a search by pattern', { search: { text: '^a|b$', regex: true } }],
    [
      'axes of single charts',
      {
        ownAxes: {
          'train/loss': { scale: 'log', range: { kind: 'manual', min: -1e-7, max: 3.25 } },
          'a,b~c%7E 50%': { range: { kind: 'full' } },
          lr: { scale: 'linear' },
        },
      },
    ],
    [
      'charts of several metrics',
      {
        panels: [
          { title: 'losses, both ~ 50%', metrics: ['train/loss', 'a,b~c'] },
          { title: '', pattern: String.raw`layer_(\d{1,2})\/grad_norm|a~b` },
        ],
      },
    ],
    ['colours by a config key', { colorBy: { kind: 'config', path: 'optimizer.lr' } }],
    ['colours by a metric', { colorBy: { kind: 'metric', metric: 'eval/loss', by: 'min' } }],
    ['names in the view', { names: { 'a,b~c': 'best, so far ~ 50%7E', d: 'lr' } }],
    ['colours', { slots: { 'a,b~c': 12 } }],
    ['smoothing', { smoothing: { kind: 'time-ema', width: 0, factor: 100 } }],
    [
      'switches',
      { raw: false, follow: true, navbar: false, yScale: 'log', xScale: 'log', range: 'zero', columns: 6 },
    ],
  ]
  test.each(views)('%s comes back as it was', (_, change) => {
    const view = { ...DEFAULT_VIEW, ...change }
    expect(parse(formatView(view, DEFAULT_VIEW))).toEqual({ view, problems: [] })
  })

  test('slashes, commas and colons stay readable', () => {
    const view = {
      ...DEFAULT_VIEW,
      metrics: 'train/loss,eval/loss',
      group: { kind: 'config', path: 'lr' },
    } as const
    expect(formatView(view, DEFAULT_VIEW)).toBe('metrics=train/loss,eval/loss&group=config:lr')
  })
})

describe('files of a link', () => {
  test('are names and sizes, whatever the names hold', () => {
    const files = ['nanogpt.db', 'a~1,b &#=?%.db', 'ü 🚀.db'].map((name, i) => ({ name, bytes: i * 1e9 }))
    expect(parseFiles(new URLSearchParams(formatFiles(files)))).toEqual(files)
    expect(formatFiles([{ name: 'nanogpt.db', bytes: 218 }])).toBe('file=nanogpt.db~218')
  })
  test('never say where they lie', () => {
    const [unix, windows] = ['some/where/x.db', 'some\\where\\x.db'].map((name) =>
      formatFiles([{ name, bytes: 1 }]),
    )
    expect([unix, windows]).toEqual(['file=x.db~1', 'file=x.db~1'])
    expect(parseFiles(new URLSearchParams('file=../etc/x.db~5'))).toEqual([{ name: 'x.db', bytes: 5 }])
  })
  test('what is none is passed over', () => {
    expect(parseFiles(new URLSearchParams('file=x.db&file=~4&file=&file=x~-1&file=x~1e9'))).toEqual([])
  })
})

describe('pins and order', () => {
  test('are lists of names, commas in them included, and survive the way into a link and back', () => {
    const view: ViewState = {
      ...DEFAULT_VIEW,
      pins: ['eval/loss', 'a,b', '50%'],
      order: ['eval/', '/', 'train/reward'],
    }
    expect(formatView(view, DEFAULT_VIEW)).toBe('pin=eval/loss,a%252Cb,50%2525&order=eval/,/,train/reward')
    expect(parse(formatView(view, DEFAULT_VIEW))).toEqual({ view, problems: [] })
  })
  test('are not mentioned where there are none, unless the query has some', () => {
    const none: ViewState = { ...DEFAULT_VIEW, pins: [], order: [] }
    expect(formatView(none, DEFAULT_VIEW)).toBe('')
    const base = parse('pin=a&order=b').view
    expect(base).toMatchObject({ pins: ['a'], order: ['b'] })
    expect(formatView({ ...base, pins: [], order: undefined }, base)).toBe('pin=&order=')
    expect(parse('pin=&order=', base).view).toMatchObject({ pins: [], order: [] })
  })
})

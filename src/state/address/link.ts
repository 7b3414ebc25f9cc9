import type { GroupKey } from '../../compute/group.ts'
import { ADDRESS_KINDS, type SourceLink } from '../../model/source.ts'
import { type Scale, SMOOTHING_KINDS, type Smoothing, type XAxis, type Zoom } from '../../model/view.ts'
import type { PageRule } from './page-rules.ts'

export type Rank = { metric: string; by: 'last' | 'min' | 'max' }
export type SidebarMode = 'auto' | 'visible' | 'collapsed' | 'hidden'
export type ThemeChoice = 'auto' | 'light' | 'dark'
export type PageRange = 'robust' | 'full' | 'zero'
export type Columns = 'auto' | number

/**
 * Which runs are drawn. `auto`: all up to 50, of more the newest 50. `only` and `except` name runs by key or,
 * from links, by name.
 */
export type ShownRule =
  | { kind: 'auto' }
  | { kind: 'only'; keys: string[]; names: string[] }
  | { kind: 'except'; keys: string[] }
  | { kind: 'latest'; count: number }

/** All that a link carries: what a person chose on the screen. Replaced, never mutated. */
export interface ViewState {
  page: string
  project: string | undefined
  /** Names of other open projects whose runs are drawn beside those of `project`. */
  beside: string[]
  /** As written in a link: resolved against the metrics of the project. */
  metrics: string | undefined
  search: { text: string; regex: boolean }
  shown: ShownRule
  smoothing: Smoothing
  x: XAxis
  xScale: Scale
  yScale: Scale
  range: PageRange
  columns: Columns
  zoom: Zoom | undefined
  group: GroupKey
  rank: Rank | undefined
  filter: string
  follow: boolean
  raw: boolean
  sidebar: SidebarMode
  navbar: boolean
  accordion: boolean
  theme: ThemeChoice | undefined
  hideEmptyTabs: boolean
  fullscreen: string | undefined
  /** Colour slots set by hand, by run key. */
  slots: Record<string, number>
  /**
   * Pinned metrics, and the order of metrics and sections as far as it was set by hand. Undefined: as this
   * browser keeps it for the project.
   */
  pins: string[] | undefined
  order: string[] | undefined
  /** Parameters of the pages' own, by page. */
  own: Readonly<Record<string, Own>>
}

/** As they are written in the address, by name. */
export type Own = Readonly<Record<string, string>>

/** A value of a link that was ignored, or, where `shown` is there, taken as that: the nearest there is. */
export interface Problem {
  name: string
  value: string
  shown?: string
}

/** A file that a link shows and does not hold: it lies on the disk of whoever made the link. */
export interface WantedFile {
  /** Its name alone, without folders. */
  name: string
  /** Size in bytes, a write-ahead log included. */
  bytes: number
}

export const DEFAULT_VIEW: ViewState = {
  page: '',
  project: undefined,
  beside: [],
  metrics: undefined,
  search: { text: '', regex: false },
  shown: { kind: 'auto' },
  smoothing: { kind: 'mean', width: 10, factor: 1, auto: true },
  x: { kind: 'step' },
  xScale: 'linear',
  yScale: 'linear',
  range: 'robust',
  columns: 'auto',
  zoom: undefined,
  group: { kind: 'none' },
  rank: undefined,
  filter: '',
  follow: false,
  raw: true,
  sidebar: 'auto',
  navbar: true,
  accordion: true,
  theme: undefined,
  hideEmptyTabs: false,
  fullscreen: undefined,
  slots: {},
  pins: undefined,
  order: undefined,
  own: {},
}

/** Reads `#/page?…`: the page's name and its parameters. */
export function splitHash(hash: string): { page: string; params: URLSearchParams } {
  const text = hash.replace(/^#\/?/, '')
  const mark = text.indexOf('?')
  return mark === -1
    ? { page: text, params: new URLSearchParams() }
    : { page: text.slice(0, mark), params: new URLSearchParams(text.slice(mark + 1)) }
}

/**
 * The view that the parameters ask for, on top of `base`; values that cannot be read are left out and named,
 * and so are those beyond what there is.
 */
export function parseView(
  params: URLSearchParams,
  base: ViewState,
): { view: ViewState; problems: Problem[] } {
  const view = { ...base }
  const problems: Problem[] = []
  const read = (names: string[], parse: (value: string, name: string) => boolean) => {
    for (const name of names) {
      const value = params.get(name)
      if (value === null) continue
      if (!parse(value, name)) problems.push({ name, value })
      return
    }
  }
  read(['project', 'selected_project'], (value) => {
    view.project = value || undefined
    return true
  })
  read(['with'], (value) => {
    view.beside = parseList(value)
    return true
  })
  read(['metrics'], (value) => {
    view.metrics = value || undefined
    return true
  })
  read(['q'], (value) => {
    view.search = { text: value, regex: false }
    return true
  })
  read(['metric_filter'], (value) => {
    view.search = { text: value, regex: true }
    return true
  })

  const clamp = (name: string, value: string, least: number, most: number): number => {
    const shown = Math.min(most, Math.max(least, Math.round(Number(value))))
    if (shown !== Number(value)) problems.push({ name, value, shown: String(shown) })
    return shown
  }

  const shown = parseShown(params, problems)
  if (shown) view.shown = shown
  parseSmoothing(params, view, read, clamp)
  read(['x', 'x_axis', 'x-axis'], (value) => {
    const x = parseX(value)
    if (x) view.x = x
    return x !== undefined
  })
  read(['xscale'], (value) => {
    if (value !== 'linear' && value !== 'log') return false
    view.xScale = value
    return true
  })
  read(['y'], (value) => {
    if (value !== 'linear' && value !== 'log') return false
    view.yScale = value
    return true
  })
  read(['range'], (value) => {
    if (value !== 'robust' && value !== 'full' && value !== 'zero') return false
    view.range = value
    return true
  })
  read(['cols', 'plots_per_row'], (value, name) => {
    if (value !== 'auto' && !isNumber(value)) return false
    view.columns = value === 'auto' ? 'auto' : clamp(name, value, 1, 6)
    return true
  })
  parseZoom(params, view, problems)
  read(['group'], (value) => {
    const group = parseGroup(value)
    if (group) view.group = group
    return group !== undefined
  })
  read(['rank'], (value) => {
    const match = /^(last|min|max):(.+)$/s.exec(value)
    if (value !== '' && !match) return false
    const by = match?.[1]
    view.rank =
      match && (by === 'last' || by === 'min' || by === 'max') ? { by, metric: match[2] ?? '' } : undefined
    return true
  })
  read(['rq'], (value) => {
    view.filter = value
    return true
  })
  const flag = (name: string, yes: string, no: string, set: (value: boolean) => void) =>
    read([name], (value) => {
      if (value !== yes && value !== no) return false
      set(value === yes)
      return true
    })
  flag('follow', 'true', 'false', (value) => (view.follow = value))
  flag('raw', 'true', 'false', (value) => (view.raw = value))
  flag('navbar', 'visible', 'hidden', (value) => (view.navbar = value))
  flag('accordion', 'visible', 'hidden', (value) => (view.accordion = value))
  flag('hide_empty_tabs', 'true', 'false', (value) => (view.hideEmptyTabs = value))
  read(['sidebar'], (value) => {
    if (value !== 'auto' && value !== 'visible' && value !== 'collapsed' && value !== 'hidden') return false
    view.sidebar = value
    return true
  })
  read(['theme'], (value) => {
    if (value !== 'auto' && value !== 'light' && value !== 'dark') return false
    view.theme = value
    return true
  })
  read(['__theme'], (value) => {
    view.theme = value === 'dark' ? 'dark' : 'light' // upstream: any other value is light
    return true
  })
  read(['chart'], (value) => {
    view.fullscreen = value
    return true
  })
  read(['colors'], (value) => {
    const slots = parseSlots(value)
    if (slots) view.slots = slots
    return slots !== undefined
  })
  read(['pin'], (value) => {
    view.pins = parseList(value)
    return true
  })
  read(['order'], (value) => {
    view.order = parseList(value)
    return true
  })
  return { view, problems }
}

/**
 * Takes a page's own parameters out of those of the address; values that are not as they should be are named.
 */
export function takeOwn(
  params: URLSearchParams,
  own: PageRule['own'] = {},
): { own: Own; problems: Problem[] } {
  const found: Record<string, string> = {}
  const problems: Problem[] = []
  for (const [name, form] of Object.entries(own)) {
    const value = params.get(name)
    params.delete(name)
    if (!value) continue
    if (form.test(value)) found[name] = value
    else problems.push({ name, value })
  }
  return { own: found, problems }
}

export function formatOwn(own: Own = {}): string {
  return Object.entries(own)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}=${encode(value)}`)
    .join('&')
}

/**
 * The parameters in which a view differs from its base, as a query string without `?`; not those whose names
 * the page on screen has taken.
 */
export function formatView(view: ViewState, base: ViewState, taken: PageRule['own'] = {}): string {
  const out: [string, string][] = []
  const write = <K extends keyof ViewState>(
    key: K,
    name: string,
    format: (value: ViewState[K]) => string,
  ) => {
    if (!same(view[key], base[key])) out.push([name, format(view[key])])
  }
  write('project', 'project', (value) => value ?? '')
  write('beside', 'with', formatList)
  write('metrics', 'metrics', (value) => value ?? '')
  write('search', view.search.regex ? 'metric_filter' : 'q', (value) => value.text)
  // a width that somebody chose is another thing than the same one by itself
  if (view.smoothing.width !== base.smoothing.width || view.smoothing.auto !== base.smoothing.auto)
    out.push(['smoothing', view.smoothing.auto ? 'auto' : String(view.smoothing.width)])
  if (view.smoothing.kind !== base.smoothing.kind) out.push(['kind', view.smoothing.kind])
  if (view.smoothing.factor !== base.smoothing.factor) out.push(['factor', String(view.smoothing.factor)])
  write('x', 'x', formatX)
  write('xScale', 'xscale', String)
  write('yScale', 'y', String)
  write('range', 'range', String)
  write('columns', 'cols', String)
  if (!same(view.shown, base.shown)) out.push(...formatShown(view.shown))
  write('group', 'group', formatGroup)
  write('rank', 'rank', (value) => (value ? `${value.by}:${value.metric}` : ''))
  write('filter', 'rq', String)
  write('follow', 'follow', String)
  write('raw', 'raw', String)
  if (!same(view.zoom, base.zoom)) {
    out.push(['xmin', view.zoom?.min === undefined ? '' : String(view.zoom.min)])
    out.push(['xmax', view.zoom?.max === undefined ? '' : String(view.zoom.max)])
  }
  write('sidebar', 'sidebar', String)
  write('navbar', 'navbar', shownOrHidden)
  write('accordion', 'accordion', shownOrHidden)
  write('theme', 'theme', (value) => value ?? 'auto')
  write('hideEmptyTabs', 'hide_empty_tabs', String)
  write('fullscreen', 'chart', (value) => value ?? '')
  write('slots', 'colors', (value) =>
    formatList(Object.entries(value).map(([key, slot]) => `${key}~${slot}`)),
  )
  if (!same(view.pins ?? [], base.pins ?? [])) out.push(['pin', formatList(view.pins ?? [])])
  if (!same(view.order ?? [], base.order ?? [])) out.push(['order', formatList(view.order ?? [])])
  return out
    .filter(([name]) => !Object.hasOwn(taken, name))
    .filter(([name, value]) => value !== '' || !/^x(min|max)$/.test(name) || base.zoom !== undefined)
    .map(([name, value]) => `${name}=${encode(value)}`)
    .join('&')
}

const LINK_KINDS = [...ADDRESS_KINDS.filter((kind) => kind !== 'auto'), 'tracked' as const]
/** Parameters of the page's address that name what to open. */
export const LINK_PARAMETERS: readonly string[] = [...LINK_KINDS, 'hub']

/**
 * What the parameters ask to open. Databases and Parquet files belong together, several of any other sort are
 * sources of their own.
 */
export function parseLinks(params: URLSearchParams): SourceLink[] {
  const hub = params.get('hub') || undefined
  return LINK_KINDS.flatMap((as): SourceLink[] => {
    const texts = params.getAll(as).filter((text) => text.trim() !== '' || as === 'tracked')
    if (texts.length === 0) return []
    const link = (some: string[]): SourceLink => ({
      as,
      texts: some,
      ...(hub !== undefined && ON_HUB.includes(as) && { hub }),
    })
    return as === 'db' || as === 'parquet' ? [link(texts)] : texts.map((text) => link([text]))
  })
}

const ON_HUB: readonly string[] = ['dataset', 'bucket', 'space']

export function formatLinks(links: readonly SourceLink[]): [string, string][] {
  const hub = links.find((link) => link.hub !== undefined)?.hub
  const named = links.flatMap(({ as, texts }) => texts.map((text): [string, string] => [as, text]))
  return hub === undefined ? named : [...named, ['hub', hub]]
}

/** What a link of files names, `file=name~bytes` for each; others that call themselves so are passed over. */
export function parseFiles(params: URLSearchParams): WantedFile[] {
  return params.getAll('file').flatMap((text): WantedFile[] => {
    const match = /^(.+)~(\d{1,15})$/s.exec(text)
    return match ? [{ name: baseName(match[1] ?? ''), bytes: Number(match[2]) }] : []
  })
}

export function formatFiles(files: readonly WantedFile[]): string {
  return files.map(({ name, bytes }) => `file=${encode(`${baseName(name)}~${bytes}`)}`).join('&')
}

/** Where a file lies is nobody's business but of whoever has it. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
}

/** Items joined by commas; a comma inside an item is written `%2C`, so that names with commas survive. */
export function formatList(items: readonly string[]): string {
  return items.map((item) => item.replaceAll('%', '%25').replaceAll(',', '%2C')).join(',')
}

export function parseList(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.replaceAll('%2C', ',').replaceAll('%25', '%').trim())
    .filter((item) => item !== '')
}

/** As upstream, run_ids wins over runs. */
function parseShown(params: URLSearchParams, problems: Problem[]): ShownRule | undefined {
  const ids = params.get('run_ids')
  if (ids !== null) return { kind: 'only', keys: parseList(ids), names: [] }
  const names = params.get('runs')
  if (names !== null) return { kind: 'only', keys: [], names: parseList(names) }
  const hidden = params.get('hide_ids')
  if (hidden !== null) return { kind: 'except', keys: parseList(hidden) }
  const latest = params.get('latest')
  if (latest === null) return undefined
  if (/^[1-9]\d{0,4}$/.test(latest)) return { kind: 'latest', count: Number(latest) }
  problems.push({ name: 'latest', value: latest })
  return undefined
}

function formatShown(rule: ShownRule): [string, string][] {
  switch (rule.kind) {
    case 'auto':
      return [] // only reached when the query sets runs and the view went back: the query then wins on reload
    case 'only':
      return rule.names.length > 0 && rule.keys.length === 0
        ? [['runs', formatList(rule.names)]]
        : [['run_ids', formatList(rule.keys)]]
    case 'except':
      return [['hide_ids', formatList(rule.keys)]]
    case 'latest':
      return [['latest', String(rule.count)]]
  }
}

function parseSmoothing(
  params: URLSearchParams,
  view: ViewState,
  read: (names: string[], parse: (value: string) => boolean) => void,
  clamp: (name: string, value: string, least: number, most: number) => number,
): void {
  let { kind, width, factor, auto } = view.smoothing
  read(['smoothing'], (value) => {
    if (value === 'auto') {
      width = DEFAULT_VIEW.smoothing.width
      auto = true
      return true
    }
    if (!isNumber(value)) return false
    width = clamp('smoothing', value, 0, 100)
    auto = undefined
    return true
  })
  read(['kind'], (value) => {
    const found = SMOOTHING_KINDS.find((name) => name === value)
    if (found) kind = found
    return found !== undefined
  })
  read(['factor'], (value) => {
    if (value !== '1' && value !== '10' && value !== '100') return false
    factor = value === '1' ? 1 : value === '10' ? 10 : 100
    return true
  })
  if (kind !== 'mean' || factor !== 1) auto = undefined
  if (params.has('smoothing') || params.has('kind') || params.has('factor'))
    view.smoothing = { kind, width, factor, ...(auto && { auto }) }
}

function isNumber(value: string): boolean {
  return value.trim() !== '' && Number.isFinite(Number(value))
}

function parseZoom(params: URLSearchParams, view: ViewState, problems: Problem[]): void {
  if (!params.has('xmin') && !params.has('xmax')) return
  const end = (name: string): number | undefined => {
    const value = params.get(name)
    if (value === null || value === '') return undefined
    const number = Number(value)
    if (Number.isFinite(number) && value.trim() !== '') return number
    problems.push({ name, value })
    return undefined
  }
  const [min, max] = [end('xmin'), end('xmax')]
  if (min !== undefined && max !== undefined && min >= max) {
    problems.push({ name: 'xmin', value: `${min}, not below xmax ${max}` })
    return
  }
  view.zoom = min === undefined && max === undefined ? undefined : { min, max }
}

export function parseX(value: string): XAxis | undefined {
  switch (value) {
    case '':
      return undefined
    case 'step':
      return { kind: 'step' }
    case 'time':
    case 'relative':
      return { kind: 'relative' }
    case 'wall':
      return { kind: 'wall' }
    default:
      // a metric may itself be called step: the prefix keeps it apart
      return { kind: 'metric', name: value.replace(/^metric:/, '') }
  }
}

export function formatX(x: XAxis): string {
  if (x.kind !== 'metric') return x.kind
  return /^(step|time|relative|wall|metric:.*)$/s.test(x.name) ? `metric:${x.name}` : x.name
}

export function parseGroup(value: string): GroupKey | undefined {
  if (value === 'none' || value === 'group' || value === 'username' || value === 'seeds')
    return { kind: value }
  const match = /^(configs?|regex):(.+)$/s.exec(value)
  if (!match) return undefined
  const rest = match[2] ?? ''
  if (match[1] === 'configs') return { kind: 'configs', paths: parseList(rest) }
  return match[1] === 'config' ? { kind: 'config', path: rest } : { kind: 'regex', source: rest }
}

export function formatGroup(group: GroupKey): string {
  switch (group.kind) {
    case 'config':
      return `config:${group.path}`
    case 'configs':
      return `configs:${formatList(group.paths)}`
    case 'regex':
      return `regex:${group.source}`
    default:
      return group.kind
  }
}

function parseSlots(value: string): Record<string, number> | undefined {
  const slots: Record<string, number> = {}
  for (const item of parseList(value)) {
    const match = /^(.+)~(\d{1,5})$/s.exec(item)
    if (!match) return undefined
    slots[match[1] ?? ''] = Number(match[2])
  }
  return slots
}

function shownOrHidden(value: boolean): string {
  return value ? 'visible' : 'hidden'
}

function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}

/** Keeps `/`, `,` and `:` readable; they are allowed in a fragment. */
function encode(value: string): string {
  return encodeURIComponent(value).replaceAll('%2F', '/').replaceAll('%2C', ',').replaceAll('%3A', ':')
}

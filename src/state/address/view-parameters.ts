import { BANDS, STATISTICS } from '../../model/groups.ts'
import { SMOOTHING_KINDS } from '../../model/view.ts'
import { DEFAULT_VIEW, DRAWN, type Problem, type ShownRule, type ViewState } from './link.ts'
import {
  BAD,
  colorBy,
  columns,
  encode,
  formatGroup,
  formatList,
  formatX,
  isNumber,
  list,
  maybeEmpty,
  names,
  oneOf,
  optional,
  optionalList,
  ownAxes,
  pageRange,
  panels,
  parseGroup,
  parseList,
  parseX,
  rank,
  type Spelling,
  scale,
  shownOrHidden,
  slots,
  smoothingFactor,
  smoothingWidth,
  text,
  theme,
  trueOrFalse,
} from './link-values.ts'
import type { PageRule } from './page-rules.ts'

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
  for (const { read } of FIELDS) read(view, params, problems)
  return { view, problems }
}

/**
 * The parameters in which a view differs from its base, as a query string without `?`; not those whose names
 * the page on screen has taken.
 */
export function formatView(view: ViewState, base: ViewState, taken: PageRule['own'] = {}): string {
  return FIELDS.flatMap(({ write }) => write(view, base))
    .filter(([name]) => !Object.hasOwn(taken, name))
    .map(([name, value]) => `${name}=${encode(value)}`)
    .join('&')
}

type Parameter = [name: string, value: string]

/** How one field of the view is read from parameters, and written where it differs from the base. */
interface Field {
  read(view: ViewState, params: URLSearchParams, problems: Problem[]): void
  write(view: ViewState, base: ViewState): Parameter[]
}

/** In the order in which a link names them. */
const FIELDS: readonly Field[] = [
  field('project', ['project', 'selected_project'], optional),
  field('beside', ['with'], list),
  field('metrics', ['metrics'], optional),
  field('panels', ['panels'], panels),
  searchField(),
  smoothingField(),
  field('x', ['x', 'x_axis', 'x-axis'], { parse: (value) => parseX(value) ?? BAD, format: formatX }),
  field('xScale', ['xscale'], scale),
  field('yScale', ['y'], scale),
  field('range', ['range'], pageRange),
  field('ownAxes', ['axes'], ownAxes),
  field('columns', ['cols', 'plots_per_row'], columns),
  shownField(),
  field('group', ['group'], { parse: (value) => parseGroup(value) ?? BAD, format: formatGroup }),
  field('draw', ['draw'], oneOf(...DRAWN)),
  field('statistic', ['agg'], oneOf(...STATISTICS)),
  field('band', ['band'], oneOf(...BANDS)),
  field('base', ['base'], optional),
  field('differences', ['diff'], list),
  field('rank', ['rank'], rank),
  field('filter', ['rq'], text),
  field('follow', ['follow'], trueOrFalse),
  field('raw', ['raw'], trueOrFalse),
  field('envelope', ['envelope'], trueOrFalse),
  zoomField(),
  field('sidebar', ['sidebar'], oneOf('auto', 'visible', 'collapsed', 'hidden')),
  field('navbar', ['navbar'], shownOrHidden),
  field('accordion', ['accordion'], shownOrHidden),
  field('theme', ['theme'], theme),
  // upstream: any other value is light
  readOnly(
    field('theme', ['__theme'], { ...theme, parse: (value) => (value === 'dark' ? 'dark' : 'light') }),
  ),
  field('hideEmptyTabs', ['hide_empty_tabs'], trueOrFalse),
  field('fullscreen', ['chart'], maybeEmpty),
  field('under', ['under'], optional),
  field('slots', ['colors'], slots),
  field('colorBy', ['color_by'], colorBy),
  field('names', ['names'], names),
  field('pins', ['pin'], optionalList, (a = [], b = []) => same(a, b)),
  field('order', ['order'], optionalList, (a = [], b = []) => same(a, b)),
]

/** A field with one parameter, which is written by the first of its names. */
function field<K extends keyof ViewState>(
  key: K,
  names: readonly [string, ...string[]],
  spelling: Spelling<ViewState[K]>,
  equal: (a: ViewState[K], b: ViewState[K]) => boolean = same,
): Field {
  return {
    read: (view, params, problems) => take(names, spelling, params, problems, (value) => (view[key] = value)),
    write: (view, base) => (equal(view[key], base[key]) ? [] : [[names[0], spelling.format(view[key])]]),
  }
}

/** Reads the first of the names that is there. */
function take<T>(
  names: readonly string[],
  { parse }: Spelling<T>,
  params: URLSearchParams,
  problems: Problem[],
  set: (value: T) => void,
): void {
  const name = names.find((one) => params.has(one))
  if (name === undefined) return
  const value = params.get(name) ?? ''
  const parsed = parse(value, (least, most) => {
    const shown = Math.min(most, Math.max(least, Math.round(Number(value))))
    if (shown !== Number(value)) problems.push({ name, value, shown: String(shown) })
    return shown
  })
  if (parsed === BAD) problems.push({ name, value })
  else set(parsed)
}

function readOnly({ read }: Field): Field {
  return { read, write: () => [] }
}

function searchField(): Field {
  return {
    read(view, params) {
      for (const [name, regex] of [
        ['q', false],
        ['metric_filter', true],
      ] as const) {
        const text = params.get(name)
        if (text !== null) view.search = { text, regex }
      }
    },
    write: ({ search }, base) =>
      same(search, base.search) ? [] : [[search.regex ? 'metric_filter' : 'q', search.text]],
  }
}

function smoothingField(): Field {
  return {
    read(view, params, problems) {
      let { kind, width, factor, auto } = view.smoothing
      take(['smoothing'], smoothingWidth, params, problems, (value) => {
        width = value === 'auto' ? DEFAULT_VIEW.smoothing.width : value
        auto = value === 'auto' || undefined
      })
      take(['kind'], oneOf(...SMOOTHING_KINDS), params, problems, (value) => (kind = value))
      take(['factor'], smoothingFactor, params, problems, (value) => (factor = value))
      if (kind !== 'mean' || factor !== 1) auto = undefined
      if (params.has('smoothing') || params.has('kind') || params.has('factor'))
        view.smoothing = { kind, width, factor, ...(auto && { auto }) }
    },
    write({ smoothing }, { smoothing: base }) {
      const { width, kind, factor, auto } = smoothing
      const changed: Parameter[] = []
      // a width that somebody chose is another thing than the same one by itself
      if (width !== base.width || auto !== base.auto)
        changed.push(['smoothing', auto ? 'auto' : String(width)])
      if (kind !== base.kind) changed.push(['kind', kind])
      if (factor !== base.factor) changed.push(['factor', String(factor)])
      return changed
    },
  }
}

/** Several ways to say which runs are drawn. As upstream, run_ids wins over runs. */
function shownField(): Field {
  return {
    read(view, params, problems) {
      const rule = parseShown(params, problems)
      if (rule) view.shown = rule
    },
    write: ({ shown }, base) => (same(shown, base.shown) ? [] : formatShown(shown)),
  }
}

/** Of `latest`: all runs, up to as many as charts begin with. */
const OFF = 'off'

function parseShown(params: URLSearchParams, problems: Problem[]): ShownRule | undefined {
  const ids = params.get('run_ids')
  if (ids !== null) return { kind: 'only', keys: parseList(ids), names: [] }
  const names = params.get('runs')
  if (names !== null) return { kind: 'only', keys: [], names: parseList(names) }
  const hidden = params.get('hide_ids')
  if (hidden !== null) return { kind: 'except', keys: parseList(hidden) }
  const latest = params.get('latest')
  if (latest === null) return undefined
  if (latest === OFF) return { kind: 'auto' }
  if (/^[1-9]\d{0,4}$/.test(latest)) return { kind: 'latest', count: Number(latest) }
  problems.push({ name: 'latest', value: latest })
  return undefined
}

function formatShown(rule: ShownRule): Parameter[] {
  switch (rule.kind) {
    case 'auto':
      // only where the query sets runs, or this browser begins with the latest
      return [['latest', OFF]]
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

function zoomField(): Field {
  return {
    read(view, params, problems) {
      if (!params.has('xmin') && !params.has('xmax')) return
      const end = (name: string): number | undefined => {
        const value = params.get(name)
        if (value === null || value === '') return undefined
        if (isNumber(value)) return Number(value)
        problems.push({ name, value })
        return undefined
      }
      const [min, max] = [end('xmin'), end('xmax')]
      if (min !== undefined && max !== undefined && min >= max)
        problems.push({ name: 'xmin', value: `${min}, not below xmax ${max}` })
      else view.zoom = min === undefined && max === undefined ? undefined : { min, max }
    },
    write({ zoom }, base) {
      if (same(zoom, base.zoom)) return []
      const ends: Parameter[] = [
        ['xmin', String(zoom?.min ?? '')],
        ['xmax', String(zoom?.max ?? '')],
      ]
      // an open end needs a word only where the base has a zoom
      return ends.filter(([, value]) => value !== '' || base.zoom !== undefined)
    },
  }
}

/** Two values of a field are as one. */
export function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}

import type { GroupKey } from '../../compute/group.ts'
import type { RangeMode, Smoothing, XAxis } from '../../model/view.ts'
import type { OwnAxis, Rank, ViewState } from './link.ts'

/* How single values are spelled in a link. */

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
  const match = /^(config|regex):(.+)$/s.exec(value)
  if (!match) return undefined
  const rest = match[2] ?? ''
  return match[1] === 'config' ? { kind: 'config', path: rest } : { kind: 'regex', source: rest }
}

export function formatGroup(group: GroupKey): string {
  switch (group.kind) {
    case 'config':
      return `config:${group.path}`
    case 'regex':
      return `regex:${group.source}`
    default:
      return group.kind
  }
}

/** Keeps `/`, `,` and `:` readable; they are allowed in a fragment. */
export function encode(value: string): string {
  return encodeURIComponent(value).replaceAll('%2F', '/').replaceAll('%2C', ',').replaceAll('%3A', ':')
}

/** Parts of one item of a list, joined by `~`; one inside a part is written `%7E`. */
function joinParts(parts: readonly string[]): string {
  return parts.map((part) => part.replaceAll('%', '%25').replaceAll('~', '%7E')).join('~')
}

function splitParts(item: string): string[] {
  return item.split('~').map((part) => part.replaceAll('%7E', '~').replaceAll('%25', '%'))
}

/** A value that cannot be read; undefined is a value of some fields. */
export const BAD = Symbol('bad')

export interface Spelling<T> {
  /** `clamp` gives the nearest whole number there is, and names what was beyond. */
  parse(text: string, clamp: (least: number, most: number) => number): T | typeof BAD
  format(value: T): string
}

export const text: Spelling<string> = { parse: (value) => value, format: (value) => value }
export const optional: Spelling<string | undefined> = {
  parse: (value) => value || undefined,
  format: (value = '') => value,
}
export const maybeEmpty: Spelling<string | undefined> = { ...optional, parse: (value) => value }
export const list: Spelling<string[]> = { parse: parseList, format: formatList }
export const optionalList: Spelling<string[] | undefined> = {
  parse: parseList,
  format: (value = []) => formatList(value),
}
export const scale = oneOf('linear', 'log')
const RANGES = ['robust', 'full', 'zero'] as const
export const pageRange = oneOf(...RANGES)
export const trueOrFalse = flag('true', 'false')
export const shownOrHidden = flag('visible', 'hidden')
export const columns: Spelling<ViewState['columns']> = {
  parse: (value, clamp) => (value === 'auto' ? 'auto' : isNumber(value) ? clamp(1, 6) : BAD),
  format: String,
}
export const smoothingWidth: Spelling<number | 'auto'> = {
  parse: (value, clamp) => (value === 'auto' ? value : isNumber(value) ? clamp(0, 100) : BAD),
  format: String,
}
const FACTORS: readonly Smoothing['factor'][] = [1, 10, 100]
export const smoothingFactor: Spelling<Smoothing['factor']> = {
  parse: (value) => FACTORS.find((factor) => String(factor) === value) ?? BAD,
  format: String,
}
export const rank: Spelling<Rank | undefined> = {
  parse(value) {
    const [, by, metric = ''] = /^(last|min|max):(.+)$/s.exec(value) ?? []
    if (by === 'last' || by === 'min' || by === 'max') return { by, metric }
    return value === '' ? undefined : BAD
  },
  format: (value) => (value ? `${value.by}:${value.metric}` : ''),
}
export const colorBy: Spelling<ViewState['colorBy']> = {
  parse(value) {
    const path = /^config:(.+)$/s.exec(value)?.[1]
    if (path !== undefined) return { kind: 'config', path }
    const ranked = rank.parse(value, Number)
    return ranked === BAD || ranked === undefined ? ranked : { kind: 'metric', ...ranked }
  },
  format: (value) => (value?.kind === 'config' ? `config:${value.path}` : rank.format(value)),
}
export const theme: Spelling<ViewState['theme']> = {
  parse: oneOf('auto', 'light', 'dark').parse,
  format: (value = 'auto') => value,
}
export const slots: Spelling<ViewState['slots']> = {
  parse(value) {
    const slots: Record<string, number> = {}
    for (const item of parseList(value)) {
      const match = /^(.+)~(\d{1,5})$/s.exec(item)
      if (!match) return BAD
      slots[match[1] ?? ''] = Number(match[2])
    }
    return slots
  },
  format: (value) => formatList(Object.entries(value).map(([key, slot]) => `${key}~${slot}`)),
}

/** `losses~train/loss~eval/loss`, or with a pattern `norms~/layer_(\d+)\/grad_norm/`. */
export const panels: Spelling<ViewState['panels']> = {
  parse(value) {
    const all = parseList(value).map((item) => {
      const [title = '', ...metrics] = splitParts(item)
      const pattern = metrics.length === 1 ? /^\/(.+)\/$/s.exec(metrics[0] ?? '')?.[1] : undefined
      return pattern === undefined ? { title, metrics } : { title, pattern }
    })
    return all.some(({ metrics }) => metrics?.length === 0) ? BAD : all
  },
  format: (value) =>
    formatList(
      value.map(({ title, pattern, metrics = [] }) =>
        joinParts([title, ...(pattern === undefined ? metrics : [`/${pattern}/`])]),
      ),
    ),
}

/** `run key~its name in the view` */
export const names: Spelling<ViewState['names']> = {
  parse: (value) =>
    Object.fromEntries(
      parseList(value).map((item) => {
        const [key = '', name = ''] = splitParts(item)
        return [key, name]
      }),
    ),
  format: (value) => formatList(Object.entries(value).map(joinParts)),
}

/** `train/loss~log~0.1..3`: chart, scale, range; what it shares with the other charts is empty. */
export const ownAxes: Spelling<ViewState['ownAxes']> = {
  parse(value) {
    const axes: Record<string, OwnAxis> = {}
    for (const item of parseList(value)) {
      const [chart = '', scaled = '', ranged = ''] = splitParts(item)
      const own = scaled && scale.parse(scaled, Number)
      const range = ranged && parseRange(ranged)
      if (own === BAD || range === BAD) return BAD
      axes[chart] = { ...(own && { scale: own }), ...(range && { range }) }
    }
    return axes
  },
  format: (value) =>
    formatList(
      Object.entries(value).map(([chart, { scale = '', range }]) =>
        joinParts([chart, scale, range ? formatRange(range) : '']),
      ),
    ),
}

function parseRange(text: string): RangeMode | typeof BAD {
  const kind = RANGES.find((one) => one === text)
  if (kind) return { kind }
  const [min = '', max = '', ...more] = text.split('..')
  return isNumber(min) && isNumber(max) && Number(min) < Number(max) && more.length === 0
    ? { kind: 'manual', min: Number(min), max: Number(max) }
    : BAD
}

function formatRange(range: RangeMode): string {
  return range.kind === 'manual' ? `${range.min}..${range.max}` : range.kind
}

export function oneOf<T extends string>(...values: readonly T[]): Spelling<T> {
  return { parse: (text) => values.find((value) => value === text) ?? BAD, format: (value) => value }
}

export function flag(yes: string, no: string): Spelling<boolean> {
  return {
    parse: (value) => (value === yes ? true : value === no ? false : BAD),
    format: (value) => (value ? yes : no),
  }
}

export function isNumber(value: string): boolean {
  return value.trim() !== '' && Number.isFinite(Number(value))
}

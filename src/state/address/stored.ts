import { MARKS, type NumberStyle, USUAL } from '../../compute/number-style.ts'
import { parseMark, type RunMark } from '../../model/mark.ts'
import { ADDRESS_KINDS, type SourceLink } from '../../model/source.ts'
import { checkedDefaults } from './chart-defaults.ts'
import type { ThemeChoice } from './link.ts'

export interface Recent {
  kind: 'file' | 'folder' | 'address' | 'demo'
  name: string
  detail: string
  /** ms since 1970 */
  at: number
  link?: SourceLink | undefined
}

export interface Stored {
  theme: ThemeChoice
  timeZone: 'local' | 'utc'
  singleKeys: boolean
  /** Charts mark alerts. */
  alertMarks: boolean
  /** Small pictures that a page holds, MB of their pixels. */
  thumbnails: number
  /** How numbers are printed. */
  numbers: NumberStyle
  /** What charts begin with where a link says nothing, as a link would say it: `range=full&cols=4`. */
  charts: string
  recents: Recent[]
  /** By project name: run key → colour slot. */
  slots: Record<string, Record<string, number>>
  /** By project name: keys of closed sections. */
  closed: Record<string, string[]>
  /** By project name: keys of sections that were unfolded, of those that are folded at start. */
  opened: Record<string, string[]>
  /** By project name: pinned metrics, and the order of metrics and sections as far as it was set by hand. */
  pins: Record<string, string[]>
  order: Record<string, string[]>
  /** By project name: notes and tags of runs that the project itself does not take. */
  marks: Record<string, Record<string, RunMark>>
  /** By page: the sidebar as a person left it. */
  sidebars: Record<string, 'open' | 'rail'>
  sidebarWidth: number
}

/** MB, to choose from. */
export const THUMBNAIL_LIMITS = [48, 96, 192, 384]

export const DEFAULTS: Stored = {
  theme: 'auto',
  timeZone: 'local',
  singleKeys: true,
  alertMarks: true,
  thumbnails: 96,
  numbers: USUAL,
  charts: '',
  recents: [],
  slots: {},
  closed: {},
  opened: {},
  pins: {},
  order: {},
  marks: {},
  sidebars: {},
  sidebarWidth: 264,
}

/** Reads what was stored, field by field; whatever is not as expected takes its default. */
export function parseStored(text: string | null): Stored {
  const raw = parseRecord(text)
  const recents = Array.isArray(raw.recents) ? raw.recents.flatMap(parseRecent) : DEFAULTS.recents
  return {
    theme: raw.theme === 'light' || raw.theme === 'dark' ? raw.theme : 'auto',
    timeZone: raw.timeZone === 'utc' ? 'utc' : 'local',
    singleKeys: raw.singleKeys !== false,
    alertMarks: raw.alertMarks !== false,
    thumbnails: THUMBNAIL_LIMITS.find((limit) => limit === raw.thumbnails) ?? DEFAULTS.thumbnails,
    numbers: parseNumbers(raw.numbers),
    charts: typeof raw.charts === 'string' ? checkedDefaults(raw.charts) : DEFAULTS.charts,
    recents,
    slots: mapRecord(raw.slots, (inner) =>
      mapRecord(inner, (slot) => (Number.isSafeInteger(slot) ? Number(slot) : undefined)),
    ),
    closed: mapRecord(raw.closed, parseNames),
    opened: mapRecord(raw.opened, parseNames),
    pins: mapRecord(raw.pins, parseNames),
    order: mapRecord(raw.order, parseNames),
    marks: mapRecord(raw.marks, (inner) => mapRecord(inner, parseMark)),
    sidebars: mapRecord(raw.sidebars, (mode) => (mode === 'open' || mode === 'rail' ? mode : undefined)),
    sidebarWidth:
      typeof raw.sidebarWidth === 'number'
        ? Math.min(420, Math.max(220, raw.sidebarWidth))
        : DEFAULTS.sidebarWidth,
  }
}

function parseNumbers(value: unknown): NumberStyle {
  const { digits, notation, marks, sizes } = isRecord(value) ? value : {}
  return {
    digits: digits === 'few' || digits === 'many' ? digits : USUAL.digits,
    notation: notation === 'plain' || notation === 'powers' ? notation : USUAL.notation,
    marks:
      typeof marks === 'string' && Object.hasOwn(MARKS, marks)
        ? (marks as NumberStyle['marks'])
        : USUAL.marks,
    sizes: sizes === 'binary' ? sizes : USUAL.sizes,
  }
}

function parseNames(list: unknown): string[] | undefined {
  return Array.isArray(list) ? list.filter((name) => typeof name === 'string') : undefined
}

function parseRecent(item: unknown): Recent[] {
  if (!isRecord(item)) return []
  const { name, detail, at } = item
  // before 0.2 an address was a kind and a field called url
  const kind = item.kind === 'url' ? 'address' : item.kind
  if (kind !== 'file' && kind !== 'folder' && kind !== 'address' && kind !== 'demo') return []
  if (typeof name !== 'string' || typeof detail !== 'string' || typeof at !== 'number') return []
  const link = typeof item.url === 'string' ? { as: 'db' as const, texts: [item.url] } : parseLink(item.link)
  if (kind === 'address' && !link) return []
  return [{ kind, name, detail, at, ...(link && { link }) }]
}

function parseLink(value: unknown): SourceLink | undefined {
  if (!isRecord(value) || !Array.isArray(value.texts)) return undefined
  const as = ADDRESS_KINDS.find((kind) => kind === value.as)
  const texts = value.texts.filter((text) => typeof text === 'string')
  if (as === undefined || as === 'auto' || texts.length === 0) return undefined
  return { as, texts, ...(typeof value.hub === 'string' && { hub: value.hub }) }
}

function parseRecord(text: string | null): Record<string, unknown> {
  if (text === null) return {}
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : {}
  } catch (error) {
    if (error instanceof SyntaxError) return {} // written by something else
    throw error
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function mapRecord<T>(value: unknown, map: (item: unknown) => T | undefined): Record<string, T> {
  // names come from files: `constructor` and `__proto__` are some like any other
  const out: Record<string, T> = Object.create(null)
  if (!isRecord(value)) return out
  for (const [key, item] of Object.entries(value)) {
    const mapped = map(item)
    if (mapped !== undefined) out[key] = mapped
  }
  return out
}

import { type Accessor, createSignal } from 'solid-js'
import { parseMark, type RunMark } from '../../model/mark.ts'
import { ADDRESS_KINDS, type SourceLink } from '../../model/source.ts'
import type { ThemeChoice } from './link.ts'

const KEY = 'trackio-lite'
const MOST_RECENT = 8
/** Colour slots, pins and orders are kept for this many projects, the newest used last. */
const MOST_PROJECTS = 40

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

const DEFAULTS: Stored = {
  theme: 'auto',
  timeZone: 'local',
  singleKeys: true,
  alertMarks: true,
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

export interface Preferences {
  value: Accessor<Stored>
  set(change: Partial<Stored>): void
  addRecent(recent: Recent): void
  forget(recent: Recent): void
  clear(): void
  /** False where the browser keeps nothing for this page (a third-party frame, a private window). */
  available: boolean
}

/** Preferences of this browser. Where storage is blocked they last as long as the page. */
export function createPreferences(): Preferences {
  const storage = findStorage()
  const [value, setValue] = createSignal(parseStored(readText(storage)))

  function save(next: Stored): void {
    setValue(next)
    try {
      storage?.setItem(KEY, JSON.stringify(next))
    } catch (error) {
      if (!(error instanceof DOMException)) throw error // full or blocked since: the page keeps what it has
    }
  }

  return {
    value,
    set: (change) => save({ ...value(), ...change }),
    addRecent: (recent) => {
      const others = value().recents.filter((other) => !sameRecent(other, recent))
      save({ ...value(), recents: [recent, ...others].slice(0, MOST_RECENT) })
    },
    forget: (recent) =>
      save({ ...value(), recents: value().recents.filter((other) => !sameRecent(other, recent)) }),
    clear() {
      setValue(DEFAULTS)
      try {
        storage?.removeItem(KEY)
      } catch (error) {
        if (!(error instanceof DOMException)) throw error // nothing is stored where storage is blocked
      }
    },
    available: storage !== undefined,
  }
}

/** Keeps the slots a project's runs were seen with, so that a deleted run shifts no colour. */
export function rememberSlots(
  stored: Stored,
  project: string,
  slots: Record<string, number>,
): Partial<Stored> {
  const { [project]: _, ...others } = stored.slots
  const kept = Object.entries(others).slice(-(MOST_PROJECTS - 1))
  return { slots: { ...Object.fromEntries(kept), [project]: slots } }
}

/** Keeps a list of a project, of as many projects as keep one; an empty one is forgotten. */
export function rememberList(
  stored: Stored,
  kind: 'pins' | 'order',
  project: string,
  list: readonly string[],
): Partial<Stored> {
  const { [project]: _, ...others } = stored[kind]
  const kept = Object.fromEntries(Object.entries(others).slice(-(MOST_PROJECTS - 1)))
  return { [kind]: list.length > 0 ? { ...kept, [project]: [...list] } : kept }
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

function sameRecent(a: Recent, b: Recent): boolean {
  return a.kind === b.kind && a.name === b.name && JSON.stringify(a.link) === JSON.stringify(b.link)
}

function findStorage(): Storage | undefined {
  try {
    const storage = window.localStorage
    storage.getItem(KEY)
    return storage
  } catch {
    return undefined // blocked: merely reading the property throws in third-party frames
  }
}

function readText(storage: Storage | undefined): string | null {
  try {
    return storage?.getItem(KEY) ?? null
  } catch (error) {
    if (error instanceof DOMException) return null
    throw error
  }
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

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function mapRecord<T>(value: unknown, map: (item: unknown) => T | undefined): Record<string, T> {
  const out: Record<string, T> = {}
  if (!isRecord(value)) return out
  for (const [key, item] of Object.entries(value)) {
    const mapped = map(item)
    if (mapped !== undefined) out[key] = mapped
  }
  return out
}

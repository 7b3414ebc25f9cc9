import { TrackioError } from '../../model/errors.ts'
import { PROJECT_PARTS } from './project-parts.ts'
import { DEFAULTS, isRecord, parseStored, type Stored } from './stored.ts'

/** What a person chose for all of them. Names of what was open before are no choice, and stay in this browser. */
export const CHOICES = [
  'theme',
  'timeZone',
  'numbers',
  'thumbnails',
  'charts',
  'alertMarks',
  'singleKeys',
  'sidebars',
  'sidebarWidth',
] as const

const encoder = new TextEncoder()

/** Bytes that a value takes in the store. */
export function storedBytes(value: unknown): number {
  return encoder.encode(JSON.stringify(value)).length
}

export interface ProjectChoices {
  name: string
  bytes: number
  /** Colours, pinned charts, charts and sections put in order, folded ones, runs with notes or tags. */
  counts: { colors: number; pins: number; order: number; folds: number; marks: number }
}

/** What is kept for each project, the largest first. */
export function choicesByProject(stored: Stored): ProjectChoices[] {
  const names = new Set(PROJECT_PARTS.flatMap((part) => Object.keys(stored[part])))
  return [...names]
    .map((name) => ({
      name,
      bytes: PROJECT_PARTS.reduce(
        (sum, part) => sum + (name in stored[part] ? storedBytes({ [name]: stored[part][name] }) : 0),
        0,
      ),
      counts: {
        colors: Object.keys(stored.slots[name] ?? {}).length,
        pins: (stored.pins[name] ?? []).length,
        order: (stored.order[name] ?? []).length,
        folds: (stored.closed[name] ?? []).length + (stored.opened[name] ?? []).length,
        marks: Object.keys(stored.marks[name] ?? {}).length,
      },
    }))
    .sort((a, b) => b.bytes - a.bytes)
}

/** The change that takes everything back that was chosen for all projects. */
export function withoutChoices(): Partial<Stored> {
  return Object.fromEntries(CHOICES.map((name) => [name, DEFAULTS[name]]))
}

/** Choices that are not as everybody begins with. */
export function choicesMade(stored: Stored): number {
  return CHOICES.filter((name) => JSON.stringify(stored[name]) !== JSON.stringify(DEFAULTS[name])).length
}

/** Everything that a person chose, as a file; without the names of what was open. */
export function exportChoices(stored: Stored): string {
  const names = [...CHOICES, ...PROJECT_PARTS]
  return `${JSON.stringify({ 'trackio-lite': 1, ...Object.fromEntries(names.map((name) => [name, stored[name]])) }, null, 2)}\n`
}

export interface Imported {
  change: Partial<Stored>
  /** Names in the file that are no choices of this page, and values that it does not have. */
  ignored: string[]
}

/**
 * Reads such a file. What it says of projects goes to what `now` is kept of them: others keep theirs, and notes
 * and tags of runs that it does not name stay. Throws TrackioError where it is none.
 */
export function importChoices(text: string, name: string, now: Stored): Imported {
  let raw: unknown
  try {
    raw = JSON.parse(text)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new TrackioError(name, `no JSON: ${why}`, 'Choose a file that was exported here.')
  }
  if (!isRecord(raw) || raw['trackio-lite'] !== 1)
    throw new TrackioError(
      name,
      'no preferences of Trackio Lite: it does not say "trackio-lite": 1',
      'Choose a file that was exported here.',
    )
  const parsed = parseStored(text)
  const known: readonly string[] = [...CHOICES, ...PROJECT_PARTS]
  const given = Object.keys(raw).filter((key) => key !== 'trackio-lite')
  const taken = given.filter((key) => known.includes(key))
  const changed = taken.filter((key) => {
    const [before, after] = [raw[key], parsed[key as keyof Stored]]
    return !sameValue(before, after)
  })
  const parts: readonly string[] = PROJECT_PARTS
  const own = (key: string): unknown => {
    const given = parsed[key as keyof Stored]
    if (!parts.includes(key)) return given
    const before = now[key as keyof Stored] as object
    if (key !== 'marks') return { ...before, ...(given as object) }
    const marks = Object.entries(parsed.marks).map(([of, runs]) => [of, { ...now.marks[of], ...runs }])
    return { ...before, ...Object.fromEntries(marks) }
  }
  return {
    change: Object.fromEntries(taken.map((key) => [key, own(key)])),
    ignored: [
      ...given.filter((key) => !known.includes(key)),
      ...changed.map((key) => `${key}: ${JSON.stringify(raw[key])?.slice(0, 60)}`),
    ],
  }
}

/** Alike but for the order of their names. */
function sameValue(a: unknown, b: unknown): boolean {
  if (isRecord(a) && isRecord(b)) {
    const names = Object.keys(a)
    return names.length === Object.keys(b).length && names.every((name) => sameValue(a[name], b[name]))
  }
  return JSON.stringify(a) === JSON.stringify(b)
}

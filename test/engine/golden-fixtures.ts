import { readdirSync, readFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Json } from '../../src/model/run.ts'
import type { NamedFile } from '../../src/model/source.ts'

/** What an expected.json says of a run; numbers that JSON has no word for are their names. */
export interface ExpectedRun {
  name: string
  id: string | null
  config: { [key: string]: Json } | null
  group: string | null
  username: string | null
  created_at: string
  last_timestamp: string | null
  rows: number
  first_step: number | null
  last_step: number | null
  metrics: Record<
    string,
    { steps: (number | null)[]; values: (number | string)[]; timestamps_first_last: [string, string] }
  >
  other: Record<string, { kinds: Record<string, number> }>
  null_keys: string[]
  only_in_artifact_links?: boolean
  /** Files that its values name: `found_at` below the fixture's data (of a static export: below its bucket or Dataset), null where it is lost. */
  media?: { file_path: string; found_at: string | null; bytes: number; in: string }[]
}

export interface ExpectedProject {
  project: string
  /** File name of its database; of Parquet the tables are listed in `files` instead. */
  file: string
  files?: Record<string, string> | undefined
  /** Holds what that project of the fixture holds, written in another way. */
  same_as?: string
  runs: ExpectedRun[]
  /** Metrics whose every value was written as an integer; absent in a file that expect.py did not write. */
  integer_metrics?: string[]
  beyond_safe?: Record<string, number>
  /** The project's name stands in its rows (before 0.0.20), whatever the file is called. */
  named_by_column?: boolean
}

export interface Fixture {
  folder: string
  /** Words on what the case is about, from expected.json. */
  how: string
  projects: ExpectedProject[]
  files: NamedFile[]
}

// another collection of the same form can be checked too: FIXTURES=/path npx vitest run test/engine/golden.test.ts
const ROOT = process.env.FIXTURES ?? join(import.meta.dirname, '..', 'fixtures')

/**
 * Folders of test/fixtures with a wanted kind of expected.json: `runs` for readable databases, `tables` for Parquet, `words` for damaged and foreign files.
 */
export function fixtureFolders(kind: 'runs' | 'tables' | 'words'): string[] {
  const folders = readdirSync(ROOT, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return folders.map((entry) => entry.name).filter((name) => kindOf(expectedOf(name)) === kind)
}

function kindOf(expected: object): 'runs' | 'tables' | 'words' {
  if (!('runs' in expected)) return 'words'
  return 'files' in expected ? 'tables' : 'runs'
}

export function readFixture(folder: string): Fixture {
  const { other_projects = [], source = {}, ...first } = expectedOf(folder)
  const projects = [first, ...other_projects].map((project, _, all): ExpectedProject => {
    const twin =
      project.same_as === undefined ? undefined : all.find((one) => one.project === project.same_as)
    return twin ? { ...twin, project: project.project, files: project.files } : project
  })
  return { folder, how: source.how ?? '', projects, files: filesOf(folder) }
}

/** Metric rows that Python's sqlite3 gets out of a damaged file, from both ends of the table. */
export function reachableRows(folder: string): number {
  return expectedOf(folder).python_sqlite3?.metrics_rows_reachable ?? 0
}

type ExpectedJson = ExpectedProject & {
  python_sqlite3?: { metrics_rows_reachable: number }
  source?: { how?: string }
  other_projects?: ExpectedProject[]
}

function expectedOf(folder: string): ExpectedJson {
  return JSON.parse(readFileSync(join(ROOT, folder, 'expected.json'), 'utf8'))
}

/** The databases, write-ahead logs and fragments below `data/`, unpacked, with the paths that a drop of that folder gives; or all files. */
export function filesOf(folder: string, which = /\.db(-wal)?(\.gz)?$|inbox.*\.jsonl$/): NamedFile[] {
  const data = join(ROOT, folder, 'data')
  const entries = readdirSync(data, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  const paths = entries
    .map((entry) => relative(data, join(entry.parentPath, entry.name)))
    .filter((path) => which.test(path))
  return paths.sort().map((path) => {
    const raw = readFileSync(join(data, path))
    const bytes = path.endsWith('.gz') ? gunzipSync(raw) : raw
    return namedFile(path.replaceAll('\\', '/').replace(/\.gz$/, ''), new Uint8Array(bytes))
  })
}

export function namedFile(path: string, bytes: Uint8Array<ArrayBuffer> | string): NamedFile {
  return { path, file: new File([bytes], basename(path)) }
}

/** The database of that name with its write-ahead log, under another name. */
export function renamed(files: NamedFile[], from: string, to: string): NamedFile[] {
  const both = files.filter(({ path }) => basename(path) === from || basename(path) === `${from}-wal`)
  return both.map(({ path, file }) => {
    const name = path.endsWith('-wal') ? `${to}-wal` : to
    return { path: name, file: new File([file], name) }
  })
}

/**
 * A stored timestamp in ms with its microseconds, NaN where it is no time: ISO (naive: this machine's zone), SQLite's own form with a space (UTC),
 * or seconds since 1970.
 */
export function timeOf(text: string | null): number {
  const parts = /^(\d{4}-\d\d-\d\d)([T ])(\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:?\d\d)?$/.exec(text ?? '')
  if (parts)
    return (
      Date.parse(`${parts[1]}T${parts[3]}${parts[5] ?? (parts[2] === ' ' ? 'Z' : '')}`) +
      1000 * Number(parts[4] ?? 0)
    )
  return text && /^\d+(\.\d+)?$/.test(text) ? 1000 * Number(text) : Number.NaN
}

const SPELLED: Record<string, number> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
}

export function numberOf(value: number | string | null): number {
  return typeof value === 'string' ? (SPELLED[value] as number) : (value ?? Number.NaN)
}

/** A value as expected.json writes it: non-finite numbers by name. */
export function spelled(value: Json): Json {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (Array.isArray(value)) return value.map(spelled)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, spelled(member)]))
}

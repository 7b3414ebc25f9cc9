import { hashOf } from '../../compute/hash.ts'
import { DATABASE, FRAGMENT, isAside, LINES, MEDIA, PARQUET, SIDECAR } from '../../model/data-files.mjs'
import { canonicalProject } from '../../model/project-name.ts'
import type { TreeEntry } from '../../storage/tree.ts'
import { groupDataset, PARQUET_TABLES, type ParquetTable } from './parquet/names.ts'

/** A database, the log beside it, and the fragments that wait to be put into it. */
export interface DatabaseUnit {
  kind: 'database'
  /** Of the database, within its tree. */
  path: string
  db: TreeEntry
  wal: TreeEntry | undefined
  /** trackio's inbox beside it, in path order; its lines may belong to other projects. */
  inbox: TreeEntry[]
  /** The folder was listed whole, so a log that is not there does not exist. */
  folderSeen: boolean
  /** Folder of its media, ending in `/`; media are looked for below it. */
  media: string
}

/** One project as Parquet files. */
export interface ParquetUnit {
  kind: 'parquet'
  /** Of its metrics, within the tree; of another table where it has none. */
  path: string
  /** As trackio lists it. */
  project: string
  tables: Partial<Record<ParquetTable | 'alerts', TreeEntry>>
  /** Of a static export: `runs.json`, which also names runs without metrics. */
  runs: TreeEntry | undefined
  media: string
  /**
   * A static export's media have no project segment: these leading parts of a `file_path` are dropped, the
   * first that fits.
   */
  strip: string[]
}

/** Fragments of a project that has no database. */
export interface FragmentsUnit {
  kind: 'fragments'
  path: string
  inbox: TreeEntry[]
  /** Canonical names of the projects that have a database of their own, which takes their lines. */
  elsewhere: string[]
  media: string
}

/** A project of a trackio server. */
export interface ServerUnit {
  kind: 'server'
  /** The project's name. */
  path: string
  /** Differs whenever its rows may differ. */
  stamp: string
}

/** What a source consists of: each is opened by itself, and may fail by itself. */
export type Unit = DatabaseUnit | ParquetUnit | FragmentsUnit | ServerUnit

export interface LayoutOptions {
  /** Name of what was opened: a static export's project, where nothing else says it. */
  name: string
  /**
   * A Dataset keeps stale databases beside its Parquet files; a folder of this machine stale Parquet beside
   * its databases.
   */
  prefer: 'database' | 'parquet'
  /** False where folders were not listed: files given one by one. */
  listed?: boolean
  /** Parquet files whose columns say that they hold metrics, whatever their names (parquet/doubt.ts). */
  metrics?: ReadonlySet<string> | undefined
}

/**
 * What a listing holds, in the order it is opened. Databases are the *.db of trackio's own directory (below
 * it lie caches of registries, and copies made before an upgrade); each has its log and the inbox of its
 * folder. Then static exports, then the projects of a scheduler's Dataset, then fragments alone. A single
 * file of any name is tried as a database.
 */
export function layoutOf(entries: readonly TreeEntry[], options: LayoutOptions): Unit[] {
  const files = entries.filter(({ path }) => !isAside(path))
  const exports = staticExports(files, options.name)
  const taken = new Set(exports.flatMap(({ tables }) => Object.values(tables).map(({ path }) => path)))
  const datasets = datasetUnits(
    files.filter(({ path }) => !taken.has(path)),
    options.metrics,
  )
  const inboxes = inboxesOf(files)
  const databases = databaseUnits(files, inboxes, options.listed ?? true)
  // a project of which both are there is shown once
  const inDatabases = new Set(databases.map(({ path }) => keyOf(path, stemOf(path))))
  const inDatasets = new Set(datasets.map(({ path, project }) => keyOf(path, project)))
  const kept =
    options.prefer === 'parquet'
      ? databases.filter(({ path }) => !inDatasets.has(keyOf(path, stemOf(path))))
      : databases
  const others =
    options.prefer === 'parquet'
      ? datasets
      : datasets.filter(({ path, project }) => !inDatabases.has(keyOf(path, project)))
  const alone = kept.length + exports.length + others.length === 0
  return [...kept, ...exports, ...others, ...fragmentUnits(files, kept, inboxes, alone)]
}

function keyOf(path: string, project: string): string {
  return `${folderOf(path)}\n${canonicalProject(project)}`
}

/** Of an inbox, which the databases of its folder share. */
const inboxStamps = new WeakMap<readonly TreeEntry[], string>()

/** Differs whenever a file of the unit may differ. */
export function stampOf(unit: Unit): string {
  const stamps = (files: (TreeEntry | undefined)[]): string =>
    files.map((file) => (file ? `${file.path} ${file.stamp}` : '')).join('\n')
  const inboxStamp = (inbox: TreeEntry[]): string => {
    const known = inboxStamps.get(inbox) ?? hashOf(stamps(inbox))
    inboxStamps.set(inbox, known)
    return known
  }
  switch (unit.kind) {
    case 'database':
      return `${stamps([unit.db, unit.wal])}\n${inboxStamp(unit.inbox)}`
    case 'parquet':
      return stamps([unit.runs, ...Object.values(unit.tables)])
    case 'fragments':
      return [inboxStamp(unit.inbox), ...unit.elsewhere].join('\n')
    case 'server':
      return unit.stamp
  }
}

/** Bytes of a unit's files, as far as they are listed. */
export function bytesOf(unit: Unit): number {
  const sum = (files: (TreeEntry | undefined)[]): number =>
    files.reduce((total, file) => total + (file?.size ?? 0), 0)
  switch (unit.kind) {
    case 'database':
      return sum([unit.db, unit.wal])
    case 'parquet':
      return sum([unit.runs, ...Object.values(unit.tables)])
    case 'fragments':
      return sum(unit.inbox)
    case 'server':
      return 0
  }
}

/** `runs/nanogpt.db` → `nanogpt`. */
export function stemOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return name.replace(/(?<=.)\.[^.]*$/, '')
}

function databaseUnits(
  files: readonly TreeEntry[],
  inboxes: ReadonlyMap<string, TreeEntry[]>,
  listed: boolean,
): DatabaseUnit[] {
  const byPath = new Map(files.map((file) => [file.path, file]))
  let databases = files.filter(({ path }) => DATABASE.test(path) && !MEDIA.test(path))
  if (databases.length === 0) {
    const others = files.filter(({ path }) => !SIDECAR.test(path))
    const [only] = others
    if (others.length === 1 && only && !/\.(parquet|json|jsonl)$/i.test(only.path)) databases = others
  }
  return topmost(databases)
    .map((db) => {
      const folder = folderOf(db.path)
      return {
        kind: 'database' as const,
        path: db.path,
        db,
        wal: byPath.get(`${db.path}-wal`),
        inbox: inboxes.get(folder) ?? [],
        folderSeen: listed && folder !== '',
        media: `${folder}media/`,
      }
    })
    .sort(byName)
}

/**
 * Those that lie in no folder below that of another. A file that was given without its folder says nothing of
 * others.
 */
function topmost(files: readonly TreeEntry[]): TreeEntry[] {
  const folders = new Set(files.map(({ path }) => folderOf(path)))
  folders.delete('')
  return files.filter(({ path }) => {
    const own = folderOf(path)
    for (let end = own.indexOf('/') + 1; end > 0 && end < own.length; end = own.indexOf('/', end) + 1) {
      if (folders.has(own.slice(0, end))) return false
    }
    return true
  })
}

/** Fragments by the folder that their inbox stands in. */
function inboxesOf(files: readonly TreeEntry[]): Map<string, TreeEntry[]> {
  const inboxes = new Map<string, TreeEntry[]>()
  for (const file of files)
    if (FRAGMENT.test(file.path)) addTo(inboxes, file.path.replace(/inbox\/[^/]+\/[^/]+$/, ''), file)
  for (const inbox of inboxes.values()) inbox.sort(byName)
  return inboxes
}

function addTo(groups: Map<string, TreeEntry[]>, key: string, file: TreeEntry): void {
  const group = groups.get(key)
  if (group) group.push(file)
  else groups.set(key, [file])
}

/**
 * A folder with metrics.parquet beside runs.json, settings.json or aux/; since 0.38 a project without metrics
 * has only the two JSON files.
 */
function staticExports(files: readonly TreeEntry[], name: string): ParquetUnit[] {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const folders = new Set<string>()
  const withAux = new Set<string>()
  for (const { path } of files) {
    const aux = /^(.*\/)?aux\/[^/]+\.parquet$/.exec(path)
    if (aux) withAux.add(aux[1] ?? '')
    else if (/(^|\/)(metrics\.parquet|runs\.json)$/.test(path) && !/(^|\/)(aux|media)\//.test(path))
      folders.add(folderOf(path))
  }
  const units: ParquetUnit[] = []
  for (const folder of folders) {
    const metrics = byPath.get(`${folder}metrics.parquet`)
    const runs = byPath.get(`${folder}runs.json`)
    const settings = byPath.get(`${folder}settings.json`)
    if (metrics ? !(runs || settings || withAux.has(folder)) : !(runs && settings)) continue
    const tables: ParquetUnit['tables'] = metrics ? { metrics } : {}
    for (const table of PARQUET_TABLES) {
      const file = byPath.get(`${folder}aux/${table === 'system' ? 'system_metrics' : table}.parquet`)
      if (file && table !== 'metrics') tables[table] = file
    }
    // trackio exports none; what is published here has them beside its tables
    const alerts = byPath.get(`${folder}aux/alerts.parquet`)
    if (alerts) tables.alerts = alerts
    const project = folder === '' ? name : (folder.split('/').at(-2) ?? name)
    const path = (metrics ?? runs)?.path ?? folder
    units.push({
      kind: 'parquet',
      path,
      project,
      tables,
      runs,
      media: `${folder}media/`,
      strip: stripsOf(project),
    })
  }
  return units.sort(byName)
}

/**
 * A static export's media have no project segment: `file_path` begins with the raw or the canonical name, or
 * another.
 */
export function stripsOf(project: string): string[] {
  return [`${project}/`, `${canonicalProject(project)}/`]
}

function datasetUnits(files: readonly TreeEntry[], metrics?: ReadonlySet<string>): ParquetUnit[] {
  const parquet = files.filter(({ path }) => PARQUET.test(path) && !/(^|\/)(aux|media)\//.test(path))
  const byPath = new Map(topmost(parquet).map((file) => [file.path, file]))
  // a database beside them says of which project an artifact table is
  const paths = [...byPath.keys(), ...files.map(({ path }) => path).filter((path) => path.endsWith('.db'))]
  return groupDataset(paths, metrics).map(({ project, tables: grouped }): ParquetUnit => {
    const tables: ParquetUnit['tables'] = {}
    for (const table of PARQUET_TABLES) {
      const file = byPath.get(grouped[table] ?? '')
      if (file) tables[table] = file
    }
    const path = (tables.metrics ?? Object.values(tables)[0])?.path ?? project
    return {
      kind: 'parquet',
      path,
      project,
      tables,
      runs: undefined,
      media: `${folderOf(path)}media/`,
      strip: [],
    }
  })
}

/** `alone`: nothing else was given, so a `.jsonl` of any name is tried. */
function fragmentUnits(
  files: readonly TreeEntry[],
  databases: readonly DatabaseUnit[],
  inboxes: ReadonlyMap<string, TreeEntry[]>,
  alone: boolean,
): FragmentsUnit[] {
  const groups = new Map(inboxes)
  if (alone) {
    const loose = files.filter(({ path }) => LINES.test(path) && !FRAGMENT.test(path)).sort(byName)
    for (const file of loose) addTo(groups, folderOf(file.path), file)
  }
  const elsewhere = new Map<string, string[]>([...groups.keys()].map((folder) => [folder, []]))
  // one of 0 bytes takes nothing
  for (const { path, db, wal } of databases) {
    if (db.size > 0 || wal) elsewhere.get(folderOf(path))?.push(canonicalProject(stemOf(path)))
  }
  return [...groups].map(([folder, inbox]) => ({
    kind: 'fragments',
    path: `${folder}inbox`,
    inbox,
    elsewhere: elsewhere.get(folder) ?? [],
    media: `${folder}media/`,
  }))
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1)
}

function byName(a: { path: string }, b: { path: string }): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0
}

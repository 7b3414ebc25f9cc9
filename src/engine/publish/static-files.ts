import { ChangedOnDiskError, incomplete, TrackioError } from '../../model/errors.ts'
import type { Notice } from '../../model/source.ts'
import { type OutFile, outFile } from '../../storage/hub/hub-write.ts'
import type { Tree, TreeEntry } from '../../storage/tree.ts'
import { companions } from '../exports/companion-files.ts'
import { fragmentsNotice } from '../exports/contents.ts'
import { fetched } from '../exports/database-file.ts'
import type { ExportOptions } from '../exports/export-options.ts'
import { TABLES } from '../exports/export-tables.ts'
import { exportParquet } from '../exports/parquet.ts'
import { DEFAULT_SETTINGS, type ExportSettings, type RunEntry } from '../exports/runs-json.ts'
import { baseOf } from '../formats/copy-file.ts'
import type { Format } from '../formats/format.ts'
import { OWN_TABLES, PARQUET_TABLES, staticPath } from '../formats/parquet/names.ts'
import type { ProjectFiles } from '../formats/project-files.ts'
import { formatOf, openDataset } from '../formats/registry.ts'
import { compare } from '../projects/project.ts'

/** What is to be published: one part of a source that is open, or of what this browser tracked. */
export interface PublishSource {
  tree: Tree
  files: ProjectFiles
  /** As trackio lists it. */
  project: string
}

/**
 * A file of a static export, before others that are read together with it: who looks in between sees no row
 * without its picture.
 */
export type StaticFile = OutFile & { rank: number }

const RANKS: [RegExp, number][] = [
  [/^(media|artifacts)\//, 0],
  [/^aux\//, 1],
  [/^metrics\.parquet$/, 2],
]
const LAST = 3

/**
 * Paths that a static export of trackio's or ours may have beside media and artifacts. One that is missing
 * now was written by an earlier export.
 */
export const TABLE_PATHS: ReadonlySet<string> = new Set(TABLES.map(({ path }) => path))

/**
 * All files of trackio's static layout for a project, made anew from a database or taken over from Parquet.
 * Throws AbortError, or TrackioError where the project has no files, or reading failed.
 */
export async function staticFiles(
  { tree, files: given, project }: PublishSource,
  settings: ExportSettings = DEFAULT_SETTINGS,
  options: ExportOptions = {},
): Promise<{ files: StaticFile[]; notices: Notice[] }> {
  const files: StaticFile[] = []
  const add = (file: OutFile): void =>
    void files.push({ ...file, rank: RANKS.find(([pattern]) => pattern.test(file.path))?.[1] ?? LAST })
  const notices: Notice[] = []
  const { database, parquet, copy, called } = formatOf(given)
  if (database) {
    const made = await exported(tree, given, database, project, settings, options)
    for (const file of made.files) add(file)
    notices.push(...made.notices)
    const fate = { become: 'not published', or: ', then publish again' }
    notices.push(...fragmentsNotice(given.path, database.waiting(given), fate))
  } else if (parquet) {
    for (const file of await takenOver(tree, given, parquet.files(given), settings, options)) add(file)
  } else if (copy)
    throw new TrackioError(
      project,
      `${called} has no database that could be published`,
      'Publish a .db file; trackio show puts log fragments into one when it opens their folder.',
    )
  else
    throw new TrackioError(
      project,
      `${called} has no files that could be published from here`,
      'Publish it where the server runs (trackio sync), or open its .db file and publish that.',
    )
  for (const { entry, to } of await companions({ tree, files: given, project }, options.signal)) {
    add({ path: to, size: entry.size, load: (signal) => tree.blob(entry.path, { signal }) })
  }
  return { files: files.sort((a, b) => a.rank - b.rank), notices }
}

/**
 * A run that goes on logging must not end this, so that a database which changed is copied first the next
 * time: that takes a moment, where the export takes long.
 */
const TRIES = 3

async function exported(
  tree: Tree,
  given: ProjectFiles,
  database: NonNullable<Format['database']>,
  project: string,
  settings: ExportSettings,
  options: ExportOptions,
): Promise<{ files: OutFile[]; notices: Notice[] }> {
  const { signal } = options
  for (let tries = 1; ; tries++) {
    const files: OutFile[] = []
    try {
      const there = await database.open(given, tree, { signal })
      const source = tries === 1 ? there : await fetched(there, options)
      const notices = await exportParquet(
        source,
        project,
        (path, blob) => void files.push(outFile(path, blob)),
        { ...options, settings },
      )
      return { files, notices }
    } catch (cause) {
      if (!(cause instanceof ChangedOnDiskError) || tries === TRIES) throw cause
    }
  }
}

/** Parquet as it is, under the names of a static export; the list of runs is made where none came along. */
async function takenOver(
  tree: Tree,
  given: ProjectFiles,
  { tables, runs }: ReturnType<NonNullable<Format['parquet']>['files']>,
  settings: ExportSettings,
  { signal }: ExportOptions,
): Promise<OutFile[]> {
  const copy = (path: string, entry: TreeEntry): OutFile => ({
    path,
    size: entry.size,
    load: (s) => tree.blob(entry.path, { signal: s }),
  })
  const files: OutFile[] = []
  for (const table of [...PARQUET_TABLES, ...OWN_TABLES]) {
    const entry = tables[table]
    if (entry) files.push(copy(staticPath(table), entry))
  }
  const found = async (path: string): Promise<TreeEntry | undefined> =>
    runs ? tree.find(baseOf(given) + path, { signal }) : undefined
  files.push(runs ? copy('runs.json', runs) : outFile('runs.json', json(await runsOf(tree, given, signal))))
  const own = await found('settings.json')
  files.push(own ? copy('settings.json', own) : outFile('settings.json', json(settings)))
  return files
}

async function runsOf(tree: Tree, given: ProjectFiles, signal: AbortSignal | undefined): Promise<RunEntry[]> {
  const dataset = await openDataset(given, tree, { signal })
  await dataset.read(() => {}, true)
  const [reading] = dataset.projects
    .map(({ reader }) => reader.reading())
    .filter(({ state }) => state !== 'done')
  // what everybody sees is never a part
  if (reading) throw incomplete(given.path, reading)
  const runs = dataset.projects.flatMap(({ reader }) => reader.runs())
  return runs
    .map((run): RunEntry => {
      const { firstTime, lastStep } = run.span()
      const step = Number.isFinite(lastStep) ? lastStep : null
      return {
        id: run.id ?? run.name,
        name: run.name,
        created_at: firstTime || null,
        last_step: step,
        log_count: run.rows,
      }
    })
    .sort((a, b) => compare(a.created_at ?? '', b.created_at ?? ''))
}

function json(value: unknown): Blob {
  return new Blob([JSON.stringify(value)], { type: 'application/json' })
}

import { fileName } from '../../compute/file-name.ts'
import { type IncompleteError, TrackioError } from '../../model/errors.ts'
import type { KeptProject, StorageRoom, TrackedProject } from '../../model/library.ts'
import type { Export, ExportForm } from '../../model/questions.ts'
import type { Notice } from '../../model/source.ts'
import type { Tree } from '../../storage/tree.ts'
import { openLibrary } from '../connectors/saved.ts'
import { changeTracked, trackedProjects } from '../connectors/tracked.ts'
import type { OpenOptions } from '../formats/dataset.ts'
import type { ProjectFiles } from '../formats/project-files.ts'
import { formatOf } from '../formats/registry.ts'
import type { Project } from '../projects/project.ts'

/** A project of an open source, as far as copies of it are made. */
export interface Copied {
  tree: Tree
  files: ProjectFiles
  project: string
  /** What it was opened from, in words. */
  from: string
}

/** Keeps a copy in this browser, whole or not at all. */
export async function keepCopy(what: Copied, options: OpenOptions): Promise<KeptProject> {
  const library = await openLibrary()
  return counted(options, ({ signal, onProgress }) =>
    library.keep(what, {
      signal,
      onProgress: (bytes, total) => onProgress?.(`keeping ${what.project}`, bytes, total),
    }),
  )
}

/** What fails on the way says how far it came. Nothing of it is left. */
async function counted<T>(options: OpenOptions, act: (options: OpenOptions) => Promise<T>): Promise<T> {
  let [done, total] = [0, 0]
  const onProgress: OpenOptions['onProgress'] = (text, bytes, totalBytes) => {
    done = bytes
    total = totalBytes
    options.onProgress?.(text, bytes, totalBytes)
  }
  try {
    return await act({ ...options, onProgress })
  } catch (cause) {
    // of another class, somebody asks for something else: who reads, a file that changed
    if (!(cause instanceof TrackioError) || cause.name !== 'TrackioError' || total === 0) throw cause
    const words = `${done.toLocaleString('en')} of ${total.toLocaleString('en')} bytes copied`
    throw new TrackioError(cause.subject, `${words}: ${cause.message}`, cause.action)
  }
}

/**
 * Everything that this browser keeps for this page: copies, what it tracked itself, and the room they take.
 */
export async function listKept(): Promise<{
  projects: KeptProject[]
  tracked: TrackedProject[]
  room: StorageRoom
}> {
  const library = await openLibrary()
  const [projects, tracked, room] = await Promise.all([library.list(), trackedProjects(), library.room()])
  return { projects, tracked, room }
}

export async function renameKept(name: string, to: string, tracked = false): Promise<void> {
  if (tracked) await changeTracked((writer) => writer.renameProject(name, to, crypto.randomUUID()))
  else await (await openLibrary()).rename(name, to)
}

export async function removeKept(name: string, tracked = false): Promise<void> {
  if (tracked) await changeTracked((writer) => writer.deleteProject(name))
  else await (await openLibrary()).remove(name)
}

/**
 * One file to be downloaded, see `ExportForm`. It is made of the source's files, read anew: whole or not at
 * all, whatever was read of them for the screen.
 */
export function exportProject(
  what: Copied,
  form: Exclude<ExportForm, 'csv'>,
  frontend: string,
  options: OpenOptions,
): Promise<Export> {
  return counted(options, (within) => exportWhole(what, form, frontend, within))
}

async function exportWhole(
  { tree, files, project }: Copied,
  form: Exclude<ExportForm, 'csv'>,
  frontend: string,
  options: OpenOptions,
): Promise<Export> {
  if (form === 'html') {
    const { exportHtml } = await import('../exports/html.ts')
    return {
      name: fileName([project], 'html'),
      blob: await exportHtml({ tree, files, project }, { frontend, ...options }),
      notices: [],
    }
  }
  const { database, parquet, called } = formatOf(files)
  if (parquet) return exportTables(tree, files, project, form, options)
  if (!database)
    throw new TrackioError(
      project,
      `${called} has no database to export`,
      'Open the folder that trackio writes to.',
    )
  const progress = { signal: options.signal, onProgress: options.onProgress }
  return database.use(files, tree, options, async (source) => {
    if (form === 'db') {
      const { exportDatabase } = await import('../exports/database-file.ts')
      return { name: fileName([project], 'db'), blob: await exportDatabase(source, progress), notices: [] }
    }
    const { exportParquet } = await import('../exports/parquet.ts')
    const zip = await makeZip()
    const notices = await exportParquet(source, project, zip.add, { layout: 'static', ...progress })
    return { name: fileName([project, 'parquet'], 'zip'), blob: zip.end(), notices }
  })
}

/**
 * Every metric of every run as CSV. `missing`: what is not there of a part, whose name and first line then
 * say that it is one.
 */
export async function exportRows(
  project: Project,
  options: OpenOptions,
  missing?: IncompleteError,
): Promise<Export> {
  const { exportCsv } = await import('../exports/csv.ts')
  const name = fileName([project.info.name, ...(missing ? ['part'] : [])], 'csv')
  return { name, blob: await exportCsv(project, { ...options, missing }), notices: [] }
}

/** A project that is Parquet already goes out as its files are. */
async function exportTables(
  tree: Tree,
  files: ProjectFiles,
  project: string,
  form: 'db' | 'parquet',
  { signal, onProgress }: OpenOptions,
): Promise<Export> {
  if (form === 'db')
    throw new TrackioError(project, 'it is a Parquet export and has no database', 'Export it as Parquet.')
  const { planCopy } = await import('../exports/copy-plan.ts')
  const zip = await makeZip()
  const plan = await planCopy(tree, files, false, signal)
  const total = plan.reduce((sum, { size }) => sum + size, 0)
  let done = 0
  for (const { to, size, chunks } of plan) {
    onProgress?.(to, done, total)
    const parts: BlobPart[] = []
    for await (const chunk of chunks(signal)) parts.push(chunk.slice())
    await zip.add(to, new Blob(parts))
    done += size
  }
  const notices: Notice[] = []
  return { name: fileName([project, 'parquet'], 'zip'), blob: zip.end(), notices }
}

/** Files are stored as they are: Parquet is compressed already. */
async function makeZip(): Promise<{ add(path: string, blob: Blob): Promise<void>; end(): Blob }> {
  const { Zip, ZipPassThrough } = await import('fflate')
  const parts: BlobPart[] = []
  let failure: Error | undefined
  const zip = new Zip((error, chunk) => {
    if (error) failure = error
    // a copy: what fflate hands out may be a view of a larger buffer
    else parts.push(chunk.slice())
  })
  return {
    async add(path, blob) {
      const entry = new ZipPassThrough(path)
      zip.add(entry)
      const size = 8 << 20
      for (let at = 0; at < blob.size; at += size)
        entry.push(new Uint8Array(await blob.slice(at, at + size).arrayBuffer()))
      entry.push(new Uint8Array(0), true)
      if (failure) throw failure
    },
    end() {
      zip.end()
      if (failure) throw failure
      return new Blob(parts, { type: 'application/zip' })
    },
  }
}

import { fileName } from '../../compute/file-name.ts'
import { safePath } from '../../compute/safe-path.ts'
import { type IncompleteError, TrackioError } from '../../model/errors.ts'
import type { KeptProject, StorageRoom, TrackedProject } from '../../model/library.ts'
import { EXPORT_FORMS, type Export, type ExportForm, type ExportPlan } from '../../model/questions.ts'
import type { Tree } from '../../storage/tree.ts'
import { openLibrary } from '../connectors/saved.ts'
import { changeTracked, trackedProjects } from '../connectors/tracked.ts'
import { bytesBeside, type Holdings, isAllKnown, leftBehind, MOST_IN_PAGE } from '../exports/contents.ts'
import type { OpenOptions } from '../formats/dataset.ts'
import type { ProjectFiles } from '../formats/project-files.ts'
import { bytesOf, formatOf } from '../formats/registry.ts'
import type { Project } from '../projects/project.ts'

/** A project of an open source, as far as copies of it are made. */
export interface Copied {
  tree: Tree
  files: ProjectFiles
  project: string
  /** What it was opened from, in words. */
  from: string
  /** What it has, beside its data too. */
  holdings(signal?: AbortSignal | undefined): Promise<Holdings>
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
  return counted(options, async (within) => {
    const why = refusal(what.files, form)
    if (why) throw new TrackioError(what.project, why.text, why.action)
    const holdings = await what.holdings(options.signal)
    const made = await exportWhole(what, form, frontend, bytesBeside(holdings) <= MOST_IN_PAGE, within)
    const notices = [...made.notices, ...leftBehind(form, holdings)]
    return { ...made, notices, whole: notices.length === 0 && isAllKnown(form, holdings) }
  })
}

/** What each form would hold of a project that has files, and what it would leave behind. */
export async function plansOf(what: Copied, signal?: AbortSignal | undefined): Promise<ExportPlan[]> {
  const holdings = await what.holdings(signal)
  const data = bytesOf(what.files)
  const beside = bytesBeside(holdings)
  return EXPORT_FORMS.map((form): ExportPlan => {
    const why = form === 'csv' ? undefined : refusal(what.files, form)
    const alone = form === 'db' || form === 'csv' || (form === 'html' && beside > MOST_IN_PAGE)
    return {
      form,
      bytes: alone ? data : data + beside,
      notices: why ? [] : leftBehind(form, holdings),
      refused: why?.text,
    }
  })
}

/** Why there is no such file of these; undefined where there is. */
function refusal(
  files: ProjectFiles,
  form: Exclude<ExportForm, 'csv'>,
): { text: string; action: string } | undefined {
  const { database, parquet, called } = formatOf(files)
  if (database || form === 'html') return undefined
  if (parquet) {
    if (form === 'parquet') return undefined
    const action = 'Export it as Parquet.'
    return form === 'db'
      ? { text: 'it is a Parquet export and has no database', action }
      : { text: 'it is a Parquet export, which has no folder of its own', action }
  }
  // log fragments, and registries of a bucket
  return form === 'folder'
    ? undefined
    : { text: `${called} has no database to export`, action: 'Open the folder that trackio writes to.' }
}

async function exportWhole(
  { tree, files, project }: Copied,
  form: Exclude<ExportForm, 'csv'>,
  frontend: string,
  companions: boolean,
  options: OpenOptions,
): Promise<Omit<Export, 'whole'>> {
  if (form === 'html') {
    const { exportHtml } = await import('../exports/html.ts')
    const blob = await exportHtml({ tree, files, project }, { frontend, companions, ...options })
    return { name: fileName([project], 'html'), blob, notices: [] }
  }
  const { database } = formatOf(files)
  // what is Parquet goes out as its files are
  if (form === 'folder' || !database) return zipOf({ tree, files, project }, form, options)
  const progress = { signal: options.signal, onProgress: options.onProgress }
  return database.use(files, tree, options, async (source) => {
    if (form === 'db') {
      const { exportDatabase } = await import('../exports/database-file.ts')
      return { name: fileName([project], 'db'), blob: await exportDatabase(source, progress), notices: [] }
    }
    const [{ exportParquet }, { exportFiles }, { makeZip }] = await Promise.all([
      import('../exports/parquet.ts'),
      import('../exports/companion-files.ts'),
      import('../exports/zip.ts'),
    ])
    const zip = makeZip()
    const add = (path: string, blob: Blob): Promise<void> =>
      zip.add(`${safePath(project)}/${path}`, blob, options.signal)
    const notices = await exportParquet(source, project, add, { layout: 'static', ...progress })
    await exportFiles({ tree, files, project }, add, progress)
    return { name: fileName([project, 'parquet'], 'zip'), blob: zip.end(), notices }
  })
}

/** Files as trackio's own folder, or a Parquet export, has them. */
async function zipOf(
  { tree, files, project }: Pick<Copied, 'tree' | 'files' | 'project'>,
  form: 'db' | 'folder' | 'parquet',
  { signal, onProgress }: OpenOptions,
): Promise<Omit<Export, 'whole'>> {
  const [{ planCopy }, { makeZip }] = await Promise.all([
    import('../exports/copy-plan.ts'),
    import('../exports/zip.ts'),
  ])
  // a static export is told by its folder; the files of others name their project themselves
  const folder = formatOf(files).mediaFolder?.(files) === undefined ? `${safePath(project)}/` : ''
  const zip = makeZip()
  const plan = await planCopy({ tree, files, project }, true, signal)
  const total = plan.reduce((sum, { size }) => sum + size, 0)
  let done = 0
  for (const { to, size, chunks } of plan) {
    onProgress?.(to, done, total)
    const parts: Blob[] = []
    // the browser may keep a Blob on disk
    for await (const chunk of chunks(signal)) parts.push(new Blob([chunk.slice()]))
    await zip.add(folder + to, new Blob(parts), signal)
    done += size
  }
  onProgress?.('', total, total)
  return {
    name: fileName([project, ...(form === 'parquet' ? ['parquet'] : [])], 'zip'),
    blob: zip.end(),
    notices: [],
  }
}

/**
 * Every metric of every run as CSV. `missing`: what is not there of a part, whose name and first line then
 * say that it is one.
 */
export async function exportRows(
  project: Project,
  options: OpenOptions,
  missing: IncompleteError | undefined,
  holdings: Holdings,
): Promise<Export> {
  const { exportCsv } = await import('../exports/csv.ts')
  const name = fileName([project.info.name, ...(missing ? ['part'] : [])], 'csv')
  const blob = await exportCsv(project, { ...options, missing })
  const notices = leftBehind('csv', holdings)
  return { name, blob, notices, whole: !missing && notices.length === 0 && isAllKnown('csv', holdings) }
}

import { TrackioError } from '../../model/errors.ts'
import type {
  FileBytes,
  FileEntry,
  FileHits,
  FileLines,
  FileList,
  FileLook,
  FilePart,
  FileRef,
  FileSearch,
  JsonPart,
  TextEncoding,
} from '../../model/file.ts'
import type { OpenProgress, Waiting } from '../../model/questions.ts'
import type { ProjectId, ProjectInfo } from '../../model/source.ts'
import type { Tree } from '../../storage/tree.ts'
import type { Connector } from '../connectors/connector.ts'
import { companions } from '../exports/companion-files.ts'
import { lookAt } from '../files/look.ts'
import { makeOpenFiles, type OpenFiles } from '../files/open-file.ts'
import type { OpenDataset } from '../formats/dataset.ts'
import type { ProjectFiles } from '../formats/project-files.ts'
import { formatOf } from '../formats/registry.ts'
import { type FileTables, makeFileTables } from './file-tables.ts'
import type { JsonQuery } from './json-file.ts'

/** A part of an open source that a project is in. */
export interface FilePlace {
  project: { info: Pick<ProjectInfo, 'id' | 'name'> }
  dataset: Pick<OpenDataset, 'path'>
  source: { connector: Connector; projectFiles: ReadonlyMap<string, ProjectFiles> }
}

/** Answers what is asked of files; opened ones are kept for the next question. */
export interface ProjectFileAnswers {
  list(places: readonly FilePlace[], signal: AbortSignal | undefined): Promise<FileList>
  look(file: FileRef, signal: AbortSignal | undefined): Promise<FileLook>
  bytes(file: FileRef, from: number, count: number, signal: AbortSignal | undefined): Promise<FileBytes>
  lines(file: FileRef, encoding: TextEncoding, waiting: Waiting<FileLines>): Promise<FileLines>
  search(
    file: FileRef,
    encoding: TextEncoding,
    search: FileSearch,
    waiting: Waiting<FileHits>,
  ): Promise<FileHits>
  json(query: JsonQuery, waiting: Waiting<OpenProgress>): Promise<JsonPart>
  hash(file: FileRef, waiting: Waiting<OpenProgress>): Promise<string>
  blob(file: FileRef, waiting: Waiting<OpenProgress>): Promise<Blob>
  tables: FileTables
  forgetClosed(isOpen: (project: ProjectId) => boolean): void
}

export function makeProjectFiles(placeOf: (project: ProjectId) => FilePlace): ProjectFileAnswers {
  const files: OpenFiles = makeOpenFiles(({ project }) => {
    const found = treeOf(placeOf(project))
    if (found) return found.tree
    throw new TrackioError(project, 'this source gives out no files')
  })
  let json: Promise<typeof import('./json-file.ts')> | undefined
  const tables = makeFileTables(files)
  return {
    tables,
    list: (places, signal) => listed(places, signal),
    look: async (file, signal) => lookAt(await files.open(file, signal), signal),
    async bytes(file, from, count, signal) {
      const { bytes, read } = await files.open(file, signal)
      // a view of something larger would be taken away from whoever keeps that
      const part = (await bytes.load(from, count)).slice()
      signal?.throwIfAborted()
      return { bytes: part, read: read() }
    },
    lines: async (file, encoding, waiting) =>
      (await import('../files/text-scan.ts')).countLines(
        await files.open(file, waiting.signal),
        encoding,
        waiting,
      ),
    search: async (file, encoding, search, waiting) =>
      (await import('../files/text-scan.ts')).searchLines(
        await files.open(file, waiting.signal),
        encoding,
        search,
        waiting,
      ),
    async json(query, waiting) {
      json ??= import('./json-file.ts')
      return (await json).jsonPart(await files.open(query.file, waiting.signal), query, waiting)
    },
    async hash(file, { signal, onProgress }) {
      const { name, bytes } = await files.open(file, signal)
      const { hashOf } = await import('../files/hash.ts')
      return hashOf(name, bytes, {
        signal,
        onProgress: (done, totalBytes) =>
          onProgress?.({ text: `sha256 of ${name}`, bytes: done, totalBytes }),
      })
    },
    async blob(file, { signal, onProgress }) {
      const { name, blob } = await files.open(file, signal)
      return blob({
        signal,
        onProgress: (bytes, totalBytes) => onProgress?.({ text: `reading ${name}`, bytes, totalBytes }),
      })
    },
    forgetClosed(isOpen) {
      files.forgetClosed(({ project }) => isOpen(project))
      tables.forgetClosed(isOpen)
    },
  }
}

/** Where the files of a project lie, laid out like trackio's own folder. */
function treeOf({ dataset, source }: FilePlace): { tree: Tree; files: ProjectFiles } | undefined {
  const { connector, projectFiles } = source
  const files = projectFiles.get(dataset.path)
  if (!files) return undefined
  if (connector.tree) return { tree: connector.tree, files }
  return connector.filesOf && { tree: connector.filesOf(files), files: { ...files, media: 'media/' } }
}

async function listed(places: readonly FilePlace[], signal: AbortSignal | undefined): Promise<FileList> {
  const lists = await Promise.all(places.map((place) => listOf(place, signal)))
  const unlisted = lists.find(({ listed }) => !listed)
  return { files: lists.flatMap(({ files }) => files), listed: !unlisted, why: unlisted?.why }
}

async function listOf(place: FilePlace, signal: AbortSignal | undefined): Promise<FileList> {
  const { connector } = place.source
  const found = treeOf(place)
  if (!found) return { files: [], listed: false, why: `${connector.name} gives out no files` }
  const { tree, files } = found
  const entries: FileEntry[] = []
  const project = place.project.info.id
  const add = (part: FilePart, path: string, entry: { path: string; size: number; stamp: string }): void => {
    const ref: FileRef = { project, path: entry.path, stamp: entry.stamp }
    entries.push({ ref, part, path, size: Number.isNaN(entry.size) ? undefined : entry.size })
  }
  for (const entry of formatOf(files).own?.(files) ?? []) add('data', entry.path, entry)
  for (const { entry, to } of await companions({ tree, files, project: place.project.info.name }, signal)) {
    const [root, ...rest] = to.split('/')
    const path = rest.join('/')
    if (root !== 'media') add('artifacts', path, entry)
    else if (path.startsWith('files/')) add('saved', path.slice('files/'.length), entry)
    else add('media', path, entry)
  }
  return {
    files: entries,
    listed: tree.whole,
    why: tree.whole
      ? undefined
      : connector.host === ''
        ? 'files that were given one by one say nothing of what stands beside them'
        : `${connector.host} gives out files by their address, and lists none`,
  }
}

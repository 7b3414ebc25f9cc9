import { TrackioError } from '../../model/errors.ts'
import type {
  FileBytes,
  FileHits,
  FileLines,
  FileLook,
  FileRef,
  FileSearch,
  JsonPart,
  TextEncoding,
} from '../../model/file.ts'
import type { OpenProgress, Waiting } from '../../model/questions.ts'
import type { ProjectId } from '../../model/source.ts'
import { lookAt } from '../files/look.ts'
import { makeOpenFiles, type OpenFiles } from '../files/open-file.ts'
import { type FilePlace, treeOf } from './file-list.ts'
import { type FileTables, makeFileTables } from './file-tables.ts'
import type { JsonQuery } from './json-file.ts'

/** Answers what is asked of files; opened ones are kept for the next question. */
export interface ProjectFileAnswers {
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

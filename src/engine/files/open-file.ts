import { makeCoverage } from '../../compute/coverage.ts'
import { ChangedOnDiskError, TrackioError } from '../../model/errors.ts'
import type { FileRead, FileRef } from '../../model/file.ts'
import type { Bytes } from '../../storage/bytes.ts'
import { fileBytes } from '../../storage/files/file.ts'
import type { Tree, WaitOptions } from '../../storage/tree.ts'

/** A file of a project, read by ranges. */
export interface OpenFile {
  ref: FileRef
  /** What it is called: its ending says what it is. */
  name: string
  size: number
  /** Bytes come over a network. */
  far: boolean
  /** What is read through it is counted. */
  bytes: Bytes
  read(): FileRead
  /** All of it: a file of this machine as it is, without reading it. */
  blob(options?: WaitOptions): Promise<Blob>
  /** Another of the same place, by its path: what lies beside a database. */
  beside(path: string, signal: AbortSignal | undefined): Promise<Bytes | undefined>
}

export interface OpenFiles {
  open(ref: FileRef, signal: AbortSignal | undefined): Promise<OpenFile>
  forgetClosed(isOpen: (ref: FileRef) => boolean): void
}

/** Handles that are kept: of each a count of what was read. */
const KEEP = 24

/** Opens files once. `treeOf`: where the files of a project lie; throws where it has none. */
export function makeOpenFiles(treeOf: (ref: FileRef) => Tree): OpenFiles {
  const opened = new Map<string, Promise<OpenFile>>()
  return {
    async open(ref, signal) {
      const key = keyOf(ref)
      const known = opened.get(key)
      opened.delete(key) // moves it to the young end
      // one opening serves all who ask: none of them ends it for the others
      const file = known ?? openFile(ref, ref.file ? undefined : treeOf(ref), () => opened.delete(key))
      opened.set(key, file)
      // what failed is tried again when it is asked for again
      if (!known) file.catch(() => opened.get(key) === file && opened.delete(key))
      for (const old of opened.keys()) {
        if (opened.size <= KEEP) break
        opened.delete(old)
      }
      const found = await file
      signal?.throwIfAborted()
      return found
    },
    forgetClosed(isOpen) {
      for (const [key, file] of opened)
        void file.then(
          ({ ref }) => !isOpen(ref) && opened.delete(key),
          () => undefined,
        )
    },
  }
}

export function keyOf({ project, path, name = '', stamp = '' }: FileRef): string {
  return JSON.stringify([project, path, name, stamp])
}

async function openFile(ref: FileRef, tree: Tree | undefined, lost: () => void): Promise<OpenFile> {
  const plain = await bytesOf(ref, tree)
  const coverage = makeCoverage(plain.size)
  /** Of a file that is another one by now the next question opens that one. */
  const guard = <T>(cause: T): T => {
    if (cause instanceof ChangedOnDiskError) lost()
    return cause
  }
  return {
    ref,
    name: ref.name ?? ref.path.slice(ref.path.lastIndexOf('/') + 1),
    size: plain.size,
    far: tree !== undefined && tree.host !== '',
    bytes: {
      size: plain.size,
      read(offset, length) {
        try {
          const part = plain.read(offset, length)
          coverage.add(offset, part.length)
          return part
        } catch (cause) {
          throw guard(cause)
        }
      },
      async load(offset, length) {
        if (offset >= plain.size || length <= 0) return new Uint8Array(0)
        try {
          const part = await plain.load(offset, Math.min(length, plain.size - offset))
          coverage.add(offset, part.length)
          return part
        } catch (cause) {
          throw guard(cause)
        }
      },
    },
    read: coverage.read,
    async blob(options = {}) {
      const found = ref.file ?? (await tree?.blob(ref.path, options))
      if (!found) throw gone(ref)
      if (found !== ref.file) coverage.add(0, plain.size)
      return found
    },
    async beside(path, wanted) {
      const found = tree && (await tree.find(path, { signal: wanted }))
      return found && tree?.bytes(path, { signal: wanted })
    },
  }
}

async function bytesOf(ref: FileRef, tree: Tree | undefined): Promise<Bytes> {
  if (ref.file) return fileBytes(ref.path, ref.file)
  const found = await tree?.find(ref.path, { sure: true })
  if (!tree || !found) throw gone(ref)
  return tree.bytes(ref.path)
}

function gone({ path }: FileRef): TrackioError {
  return new TrackioError(
    path,
    'not there: it was moved, renamed or deleted, or never copied here',
    'Look at the list of files as it is now.',
  )
}

import { ChangedOnDiskError } from '../../model/errors.ts'
import { type Bytes, memoryBytes } from '../bytes.ts'
import type { TreeEntry } from '../tree.ts'
import { readInBackground } from './background.ts'

// only workers have it; the page's type library does not name it
declare const FileReaderSync: undefined | (new () => { readAsArrayBuffer(blob: Blob): ArrayBuffer })

/**
 * A File or Blob read in place, range by range. A browser refuses every later slice of a File whose size or
 * time on disk changed (NotReadableError), so a torn read cannot happen: it becomes a ChangedOnDiskError.
 * Where FileReaderSync is missing (outside of workers, as in Node's tests) the file is read to memory first.
 */
export async function fileBytes(name: string, file: Blob): Promise<Bytes> {
  if (typeof FileReaderSync === 'undefined') return memoryBytes(new Uint8Array(await file.arrayBuffer()))
  const reader = new FileReaderSync()
  return {
    size: file.size,
    read(offset, length) {
      try {
        const slice = file.slice(offset, offset + length)
        return whole(reader.readAsArrayBuffer(slice), slice)
      } catch (cause) {
        throw unreadable(name, cause)
      }
    },
    async load(offset, length) {
      try {
        const slice = file.slice(offset, offset + length)
        return whole(await readInBackground(slice), slice)
      } catch (cause) {
        throw unreadable(name, cause)
      }
    },
  }
}

/** A File as a listing has it: what browsers refuse to read after a change has another size or time. */
export function fileEntry(path: string, { size, lastModified }: File): TreeEntry {
  return { path, size, stamp: `${size} ${lastModified}` }
}

/** In Chromium's private windows a File does not die when it changes: what became shorter is read short. */
function whole(buffer: ArrayBuffer, { size }: Blob): Uint8Array {
  if (buffer.byteLength < size) throw new DOMException('', 'NotReadableError')
  return new Uint8Array(buffer)
}

function unreadable(name: string, cause: unknown): Error {
  const why = cause instanceof Error ? cause.name : String(cause)
  if (why === 'NotFoundError')
    return new ChangedOnDiskError(
      name,
      'no longer there: it was moved, renamed or deleted',
      'Choose it again where it is now.',
    )
  if (why === 'NotAllowedError' || why === 'SecurityError') {
    return new ChangedOnDiskError(
      name,
      'the permission to read it was taken back',
      'Choose the file again to allow it.',
    )
  }
  // browsers say NotReadableError for a changed file and for a vanished one alike
  return new ChangedOnDiskError(
    name,
    `changed or vanished while it was read (${why})`,
    'Drop or choose it again to read it as it is now.',
  )
}

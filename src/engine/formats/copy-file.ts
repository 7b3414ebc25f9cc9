import { safePath } from '../../compute/safe-path.ts'
import type { Tree, TreeEntry } from '../../storage/tree.ts'
import type { ProjectFiles } from './project-files.ts'

/** A file of a copy: where it goes, and where its bytes come from. */
export interface CopyFile {
  to: string
  /** Bytes; of a fragment at most so many. */
  size: number
  chunks(signal: AbortSignal | undefined): AsyncIterable<Uint8Array>
}

const PIECE = 4 << 20

/** The folder of a project, which `media/` stands in: '' or a path that ends in `/`. */
export function baseOf({ media }: ProjectFiles): string {
  return media.replace(/media\/$/, '')
}

/** Where a file of a project goes in a copy. */
export function placeInCopy(files: ProjectFiles, path: string): string {
  const base = baseOf(files)
  return safePath(path.startsWith(base) ? path.slice(base.length) : path)
}

/** A file as it is. */
export function copyFile(tree: Tree, files: ProjectFiles, entry: TreeEntry): CopyFile {
  return {
    to: placeInCopy(files, entry.path),
    size: entry.size,
    chunks: (signal) => piecesOf(tree, entry, signal),
  }
}

async function* piecesOf(
  tree: Tree,
  entry: TreeEntry,
  signal?: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  if (entry.size <= PIECE) {
    // one request instead of several
    yield new Uint8Array(await (await tree.blob(entry.path, { signal })).arrayBuffer())
    return
  }
  const bytes = await tree.bytes(entry.path, { signal })
  for (let at = 0; at < bytes.size; at += PIECE) {
    signal?.throwIfAborted()
    yield await bytes.load(at, PIECE)
  }
}

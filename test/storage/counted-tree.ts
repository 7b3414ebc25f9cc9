import type { NamedFile } from '../../src/model/source.ts'
import type { Bytes } from '../../src/storage/bytes.ts'
import type { Tree, TreeEntry } from '../../src/storage/tree.ts'
import { type CountedBytes, countedBytes } from './counted-bytes.ts'

/** A tree in memory that notes what was read of each file. */
export interface CountedTree extends Tree {
  /** By path: the ranges that were asked for, of files that were opened. */
  opened: Map<string, CountedBytes>
  /** Paths of whole files that were asked for, in order. */
  blobs: string[]
  /** Bytes handed out, of one file or of all. */
  bytesOf(path?: string): number
  /** How often something was asked for. */
  requests(): number
  entry(path: string): TreeEntry
}

/**
 * `before`: called before each background range is answered, so that a test can hold it up or make it fail.
 */
export async function countedTree(
  files: readonly NamedFile[],
  before?: (path: string) => Promise<void>,
): Promise<CountedTree> {
  const byPath = new Map(
    await Promise.all(files.map(async ({ path, file }) => [path, await file.bytes()] as const)),
  )
  const entries = files.map(
    ({ path, file }): TreeEntry => ({ path, size: file.size, stamp: `${file.size}:1` }),
  )
  const tree: CountedTree = {
    whole: true,
    host: '',
    opened: new Map(),
    blobs: [],
    list: async () => entries,
    find: async (path) => entries.find((entry) => entry.path === path),
    async bytes(path, options): Promise<Bytes> {
      options?.signal?.throwIfAborted()
      const data = byPath.get(path)
      if (!data) throw new Error(`no file ${path}`)
      const counted = tree.opened.get(path) ?? countedBytes(data)
      tree.opened.set(path, counted)
      if (!before) return counted
      return {
        ...counted,
        async load(offset, length) {
          await before(path)
          return counted.load(offset, length)
        },
      }
    },
    async blob(path) {
      tree.blobs.push(path)
      const found = files.find((one) => one.path === path)
      if (!found) throw new Error(`no file ${path}`)
      return found.file
    },
    received: () => 0,
    bytesOf: (path) =>
      [...tree.opened]
        .filter(([one]) => path === undefined || one === path)
        .reduce((sum, [, one]) => sum + one.bytes(), 0),
    requests: () =>
      [...tree.opened.values()].reduce(
        (sum, { reads, loads }) => sum + reads.length + loads.length,
        tree.blobs.length,
      ),
    entry(path) {
      const found = entries.find((entry) => entry.path === path)
      if (!found) throw new Error(`no file ${path}`)
      return found
    },
  }
  return tree
}

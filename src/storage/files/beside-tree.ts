import type { NamedFile } from '../../model/source.ts'
import type { Tree, WaitOptions } from '../tree.ts'
import { fileBytes, fileEntry } from './file.ts'

/**
 * A tree with files that its listing left out: of a folder that a person gave, media and artifacts are looked for one
 * by one, and listed only for whoever copies all of it. What the tree has itself comes first.
 */
export function withBeside(tree: Tree, files: readonly NamedFile[]): Tree {
  if (files.length === 0) return tree
  const byPath = new Map(files.map(({ path, file }) => [path, file]))
  /** The given one, where the tree has none. */
  const given = async (path: string, options?: WaitOptions): Promise<File | undefined> => {
    const file = byPath.get(path)
    return file && !(await tree.find(path, options)) ? file : undefined
  }
  return {
    ...tree,
    async list(options) {
      const own = await tree.list(options)
      const known = new Set(own.map(({ path }) => path))
      return [
        ...own,
        ...[...byPath].filter(([path]) => !known.has(path)).map(([path, file]) => fileEntry(path, file)),
      ]
    },
    async find(path, options) {
      const file = byPath.get(path)
      return (await tree.find(path, options)) ?? (file && fileEntry(path, file))
    },
    async bytes(path, options) {
      const file = await given(path, options)
      return file ? fileBytes(path, file) : tree.bytes(path, options)
    },
    async blob(path, options) {
      return (await given(path, options)) ?? tree.blob(path, options)
    },
  }
}

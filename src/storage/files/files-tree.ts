import { TrackioError } from '../../model/errors.ts'
import type { NamedFile } from '../../model/source.ts'
import type { Tree } from '../tree.ts'
import { fileBytes, fileEntry } from './file.ts'

/** Files that a person gave, as a tree. `replace` takes the same ones anew, as they are now on disk. */
export interface FilesTree extends Tree {
  replace(files: readonly NamedFile[]): void
}

export function filesTree(files: readonly NamedFile[]): FilesTree {
  let byPath = new Map(files.map((one) => [one.path, one.file]))

  function get(path: string): File {
    const file = byPath.get(path)
    if (!file) throw new TrackioError(path, 'no longer there', 'Choose it again where it is now.')
    return file
  }

  return {
    // a file without its folder says nothing of what stands beside it
    whole: false,
    host: '',
    list: async () => [...byPath].map(([path, file]) => fileEntry(path, file)),
    async find(path) {
      const file = byPath.get(path)
      return file && fileEntry(path, file)
    },
    bytes: (path) => fileBytes(path, get(path)),
    blob: async (path) => get(path),
    received: () => 0,
    replace(next) {
      byPath = new Map(next.map((one) => [one.path, one.file]))
    },
  }
}

import { fileBytes } from '../files/file.ts'
import type { BlockStore } from './block-store.ts'
import { type Folder, openFolder } from './folder.ts'

/**
 * Folders below `root` of this origin's private file system. Undefined where the browser has none, or refuses
 * it to this frame.
 */
export async function opfsStore(root: string): Promise<BlockStore | undefined> {
  let top: Folder
  try {
    top = await openFolder(root)
  } catch {
    return undefined // a cache: everything works without
  }
  return {
    folders: async () =>
      (await top.names('')).filter((name) => name.endsWith('/')).map((name) => name.slice(0, -1)),
    names: top.names,
    async open(folder, name) {
      const file = await top.file(`${folder}/${name}`)
      return file && fileBytes(name, file)
    },
    // in place: a name always has the same bytes, and another tab may be reading them (a File of a private
    // window shows what is there now)
    write: (folder, name, data) => top.put(`${folder}/${name}`, data),
    remove: (folder, name) => top.remove(name === undefined ? folder : `${folder}/${name}`),
  }
}

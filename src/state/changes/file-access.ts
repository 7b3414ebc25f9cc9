import type { WritableFile } from '../../model/change.ts'
import type { OpenSource } from '../sources/source-list.ts'

/** A database on this machine, as the handles that a person gave lead to it. */
export interface FoundFile {
  handle: FileSystemFileHandle
  /** The folder that it lies in; undefined where a file alone was given. */
  folder: FileSystemDirectoryHandle | undefined
}

/** Chromium never answers for folders it deems sensitive (~/.cache, where trackio's is), ms. */
const PATIENCE_MS = 3000
/** Bytes of a database's header, see WritableFile. */
const HEAD = 100

/** Undefined where the browser gave no handle that leads there. */
export async function findFile(
  source: Pick<OpenSource, 'handles'>,
  path: string,
): Promise<FoundFile | undefined> {
  const handles = await Promise.race([
    source.handles,
    new Promise<undefined>((resolve) => setTimeout(resolve, PATIENCE_MS)),
  ])
  const [root = '', ...rest] = path.split('/')
  for (const handle of handles ?? []) {
    if (handle.name !== root) continue
    if (handle instanceof FileSystemFileHandle && rest.length === 0) return { handle, folder: undefined }
    if (!(handle instanceof FileSystemDirectoryHandle)) continue
    let folder = handle
    for (const part of rest.slice(0, -1)) folder = await folder.getDirectoryHandle(part)
    return { handle: await folder.getFileHandle(rest.at(-1) ?? ''), folder }
  }
  return undefined
}

/** Asks the person, inside of a click; the permission lasts as long as the page. */
export async function mayWrite({ handle }: FoundFile): Promise<boolean> {
  // the page's type library does not have it; browsers without it ask when the file is written
  const ask: unknown = Reflect.get(handle, 'requestPermission')
  return (
    typeof ask !== 'function' || (await Reflect.apply(ask, handle, [{ mode: 'readwrite' }])) === 'granted'
  )
}

/** The file as it is now. */
export async function seenNow({ handle }: FoundFile): Promise<WritableFile> {
  const file = await handle.getFile()
  const head = new Uint8Array(await file.slice(0, HEAD).arrayBuffer()).join()
  return { handle, size: file.size, lastModified: file.lastModified, head }
}

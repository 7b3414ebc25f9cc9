import { isData, isUnlisted } from '../../model/data-files.mjs'
import type { NamedFile } from '../../model/source.ts'
import { type Given, nameOf, takeFiles } from './file-input.ts'

/*
 * The browser's own pickers for files and folders (Chromium): what they give can be followed on disk and kept
 * between visits. The page's type library has the handles, not the pickers.
 */

/** Folders deeper than this below a chosen one hold nothing that trackio wrote. */
const DEEPEST = 8

/** What a person picks; undefined when they picked nothing. */
export async function pick(kind: 'file' | 'folder'): Promise<Given | undefined> {
  try {
    const handles =
      kind === 'file'
        ? await call('showOpenFilePicker', { multiple: true, id: 'trackio-lite' })
        : [await call('showDirectoryPicker', { id: 'trackio-lite-folder' })]
    const given = Array.isArray(handles) ? handles.filter((one) => one instanceof FileSystemHandle) : []
    return given.length === 0 ? undefined : await givenOfHandles(given)
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return undefined
    throw error
  }
}

async function call(name: string, options: object): Promise<unknown> {
  const picker: unknown = Reflect.get(window, name)
  return typeof picker === 'function' ? Reflect.apply(picker, window, [options]) : undefined
}

/** Files behind handles, each read anew whenever they are listed. */
export async function givenOfHandles(handles: readonly FileSystemHandle[]): Promise<Given> {
  const files = await listHandles(handles)
  const [first] = handles
  return {
    name: handles.length === 1 && first ? first.name : nameOf(files),
    kind: handles.some(isFolder) ? 'folder' : 'file',
    files,
    handles: Promise.resolve(handles),
    list: () => listHandles(handles),
    ...(handles.some(isFolder) && {
      below: (folder, enter) => filesBelow(handles.filter(isFolder), folder, enter),
    }),
    async find(places) {
      for (const handle of handles) {
        const file = isFolder(handle) ? await findIn(handle, places) : undefined
        if (file) return file
      }
      return undefined
    },
  }
}

async function filesBelow(
  roots: readonly FileSystemDirectoryHandle[],
  folder: string,
  enter: (folder: string) => boolean,
): Promise<NamedFile[]> {
  const [first = '', ...parts] = folder.split('/').filter(Boolean)
  let at = roots.find(({ name }) => name === first)
  for (const part of parts) at = at && (await at.getDirectoryHandle(part).catch(unlessMissing))
  const found: [string, FileSystemFileHandle][] = []
  const walkAll = async (within: FileSystemDirectoryHandle, path: string): Promise<void> => {
    for await (const [name, handle] of within.entries()) {
      if (isFile(handle)) found.push([`${folder}${path}${name}`, handle])
      else if (isFolder(handle) && enter(path + name)) await walkAll(handle, `${path}${name}/`)
    }
  }
  if (at) await walkAll(at, '')
  return filesOf(found)
}

/** Takes it that a folder is not there; any other failure goes on. */
function unlessMissing(error: unknown): undefined {
  if (error instanceof DOMException && /^(NotFound|TypeMismatch)Error$/.test(error.name)) return undefined
  if (error instanceof TypeError) return undefined // a name that no folder can have
  throw error
}

async function listHandles(handles: readonly FileSystemHandle[]): Promise<NamedFile[]> {
  const files = await filesOf(handles.filter(isFile).map((handle) => [handle.name, handle]))
  for (const handle of handles.filter(isFolder)) await walk(handle, handle.name, 0, files)
  return files
}

async function walk(
  folder: FileSystemDirectoryHandle,
  path: string,
  depth: number,
  files: NamedFile[],
): Promise<void> {
  const data: [string, FileSystemFileHandle][] = []
  const folders: [string, FileSystemDirectoryHandle][] = []
  for await (const [name, handle] of folder.entries()) {
    const at = `${path}/${name}`
    if (isFile(handle) && isData(at)) data.push([at, handle])
    else if (isFolder(handle) && depth < DEEPEST && !isUnlisted(`${at}/`)) folders.push([at, handle])
  }
  files.push(...(await filesOf(data)))
  for (const [at, handle] of folders) await walk(handle, at, depth + 1, files)
}

function filesOf(handles: readonly [string, FileSystemFileHandle][]): Promise<NamedFile[]> {
  return takeFiles(handles.map(([path, handle]) => [path, () => handle.getFile()]))
}

async function findIn(root: FileSystemDirectoryHandle, places: readonly string[]): Promise<File | undefined> {
  for (const place of places) {
    const parts = place.split('/')
    try {
      let folder = root
      for (const part of parts.slice(0, -1)) folder = await folder.getDirectoryHandle(part)
      return await (await folder.getFileHandle(parts.at(-1) ?? '')).getFile()
    } catch (error) {
      // no such file, or a name that no file can have
      if (!(error instanceof DOMException || error instanceof TypeError)) throw error
    }
  }
  return undefined
}

function isFile(handle: FileSystemHandle): handle is FileSystemFileHandle {
  return handle.kind === 'file'
}

function isFolder(handle: FileSystemHandle): handle is FileSystemDirectoryHandle {
  return handle.kind === 'directory'
}

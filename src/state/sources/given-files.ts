import { mediaPaths, stripsOf } from '../../compute/media-paths.ts'
import { mayHold, ownPart } from '../../compute/project-files.ts'
import type { FileEntry, FileList } from '../../model/file.ts'
import { canonicalProject } from '../../model/project-name.ts'
import type { NamedFile, ProjectInfo } from '../../model/source.ts'
import type { OpenSource } from './source-list.ts'

/**
 * What the engine lists, and what the page alone knows: of folders that a person gave the engine was handed the data,
 * not what `trackio.save` copied beside them.
 */
export async function withGiven(
  list: FileList,
  sources: readonly OpenSource[],
  isAsked: (project: ProjectInfo) => boolean,
): Promise<FileList> {
  const files = [...list.files]
  let { listed, why } = list
  for (const { info, below } of sources) {
    const asked = info.projects.filter(isAsked)
    if (!below || asked.length === 0) continue
    for (const project of asked) files.push(...(await savedOf(project, below)))
    listed = true
    why = undefined
  }
  return { files, listed, why }
}

/**
 * Media and artifacts of projects, below the folders that a person gave. Folders of other projects are not
 * looked into. Throws AbortError.
 */
export async function restOf(
  sources: readonly OpenSource[],
  isAsked: (project: ProjectInfo) => boolean,
  signal: AbortSignal,
): Promise<NamedFile[]> {
  const found = new Map<string, NamedFile>()
  for (const { info, below } of sources)
    for (const project of below ? info.projects.filter(isAsked) : []) {
      const { file } = project
      const names = isStatic(file)
        ? [undefined]
        : // the file says whose the folder is, as the engine sees it; others than databases are called by their project
          [project.name, file.slice(file.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '')].map(canonicalProject)
      for (const root of ['media/', 'artifacts/']) {
        const files = await below?.(folderOf(file) + root, (path) => {
          signal.throwIfAborted()
          return names.some((name) => mayHold(name, path))
        })
        signal.throwIfAborted()
        for (const one of files ?? []) found.set(one.path, one)
      }
    }
  return [...found.values()]
}

/** Where a file that a logged value of a project names may be below a folder that was given: a static export or not. */
export function mediaPlaces(path: string, project: string): string[] {
  return mediaPaths(path, 'media/', stripsOf(project))
}

async function savedOf(
  { id, name, file: main }: ProjectInfo,
  below: NonNullable<OpenSource['below']>,
): Promise<FileEntry[]> {
  const folder = `${folderOf(main)}media/`
  const project = isStatic(main) ? undefined : canonicalProject(name)
  const given = await below(folder, (path) => {
    const own = ownPart(project, `${path}/`)
    return own === undefined ? mayHold(project, path) : own === '' || own.startsWith('files/')
  })
  return given.flatMap(({ path, file }): FileEntry[] => {
    const own = ownPart(project, path.slice(folder.length))
    if (!own?.startsWith('files/')) return []
    const ref = { project: id, path, file, stamp: `${file.size} ${file.lastModified}` }
    return [{ ref, part: 'saved', path: own.slice('files/'.length), size: file.size }]
  })
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1)
}

/** It has one project, and no folder for it. */
function isStatic(main: string): boolean {
  return /(^|\/)(metrics\.parquet|runs\.json)$/.test(main)
}

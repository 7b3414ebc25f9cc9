import { mayHold, ownPart } from '../../compute/project-files.ts'
import type { FileEntry, FileList } from '../../model/file.ts'
import { canonicalProject } from '../../model/project-name.ts'
import type { ProjectInfo } from '../../model/source.ts'
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

async function savedOf(
  { id, name, file: main }: ProjectInfo,
  below: NonNullable<OpenSource['below']>,
): Promise<FileEntry[]> {
  const folder = `${main.slice(0, main.lastIndexOf('/') + 1)}media/`
  // a static export has one project, and no folder for it
  const project = /(^|\/)(metrics\.parquet|runs\.json)$/.test(main) ? undefined : canonicalProject(name)
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

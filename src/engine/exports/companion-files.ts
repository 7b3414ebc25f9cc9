import { ownPart } from '../../compute/project-files.ts'
import { canonicalProject } from '../../model/project-name.ts'
import type { Tree, TreeEntry } from '../../storage/tree.ts'
import { baseOf } from '../formats/copy-file.ts'
import type { ProjectFiles } from '../formats/project-files.ts'
import { formatOf } from '../formats/registry.ts'
import type { ExportOptions } from './export-options.ts'

/** A project, and where its bytes are. */
export interface ProjectPlace {
  tree: Tree
  files: ProjectFiles
  /** As trackio lists it. */
  project: string
}

/** A media or artifact file beside a project's data. */
export interface Companion {
  entry: TreeEntry
  /** Where a static export has it: without the project's folder. */
  to: string
}

/** Media and artifact files of one project among those of a tree, as far as it lists them. */
export async function companions(
  { tree, files, project }: ProjectPlace,
  signal?: AbortSignal | undefined,
): Promise<Companion[]> {
  const artifacts = `${baseOf(files)}artifacts/`
  const { mediaFolder } = formatOf(files)
  // files of several projects, as log fragments are, do not say whose folder it is
  const own = mediaFolder ? mediaFolder(files) : canonicalProject(project)
  const found: Companion[] = []
  for (const entry of await tree.list({ signal })) {
    const path = entry.path.replaceAll('\\', '/')
    const [folder, root] = path.startsWith(files.media) ? [files.media, 'media/'] : [artifacts, 'artifacts/']
    if (!path.startsWith(folder) || (folder === artifacts && path.includes('.partial.'))) continue
    const within = ownPart(own, path.slice(folder.length))
    if (within !== undefined) found.push({ entry, to: root + within })
  }
  return found
}

/**
 * Media and artifact files as a static export has them, one after the other. Those that belong to other
 * projects stay out.
 */
export async function exportFiles(
  place: ProjectPlace,
  emit: (path: string, blob: Blob) => void | Promise<void>,
  { signal, onProgress }: ExportOptions = {},
): Promise<void> {
  const all = await companions(place, signal)
  const total = all.reduce((sum, { entry }) => sum + entry.size, 0)
  let done = 0
  for (const { entry, to } of all) {
    signal?.throwIfAborted()
    onProgress?.(to, done, total)
    await emit(to, await place.tree.blob(entry.path, { signal }))
    done += entry.size
  }
  onProgress?.('', total, total)
}

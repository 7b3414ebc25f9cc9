import type { FileEntry, FileList, FilePart, FileRef } from '../../model/file.ts'
import type { ProjectInfo } from '../../model/source.ts'
import type { Tree } from '../../storage/tree.ts'
import type { Connector } from '../connectors/connector.ts'
import { companions } from '../exports/companion-files.ts'
import type { OpenDataset } from '../formats/dataset.ts'
import type { ProjectFiles } from '../formats/project-files.ts'
import { formatOf } from '../formats/registry.ts'

/* The list alone is asked for by every page, for the number beside “Files”; what opens them is not fetched for it. */

/** A part of an open source that a project is in. */
export interface FilePlace {
  project: { info: Pick<ProjectInfo, 'id' | 'name'> }
  dataset: Pick<OpenDataset, 'path'>
  source: { connector: Connector; projectFiles: ReadonlyMap<string, ProjectFiles> }
}

/** Where the files of a project lie, laid out like trackio's own folder. */
export function treeOf({ dataset, source }: FilePlace): { tree: Tree; files: ProjectFiles } | undefined {
  const { connector, projectFiles } = source
  const files = projectFiles.get(dataset.path)
  if (!files) return undefined
  if (connector.tree) return { tree: connector.tree, files }
  return connector.filesOf && { tree: connector.filesOf(files), files: { ...files, media: 'media/' } }
}

/** All files of a project, of each source that it is in. */
export async function listFiles(
  places: readonly FilePlace[],
  signal: AbortSignal | undefined,
): Promise<FileList> {
  const lists = await Promise.all(places.map((place) => listOf(place, signal)))
  const unlisted = lists.find(({ listed }) => !listed)
  return { files: lists.flatMap(({ files }) => files), listed: !unlisted, why: unlisted?.why }
}

async function listOf(place: FilePlace, signal: AbortSignal | undefined): Promise<FileList> {
  const { connector } = place.source
  const found = treeOf(place)
  if (!found) return { files: [], listed: false, why: `${connector.name} gives out no files` }
  const { tree, files } = found
  const entries: FileEntry[] = []
  const project = place.project.info.id
  const add = (part: FilePart, path: string, entry: { path: string; size: number; stamp: string }): void => {
    const ref: FileRef = { project, path: entry.path, stamp: entry.stamp }
    entries.push({ ref, part, path, size: Number.isNaN(entry.size) ? undefined : entry.size })
  }
  for (const entry of formatOf(files).own?.(files) ?? []) add('data', entry.path, entry)
  for (const { entry, to } of await companions({ tree, files, project: place.project.info.name }, signal)) {
    const [root, ...rest] = to.split('/')
    const path = rest.join('/')
    if (root !== 'media') add('artifacts', path, entry)
    else if (path.startsWith('files/')) add('saved', path.slice('files/'.length), entry)
    else add('media', path, entry)
  }
  return {
    files: entries,
    listed: tree.whole,
    why: tree.whole
      ? undefined
      : connector.host === ''
        ? 'files that were given one by one say nothing of what stands beside them'
        : `${connector.host} gives out files by their address, and lists none`,
  }
}

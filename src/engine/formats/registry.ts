import type { Tree } from '../../storage/tree.ts'
import type { OpenDataset, OpenOptions } from './dataset.ts'
import type { Format } from './format.ts'
import { fragments } from './fragments/index.ts'
import { parquet } from './parquet/index.ts'
import type { ProjectFiles } from './project-files.ts'
import { registryEvents } from './registry-events/index.ts'
import { sqlite } from './sqlite/index.ts'
import { trackioServer } from './trackio-server/index.ts'

/** In the order in which they claim files. */
export const FORMATS: readonly Format[] = [sqlite, parquet, fragments, registryEvents, trackioServer]

export function formatOf({ format }: ProjectFiles): Format {
  const found = FORMATS.find(({ id }) => id === format)
  if (!found) throw new Error(`formats: none is called ${format}`)
  return found
}

/** Differs whenever a file of the project may differ. */
export function stampOf(files: ProjectFiles): string {
  return formatOf(files).stamp(files)
}

/** Bytes of a project's files, as far as they are listed. */
export function bytesOf(files: ProjectFiles): number {
  return formatOf(files).bytes(files)
}

/** Opens a project of a tree. Throws TrackioError. */
export async function openDataset(
  files: ProjectFiles,
  tree: Tree,
  options: OpenOptions,
): Promise<OpenDataset> {
  options.onProgress?.(`opening ${files.path}`, 0, 0)
  return formatOf(files).open(files, tree, options)
}

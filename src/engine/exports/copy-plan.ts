import { TrackioError } from '../../model/errors.ts'
import type { Tree } from '../../storage/tree.ts'
import { type CopyFile, copyFile } from '../formats/copy-file.ts'
import type { ProjectFiles } from '../formats/project-files.ts'
import { formatOf } from '../formats/registry.ts'
import { companions } from './companion-files.ts'

/**
 * The files that make a complete copy of one part of a source, laid out as trackio's own folder.
 * `withCompanions`: with media and artifacts, where the tree lists them. TrackioError where it has no files.
 */
export async function planCopy(
  tree: Tree,
  files: ProjectFiles,
  withCompanions: boolean,
  signal?: AbortSignal | undefined,
): Promise<CopyFile[]> {
  const { copy, called } = formatOf(files)
  if (!copy) throw new TrackioError(files.path, `${called} has no files that could be copied`)
  const plan = await copy(files, tree, signal)
  if (withCompanions)
    for (const { entry } of await companions(tree, files, signal)) plan.push(copyFile(tree, files, entry))
  return plan
}

import { TrackioError } from '../../model/errors.ts'
import { type CopyFile, copyFile } from '../formats/copy-file.ts'
import { formatOf } from '../formats/registry.ts'
import { companions, type ProjectPlace } from './companion-files.ts'

/**
 * The files that make a complete copy of one part of a source, laid out as trackio's own folder.
 * `withCompanions`: with media and artifacts, where the tree lists them. TrackioError where it has no files.
 */
export async function planCopy(
  place: ProjectPlace,
  withCompanions: boolean,
  signal?: AbortSignal | undefined,
): Promise<CopyFile[]> {
  const { tree, files, project } = place
  const { copy, called } = formatOf(files)
  if (!copy) throw new TrackioError(files.path, `${called} has no files that could be copied`)
  const plan = await copy(files, tree, project, signal)
  if (withCompanions)
    for (const { entry } of await companions(place, signal)) plan.push(copyFile(tree, files, entry))
  return plan
}

import { formatPlural } from '../../compute/format.ts'
import type { RunChange, StoredChange, StoredPlace, WritableFile } from '../../model/change.ts'
import { TrackioError } from '../../model/errors.ts'
import { changeFile } from '../connectors/change-file.ts'
import { openLibrary } from '../connectors/saved.ts'
import { changeTracked } from '../connectors/tracked.ts'
import type { OpenDataset } from '../formats/dataset.ts'
import type { ProjectFiles } from '../formats/project-files.ts'
import { formatOf } from '../formats/registry.ts'
import { listKept, removeKept } from './exports-and-saved.ts'

export async function changeStored(place: StoredPlace, change: StoredChange, id: string): Promise<void> {
  const tracked = place.kind === 'tracked'
  if (change.kind === 'delete-project') {
    // one that is gone already was deleted by whoever asked first
    const { projects, tracked: own } = await listKept()
    if ((tracked ? own : projects).some(({ name }) => name === place.name))
      await removeKept(place.name, tracked)
  } else if (tracked) await changeTracked((writer) => writer.changeRuns(place.name, change, id))
  else await (await openLibrary()).change(place, change, id)
}

/** Changes runs where a server has them, one request each: what fails says how far it came. */
export async function changeThere(
  { renameRun, deleteRun }: Pick<OpenDataset, 'renameRun' | 'deleteRun'>,
  project: string,
  where: string,
  change: RunChange,
): Promise<void> {
  if (change.kind === 'move' || !renameRun || !deleteRun)
    throw new TrackioError(
      where,
      change.kind === 'move'
        ? 'runs cannot be moved there: a server has no such request'
        : 'runs cannot be changed there',
      'Nothing was changed.',
    )
  let done = 0
  for (const run of change.runs) {
    try {
      if (change.kind === 'rename') await renameRun(project, run, change.name)
      else await deleteRun(project, run)
    } catch (cause) {
      if (!(cause instanceof TrackioError) || change.runs.length === 1) throw cause
      const words = `${done} of ${formatPlural(change.runs.length, 'run')} deleted, then ${run.name}: ${cause.message}`
      throw new TrackioError(cause.subject, words, cause.action)
    }
    done++
  }
}

/** Changes runs in a file on this machine. `files`: what the project consists of, as it was listed last. */
export async function changeOnDisk(
  files: ProjectFiles | undefined,
  project: string,
  change: RunChange,
  { file, folder }: { file: WritableFile; folder: FileSystemDirectoryHandle | undefined },
): Promise<void> {
  const path = files?.path ?? project
  const database = files && formatOf(files).database
  if (!database)
    throw new TrackioError(path, 'it is no database, whose runs could be changed', 'Nothing was changed.')
  if (database.waiting(files) > 0)
    throw new TrackioError(
      path,
      'rows of it wait in files of the inbox beside it, where they cannot be changed',
      'Nothing was changed. Have trackio import them first (trackio show does).',
    )
  await changeFile(path, project, change, file, folder)
}

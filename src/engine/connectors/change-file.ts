import type { RunChange, WritableFile } from '../../model/change.ts'
import { TrackioError } from '../../model/errors.ts'
import { canonicalProject } from '../../model/project-name.ts'
import { memoryBytes } from '../../storage/bytes.ts'
import { asSeen, replaceFile } from '../../storage/files/written-file.ts'
import { withScratch } from '../../storage/opfs/scratch.ts'
import { stemOf } from '../formats/project-files.ts'
import { readLog } from '../formats/sqlite/wal.ts'
import { changeCopy } from '../tracking/change-copy.ts'
import { deleteRunsIn, renameRunIn } from '../tracking/change-runs.ts'
import { runTablesOf } from '../tracking/run-tables.ts'

const PIECE = 4 << 20

/**
 * Changes runs of a database on this machine: a copy is changed in one transaction, checked, and put in the
 * file's place. `folder`: where it lies, if the page sees that, for the logs beside it. `project`: as it is listed. Media of deleted
 * runs stay, as trackio leaves them.
 */
export async function changeFile(
  path: string,
  project: string,
  change: RunChange,
  seen: WritableFile,
  folder?: FileSystemDirectoryHandle,
): Promise<void> {
  if (change.kind === 'move')
    throw new TrackioError(
      path,
      'runs of a file are not moved to another file',
      'Keep copies of both projects in this browser, and move them there.',
    )
  await refuseLogs(path, seen, folder)
  const original = await asSeen(path, seen)
  await withScratch(original.size, async (copy) => {
    for (let at = 0; at < original.size; at += PIECE)
      copy.write(new Uint8Array(await original.slice(at, at + PIECE).arrayBuffer()), at)
    await changeCopy(path, copy, (db) => {
      const tables = runTablesOf(db, canonicalProject(stemOf(path)), project)
      if (change.kind === 'rename') renameRunIn(db, tables, path, change.runs[0], change.name)
      else deleteRunsIn(db, tables, change.runs)
    })
    await replaceFile(path, seen, copy, () => refuseLogs(path, seen, folder))
  })
}

/**
 * Rows that are only in the log would be lost with the file it belongs to, and pages of a journal, which takes a
 * half written change back, would be put into the new file. Looked for anew each time: a program may begin to log.
 */
async function refuseLogs(
  path: string,
  { handle }: WritableFile,
  folder: FileSystemDirectoryHandle | undefined,
): Promise<void> {
  const log = await besideIt(folder, `${handle.name}-wal`)
  if (log && log.size > 0) {
    const index = (await readLog(memoryBytes(new Uint8Array(await log.arrayBuffer()))))?.index
    throw new TrackioError(
      path,
      `a log of ${log.size.toLocaleString('en')} bytes lies beside it (${path}-wal${index ? '' : ', nothing of it committed'}): a program that logs has it open, or was killed`,
      'Nothing was changed. Let it finish; after a crash open the file once with trackio (trackio list runs --project …), which takes the log in.',
    )
  }
  // one that is done with may stay, empty or with zeros for a head
  const journal = await besideIt(folder, `${handle.name}-journal`)
  const [first = 0] = new Uint8Array((await journal?.slice(0, 1).arrayBuffer()) ?? [])
  if (first !== 0)
    throw new TrackioError(
      path,
      `a journal lies beside it (${path}-journal): a program writes to it just now, or was killed in the middle`,
      'Nothing was changed. Let it finish; after a crash open the file once with trackio (trackio list runs --project …), which takes back what is half written.',
    )
}

async function besideIt(
  folder: FileSystemDirectoryHandle | undefined,
  name: string,
): Promise<File | undefined> {
  try {
    return await (await folder?.getFileHandle(name))?.getFile()
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'NotFoundError') return undefined
    throw cause
  }
}

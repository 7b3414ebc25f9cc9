import type { Notice } from '../../../model/source.ts'
import type { LoggedRun, ProjectReader, SystemReader } from '../dataset.ts'
import { noKeys } from '../empty-reader.ts'
import { stemOf } from '../project-files.ts'
import { loggedRunOf } from './logged-run.ts'
import type { OpenFile } from './open-file.ts'
import { rowNotices } from './sqlite-notices.ts'
import type { RowReader } from './sqlite-rows.ts'

/**
 * The function that adds the projects which the rows read so far name to `file.projects`. `notices`: what is to
 * be said of the file before any row is read.
 */
export function makeProjects(file: OpenFile, notices: readonly Notice[]): () => void {
  const { path } = file.input
  const readers = new Map<string | null, ProjectReader>()
  return () => {
    const names = new Set<string | null>(
      [...(file.rows?.runs ?? []), ...(file.samples?.runs ?? [])].map((run) => run.project),
    )
    if (names.size === 0) names.add(null)
    for (const name of names) offer(name, name ?? stemOf(path))
  }

  function offer(project: string | null, name: string): void {
    if (readers.has(project)) return
    const reader = makeReader(file, project, () => noticesOf(file, notices))
    readers.set(project, reader)
    // a file that turns out to hold several projects had an unnamed one while nothing was read
    const placeholder =
      project !== null
        ? file.projects.findIndex((p) => p.reader === readers.get(null) && p.reader.runs().length === 0)
        : -1
    const entry = { info: { name, file: path, bytes: file.image.size }, reader }
    if (placeholder >= 0) file.projects[placeholder] = entry
    else file.projects.push(entry)
  }
}

/** `project`: as the rows name it; null where the file holds one. */
function makeReader(file: OpenFile, project: string | null, notices: () => Notice[]): ProjectReader {
  const { rows, input, hasIds } = file
  let system: Promise<SystemReader> | undefined
  const own = (reader: RowReader | undefined): LoggedRun[] =>
    (reader?.runs ?? []).filter((run) => run.project === project).map(loggedRunOf)
  return {
    keys: () => rows?.keys ?? noKeys,
    runs: () => own(rows),
    version: () => (rows?.runs.length ?? 0) * 2 + (file.samples ? 1 : 0),
    samples: () => own(file.samples),
    runTables: () => file.beside.tables,
    hasIds: () => hasIds,
    part: () => project,
    exact: () => file.state === 'done' || file.following,
    readUpTo: () => rows?.lastRowid ?? 0,
    reading() {
      const { state, following, image, lastId, failure } = file
      const count = own(rows).reduce((n, run) => n + run.rows, 0)
      return {
        state: following ? 'done' : state,
        bytes: state === 'done' || following ? image.size : Math.min(file.bytesDone, image.size),
        totalBytes: image.size,
        rows: count,
        // as many as there are ids left: exact, unless runs were deleted among them
        ...(project === null &&
          lastId !== undefined && {
            totalRows: count + Math.max(0, lastId - Math.max(0, rows?.lastRowid ?? 0)),
          }),
        ...(failure && { why: failure.text }),
      }
    },
    notices,
    keepsText: true,
    storedRows: async (logged, range, signal) => {
      const { readStoredRows } = await import('./stored-rows.ts')
      const { image, table } = file
      const run = rows?.runs.find((one) => loggedRunOf(one) === logged)
      return table && rows && run ? readStoredRows({ image, table, rows, run }, range, signal) : []
    },
    // the releases that kept several projects in one file had no such tables
    ...(project === null && {
      countBeside: async () =>
        (await import('./count-tables.ts')).countTables(
          file.image,
          file.schema,
          input.holdFrom !== undefined,
        ),
      tableRows: async (name, signal, onPart, columns) =>
        (await import('./sqlite-table-rows.ts')).readTableRows(
          { image: file.image, schema: file.schema, path: input.path, inbox: input.inbox },
          name,
          { signal, onPart, columns },
        ),
      system() {
        system ??= import('./sqlite-system.ts').then(({ makeSystemReader }) =>
          makeSystemReader(() => ({
            image: file.image,
            schema: file.schema,
            path: input.path,
            inbox: input.inbox,
          })),
        )
        return system
      },
    }),
  }
}

function noticesOf(file: OpenFile, before: readonly Notice[]): Notice[] {
  const { damage, rows, sorter, merged, skippedLines, failure } = file
  const read = { damage, rows, unsortable: sorter?.unsortable() ?? 0, merged, skippedLines }
  return [...before, ...rowNotices(file.input.path, read), ...(failure ? [failure] : [])]
}

import { nextTurn } from '../../../bridge/turn.ts'
import { canonicalProject } from '../../../model/project-name.ts'
import type { Notice } from '../../../model/source.ts'
import { makeKeyTable } from '../../columns/scan.ts'
import { sortByTime, trim } from '../../columns/series-store.ts'
import type { SystemReader } from '../dataset.ts'
import { newFragments, type SystemFragment } from '../fragments/fragments.ts'
import { orAborted } from '../or-aborted.ts'
import { stemOf } from '../project-files.ts'
import type { Image } from './database-image.ts'
import { makePages } from './database-image.ts'
import { storedLogIds } from './inbox.ts'
import { loggedRunOf } from './logged-run.ts'
import { isSameTable } from './schema.ts'
import { rowNotices } from './sqlite-notices.ts'
import { makeRowReader, type RowReader } from './sqlite-rows.ts'
import type { Table } from './sqlite-table.ts'
import type { TablesOf } from './sqlite-table-rows.ts'

/** Of a large file its pages lie among all others; the first are here soon all the same. */
const READ = { block: 1 << 20, keep: 16, ahead: 3 }
/** A slice of reading, and how often it is told of, ms. */
const SLICE_MS = 12
const TELL_MS = 250

/** Where a database has no such table, rows of the inbox stand as if in this one. */
const NO_TABLE: Table = {
  name: 'system_metrics',
  root: 0,
  columns: ['run_id', 'run_name', 'timestamp', 'metrics'],
  rowidColumn: -1,
}

/**
 * The table system_metrics of a database, read like its metrics, payloads as they lie in the file; `now`: the
 * database as it was last looked at. Rows that were added since are read on from the last one. Other changes
 * (a run renamed or deleted) change the metrics too, for which the whole file is opened anew.
 */
export function makeSystemReader(now: () => TablesOf): SystemReader {
  let rows: RowReader | undefined
  let table: Table | undefined
  let read: Image | undefined
  let merged = 0
  let made = 0
  let going: Promise<void> | undefined
  let waiting = 0
  const noKeys = makeKeyTable()

  return {
    keys: () => rows?.keys ?? noKeys,
    runs: () => (rows?.runs ?? []).map(loggedRunOf),
    version: () => made * 1e6 + (rows?.runs.length ?? 0),
    notices,
    done: isRead,
    async update(onProgress, signal) {
      signal?.throwIfAborted()
      waiting++
      try {
        while (going || !isRead()) {
          going ??= readOn(onProgress).finally(() => {
            going = undefined
          })
          await orAborted(going, signal)
        }
      } finally {
        waiting--
      }
    },
  }

  function isRead(): boolean {
    return read === now().image
  }

  async function readOn(onProgress: (rows: number) => void): Promise<void> {
    const { image, schema, path, inbox } = now()
    const there = schema.tables.get('system_metrics')
    const waitingRows = ((await inbox?.())?.system ?? []).filter(
      ({ project }) => project === canonicalProject(stemOf(path)),
    )
    // rows of the inbox move into the database, and their place cannot be told from a number
    if (!rows || merged > 0 || !isSameTable(table, there)) {
      rows = there || waitingRows.length > 0 ? makeRowReader(there ?? NO_TABLE) : undefined
      table = there
      merged = 0
      made++
    }
    if (!rows) {
      read = image
      return
    }
    if (there) await readTable(rows, image, onProgress)
    if (waiting === 0) return
    if (waitingRows.length > 0) merged = await append(rows, image, there, waitingRows)
    for (const { columns } of rows.runs) {
      if (!columns.ordered) sortByTime(columns)
      // what is followed keeps the room that doubling left for its next rows
      if (read === undefined) trim(columns)
    }
    read = image
  }

  async function readTable(
    reader: RowReader,
    image: Image,
    onProgress: (rows: number) => void,
  ): Promise<void> {
    let sliceEnds = performance.now() + SLICE_MS
    let tellAt = performance.now() + TELL_MS
    await reader.read(makePages(image, READ), {
      ...(reader.rows > 0 && { after: reader.lastRowid }),
      stop: () => waiting === 0,
      pauseDue: () => performance.now() > sliceEnds,
      async pause() {
        if (performance.now() > tellAt) {
          onProgress(reader.rows)
          tellAt = performance.now() + TELL_MS
        }
        await nextTurn()
        sliceEnds = performance.now() + SLICE_MS
      },
    })
  }

  async function append(
    reader: RowReader,
    image: Image,
    there: Table | undefined,
    all: readonly SystemFragment[],
  ): Promise<number> {
    const ids = all.flatMap(({ logId }) => logId ?? [])
    const fresh = newFragments(
      all,
      there ? await storedLogIds('system_metrics', there, image, ids) : new Set<string>(),
    )
    const hasIds = (there ?? NO_TABLE).columns.some((column) => column.toLowerCase() === 'run_id')
    for (const { id, name, timestamp, payload } of fresh)
      reader.append({ id: hasIds ? id : null, name, timestamp, step: Number.NaN, payload })
    return fresh.length
  }

  function notices(): Notice[] {
    const told = rowNotices(now().path, { damage: [], rows, unsortable: 0, merged, skippedLines: 0 })
    return told.map((notice) => ({ ...notice, text: `system metrics: ${notice.text}` }))
  }
}

import type { Notice } from '../../model/source.ts'
import type { Damage } from '../formats/sqlite/btree.ts'
import { copySize } from '../formats/sqlite/checkpointed.ts'
import { type Image, makePages, type PagesOptions } from '../formats/sqlite/database-image.ts'
import { type DatabaseSource, schemaOf } from '../formats/sqlite/database-source.ts'
import { fetched } from './database-file.ts'
import { makeColumns } from './export-columns.ts'
import type { ExportOptions } from './export-options.ts'
import { eachRow, type TableQuery, type TableRow } from './export-rows.ts'
import { TABLES } from './export-tables.ts'
import { DEFAULT_SETTINGS, type ExportSettings, makeRunList } from './runs-json.ts'
import { makeTableWriter } from './table-writer.ts'

export interface ParquetOptions extends ExportOptions {
  /**
   * `static`: metrics.parquet, aux/…, runs.json, settings.json, what trackio's static Spaces read. `dataset`:
   * `<project>.parquet` and `<project>_….parquet`, what trackio's own importer reads; it has no place for
   * alerts.
   */
  layout?: 'static' | 'dataset'
  /**
   * Tables that are wanted, by their names in the database; all without it. With it, there is no runs.json
   * and no settings.json.
   */
  tables?: readonly string[]
  settings?: ExportSettings
}

/**
 * Writes a project as trackio exports it: a column for each logged key, real doubles for NaN and the
 * infinities, null for "not logged". `emit` gets each file as it is done; a table without rows has none.
 * Resolves with what a person should know of: columns of mixed types (which trackio cannot export at all:
 * they are JSON text here), rounded integers, rows left out. Throws AbortError, or TrackioError where reading
 * failed.
 */
export async function exportParquet(
  from: DatabaseSource,
  project: string,
  emit: (path: string, blob: Blob) => void | Promise<void>,
  options: ParquetOptions = {},
): Promise<Notice[]> {
  const { layout = 'static', tables, settings = DEFAULT_SETTINGS } = options
  const notices: Notice[] = []
  const runs = makeRunList()
  // every row is read twice, but comes over the network once
  const source = from.remote ? await fetched(from, options) : from
  if (source.image) {
    const schema = await schemaOf(source.image)
    const work = workOf(source.image, source.path, options)
    work.damage.push(...schema.damage)
    for (const plan of TABLES) {
      const table = schema.tables.get(plan.table)
      const path =
        layout === 'static' ? plan.path : plan.suffix !== undefined && `${project}${plan.suffix}.parquet`
      if (!table || !path || (tables && !tables.includes(plan.table))) continue
      const columns = makeColumns(table, plan, runs)
      work.start(path)
      await work.scan({ table, json: plan.json, project }, columns.look)
      if (columns.rows() === 0) continue
      notices.push(...columns.notices(path))
      const writer = makeTableWriter(columns.columns(), columns.rows(), columns.note())
      await work.scan({ table, json: plan.json, project }, (row) => {
        columns.fill(row, writer.set)
        writer.next(row.bytes)
      })
      await emit(path, writer.finish())
    }
    notices.push(...work.notices())
  }
  if (layout === 'static' && !tables) {
    await emit('runs.json', json(runs.entries()))
    await emit('settings.json', json(settings))
  }
  return notices
}

function json(value: unknown): Blob {
  return new Blob([JSON.stringify(value)], { type: 'application/json' })
}

/** Reads tables of an image, and keeps count. */
function workOf(image: Image, subject: string, { signal, onProgress }: ExportOptions) {
  const damage: Damage[] = []
  // each table is read twice, and the metrics are nearly all there is
  const total = 2 * copySize(image)
  let done = 0
  let what = ''
  return {
    damage,
    start(path: string): void {
      what = path
    },
    async scan(query: TableQuery, onRow: (row: TableRow) => void): Promise<void> {
      signal?.throwIfAborted()
      const pages = makePages(image, query.table.name.toLowerCase() === 'metrics' ? throughOf(image) : SMALL)
      const tell = (): void => onProgress?.(what, Math.min(total, done + pages.bytesRead), total)
      const found: Damage[] = []
      await eachRow(pages, query, onRow, found, { signal, onPause: tell })
      tell()
      done += pages.bytesRead
      for (const one of found) if (!damage.some((known) => known.page === one.page)) damage.push(one)
    },
    notices(): Notice[] {
      if (damage.length === 0) return []
      const first = damage.slice(0, 3).map(({ page, why }) => `page ${page} (${why})`)
      const more = damage.length > 3 ? ` and ${damage.length - 3} more pages` : ''
      return [
        {
          level: 'warn',
          subject,
          text: `damaged: ${first.join(', ')}${more}; the rows on the other pages are exported`,
        },
      ]
    },
  }
}

/**
 * For tables that may be as small as a page: reading ahead as for the metrics would read much of the file for
 * each.
 */
const SMALL: PagesOptions = { block: 1 << 20, keep: 8, ahead: 1 }

/**
 * Four blocks are read side by side: all of a small file, pieces of a large one. A power of two, so whole
 * pages.
 */
function throughOf(image: Image): PagesOptions {
  let block = 1 << 20
  while (block < 16 << 20 && block * 4 < image.db.size) block *= 2
  return { block, keep: 5, ahead: 3 }
}

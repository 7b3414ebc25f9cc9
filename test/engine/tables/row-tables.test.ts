import { describe, expect, test } from 'vitest'
import type { ProjectReader } from '../../../src/engine/formats/dataset.ts'
import { layoutOf } from '../../../src/engine/formats/layout.ts'
import { openDataset } from '../../../src/engine/formats/registry.ts'
import { openDatabase } from '../../../src/engine/formats/sqlite/database.ts'
import {
  ROW_TABLES,
  type RowTableName,
  type TableRows,
  textIn,
} from '../../../src/engine/formats/table-rows.ts'
import type { NamedFile } from '../../../src/model/source.ts'
import { filesTree } from '../../../src/storage/files/files-tree.ts'
import { databasesOf, exported as exportedOf, openFixture } from '../exports/sources.ts'
import { filesOf, namedFile } from '../golden-fixtures.ts'

/* Tables beside the metrics as the formats give them, beside what SQLite reads of the databases. */

const NAMES = Object.keys(ROW_TABLES) as RowTableName[]
const databases = ['v0.43.0', 'v0.36.0', 'cross-0.43.0', 'v0.1.1'].flatMap(databasesOf)

describe.each(databases)('$project of $folder', (fixture) => {
  test('has the rows that SQLite reads, in the order of their ids', async () => {
    const { reader } = await opened(fixture.files, fixture.project)
    const { image } = await openFixture(fixture)
    if (!image) throw new Error('no database')
    const sqlite = await openDatabase(image)
    const columnsOf = (table: string) => sqlite.rows(`SELECT name FROM pragma_table_info('${table}')`).flat()
    for (const name of NAMES) {
      const there = columnsOf(name)
      const table = await reader.tableRows?.(name)
      if (there.length === 0) {
        expect(table, name).toBeUndefined()
        continue
      }
      const columns: readonly string[] = ROW_TABLES[name]
      const texts = columns.map((one) => (there.includes(one) ? `CAST("${one}" AS TEXT)` : 'NULL'))
      expect(rowsOf(table, columns), name).toEqual(
        sqlite.rows(`SELECT ${texts.join(', ')} FROM ${name} ORDER BY rowid`),
      )
      expect(table?.notices).toEqual([])
    }
    sqlite.close()
  })
})

test('a Parquet export has the rows of the database that it was made of', async () => {
  const fixture = databasesOf('v0.43.0').find(({ project }) => project === 'demoprojectv4ö')
  if (!fixture) throw new Error('no fixture')
  const database = await opened(filesOf('v0.43.0', /\.db$/), fixture.project)
  const { files } = await exportedOf(await openFixture(fixture), fixture.project)
  const given = await Promise.all(
    [...files].map(async ([path, blob]) => namedFile(path, new Uint8Array(await blob.arrayBuffer()))),
  )
  const exported = await opened(given, fixture.project)
  const names: RowTableName[] = [
    ...(['artifacts', 'artifact_versions', 'artifact_aliases', 'run_artifact_links'] as const),
    ...(['traces', 'system_metrics', 'configs'] as const),
  ]
  for (const name of names) {
    const [wanted, found] = await Promise.all(
      [database, exported].map(({ reader }) => reader.tableRows?.(name)),
    )
    expect(found?.rows, name).toBeGreaterThan(0)
    expect(found?.rows, name).toBe(wanted?.rows)
    for (const column of ROW_TABLES[name]) {
      const values = (table: TableRows | undefined) => table?.columns[column]?.map(parsed)
      expect(values(found), `${name}.${column}`).toEqual(values(wanted))
    }
  }
  expect(await exported.reader.tableRows?.('project_metadata')).toBeUndefined()
})

async function opened(given: NamedFile[], project: string): Promise<{ reader: ProjectReader }> {
  const tree = filesTree(given)
  const files = (await layoutOf(await tree.list(), { name: project, prefer: 'database' })).find(
    (one) => one.project === project,
  )
  if (!files) throw new Error(`no ${project}`)
  const dataset = await openDataset(files, tree, {})
  await dataset.read(() => {}, true)
  const [only] = dataset.projects
  if (!only) throw new Error(`nothing in ${files.path}`)
  return only
}

function rowsOf(table: TableRows | undefined, columns: readonly string[]): (string | null)[][] {
  if (!table) return []
  return Array.from({ length: table.rows }, (_, row) => columns.map((column) => textIn(table, column, row)))
}

/**
 * A payload as a value, whether it is stored as text or not. Members that are null are none in Parquet, and
 * what is text in JSON for want of a number is one there.
 */
function parsed(value: unknown): unknown {
  if (typeof value !== 'string' || !/^[[{]/.test(value)) return withoutNulls(value)
  return withoutNulls(JSON.parse(value))
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (value === null || typeof value !== 'object') return value
  const members = Object.entries(value).map(([key, member]) => [key, withoutNulls(member)] as const)
  return Object.fromEntries(members.filter(([, member]) => member !== null))
}

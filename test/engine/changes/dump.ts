import type { WritableDatabase } from '../../../src/engine/tracking/writable.ts'

/** Rows of every table, each as one text of its columns with their storage classes: `run_name text 72756e`. */
export type Dump = Map<string, string[]>

/** All that a database holds, its schema and version too. */
export function dumpOf(db: WritableDatabase): Dump {
  const dump: Dump = new Map()
  dump.set(
    'schema',
    db.rows('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY rowid').map(String),
  )
  dump.set('version', db.rows('PRAGMA user_version').map(String))
  for (const table of tablesOf(db)) {
    const columns = db.rows('SELECT name FROM pragma_table_info(?)', [table]).map(([name]) => String(name))
    const parts = columns.map((name) => `'${name} ' || typeof("${name}") || ' ' || hex("${name}")`)
    const rows = db.rows(`SELECT rowid, ${parts.join(', ')} FROM "${table}" ORDER BY rowid`)
    dump.set(
      table,
      rows.map((row) => row.join('\n')),
    )
  }
  return dump
}

export function tablesOf(db: WritableDatabase): string[] {
  return db
    .rows(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_stat%' ORDER BY name",
    )
    .map(([name]) => String(name))
}

/** `run_name text 72756e` of a row. */
export function cell(row: string, column: string): { type: string; value: string } | undefined {
  const found = row.split('\n').find((part) => part.startsWith(`${column} `))
  const [, type = '', hex = ''] = found?.slice(column.length).split(' ') ?? []
  return found === undefined ? undefined : { type, value: Buffer.from(hex, 'hex').toString('utf8') }
}

export function without(row: string, column: string): string {
  return row
    .split('\n')
    .filter((part) => !part.startsWith(`${column} `))
    .join('\n')
}

import { cellCount, type Damage, type WalkOptions, walkTable } from './btree.ts'
import type { Pages } from './database-image.ts'
import {
  beginLeaf,
  leafDamage,
  makeCursor,
  makeLeafCheck,
  numberOf,
  type RecordCursor,
  readCell,
  readLongCell,
  rowGoesBack,
  textOf,
} from './record.ts'
import { columnDamage, entryDamage, type SchemaEntry, tableName } from './schema-check.ts'
import type { Table } from './sqlite-table.ts'

export interface Schema {
  /** By lower-case name. */
  tables: Map<string, Table>
  indexes: { name: string; table: string; sql: string; root: number }[]
  damage: Damage[]
}

/**
 * Reads sqlite_schema, tolerating damage: a table whose entry is readable is found even when SQLite gives up
 * on the file.
 */
export async function readSchema(pages: Pages): Promise<Schema> {
  const schema: Schema = { tables: new Map(), indexes: [], damage: [] }
  const roots = new Set<number>()
  const damaged = (why: string): void => void schema.damage.push({ page: 1, why })
  await readRows(
    pages,
    1,
    (row) => {
      const entry: SchemaEntry = {
        type: textOf(row, 0),
        name: textOf(row, 1),
        table: textOf(row, 2),
        root: numberOf(row, 3),
        sql: textOf(row, 4),
      }
      const { type, name, table, root, sql } = entry
      const why = entryDamage(entry, pages.image.pageCount)
      if (why) damaged(why)
      else if (root > 0 && roots.has(root))
        damaged(`in the list of tables, ${name} lies where another one does`)
      roots.add(root)
      if (!name || !sql) return
      if (type === 'index') schema.indexes.push({ name, table: table ?? '', sql, root })
      if (type !== 'table' || !(root > 0)) return
      const called = tableName(entry)
      schema.tables.set(called.toLowerCase(), {
        name: called,
        root,
        ...columnsOf(sql),
        defaults: defaultsOf(sql),
      })
    },
    schema.damage,
  )
  const metrics = schema.tables.get('metrics')
  const indexed = schema.indexes
    .filter(({ table }) => table.toLowerCase() === 'metrics')
    .flatMap(({ sql }) => definitionsOf(sql))
  const why =
    metrics &&
    columnDamage(
      metrics,
      indexed.map(({ name }) => name.toLowerCase()),
    )
  if (why) damaged(why)
  return schema
}

/** The same rows in the same columns at the same place. */
export function isSameTable(a: Table | undefined, b: Table | undefined): boolean {
  return (
    a?.root === b?.root &&
    a?.rowidColumn === b?.rowidColumn &&
    a?.columns.join('\n') === b?.columns.join('\n')
  )
}

/**
 * Pages of a small table that are read side by side. They lie all over a large file: the configs of 100 runs
 * are in 46 places of a database of 2 GB.
 */
const AHEAD = 16

/**
 * All rows of a table, in row order; damaged pages are passed over and added to `damage`. `pace`: how a large
 * table gives way to other work between pages.
 */
export async function readRows(
  pages: Pages,
  root: number,
  onRow: (row: RecordCursor) => void,
  damage: Damage[],
  after?: number,
  pace?: Pick<WalkOptions, 'pauseDue' | 'pause'>,
): Promise<void> {
  const row = makeCursor()
  const check = makeLeafCheck()
  await walkTable(pages, root, {
    after,
    ahead: AHEAD,
    onLeaf: async (page, most) => {
      const { bytes, at } = pages
      beginLeaf(check)
      for (let i = 0; i < cellCount(bytes, at, page); i++) {
        const read =
          readCell(row, pages, bytes, at, page, i) ||
          (row.missing > 0 && (await readLongCell(row, pages, bytes, at, i, page)))
        if (!read) {
          check.garbled++
          continue
        }
        check.used += row.size
        const fresh = row.rowid > check.last || rowGoesBack(check, bytes, at, page, i)
        check.last = row.rowid
        if (fresh && (after === undefined || row.rowid > after)) onRow(row)
      }
      const why = leafDamage(check, pages, bytes, at, page, most)
      if (why) damage.push({ page, why })
    },
    onDamage: (d) => damage.push(d),
    stop: () => false,
    pauseDue: pace?.pauseDue ?? (() => false),
    pause: pace?.pause ?? (async () => {}),
  })
}

/** The row with this id, or undefined. */
export async function findRow(pages: Pages, root: number, rowid: number): Promise<RecordCursor | undefined> {
  let found: RecordCursor | undefined
  let ended = false
  await walkTable(pages, root, {
    after: rowid - 1,
    onLeaf: async (page) => {
      const row = makeCursor()
      const { bytes, at } = pages
      for (let i = 0; i < cellCount(bytes, at, page); i++) {
        const read =
          readCell(row, pages, bytes, at, page, i) ||
          (row.missing > 0 && row.rowid === rowid && (await readLongCell(row, pages, bytes, at, i, page)))
        if (read && row.rowid === rowid) {
          found = row
          break
        }
        if (row.rowid >= rowid) break
      }
      ended = true
    },
    onDamage: () => {},
    stop: () => ended,
    pauseDue: () => false,
    pause: async () => {},
  })
  return found
}

/** The greatest id that a row of metrics was ever given, where that costs no read. */
export async function lastIdIn(pages: Pages, schema: Schema): Promise<number | undefined> {
  const root = schema.tables.get('sqlite_sequence')?.root
  if (root === undefined || !(pages.peek(root) || pages.image.overlay.has(root))) return undefined
  let last: number | undefined
  const onRow = (row: RecordCursor): void => {
    if (textOf(row, 0) === 'metrics') last = numberOf(row, 1)
  }
  await readRows(pages, root, onRow, [])
  return last
}

/**
 * Column names of a CREATE TABLE statement as SQLite keeps it, ALTER-added columns included. Handles quoted
 * names, comments, nested parentheses and table constraints; types and defaults are not looked at.
 */
export function columnsOf(sql: string): { columns: string[]; rowidColumn: number } {
  const columns: string[] = []
  const integerColumns = new Set<number>()
  let rowidColumn = -1
  for (const { part, name, bare, rest } of definitionsOf(sql)) {
    if (bare && /^(constraint|primary|unique|check|foreign)$/i.test(bare)) {
      const key = /primary\s+key\s*\(\s*["'`[]?(\w+)["'`\]]?\s*\)/i.exec(part)?.[1]
      const at = columns.findIndex((c) => c.toLowerCase() === key?.toLowerCase())
      if (at >= 0 && integerColumns.has(at)) rowidColumn = at
      continue
    }
    if (/^integer\b(?!\s*\()/i.test(rest)) integerColumns.add(columns.length)
    if (/^integer\s+primary\s+key\b(?!\s+desc)/i.test(rest)) rowidColumn = columns.length
    columns.push(name)
  }
  return { columns, rowidColumn }
}

/** Literal defaults by column, which is all that ALTER TABLE ADD COLUMN takes. */
function defaultsOf(sql: string): Map<string, string | number> {
  const defaults = new Map<string, string | number>()
  for (const { name, rest } of definitionsOf(sql)) {
    const text = /\bdefault\s+('(?:[^']|'')*'|[-+]?[\d.]+(?:e[-+]?\d+)?\b)/i.exec(rest)?.[1]
    if (text)
      defaults.set(name, text.startsWith("'") ? text.slice(1, -1).replaceAll("''", "'") : Number(text))
  }
  return defaults
}

/**
 * Each part of a CREATE TABLE statement: the name it starts with (`bare` when unquoted), and what follows.
 */
function definitionsOf(
  sql: string,
): { part: string; name: string; bare: string | undefined; rest: string }[] {
  return splitTopLevel(sql.slice(sql.indexOf('(') + 1, sql.lastIndexOf(')'))).flatMap((part) => {
    const match =
      /^(?:"((?:[^"]|"")*)"|\[([^\]]*)\]|`((?:[^`]|``)*)`|'((?:[^']|'')*)'|([^\s(]+))\s*([\s\S]*)$/.exec(part)
    if (!match) return []
    const bare = match[5]
    const name =
      match[1]?.replaceAll('""', '"') ??
      match[2] ??
      match[3]?.replaceAll('``', '`') ??
      match[4]?.replaceAll("''", "'") ??
      bare ??
      ''
    return [{ part, name, bare, rest: match[6] ?? '' }]
  })
}

function splitTopLevel(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let part = ''
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string
    if (c === '-' && text[i + 1] === '-') {
      while (i < text.length && text[i] !== '\n') i++
      continue
    }
    if (c === '/' && text[i + 1] === '*') {
      i = text.indexOf('*/', i + 2) + 1
      if (i === 0) break
      continue
    }
    if (c === '"' || c === "'" || c === '`' || c === '[') {
      const close = c === '[' ? ']' : c
      const end = text.indexOf(close, i + 1)
      part += text.slice(i, end + 1)
      i = end < 0 ? text.length : end
      continue
    }
    if (c === '(') depth++
    if (c === ')') depth--
    if (c === ',' && depth === 0) {
      parts.push(part.trim())
      part = ''
    } else part += c
  }
  if (part.trim()) parts.push(part.trim())
  return parts
}

import { type Damage, walkTable } from './btree.ts'
import type { Pages } from './image.ts'
import { cellCount, makeCursor, numberOf, type RecordCursor, readCell, readLongCell, textOf } from './record.ts'

export interface Table {
  name: string
  root: number
  columns: string[]
  /** Column that is another name of the row id (`id INTEGER PRIMARY KEY`), which records store as NULL; −1 if none. */
  rowidColumn: number
}

export interface Schema {
  /** By lower-case name. */
  tables: Map<string, Table>
  indexes: { name: string; table: string; sql: string }[]
  damage: Damage[]
}

/** Reads sqlite_schema, tolerating damage: a table whose entry is readable is found even when SQLite gives up on the file. */
export async function readSchema(pages: Pages): Promise<Schema> {
  const schema: Schema = { tables: new Map(), indexes: [], damage: [] }
  await readRows(
    pages,
    1,
    (row) => {
      const [type, name, table, root, sql] = [textOf(row, 0), textOf(row, 1), textOf(row, 2), numberOf(row, 3), textOf(row, 4)]
      if (!name || !sql) return
      if (type === 'index') schema.indexes.push({ name, table: table ?? '', sql })
      if (type === 'table' && root > 0) schema.tables.set(name.toLowerCase(), { name, root, ...columnsOf(sql) })
    },
    schema.damage,
  )
  return schema
}

/** All rows of a small table, in row order; damaged pages are passed over and added to `damage`. */
export async function readRows(
  pages: Pages,
  root: number,
  onRow: (row: RecordCursor) => void,
  damage: Damage[],
  after?: number,
): Promise<void> {
  const row = makeCursor()
  await walkTable(pages, root, {
    after,
    onLeaf: async (page) => {
      const { bytes, at } = pages
      const count = cellCount(bytes, at, page)
      let lost = 0
      for (let i = 0; i < count; i++) {
        const read = readCell(row, pages, bytes, at, page, i) || (row.missing > 0 && (await readLongCell(row, pages, bytes, at, i, page)))
        if (!read) lost++
        else if (after === undefined || row.rowid > after) onRow(row)
      }
      if (lost > 0) damage.push({ page, why: `${lost} of ${count} rows are garbled` })
    },
    onDamage: (d) => damage.push(d),
    stop: () => false,
    pauseDue: () => false,
    pause: async () => {},
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

/**
 * Column names of a CREATE TABLE statement as SQLite keeps it, ALTER-added columns included. Handles quoted names,
 * comments, nested parentheses and table constraints; types and defaults are not looked at.
 */
export function columnsOf(sql: string): { columns: string[]; rowidColumn: number } {
  const open = sql.indexOf('(')
  const columns: string[] = []
  const integerColumns = new Set<number>()
  let rowidColumn = -1
  for (const part of splitTopLevel(sql.slice(open + 1, sql.lastIndexOf(')')))) {
    const match = /^(?:"((?:[^"]|"")*)"|\[([^\]]*)\]|`((?:[^`]|``)*)`|'((?:[^']|'')*)'|([^\s(]+))\s*([\s\S]*)$/.exec(part)
    if (!match) continue
    const bare = match[5]
    const rest = match[6] ?? ''
    if (bare && /^(constraint|primary|unique|check|foreign)$/i.test(bare)) {
      const key = /primary\s+key\s*\(\s*["'`[]?(\w+)["'`\]]?\s*\)/i.exec(part)?.[1]
      const at = columns.findIndex((c) => c.toLowerCase() === key?.toLowerCase())
      if (at >= 0 && integerColumns.has(at)) rowidColumn = at
      continue
    }
    const name =
      match[1]?.replaceAll('""', '"') ?? match[2] ?? match[3]?.replaceAll('``', '`') ?? match[4]?.replaceAll("''", "'") ?? bare ?? ''
    if (/^integer\b(?!\s*\()/i.test(rest)) integerColumns.add(columns.length)
    if (/^integer\s+primary\s+key\b(?!\s+desc)/i.test(rest)) rowidColumn = columns.length
    columns.push(name)
  }
  return { columns, rowidColumn }
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

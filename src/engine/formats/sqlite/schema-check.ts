import type { Table } from './sqlite-table.ts'

/*
 * What SQLite calls a malformed schema, as far as it bears on what is read here: an entry of the list of
 * tables that contradicts itself, and a metrics table whose columns were renamed by damage. A table whose
 * entry is damaged is read all the same where it is certain what it is.
 */

/** A row of sqlite_schema. */
export interface SchemaEntry {
  type: string | null
  name: string | null
  table: string | null
  root: number
  sql: string | null
}

const TYPES = ['table', 'index', 'view', 'trigger']
const STATEMENT =
  /^CREATE\s+(?:UNIQUE\s+|VIRTUAL\s+)?(TABLE|INDEX|VIEW|TRIGGER)\s+(?:"((?:[^"]|"")*)"|\[([^\]]*)\]|`((?:[^`]|``)*)`|'((?:[^']|'')*)'|([^\s("'`[]+))/i

/** What contradicts itself in an entry; undefined when nothing does. `pages`: how many pages the file has. */
export function entryDamage(
  { type, name, table, root, sql }: SchemaEntry,
  pages: number,
): string | undefined {
  const called = `in the list of tables, the entry of ${name ?? table ?? 'nothing'}`
  if (type === null || !TYPES.includes(type)) return `${called} is neither table nor index`
  if (!name || !table) return `${called} has no name`
  // SQLite makes indexes by itself for UNIQUE columns, and keeps no SQL of them
  if (sql === null)
    return type === 'index' && name.startsWith('sqlite_autoindex_')
      ? undefined
      : `${called} does not say what it is`
  const match = STATEMENT.exec(sql)
  if (!match || match[1]?.toLowerCase() !== type) return `${called} does not say that it makes a ${type}`
  const isVirtual = /^CREATE\s+VIRTUAL/i.test(sql)
  if ((type === 'table' && !isVirtual) || type === 'index')
    if (!Number.isInteger(root) || root < 2 || root > pages) return `${called} lies outside of the file`
  const made = nameIn(match)
  if (!same(made, name) || (type === 'table' && !same(made, table)))
    return `${called} calls it ${[...new Set([name, table, made])].join(', ')}`
  return undefined
}

/** Name of a table by its entry: the one that two of its three places agree on, else the first. */
export function tableName({ name, table, sql }: SchemaEntry): string {
  const match = STATEMENT.exec(sql ?? '')
  const made = match ? nameIn(match) : ''
  return !same(name ?? '', made) && same(table ?? '', made) ? made : (name ?? table ?? made)
}

function nameIn(match: RegExpExecArray): string {
  const [, , double, square, back, single, bare] = match
  return (
    double?.replaceAll('""', '"') ??
    square ??
    back?.replaceAll('``', '`') ??
    single?.replaceAll("''", "'") ??
    bare ??
    ''
  )
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

/** Columns of trackio's metrics since 0.0.1. */
const KNOWN = [
  'id',
  'timestamp',
  'project_name',
  'run_id',
  'run_name',
  'step',
  'metrics',
  'log_id',
  'space_id',
]
/** Those of the releases before 0.0.16, which stored no step. */
const WITHOUT_STEPS = ['id', 'timestamp', 'project_name', 'run_name', 'metrics']

/** The table is one that never stored a step, so that it is a row's place in its run. */
export function hasNoSteps({ columns }: Pick<Table, 'columns'>): boolean {
  return columns.every((column) => WITHOUT_STEPS.includes(column.toLowerCase()))
}

/**
 * What is wrong with the columns of a metrics table. `indexes`: the SQL of its indexes, which name columns
 * too.
 */
export function columnDamage(
  { columns }: Pick<Table, 'columns'>,
  indexed: readonly string[],
): string | undefined {
  const names = columns.map((column) => column.toLowerCase())
  // a table of another program may be called metrics too
  if (!names.includes('run_name') && !names.includes('metrics')) return undefined
  const lost = indexed.find((name) => KNOWN.includes(name) && !names.includes(name))
  const absent = KNOWN.filter((name) => !names.includes(name))
  const strange = names.filter((name) => !KNOWN.includes(name))
  const near = strange.flatMap((name) =>
    absent.filter((one) => isNear(one, name)).map((one) => ({ name, one })),
  )
  const [first] = near
  if (first) return `the list of tables names a column ${first.name} where ${first.one} should be`
  if (lost) return `the list of tables names no column ${lost}, but an index of it`
  if (new Set(names).size < names.length) return 'the list of tables names a column twice'
  if (absent.includes('step') && !hasNoSteps({ columns })) return 'the list of tables names no column step'
  return undefined
}

/** As long, and no more than two letters differ. */
function isNear(one: string, other: string): boolean {
  if (one.length !== other.length) return false
  let differ = 0
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) differ++
  return differ <= 2
}

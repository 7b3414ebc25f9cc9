import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import sqlite3InitModule, { type Database, type Sqlite3Static } from '@sqlite.org/sqlite-wasm'

/*
 * A trackio server of another release than the real one of server.test.ts, or one that misbehaves: the same
 * requests, answered from databases in memory. What it does is what trackio/asgi_app.py and
 * sqlite_storage.query_project (0.24 to 0.43) do.
 */

export interface DoubleAnswer {
  status: number
  headers?: Record<string, string>
  body: string
}

export interface ServerDouble {
  /** Ends in a slash. */
  url: string
  projects: Map<string, Database>
  /** Requests so far, `GET /version` or the name of an endpoint; for a query its SQL. */
  asked: string[]
  /** Answers a request before the server does; undefined lets it. */
  intercept: (asked: string, request: IncomingMessage) => DoubleAnswer | 'hang up' | undefined
  stop(): Promise<void>
}

let starting: Promise<Sqlite3Static> | undefined

/** A database in memory: of these bytes, or with trackio's tables as 0.43 makes them, or 0.23 (no run_id). */
export async function makeDatabase(from: Uint8Array | '0.43' | '0.23'): Promise<Database> {
  starting ??= sqlite3InitModule()
  const { oo1, capi, wasm } = await starting
  const db = new oo1.DB(':memory:')
  if (typeof from === 'string') {
    db.exec(from === '0.43' ? TABLES_43 : TABLES_23)
    return db
  }
  const bytes = from.slice()
  // SQLite cannot open an image in memory that says it has a log
  bytes[18] = bytes[19] = 1
  const pointer = wasm.allocFromTypedArray(bytes)
  const flags = capi.SQLITE_DESERIALIZE_FREEONCLOSE | capi.SQLITE_DESERIALIZE_RESIZEABLE
  const code = capi.sqlite3_deserialize(db.pointer ?? 0, 'main', pointer, bytes.length, bytes.length, flags)
  if (code !== capi.SQLITE_OK) throw new Error(`not opened: ${code}`)
  return db
}

const TABLES_43 = `
CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, timestamp TEXT NOT NULL, run_name TEXT NOT NULL,
  step INTEGER NOT NULL, metrics TEXT NOT NULL, log_id TEXT, space_id TEXT);
CREATE TABLE configs (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, run_name TEXT NOT NULL, config TEXT NOT NULL,
  created_at TEXT NOT NULL, UNIQUE(run_id));
CREATE TABLE run_artifact_links (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT, run_name TEXT, run_project TEXT,
  artifact_version_id INTEGER, direction TEXT, created_at TEXT);`
const TABLES_23 = `
CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp TEXT NOT NULL, run_name TEXT NOT NULL, step INTEGER NOT NULL,
  metrics TEXT NOT NULL, log_id TEXT, space_id TEXT);
CREATE TABLE configs (id INTEGER PRIMARY KEY AUTOINCREMENT, run_name TEXT NOT NULL, config TEXT NOT NULL, created_at TEXT NOT NULL, UNIQUE(run_name));`

/** Adds a row as trackio does; ids as the table makes them. */
export function logRow(
  db: Database,
  row: { run: string; id?: string; at: string; step: number | null; values: string | Uint8Array },
): void {
  const columns = {
    ...(row.id === undefined ? {} : { run_id: row.id }),
    timestamp: row.at,
    run_name: row.run,
    step: row.step,
  }
  const payload = typeof row.values === 'string' ? new TextEncoder().encode(row.values) : row.values
  const names = [...Object.keys(columns), 'metrics']
  db.exec({
    sql: `INSERT INTO metrics (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
    bind: [...Object.values(columns), payload],
  })
}

/** `version`: what it says of itself; null: it has no such path. */
export async function startDouble(
  version: object | null = { version: '0.30.0', api_version: 1 },
): Promise<ServerDouble> {
  const double: ServerDouble = {
    url: '',
    projects: new Map(),
    asked: [],
    intercept: () => undefined,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
        for (const db of double.projects.values()) db.close()
      }),
  }
  const server = createServer((request, response) => {
    answer(double, version, request).then(
      (said) => send(response, said),
      (error: unknown) => send(response, { status: 500, body: JSON.stringify({ error: String(error) }) }),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  double.url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`
  return double
}

function send(response: ServerResponse, said: DoubleAnswer | 'hang up'): void {
  if (said === 'hang up') response.destroy()
  else response.writeHead(said.status, { 'content-type': 'application/json', ...said.headers }).end(said.body)
}

async function answer(
  double: ServerDouble,
  version: object | null,
  request: IncomingMessage,
): Promise<DoubleAnswer | 'hang up'> {
  const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1')
  let text = ''
  for await (const chunk of request) text += chunk
  const name = /^\/api\/(\w+)$/.exec(pathname)?.[1]
  const args: Record<string, unknown> = text ? JSON.parse(text) : {}
  const asked = name === 'query_project' ? String(args.query) : (name ?? `${request.method} ${pathname}`)
  double.asked.push(asked)
  const instead = double.intercept(asked, request)
  if (instead) return instead
  if (pathname === '/version' && version) return { status: 200, body: JSON.stringify(version) }
  // every other path is the page, as trackio's own server does it
  if (request.method === 'GET')
    return {
      status: 200,
      headers: { 'content-type': 'text/html' },
      body: '<!doctype html><title>page</title>',
    }
  try {
    return { status: 200, body: jsonOf({ data: call(double, name, args) }) }
  } catch (error) {
    return {
      status: 500,
      body: JSON.stringify({ error: error instanceof Error ? error.message : String(error) }),
    }
  }
}

function call(double: ServerDouble, name: string | undefined, args: Record<string, unknown>): unknown {
  switch (name) {
    case 'get_all_projects':
      return [...double.projects.keys()].sort()
    case 'get_run_mutation_status':
      return { spaces: false, allowed: false, auth: 'none' }
    case 'query_project': {
      const db = double.projects.get(String(args.project))
      if (!db) throw new Error(`Project '${args.project}' not found.`)
      const rows = query(db, String(args.query))
      return {
        project: args.project,
        query: args.query,
        columns: Object.keys(rows[0] ?? {}),
        rows,
        row_count: rows.length,
      }
    }
    default:
      throw new Error(`Unknown API: ${name}`)
  }
}

function query(db: Database, sql: string): Record<string, unknown>[] {
  if (!/^\s*(select|with|pragma)/i.test(sql))
    throw new Error('Only read-only SELECT, WITH, and safe PRAGMA queries are supported.')
  let rows: Record<string, unknown>[]
  try {
    rows = db.selectObjects(sql)
  } catch (error) {
    // in sqlite3's own words
    throw new Error(
      (error instanceof Error ? error.message : String(error)).replace(
        /^.*SQLITE_\w+: sqlite3 result code \d+: /,
        '',
      ),
    )
  }
  if (rows.length > 10_000)
    throw new Error('Query returned more than 10000 rows. Refine the query or add a LIMIT clause.')
  for (const row of rows) {
    for (const [column, value] of Object.entries(row)) {
      if (value instanceof Uint8Array) row[column] = Buffer.from(value).toString('hex')
      // Python's sqlite3 refuses text that is no UTF-8
      else if (typeof value === 'string' && value.includes('\uFFFD'))
        throw new Error(`Could not decode to UTF-8 column '${column}' with text '…'`)
    }
  }
  return rows
}

/** Integers beyond 2^53 come as BigInt and go as the digits they are. */
function jsonOf(value: unknown): string {
  const digits = /"#(-?\d+)#"/g
  return JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? `#${item}#` : item)).replace(
    digits,
    '$1',
  )
}

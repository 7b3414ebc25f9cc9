import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { findPython, trackioPython } from '../python/python.ts'

/** A number, or the name of one that JSON has no word for. */
export type Spelled = number | 'NaN' | 'Infinity' | '-Infinity'

export interface JudgedRow {
  rowid: number
  id: string | null
  name: string | null
  time: string | null
  step: Spelled
  /** The numbers of the payload; null where it is no JSON object. */
  values: [string, Spelled][] | null
}

export interface JudgedDatabase {
  rows: JudgedRow[]
  /** `['ok']`, or what the integrity check finds. */
  check: string[]
}

export interface JudgedTable {
  columns: Record<string, { texts?: (string | null)[]; numbers?: (Spelled | null)[] }>
  refusedColumns: Record<string, string>
}

export interface JudgedFragments {
  calls: {
    project: string
    name: string
    id: string
    time: string
    step: Spelled | null
    log: string | null
    values: [string, Spelled][]
  }[]
  skipped: number
}

export interface Refused {
  refused: string
}

/** Python, which reads each file with the libraries that trackio reads it with. */
export interface Judge {
  sqlite: string
  /** Undefined where there is none. */
  pyarrow: string | undefined
  database(
    path: string,
    columns: readonly string[],
    tables: readonly string[],
  ): Promise<JudgedDatabase | Refused>
  table(path: string): Promise<JudgedTable | Refused>
  fragments(path: string): Promise<JudgedFragments>
  makeTables(folder: string, seed: number): Promise<string[]>
  stop(): void
}

/** ms that a library may take for a small file; one that takes longer refuses it. */
const PATIENCE = 10_000

export async function startJudge(python: string): Promise<Judge> {
  let child: ChildProcessWithoutNullStreams
  let lines: AsyncIterator<string>
  const hello = await start()
  return {
    sqlite: String(hello.sqlite),
    pyarrow: typeof hello.pyarrow === 'string' ? hello.pyarrow : undefined,
    database: (path, columns, tables) => ask({ do: 'database', path, columns, tables }),
    table: (path) => ask({ do: 'table', path }),
    fragments: (path) => ask({ do: 'fragments', path }),
    makeTables: async (folder, seed) =>
      (await ask<{ made: string[] }>({ do: 'make_tables', folder, seed })).made,
    stop: () => child.stdin.end(),
  }

  async function start(): Promise<Record<string, unknown>> {
    child = spawn(python, [join(import.meta.dirname, 'judge.py')], {
      env: { ...process.env, PYTHONIOENCODING: 'utf-8' },
    })
    child.stderr.resume()
    // a library that a damaged file kills takes its process along
    child.stdin.on('error', () => {})
    lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    const { value, done } = await lines.next()
    if (done) throw new Error(`${python}: the judge does not start`)
    return JSON.parse(value)
  }

  async function ask<T>(question: object): Promise<T> {
    child.stdin.write(`${JSON.stringify(question)}\n`)
    const tooLong = setTimeout(() => child.kill('SIGKILL'), PATIENCE)
    const { value, done } = await lines.next()
    clearTimeout(tooLong)
    if (!done) return JSON.parse(value)
    await start()
    // whatever a killed library would have said, it did not read the file
    return {
      refused: 'the library crashed or took too long',
      columns: {},
      refusedColumns: {},
      calls: [],
      skipped: 0,
      made: [],
    } as T
  }
}

/**
 * A Python with pyarrow: the one at hand where it has it, else the environment of the tests with the real
 * trackio.
 */
export async function judgePython(): Promise<string> {
  const python = findPython()
  try {
    if (python) execFileSync(python, ['-c', 'import pyarrow'], { stdio: 'ignore' })
  } catch {
    return trackioPython()
  }
  return python ?? 'python3'
}

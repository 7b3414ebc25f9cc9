import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** Processes that write to one database as fast as training loops do. */
export interface FastWriters {
  /** Commits so far, as SQLite says: each is three rows of its number. */
  commits(): Promise<number>
  stop(): Promise<void>
}

/** One more process counts: asked from here with a process for each answer, this one would serve nobody meanwhile. */
const COUNT = `
import sqlite3, sys
for _ in sys.stdin:
    db = sqlite3.connect(sys.argv[1])
    print(db.execute("select count(*) from metrics").fetchone()[0] // 3, flush=True)
    db.close()
`

/** Starts `processes` that each commit to `fast.db` every so many ms; all have by the time that it returns. */
export async function startFastWriters(
  python: string,
  folder: string,
  every: number,
  processes: number,
): Promise<FastWriters> {
  const path = join(folder, 'fast.db')
  const started: ChildProcessWithoutNullStreams[] = []
  const start = (...words: string[]): ChildProcessWithoutNullStreams => {
    const child = spawn(python, words)
    child.stderr.pipe(process.stderr)
    started.push(child)
    return child
  }
  for (let i = 0; i < processes; i++) {
    const writer = start(join(import.meta.dirname, 'write_fast.py'), path, String(every), `worker-${i}`)
    await once(writer.stdout, 'data')
  }
  const counter = start('-c', COUNT, path)
  const counts = createInterface({ input: counter.stdout })[Symbol.asyncIterator]()
  return {
    async commits() {
      counter.stdin.write('\n')
      return Number((await counts.next()).value)
    },
    async stop() {
      const closed = started.map((child) => once(child, 'close'))
      for (const child of started) child.stdin.end()
      await Promise.all(closed)
    },
  }
}

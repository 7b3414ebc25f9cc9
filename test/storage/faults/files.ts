import { memoryDatabase } from '../../engine/sqlite-files.ts'

export const RUNS = ['first', 'second']
/** Rows of each run. */
export const ROWS = 9000

/** A database of more than 4 MB. The second has the same rows with other values. */
export async function database(which: 1 | 2): Promise<Uint8Array> {
  const { db, file, close } = await memoryDatabase()
  db.exec(
    'CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp TEXT, run_name TEXT, step INTEGER, metrics TEXT)',
  )
  db.transaction(() => {
    for (let i = 0; i < 2 * ROWS; i++) {
      const time = new Date(Date.UTC(2026, 0, 1) + i * 1000).toISOString().replace('Z', '000+00:00')
      const metrics = JSON.stringify({ loss: which * 100_000 + i, note: 'x'.repeat(150) })
      const sql = 'INSERT INTO metrics (timestamp, run_name, step, metrics) VALUES (?,?,?,?)'
      db.exec({ sql, bind: [time, RUNS[i % 2] ?? '', Math.floor(i / 2), metrics] })
    }
  })
  const bytes = file().slice()
  close()
  return bytes
}

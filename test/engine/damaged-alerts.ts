import { memoryDatabase } from './sqlite-files.ts'

/** A database with a run and 500 alerts, of whose table one page is zeros. */
export async function damagedAlerts(): Promise<Uint8Array<ArrayBuffer>> {
  const mark = 'x'.repeat(80)
  const made = await memoryDatabase()
  made.db.exec(`
    CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT, timestamp TEXT, run_name TEXT, step INTEGER, metrics TEXT);
    INSERT INTO metrics VALUES (1, 'r', '2026-01-01T00:00:00+00:00', 'r', 0, '{"loss": 1}'), (2, 'r', '2026-01-01T00:01:00+00:00', 'r', 1, '{"loss": 0.5}');
    CREATE TABLE alerts (id INTEGER PRIMARY KEY, run_id TEXT, timestamp TEXT, run_name TEXT, title TEXT, text TEXT, level TEXT, step INTEGER, alert_id TEXT);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
      INSERT INTO alerts SELECT i, 'r', '2026-01-01T00:00:00+00:00', 'r', 't' || i, '${mark}', 'warn', 0, 'a' || i FROM n;`)
  const bytes = new Uint8Array(made.file())
  made.close()
  const at = Buffer.from(bytes.buffer).indexOf(`t250${mark}`)
  const size = new DataView(bytes.buffer).getUint16(16)
  bytes.fill(0, at - (at % size), at - (at % size) + size)
  return bytes
}

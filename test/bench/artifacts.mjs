import { createHash } from 'node:crypto'
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import sqlite3InitModule from '@sqlite.org/sqlite-wasm'
import { median, visit } from './visit.mjs'

const GB = 1e9
const PIECE = 1 << 20

/** The Artifacts page. */
export const ARTIFACTS = [
  {
    id: 'artifact-verify',
    what: 'Artifacts: sha256 of a file of 1 GB in a dropped folder / from Cancel until it has ended',
    target: 10_000,
    second: 100,
    async run(bench) {
      const folder = mkdtempSync(join(tmpdir(), 'trackio-artifacts-'))
      let tab
      try {
        await write(folder)
        tab = await visit(bench.browser, `${bench.app}#/artifacts?of=weights:v0`)
        await drop(tab.page, folder)
        await tab.page.getByRole('button', { name: 'Verify 1 file' }).waitFor({ timeout: 60_000 })
        const whole = await tab.page.evaluate(verified)
        const cancelled = []
        for (let i = 0; i < 3; i++) cancelled.push(await tab.page.evaluate(cancel))
        return {
          ours: whole.ms,
          and: median(cancelled),
          n: 1,
          note: `${(GB / 1000 / whole.ms).toFixed(0)} MB a second; told ${whole.told} times how far; longest frame ${whole.longest.toFixed(0)} ms; ${whole.said}`,
        }
      } finally {
        await tab?.close()
        rmSync(folder, { recursive: true, force: true })
      }
    },
  },
]

/** Presses Verify and waits for the end. */
async function verified() {
  const line = () => document.querySelector('.artifact-check')?.textContent ?? ''
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
  const told = new Set()
  let longest = 0
  let last = performance.now()
  const began = last
  document.querySelector('.artifact-head .button').click()
  while (!line().startsWith('Verified')) {
    await frame()
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
    told.add(line())
  }
  return { ms: performance.now() - began, told: told.size, longest, said: line() }
}

/** Begins again, and gives it up after a second: until nothing is read any more. */
async function cancel() {
  const line = () => document.querySelector('.artifact-check')?.textContent ?? ''
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
  document.querySelector('.artifact-head .button').click()
  await new Promise((resolve) => setTimeout(resolve, 1000))
  const began = performance.now()
  for (const button of document.querySelectorAll('.artifact-check button'))
    if (button.textContent === 'Cancel') button.click()
  // the engine answers in between, and nothing it still does holds it up
  await window.trackio.projects()
  while (!line().startsWith('Cancelled')) await frame()
  return performance.now() - began
}

/** As a person drops it: the browser makes real entries, which lie on the disk. */
async function drop(page, folder) {
  const session = await page.context().newCDPSession(page)
  const data = { items: [], files: [folder], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'])
    await session.send('Input.dispatchDragEvent', { type, x: 720, y: 450, data })
}

/** A project with an artifact of one file. */
async function write(folder) {
  const hash = createHash('sha256')
  const temporary = join(folder, 'weights')
  const file = openSync(temporary, 'w')
  const piece = Buffer.alloc(PIECE)
  for (let at = 0; at < GB; at += PIECE) {
    piece.fill(at % 251)
    const part = piece.subarray(0, Math.min(PIECE, GB - at))
    hash.update(part)
    writeSync(file, part)
  }
  const digest = hash.digest('hex')
  closeSync(file)
  const place = join(folder, 'artifacts/bench/blobs/sha256', digest.slice(0, 2), digest)
  mkdirSync(dirname(place), { recursive: true })
  renameSync(temporary, place)
  const sqlite3 = await sqlite3InitModule()
  const db = new sqlite3.oo1.DB(':memory:')
  db.exec(`
    CREATE TABLE metrics (id INTEGER PRIMARY KEY, run_id TEXT, timestamp TEXT, run_name TEXT, step INTEGER, metrics TEXT);
    INSERT INTO metrics VALUES (1, 'r', '2026-01-01T00:00:00+00:00', 'train', 1, '{"loss":1}');
    CREATE TABLE artifacts (id INTEGER PRIMARY KEY, name TEXT, type TEXT, description TEXT, created_at TEXT);
    INSERT INTO artifacts VALUES (1, 'weights', 'model', NULL, '2026-01-01T00:00:00+00:00');
    CREATE TABLE artifact_versions (id INTEGER PRIMARY KEY, artifact_id INTEGER, version INTEGER, manifest_digest TEXT, manifest TEXT,
      metadata TEXT, size_bytes INTEGER, producer_run_id TEXT, producer_run_name TEXT, created_at TEXT);`)
  db.exec({
    sql: "INSERT INTO artifact_versions VALUES (1, 1, 0, '', ?, NULL, ?, 'r', 'train', '2026-01-01T00:00:00+00:00')",
    bind: [JSON.stringify([{ path: 'weights.bin', digest, size: GB }]), GB],
  })
  writeFileSync(join(folder, 'bench.db'), sqlite3.capi.sqlite3_js_db_export(db))
  db.close()
}

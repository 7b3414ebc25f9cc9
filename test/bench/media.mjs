import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import sqlite3InitModule from '@sqlite.org/sqlite-wasm'
import { makeServer } from '../../src/cli/server.mjs'
import { shareFiles } from '../../src/cli/shared-files.mjs'
import { memory, quantile, visit } from './visit.mjs'

const RUNS = 20
const STEPS = 1000
const SIDE = 64

/** A folder of pictures behind the command, each of them its own bytes, scrolled from the first to the last. */
export const MEDIA = [
  {
    id: 'media',
    what: '20,000 pictures of 64 × 64 behind `npx trackio-lite`: longest frame while they are scrolled by',
    target: 50,
    async run(bench) {
      const folder = mkdtempSync(join(tmpdir(), 'trackio-media-'))
      await write(folder)
      const server = makeServer({ page: bench.folder, shared: await shareFiles(folder) })
      await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
      let tab
      try {
        const address = `http://127.0.0.1:${server.address().port}/?folder=files/#/media?rows=none&cols=all`
        tab = await visit(bench.browser, address)
        await tab.page.waitForFunction(
          () => document.querySelectorAll('.media-cell canvas:not(.blank)').length > 20,
          undefined,
          { timeout: 120_000, polling: 100 },
        )
        const slow = await tab.page.evaluate(scrolled, [96, 400])
        const fast = await tab.page.evaluate(scrolled, [2400, 300])
        await tab.page.waitForFunction(() => document.documentElement.dataset.ready === 'true')
        const { heap, process } = await memory(tab)
        const told = await tab.page.evaluate(() => document.querySelector('.status')?.textContent ?? '')
        return {
          ours: Math.max(...slow.deltas, ...fast.deltas),
          n: slow.deltas.length + fast.deltas.length,
          note: `96 px a frame: p99 ${quantile(slow.deltas, 0.99).toFixed(0)}; 2,400 px a frame: p99 ${quantile(fast.deltas, 0.99).toFixed(0)} ms; ${fast.px.toLocaleString('en')} px; heap ${(heap / 1e6).toFixed(0)} MB${process ? `, process ${(process / 1e6).toFixed(0)} MB` : ''}; ${/[\d.]+ .?B of thumbnails[^·]*/.exec(told)?.[0] ?? ''}`,
        }
      } finally {
        await tab?.close()
        server.closeAllConnections()
        server.close()
        rmSync(folder, { recursive: true, force: true })
      }
    },
  },
]

async function scrolled([step, frames]) {
  let box = document.querySelector('.media-cell')
  while (box && box.scrollHeight <= box.clientHeight + 10) box = box.parentElement
  box ??= document.scrollingElement
  const from = box.scrollTop
  const deltas = []
  let last = performance.now()
  for (let i = 0; i < frames; i++) {
    await new Promise((resolve) => requestAnimationFrame(resolve))
    const now = performance.now()
    deltas.push(now - last)
    last = now
    box.scrollTop += step
  }
  return { deltas: deltas.slice(1), px: box.scrollTop - from }
}

async function write(folder) {
  const sqlite3 = await sqlite3InitModule()
  const db = new sqlite3.oo1.DB(':memory:')
  db.exec(`CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, timestamp TEXT NOT NULL,
    run_name TEXT NOT NULL, step INTEGER NOT NULL, metrics TEXT NOT NULL, log_id TEXT, space_id TEXT); BEGIN`)
  const insert = db.prepare(
    'INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) VALUES (?,?,?,?,?)',
  )
  for (let r = 0; r < RUNS; r++) {
    const run = `run-${String(r).padStart(2, '0')}`
    mkdirSync(join(folder, 'media', 'pictures', run), { recursive: true })
    for (let step = 0; step < STEPS; step++) {
      const path = `pictures/${run}/${step}.png`
      writeFileSync(join(folder, 'media', path), picture(r, step))
      const value = {
        sample: { _type: 'trackio.image', file_path: path, caption: null },
        loss: 1 / (step + 1),
      }
      const at = new Date(Date.UTC(2026, 8, 1) + (r * STEPS + step) * 1000).toISOString()
      insert.bind([run, at, run, step, JSON.stringify(value)]).stepReset()
    }
  }
  insert.finalize()
  db.exec('COMMIT')
  writeFileSync(join(folder, 'pictures.db'), sqlite3.capi.sqlite3_js_db_export(db))
  db.close()
}

/** A disc whose place and colour tell run and step. */
function picture(run, step) {
  const rows = Buffer.alloc((SIDE * 3 + 1) * SIDE)
  const [cx, cy] = [8 + (step % 48), 8 + (Math.floor(step / 48) % 48)]
  for (let y = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++) {
      const inside = (x - cx) ** 2 + (y - cy) ** 2 < 60
      const color = inside ? [(run * 12) % 256, 200, (step * 7) % 256] : [20, 30 + run, 60]
      rows.set(color, y * (SIDE * 3 + 1) + 1 + 3 * x)
    }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(SIDE, 0)
  header.writeUInt32BE(SIDE, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
    const out = Buffer.alloc(body.length + 8)
    out.writeUInt32BE(data.length, 0)
    body.copy(out, 4)
    out.writeUInt32BE(crc32(body) >>> 0, body.length + 4)
    return out
  }
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 1 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

// node generate-traces.mjs <shape> <file>: a database of traces as trackio 0.43 writes them, with no Python.
import { renameSync, rmSync, statSync } from 'node:fs'
import sqlite3InitModule from '@sqlite.org/sqlite-wasm'
import { installFileVfs } from './file-vfs.mjs'
import { makeRandom } from './random.mjs'
import { TRACES } from './trace-shapes.mjs'

const [name, path] = process.argv.slice(2)
const shape = TRACES[name]
if (!shape || !path) {
  console.error(`usage: node generate-traces.mjs <${Object.keys(TRACES).join('|')}> <file>`)
  process.exit(2)
}
const START = Date.UTC(2026, 8, 1, 8)
const RUNS = 5
const PER_STEP = 16
const encoder = new TextEncoder()
const { uniform: random } = makeRandom(7)
const WORDS = Array.from({ length: 4000 }, () => word(2 + Math.floor(random() * 9)))

const part = `${path}.part`
rmSync(part, { force: true })
const sqlite3 = await sqlite3InitModule()
const close = installFileVfs(sqlite3, 'bench', part)
const db = new sqlite3.oo1.DB('/bench.db', 'cw', 'bench')
db.exec('PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE')
db.exec(`
  CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, timestamp TEXT NOT NULL,
    run_name TEXT NOT NULL, step INTEGER NOT NULL, metrics TEXT NOT NULL, log_id TEXT, space_id TEXT);
  CREATE TABLE traces (id TEXT PRIMARY KEY, run_id TEXT NOT NULL, timestamp TEXT NOT NULL, run_name TEXT NOT NULL,
    step INTEGER NOT NULL, key TEXT NOT NULL, trace_index INTEGER, messages TEXT NOT NULL, metadata TEXT NOT NULL,
    search_text TEXT NOT NULL, log_id TEXT, space_id TEXT, spans TEXT NOT NULL DEFAULT '[]');
  BEGIN`)
const insert = db.prepare('INSERT INTO traces VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)')
let text = 0
let count = 0
while (
  count < (shape.traces ?? Number.POSITIVE_INFINITY) &&
  text < (shape.bytes ?? Number.POSITIVE_INFINITY)
) {
  const run = `run-${count % RUNS}`
  const step = Math.floor(count / (RUNS * PER_STEP)) * 10
  const at = new Date(START + count * 1000).toISOString().replace('Z', '+00:00')
  if (count % (RUNS * PER_STEP) < RUNS)
    db.exec({
      sql: 'INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) VALUES (?,?,?,?,?)',
      bind: [run, at, run, step, encoder.encode('{"loss":1.0}')],
    })
  const messages = encoder.encode(JSON.stringify(conversation()))
  const spans = encoder.encode(JSON.stringify(count === 0 && shape.spans ? chain(shape) : []))
  text += messages.length
  insert
    .bind([
      `t${count}`,
      run,
      at,
      run,
      step,
      'rollout',
      count % PER_STEP,
      messages,
      encoder.encode('{"reward":0.5}'),
      '',
      null,
      null,
      spans,
    ])
    .stepReset()
  count++
}
insert.finalize()
db.exec('COMMIT')
db.close()
close()
renameSync(part, path)
console.log(`${path}: ${(statSync(path).size / 1e6).toFixed(1)} MB, ${count} traces`)

function word(length) {
  return Array.from({ length }, () => 'etaoinshrdlcumwfgypbvk'[Math.floor(random() * 22)]).join('')
}

function words(n) {
  return Array.from({ length: n }, () => WORDS[Math.floor(random() * WORDS.length)]).join(' ')
}

/** 48 kB: eight messages of a model that thinks and calls tools; `remainder` is in one of twenty answers. */
function conversation() {
  const said = [
    { role: 'system', content: words(40) },
    { role: 'user', content: words(200) },
  ]
  for (let turn = 0; turn < 4; turn++) {
    said.push({ role: 'assistant', content: words(800), reasoning_content: words(400) })
    const rare = random() < 0.05 ? ' remainder' : ''
    said.push({ role: 'tool', tool_call_id: `c${turn}`, content: words(400) + rare })
  }
  return said
}

/** One below the other as deep as asked for, the others below those. */
function chain({ spans, depth }) {
  const time = (ms) => new Date(START + ms).toISOString().replace('Z', '+00:00')
  return Array.from({ length: spans }, (_, i) => ({
    id: `s${i}`,
    ...(i > 0 && { parent_id: `s${i < depth ? i - 1 : (i * 7919) % depth}` }),
    name: `op ${i % 50}`,
    kind: ['span', 'generation', 'tool'][i % 3],
    start_time: time(i < depth ? i : depth + i / 2),
    duration_ms: i < depth ? 120_000 - 2 * i : 5.5,
    status: 'success',
    input: { k: i, text: words(6) },
    output: words(6),
  }))
}

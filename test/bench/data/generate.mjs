// node generate.mjs <shape> <file>: writes one database in the schema and payloads of trackio 0.43, with no
// Python.
import { closeSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'
import sqlite3InitModule from '@sqlite.org/sqlite-wasm'
import { installFileVfs } from './file-vfs.mjs'
import { makeRandom } from './random.mjs'
import { SCHEMA } from './schema.mjs'
import { SHAPES, SPIKES } from './shapes.mjs'

const START = Date.UTC(2026, 8, 1, 8)
const FLUSH = 4 // rows of one run that the writer thread gets at once
const ROOM = 1 << 20 // bytes of the longest row
const WORDS = 'the sheep remain so he buys twice as many and keeps eight of them'.split(' ')

const [shapeName, path] = process.argv.slice(2)
const shape = SHAPES[shapeName]
if (!shape || !path) {
  console.error(`usage: node generate.mjs <${Object.keys(SHAPES).join('|')}> <file>`)
  process.exit(2)
}
const began = Date.now()
const rows = await write(shape, `${path}.part`)
markAsWal(`${path}.part`)
renameSync(`${path}.part`, path)
const { size } = statSync(path)
console.log(
  `${path}: ${(size / 1e6).toFixed(1)} MB, ${rows} rows, ${((Date.now() - began) / 1000).toFixed(1)} s`,
)

async function write(shape, file) {
  rmSync(file, { force: true })
  const sqlite3 = await sqlite3InitModule()
  const close = installFileVfs(sqlite3, 'bench', file)
  const db = new sqlite3.oo1.DB('/bench.db', 'cw', 'bench')
  // 600 MB of cache: the unique index of random log ids touches all of its pages all the time
  db.exec(
    'PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE; PRAGMA cache_size=-600000; PRAGMA temp_store=MEMORY',
  )
  db.exec(SCHEMA)
  db.exec('BEGIN')
  const random = makeRandom(1 + Object.keys(SHAPES).indexOf(shapeName))
  const insert = makeInsert(sqlite3, db, random, shape)
  const waiting = Array.from({ length: shape.runs }, (_, i) => makeRun(shape, i, random)).reverse()
  const active = []
  const batch = shape.peer ? shape.steps : FLUSH
  let rows = 0
  while (active.length || waiting.length) {
    while (waiting.length && active.length < shape.together) active.push(waiting.pop())
    for (const run of [...active]) {
      if (run.next === 0) writeConfig(db, run, shape)
      const to = Math.min(run.next + batch, shape.steps)
      rows += to - run.next
      for (; run.next < to; run.next++) insert(run, run.next)
      if (run.next < shape.steps) continue
      active.splice(active.indexOf(run), 1)
      if (shape.system) rows += writeSystem(db, run, shape, random)
      if (shape.tables) rows += writeTables(db, run, shape, random)
    }
  }
  db.exec('COMMIT')
  db.close()
  close()
  return rows
}

function makeRun(shape, index, random) {
  const id = new Uint8Array(32)
  random.hex(id, 0)
  if (shape.peer) id.set(new TextEncoder().encode(shape.peer + index.toString(16).padStart(31, '0')))
  const three = String(index).padStart(3, '0')
  return {
    index,
    id: new TextDecoder().decode(id),
    name: shape.peer
      ? `run-${three}`
      : `llama-1b lr=${(10 ** (-4.5 + 2 * random.uniform())).toExponential(1)} s${three}`,
    started: shape.peer ? Date.UTC(2026, 0, 1) : START + index * 61_700,
    msPerStep: shape.msPerStep ?? (shape.peer ? 500 : 40 + Math.floor(random.uniform() * 360)),
    next: 0,
    curves: shape.metrics.map((metric) => makeCurve(metric, shape, random)),
  }
}

/** One metric of one run: the value at a step, as it stands in the JSON text. */
function makeCurve({ name, digits }, shape, random) {
  const rate = (3 + 4 * random.uniform()) / shape.steps
  const floor = 0.2 + 0.2 * random.uniform()
  const scale = name.includes('/lr') ? 3e-4 : name.includes('throughput') ? 1000 : 1
  const spikes =
    shape.spikes && name === shape.metrics[0].name
      ? new Map(SPIKES.map((step, i) => [step, `${25 + i}.0`]))
      : undefined
  return (step) => {
    const fall = Math.exp(-rate * step)
    let value = scale * (floor + 2 * fall + (0.02 + 0.06 * fall) * random.normal())
    if (shape.spikes) value = Math.min(2.5, Math.max(0, value))
    if (digits === 'int') return String(Math.round(value * 40))
    if (digits === 'round') return value.toFixed(3)
    return spikes?.get(step) ?? float(value)
  }
}

/** Like orjson: a float stays a float. */
function float(value) {
  return Number.isInteger(value) ? `${value}.0` : String(value)
}

/** As Python's isoformat: no fraction on a whole second. */
function stamp(ms) {
  const text = new Date(ms).toISOString()
  return ms % 1000 ? `${text.slice(0, -1)}000+00:00` : `${text.slice(0, -5)}+00:00`
}

function writeConfig(db, run, shape) {
  const config = shape.peer
    ? { lr: 3e-4, seed: run.index }
    : {
        lr: 3e-4 * (1 + (run.index % 5)),
        batch_size: 8 << (run.index % 4),
        seed: run.index,
        model: { layers: 12, hidden: 768 },
        _Username: null,
        _Created: stamp(run.started),
        ...keysOf(shape, run.index),
        _Group: `sweep-${Math.floor(run.index / (shape.group ?? 10))}`,
      }
  db.exec({
    sql: 'INSERT INTO configs (run_id, run_name, config, created_at) VALUES (?,?,?,?)',
    bind: [run.id, run.name, new TextEncoder().encode(JSON.stringify(config)), stamp(run.started)],
  })
}

/** Further config keys, nested as people's are: words, numbers of few values and of many. */
function keysOf({ keys = 0 }, index) {
  const config = {}
  for (let k = 0; k < keys; k++) {
    const value = (index * (2 * k + 7)) % 1009
    config[`part${k % 5}`] ??= {}
    config[`part${k % 5}`][`key${String(k).padStart(2, '0')}`] =
      k % 3 === 0 ? `choice-${value % (k + 2)}` : k % 3 === 1 ? value / 1000 : value % (k + 2)
  }
  return config
}

/** As `trackio.Histogram` writes them: bins of equal width around 0, wider at some steps, counts of 1 M values. */
function histogramsAt({ histograms: { keys, bins }, steps }, run, step, random) {
  const reach = (0.4 + 0.2 * random.uniform()) * (1 + 4 * Math.exp(-(((step - steps / 2) / 20) ** 2)))
  const edges = Array.from({ length: bins + 1 }, (_, i) => -reach + (2 * reach * i) / bins)
  const width = (0.02 + 0.002 * (run.index % 10)) / reach
  const counts = Array.from({ length: bins }, (_, i) => {
    const at = (2 * (i + 0.5)) / bins - 1
    return Math.round((1e6 / (1 + (at / width) ** 2) ** 1.5) * (0.9 + 0.2 * random.uniform()))
  })
  const value = `{"_type":"trackio.histogram","bins":[${edges.map(float)}],"values":[${counts}]}`
  return keys.map((key) => `,${JSON.stringify(key)}:${value}`).join('')
}

/** Completions as an evaluation logs them: prompts that repeat at every step, texts that do not. */
function writeTables(db, run, { steps, tables: { every, rows } }, random) {
  const words = (count) =>
    Array.from({ length: count }, () => WORDS[Math.floor(random.uniform() * WORDS.length)]).join(' ')
  const prompts = Array.from({ length: Math.min(rows, 1000) }, () => words(8))
  let written = 0
  for (let step = every - 1; step < steps; step += every) {
    const value = Array.from({ length: rows }, (_, i) => ({
      prompt: prompts[i % prompts.length],
      completion: `${words(24)} ${i}`,
      reward: random.normal(),
      right: random.uniform() < 0.5,
      tokens: Math.floor(random.uniform() * 1024),
      advantage: i % 50 === 0 ? null : random.normal(),
    }))
    const payload = JSON.stringify({ 'eval/samples': { _type: 'trackio.table', _value: value } })
    db.exec({
      sql: 'INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) VALUES (?,?,?,?,?)',
      bind: [
        run.id,
        stamp(run.started + step * run.msPerStep + 1),
        run.name,
        step,
        new TextEncoder().encode(payload),
      ],
    })
    written++
  }
  return written
}

/** A sample of every device each second, one row for all; the GPUs rest a minute an hour. */
function writeSystem(db, run, { system: { rows, devices, metrics } }, random) {
  const statement = db.prepare(
    'INSERT INTO system_metrics (timestamp, run_id, run_name, metrics, log_id, space_id) VALUES (?,?,?,?,?,NULL)',
  )
  const keys = []
  for (let device = 0; device < devices; device++)
    for (const metric of metrics) keys.push(`${keys.length ? ',' : '{'}"gpu/${device}/${metric}":`)
  const id = new Uint8Array(32)
  const text = new TextDecoder()
  for (let second = 0; second < rows; second++) {
    const rests = second % 3600 < 60
    let json = ''
    for (let i = 0; i < keys.length; i++)
      json += keys[i] + float(Math.round((rests ? 12 : 90) * 10 + 40 * random.uniform() + (i % 10)) / 10)
    random.hex(id, 0)
    const payload = new TextEncoder().encode(`${json}}`)
    statement.bind([stamp(run.started + second * 1000), run.id, run.name, payload, text.decode(id)])
    statement.stepReset()
  }
  statement.finalize()
  return rows
}

/**
 * The inserting function: text is written once into the WASM heap and bound by pointer, six times as fast as
 * binding strings.
 */
function makeInsert({ wasm, capi }, db, random, shape) {
  const statement = db.prepare(
    'INSERT INTO metrics (timestamp, run_id, run_name, step, metrics, log_id, space_id) VALUES (?,?,?,?,?,?,NULL)',
  )
  const {
    sqlite3_bind_text: bindText,
    sqlite3_bind_blob: bindBlob,
    sqlite3_bind_int: bindInt,
    sqlite3_step: step,
    sqlite3_reset: reset,
  } = wasm.exports
  const room = wasm.alloc(ROOM)
  const encoder = new TextEncoder()
  const keys = shape.metrics.map(({ name }, i) => `${i ? ',' : '{'}${JSON.stringify(name)}:`)
  const pointer = statement.pointer
  return (run, at) => {
    const heap = wasm.heap8u()
    const put = (text, from) => encoder.encodeInto(text, heap.subarray(from, room + ROOM)).written
    let json = ''
    for (let i = 0; i < keys.length; i++) json += keys[i] + run.curves[i](at)
    if (shape.histograms) json += histogramsAt(shape, run, at, random)
    let next = room
    const bind = (column, text) => {
      const length = put(text, next)
      bindText(pointer, column, next, length, 0)
      next += length
    }
    // as rows of one flush carry one time
    const flush = shape.peer ? at : Math.floor(at / FLUSH) * FLUSH
    bind(1, stamp(run.started + flush * run.msPerStep))
    bind(2, run.id)
    bind(3, run.name)
    bindInt(pointer, 4, at)
    const length = put(`${json}}`, next)
    if (next + length + 64 > room + ROOM) throw new Error(`row of ${length} bytes: raise ROOM`)
    bindBlob(pointer, 5, next, length, 0)
    next += length
    if (!shape.peer) {
      random.hex(heap, next)
      bindText(pointer, 6, next, 32, 0)
    }
    const result = step(pointer)
    if (result !== capi.SQLITE_DONE) throw new Error(`insert failed: ${capi.sqlite3_errmsg(db)}`)
    reset(pointer)
  }
}

/** trackio's files are checkpointed WAL databases: bytes 18 and 19 of the header say 2. */
function markAsWal(file) {
  const fd = openSync(file, 'r+')
  writeSync(fd, new Uint8Array([2, 2]), 0, 2, 18)
  closeSync(fd)
}

// node generate-parquet.mjs <shape> <file>: a metrics table as trackio exports it with pyarrow (0.20.1 and
// later): a row group for each 1 Mi rows, Snappy, dictionaries, pages of 20,000 rows and their index.
// hyparquet-writer starts a dictionary only where it pays, pyarrow always.
import { renameSync, statSync } from 'node:fs'
import { ParquetWriter } from 'hyparquet-writer'
import { fileWriter } from 'hyparquet-writer/src/node.js'
import { makeRandom } from './random.mjs'
import { PARQUET } from './shapes.mjs'

const GROUP = 1 << 20
const PAGE = 20_000 * 8
const FLUSH = 4
const START = Date.UTC(2026, 8, 1, 8)

const [shapeName, path] = process.argv.slice(2)
const shape = PARQUET[shapeName]
if (!shape || !path) {
  console.error(`usage: node generate-parquet.mjs <${Object.keys(PARQUET).join('|')}> <file>`)
  process.exit(2)
}
const began = Date.now()
const random = makeRandom(7)
const runs = Array.from({ length: shape.runs }, (_, i) => makeRun(i))
const rows = shape.runs * shape.steps
const writer = new ParquetWriter({
  writer: fileWriter(`${path}.part`),
  schema: [
    { name: 'schema', num_children: 7 + shape.metrics.length },
    column('id', 'INT64'),
    column('run_id', 'BYTE_ARRAY', 'UTF8'),
    column('timestamp', 'BYTE_ARRAY', 'UTF8'),
    column('run_name', 'BYTE_ARRAY', 'UTF8'),
    column('step', 'INT64'),
    column('log_id', 'BYTE_ARRAY', 'UTF8'),
    ...shape.metrics.map(({ name }) => column(name, 'DOUBLE')),
    column('space_id', 'BYTE_ARRAY', 'UTF8'),
  ],
  createdBy: 'trackio-lite bench',
})
for (let from = 0; from < rows; from += GROUP) {
  const count = Math.min(GROUP, rows - from)
  // which run and step each row is of: `together` runs take turns, four rows of each
  const of = Array.from({ length: count }, (_, i) => placeOf(from + i))
  const cells = (name, cell) => ({ name, data: of.map(cell), columnIndex: true })
  writer.write({
    columnData: [
      cells('id', (_, i) => BigInt(from + i + 1)),
      cells('run_id', ([run]) => run.id),
      cells('timestamp', ([run, step]) => run.stamp(step)),
      cells('run_name', ([run]) => run.name),
      cells('step', ([, step]) => BigInt(step)),
      cells('log_id', () => hex()),
      ...shape.metrics.map(({ name }, m) => cells(name, ([run, step]) => run.value(m, step))),
      cells('space_id', () => null),
    ],
    rowGroupSize: GROUP,
    pageSize: PAGE,
  })
}
writer.finish()
renameSync(`${path}.part`, path)
console.log(
  `${path}: ${(statSync(path).size / 1e6).toFixed(1)} MB, ${rows} rows, ${((Date.now() - began) / 1000).toFixed(1)} s`,
)

function placeOf(row) {
  const block = Math.floor(row / (shape.together * shape.steps))
  const within = row % (shape.together * shape.steps)
  const turn = Math.floor(within / FLUSH)
  return [
    runs[block * shape.together + (turn % shape.together)],
    Math.floor(turn / shape.together) * FLUSH + (within % FLUSH),
  ]
}

function makeRun(index) {
  const block = Math.floor(index / shape.together)
  const msPerStep = 40 + Math.floor(random.uniform() * 360)
  const rate = (3 + 4 * random.uniform()) / shape.steps
  const floor = 0.2 + 0.2 * random.uniform()
  // runs that log together start together; a block starts when the one before it is done
  const started = START + block * shape.steps * 400
  let last = ['', -1]
  return {
    id: hex(),
    name: `llama-1b s${String(index).padStart(3, '0')}`,
    stamp(step) {
      const flush = Math.floor(step / FLUSH) * FLUSH
      if (last[1] !== flush) {
        const micros = String(Math.floor(random.uniform() * 1000)).padStart(3, '0')
        last = [`${new Date(started + flush * msPerStep).toISOString().slice(0, -1)}${micros}+00:00`, flush]
      }
      return last[0]
    },
    value(metric, step) {
      const fall = Math.exp(-rate * (1 + metric / 10) * step)
      return floor + 2 * fall + (0.02 + 0.06 * fall) * random.normal()
    },
  }
}

function hex() {
  const bytes = new Uint8Array(32)
  random.hex(bytes, 0)
  return String.fromCharCode(...bytes)
}

function column(name, type, converted_type) {
  return { name, type, repetition_type: 'OPTIONAL', ...(converted_type && { converted_type }) }
}

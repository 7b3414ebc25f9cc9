/**
 * Writes test/fixtures/smooth-data.json: what trackio's own smoothing makes of seeded lines.
 *
 *     node test/make/smooth-vectors.mjs CHECKOUT/trackio/frontend/src/lib/dataProcessing.js
 *
 * CHECKOUT is a checkout of trackio 0.43.0. Its `processRunData` is called as its dashboard calls it; only
 * numbers come back here. A case is `{ name, rows, points, width, smoothed }`: `rows` is how many rows the
 * run has, `points` are [row, value] of one metric, `smoothed` has a value for each point. NaN and the
 * infinities are strings on both sides, as trackio's server sends them and its page leaves them.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const source = process.argv[2]
if (!source)
  throw new Error('smooth-vectors: the path of trackio/frontend/src/lib/dataProcessing.js is missing')
// by its text: a .js file is a module or not by the package.json it lies under, which a lone file lacks
const { processRunData } = await import(
  `data:text/javascript;base64,${readFileSync(source).toString('base64')}`
)

const WIDTHS = [1, 2, 3, 5, 10, 20, 50, 100]
const ODD = { 7: 'NaN', 8: 'NaN', 20: 'Infinity', 21: '-Infinity' }
const random = makeRandom(43)
const cases = []

// every number of rows up to 30, so that the widest mean meets both ends of the run; all widths as long as
// they are few
for (let rows = 1; rows <= 30; rows++) {
  const widths = rows <= 12 ? WIDTHS : [3, 10, 20]
  add(`dense, ${rows} rows`, rows, widths, every(1, 0, rows, loss(rows)))
  add(`gappy, ${rows} rows`, rows, [5, 10], gappy(rows, loss(rows)))
  add(`ends in the middle, ${rows} rows`, rows, [10], every(1, 0, Math.ceil(rows / 2), loss(rows)))
}
for (const rows of [99, 100, 101]) {
  add(`dense, ${rows} rows`, rows, [3, 10, 100], every(1, 0, rows, loss(rows)))
  add(`every 3rd of ${rows} rows`, rows, [5, 10, 50], every(3, 0, rows, loss(rows)))
  add(`every 10th of ${rows} rows`, rows, WIDTHS, every(10, 9, rows, loss(rows)))
  add(`one point of ${rows} rows`, rows, [10], [[rows - 1, round(2 + random())]])
}
add('dense, 500 rows', 500, [10, 100], every(1, 0, 500, loss(500)))
add('gappy, 500 rows', 500, [10, 50], gappy(500, loss(500)))
add('every 25th of 500 rows', 500, WIDTHS, every(25, 24, 500, loss(500)))
add('every 100th of 500 rows', 500, [10, 100], every(100, 0, 500, loss(500)))
add('19 points at the end of 500 rows', 500, [10, 20], every(1, 481, 500, loss(500)))

const SHAPES = [
  // not exact in binary: the mean of running sums leaves such a constant in the last digits, and so must the
  // one that is compared
  ['constant 0.1', 60, [3, 10], 1, () => 0.1],
  ['constant 0.001', 60, [3, 10], 1, () => 0.001],
  ['constant 1e-300', 60, [3, 10], 1, () => 1e-300],
  ['constant 1e15', 60, [3, 10], 1, () => 1e15],
  ['steps of 0.1 from 123456789.1', 60, [10], 1, (row) => 123456789.1 + row * 0.1],
  ['1 ± 1e-12', 60, [10], 1, (row) => (row % 2 ? 1 + 1e-12 : 1 - 1e-12)],
  ['learning rate in three pieces', 90, [10], 1, (row) => 3e-4 * 0.1 ** Math.floor(row / 30)],
  ['a spike of 1e6 in ones', 60, [10, 20], 1, (row) => (row === 30 ? 1e6 : round(1 + 0.1 * random()))],
  ['goes up to 1e6', 60, [10], 1, (row) => round(10 ** (row / 10))],
  ['NaN and infinities inside', 40, [3, 10, 20], 1, (row) => ODD[row] ?? round(1 + random())],
  ['NaN at both ends', 40, [10], 2, (row) => (row < 4 || row > 34 ? 'NaN' : round(1 + random()))],
  ['never finite', 20, [10], 1, () => 'NaN'],
]
for (const [name, rows, widths, each, valueAt] of SHAPES)
  add(name, rows, widths, every(each, 0, rows, valueAt))

const file = join(dirname(fileURLToPath(import.meta.url)), '..', 'fixtures', 'smooth-data.json')
writeFileSync(file, `[\n${cases.map((one) => JSON.stringify(one)).join(',\n')}\n]\n`)
console.log(`${cases.length} cases`)

function add(name, rows, widths, points) {
  for (const width of widths) {
    const logs = Array.from({ length: rows }, (_, step) => ({ step }))
    for (const [row, value] of points) logs[row].value = value
    const made = processRunData(logs, 'run', width, 'step', false, false).rows.filter(
      (row) => row.data_type === 'smoothed',
    )
    cases.push({ name, rows, points, width, smoothed: points.map(([row]) => made[row].value) })
  }
}

/** Points of rows `from`, `from + each`, … below `rows`. */
function every(each, from, rows, valueAt) {
  const points = []
  for (let row = from; row < rows; row += each) points.push([row, valueAt(row)])
  return points
}

/** Stretches of logged rows between stretches without, as a metric that is logged only in some phases. */
function gappy(rows, valueAt) {
  const points = []
  let on = true
  for (let row = 0; row < rows; row++) {
    if (random() < 0.2) on = !on
    if (on || row === rows - 1) points.push([row, valueAt(row)])
  }
  return points
}

/** A loss that falls, with noise that falls along. */
function loss(rows) {
  return (row) => {
    const mean = 0.4 + 3.2 * Math.exp((-4 * row) / rows)
    return round(mean * (1 + 0.12 * (random() + random() + random() - 1.5)))
  }
}

/** Five digits, as demo.py logs them: short in the file, and as inexact in binary as any. */
function round(value) {
  return Number(value.toPrecision(5))
}

/** As test/random.ts, which this Node cannot import. */
function makeRandom(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

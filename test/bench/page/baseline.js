// The plain ways that our figures are held against: SQLite reading the same file, uPlot drawing the same
// points from memory.
import uPlot from '/modules/uplot/dist/uPlot.esm.js'

const worker = new Worker('read-worker.js', { type: 'module' })
const COLOURS = ['#2d69e9', '#d6760c', '#408862', '#be518b', '#1c9abc', '#8e192d', '#8d6108', '#502aad']

window.baseline = { read, slide, toggle, hover, zoom }

/**
 * ms of `SELECT sum(length(metrics))` over the file in the page's input, SQLite and the schema loaded before.
 */
function read() {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data))
    worker.postMessage(document.querySelector('input').files[0])
  })
}

/** One chart of `lines` × `rows`, new data at each tick: ms to the frame that shows it. */
async function slide({ lines, rows, ticks, width, height }) {
  const sets = [0, 1].map((seed) => data(lines, rows, seed))
  const chart = plot(sets[0], width, height)
  await shown()
  const times = []
  for (let i = 1; i <= ticks; i++) {
    const t = performance.now()
    chart.setData(sets[i % 2])
    times.push((await shown()) - t)
  }
  chart.destroy()
  return times
}

/** `charts` charts of `lines` × `rows`; one line off and on: ms to the frame that shows it. */
async function toggle({ charts, lines, rows, ticks, width, height }) {
  const made = Array.from({ length: charts }, (_, i) => plot(data(lines, rows, i), width, height))
  await shown()
  const times = []
  for (let i = 1; i <= ticks; i++) {
    const t = performance.now()
    for (const chart of made) chart.setSeries(1, { show: i % 2 === 0 })
    times.push((await shown()) - t)
  }
  for (const chart of made) chart.destroy()
  return times
}

/** Synced charts; leaves them standing for the mouse. */
async function hover({ charts, lines, rows, width, height }) {
  for (let i = 0; i < charts; i++)
    plot(data(lines, rows, i), width, height, { sync: { key: 'all' }, focus: { prox: 24 } })
  await shown()
}

/** One line of `rows`, zoomed to 1 % and back: ms to the frame that shows the zoomed one. */
async function zoom({ rows, ticks, width, height }) {
  const chart = plot(data(1, rows, 0), width, height)
  await shown()
  const times = []
  for (let i = 0; i < ticks; i++) {
    const t = performance.now()
    chart.setScale('x', { min: rows / 2, max: rows / 2 + rows / 100 })
    times.push((await shown()) - t)
    chart.setScale('x', { min: 0, max: rows - 1 })
    await shown()
  }
  chart.destroy()
  return times
}

function plot(points, width, height, cursor = {}) {
  const series = points.map((_, i) =>
    i ? { stroke: COLOURS[i % COLOURS.length], width: 1 / devicePixelRatio, points: { show: false } } : {},
  )
  return new uPlot(
    { width, height, series, cursor, legend: { show: false }, scales: { x: { time: false } } },
    points,
    document.getElementById('charts'),
  )
}

function data(lines, rows, seed) {
  const x = Float64Array.from({ length: rows }, (_, i) => i)
  let state = seed + 1
  const noise = () => {
    state = (state * 48271) % 2147483647
    return state / 2147483647
  }
  const ys = Array.from({ length: lines }, () => {
    const rate = (3 + 4 * noise()) / rows
    return Float64Array.from({ length: rows }, (_, i) => 0.3 + 2 * Math.exp(-rate * i) + 0.1 * noise())
  })
  return [x, ...ys]
}

/** The time at which the next frame was produced. */
function shown() {
  return new Promise((resolve) =>
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => resolve(performance.now())
      port2.postMessage(0)
    }),
  )
}

// Times the line kernel alone, in Node: node test/bench/raster.mjs
import { createServer } from 'vite'

const server = await createServer({
  root: new URL('../..', import.meta.url).pathname,
  logLevel: 'error',
  server: { middlewareMode: true, ws: false },
})
const { clearRaster, makeRaster, readRaster, strokeLine } =
  await server.ssrLoadModule('/src/compute/raster.ts')

function lines(count, points, noise, width, height) {
  let seed = 7
  const random = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
    return seed / 2 ** 32
  }
  const xs = new Float64Array(count * points)
  const ys = new Float64Array(count * points)
  for (let l = 0; l < count; l++)
    for (let i = 0; i < points; i++) {
      xs[l * points + i] = (i / (points - 1)) * width
      ys[l * points + i] =
        height * (0.15 + 0.6 * (l / count) + 0.2 * Math.exp(-i / 80)) + (random() - 0.5) * noise
    }
  return { xs, ys }
}

function time(name, width, height, layers, charts = 1) {
  const raster = makeRaster(width, height)
  const out = new Uint8ClampedArray(width * height * 4)
  const map = { scale: 1, offset: 0, log: false }
  const runs = []
  for (let k = 0; k < 15; k++) {
    const start = performance.now()
    for (let c = 0; c < charts; c++) {
      clearRaster(raster)
      for (const { data, count, points, stroke } of layers)
        for (let l = 0; l < count; l++)
          strokeLine(raster, data.xs, data.ys, l * points, (l + 1) * points, map, map, stroke)
      readRaster(raster, out)
    }
    runs.push(performance.now() - start)
  }
  runs.sort((a, b) => a - b)
  console.log(`${name}: median ${runs[7].toFixed(1)} ms, best ${runs[0].toFixed(1)} ms`)
}

const W = 290
const H = 205
const raw = {
  data: lines(10, 580, 60, W, H),
  count: 10,
  points: 580,
  stroke: { color: 0x2d69e9, alpha: 0.2, thickness: 1, dash: [] },
}
const smooth = {
  data: lines(10, 580, 3, W, H),
  count: 10,
  points: 580,
  stroke: { color: 0x2d69e9, alpha: 1, thickness: 1.5, dash: [] },
}
time('9 charts x 10 runs x (smoothed + raw), 290 x 205', W, H, [raw, smooth], 9)
const many = (noise) => ({
  data: lines(200, 700, noise, W, H),
  count: 200,
  points: 700,
  stroke: { color: 0x2d69e9, alpha: 0.35, thickness: 1, dash: [] },
})
time('200 lines x 700, smooth', W, H, [many(3)])
time('200 lines x 700, noisy', W, H, [many(30)])
time('200 lines x 2 x 700, smooth + noisy', W, H, [many(3), many(30)])
time('200 lines x 700, smooth, dashed', W, H, [
  { ...many(3), stroke: { color: 1, alpha: 0.35, thickness: 1, dash: [5, 2.5] } },
])
const big = {
  data: lines(10, 2400, 200, 1200, 600),
  count: 10,
  points: 2400,
  stroke: { color: 0x2d69e9, alpha: 1, thickness: 3, dash: [] },
}
time('10 lines x 2400 at 3 px, 1200 x 600, noisy', 1200, 600, [big])
const D = { W: 384, H: 200 }
const few = (noise, stroke) => ({ data: lines(20, 100, noise, D.W, D.H), count: 20, points: 100, stroke })
time(
  '9 charts of 20 lines of 100 points, logged and smoothed',
  D.W,
  D.H,
  [
    few(80, { color: 0x2d69e9, alpha: 0.3, thickness: 1, dash: [] }),
    few(25, { color: 0x2d69e9, alpha: 0.9, thickness: 1.5, dash: [] }),
    few(25, { color: 0x2d69e9, alpha: 0.9, thickness: 1.5, dash: [5, 2.5] }),
  ],
  9,
)

await server.close()

// Times redraws and hovers of the real chart cards over made-up frames: node test/bench/raster-charts.mjs
// Prints the time spent in animation frame callbacks, where charts draw.
import { chromium } from 'playwright-core'
import { createServer } from 'vite'

const server = await createServer({
  root: new URL('../..', import.meta.url).pathname,
  logLevel: 'error',
  server: { port: 0, host: '127.0.0.1' },
})
await server.listen()
const address = `http://127.0.0.1:${server.httpServer.address().port}/test/ui/charts/index.html`
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run'],
})

async function open(query) {
  const page = await browser.newPage({ viewport: { width: 1180, height: 980 } })
  page.on('pageerror', (error) => console.log(error.message))
  await page.addInitScript(() => {
    const frames = new Map()
    const ask = window.requestAnimationFrame.bind(window)
    window.requestAnimationFrame = (callback) =>
      ask((time) => {
        const start = performance.now()
        callback(time)
        frames.set(time, (frames.get(time) ?? 0) + performance.now() - start)
      })
    window.frameTimes = () => {
      const times = [...frames.values()]
      frames.clear()
      return times
    }
  })
  await page.goto(address + query)
  await page.waitForFunction(() => document.documentElement.dataset.ready === 'true', undefined, {
    timeout: 60_000,
  })
  await page.waitForTimeout(300)
  return page
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

async function redraw(name, query) {
  const page = await open(query)
  const sums = []
  for (let i = 0; i < 9; i++) {
    await page.evaluate(() => window.frameTimes())
    await page.evaluate((theme) => window.fake.setTheme(theme), i % 2 ? 'light' : 'dark')
    await page.waitForTimeout(250)
    sums.push((await page.evaluate(() => window.frameTimes())).reduce((a, b) => a + b, 0))
  }
  console.log(`${name}: median ${median(sums).toFixed(1)} ms, best ${Math.min(...sums).toFixed(1)} ms`)
  await page.close()
}

async function hover(name, query) {
  const page = await open(query)
  await page.mouse.move(150, 100)
  await page.waitForTimeout(300)
  await page.evaluate(() => window.frameTimes())
  for (let x = 150; x < 270; x += 2) {
    await page.mouse.move(x, 100)
    await page.waitForTimeout(25)
  }
  const times = (await page.evaluate(() => window.frameTimes())).filter((time) => time > 0.5)
  const p95 = [...times].sort((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? 0
  console.log(
    `${name}: median ${median(times).toFixed(1)} ms a move, p95 ${p95.toFixed(1)} ms, ${times.length} frames`,
  )
  await page.close()
}

const nine = 'metrics=a/0,a/1,a/2,log/a3,a/4,train/tokens_per_s,a/6,a/7,a/8'
await redraw('redraw 9 charts x 10 runs x (smoothed + raw)', `?columns=3&runs=10&${nine}`)
await redraw('redraw 1 chart x 200 lines', '?columns=3&runs=200&metrics=a/0')
const twelve = `metrics=${Array.from({ length: 12 }, (_, i) => `a/${i}`).join(',')}`
await hover('hover 12 charts x 200 lines', `?columns=3&runs=200&${twelve}`)
await hover('hover 12 charts x 10 lines', `?columns=3&runs=10&${twelve}`)
await browser.close()
await server.close()

/**
 * Pictures of the built page with each database of a folder, at the page's defaults and with motion, as
 * people have it.
 *
 *     npx vite build
 *     node test/make/compare-pictures.mjs DATABASES OUT [name ...]     DATABASES has the .db files of real-runs.py; names are files without .db
 *     TRACKIO_DIST=folder node test/make/compare-pictures.mjs …        another build
 *
 * Writes OUT/NAME-light.png and NAME-dark.png (1440×900, and what is below as -light-2, -3, …),
 * NAME-phone.png (390×844) and NAME-embed.png (800×480, ?sidebar=hidden). Prints what each page says of its
 * charts, and exits with 1 when a page complained.
 */
import { createReadStream, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { basename, extname, join, normalize, resolve, sep } from 'node:path'
import { chromium } from 'playwright-core'
import { findChromium } from '../tools/chromium.mjs'

const [databases, out, ...only] = process.argv.slice(2)
if (!databases || !out) throw new Error('compare-pictures: the folder of databases or of pictures is missing')
const dist = resolve(process.env.TRACKIO_DIST || join(import.meta.dirname, '..', '..', 'dist'))
if (!existsSync(join(dist, 'index.html')))
  throw new Error(`compare-pictures: ${dist} has no index.html; run npx vite build`)
mkdirSync(out, { recursive: true })

const VIEWS = [
  { name: 'light', width: 1440, height: 900, colorScheme: 'light', query: '', below: 4 },
  { name: 'dark', width: 1440, height: 900, colorScheme: 'dark', query: '', below: 0 },
  { name: 'phone', width: 390, height: 844, colorScheme: 'light', query: '', below: 0, touch: true },
  { name: 'embed', width: 800, height: 480, colorScheme: 'light', query: '&sidebar=hidden', below: 0 },
]
const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
}

const { server, origin } = await serve()
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || findChromium(),
  args: [
    '--disable-gpu',
    '--disable-background-networking',
    '--no-first-run',
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ],
})
let complained = false
try {
  for (const file of readdirSync(databases).filter((file) => file.endsWith('.db'))) {
    const name = basename(file, '.db')
    if (only.length === 0 || only.includes(name)) for (const view of VIEWS) await picture(name, view)
  }
} finally {
  await browser.close()
  server.close()
  server.closeAllConnections()
}
process.exitCode = complained ? 1 : 0

async function picture(name, view) {
  const context = await browser.newContext({
    viewport: { width: view.width, height: view.height },
    colorScheme: view.colorScheme,
    locale: 'en-US',
    timezoneId: 'UTC',
    hasTouch: Boolean(view.touch),
    isMobile: Boolean(view.touch),
  })
  const page = await context.newPage()
  page.on('pageerror', (error) => complain(name, view, error.message))
  page.on('console', (message) => message.type() === 'error' && complain(name, view, message.text()))
  await page.goto(`${origin}/?db=${encodeURIComponent(`${origin}/data/${name}.db`)}${view.query}`)
  await settle(page)
  await page.screenshot({ path: join(out, `${name}-${view.name}.png`) })
  const drawn = await page
    .locator('main figure[data-metric]')
    .evaluateAll(
      (all) => all.filter((one) => one.dataset.state === 'ready' || one.querySelector('canvas')).length,
    )
  const all = await page.locator('main figure[data-metric]').count()
  console.log(`${name} ${view.name}: ${drawn} of ${all} charts drawn at once`)
  const sheet = page.locator('main figure[data-metric]').first()
  for (let screen = 2; screen <= view.below + 1; screen++) {
    const moved = await sheet.evaluate((figure) => {
      let box = figure.parentElement
      while (
        box &&
        !(box.scrollHeight > box.clientHeight + 1 && /auto|scroll/.test(getComputedStyle(box).overflowY))
      )
        box = box.parentElement
      const scrolls = box ?? document.scrollingElement
      const before = scrolls.scrollTop
      scrolls.scrollTop += scrolls.clientHeight - 60
      return scrolls.scrollTop - before
    })
    if (moved < 1) break
    await settle(page)
    await page.screenshot({ path: join(out, `${name}-${view.name}-${screen}.png`) })
  }
  await context.close()
}

/** Until the charts in the window are drawn, and what comes after that moved is at rest. */
async function settle(page) {
  await page.waitForFunction(() => document.documentElement.dataset.ready === 'true', undefined, {
    timeout: 60_000,
  })
  await page.waitForTimeout(700)
  await page.waitForFunction(() => document.documentElement.dataset.ready === 'true', undefined, {
    timeout: 60_000,
  })
}

function complain(name, view, text) {
  complained = true
  console.error(`${name} ${view.name}: ${text}`)
}

/** The build at /, the databases at /data/, in ranges; on a free port of the loopback. */
async function serve() {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://127.0.0.1').pathname)
    const base = path.startsWith('/data/') ? resolve(databases) : dist
    const file = normalize(
      join(base, path.startsWith('/data/') ? path.slice(6) : path === '/' ? 'index.html' : path),
    )
    const info = file.startsWith(base + sep) ? statSync(file, { throwIfNoEntry: false }) : undefined
    if (!info?.isFile()) return response.writeHead(404).end()
    const [, start, end] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? []
    const from = start === undefined ? 0 : Number(start)
    const to = end ? Math.min(Number(end), info.size - 1) : info.size - 1
    const headers = {
      'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
      'Content-Length': to - from + 1,
      'Accept-Ranges': 'bytes',
    }
    headers['Last-Modified'] = info.mtime.toUTCString()
    if (start !== undefined) headers['Content-Range'] = `bytes ${from}-${to}/${info.size}`
    response.writeHead(start === undefined ? 200 : 206, headers)
    if (request.method === 'HEAD') return response.end()
    createReadStream(file, { start: from, end: to }).pipe(response)
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  return { server, origin: `http://127.0.0.1:${server.address().port}` }
}

import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type LaunchOptions,
  type Page,
} from 'playwright-core'
import { afterAll, expect } from 'vitest'
import { findChromium } from '../tools/chromium.mjs'
import { findHeadlessShell } from '../tools/headless-shell.mjs'
import { type Served, type ServeOptions, serve } from './server.ts'

export { type Served, type ServeOptions, serve } from './server.ts'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

/**
 * The folder of the built page (`TRACKIO_DIST` names another build). Throws where there is no build, as the
 * tests here are about what people get.
 */
export function builtPage(): string {
  if (process.env.TRACKIO_BUILD === 'failed')
    throw new Error('dist: the build of this run failed, so the page cannot be tested')
  const folder = process.env.TRACKIO_DIST || join(root, 'dist')
  if (!existsSync(join(folder, 'index.html')))
    throw new Error('dist: not built; run npm run build (npm test does)')
  return folder
}

/** Names of the web for the host of this machine: what is served under them is of another, insecure origin. */
const WEB_NAMES = ['blog.example', 'plain.test']

/** The browsers of this worker, whose test files run one after another in one process: `vite.config.ts`. */
const running = new Map<string, Browser>()
// so a worker is told to end, in half a second: its exit kills its browsers, and removes their folders
process.once('SIGTERM', () => process.exit())

/**
 * The browser that this worker has for all of its test files. A file asks for it at its top, and makes
 * contexts of its own in it; those that it leaves open are closed at its end. The headless shell where there
 * is one, the same engine in half the time; `whole` is the browser that people have, which also blocks what
 * other sites store.
 */
export async function useBrowser(kind: 'shell' | 'whole' = 'shell'): Promise<Browser> {
  let browser = running.get(kind)
  // one that broke down fails the tests of one file, not those of all files after it
  if (!browser?.isConnected()) {
    browser = await chromium.launch(launchOptions(kind === 'shell' ? findHeadlessShell() : undefined))
    running.set(kind, browser)
  }
  const mine = browser
  afterAll(() => Promise.all(mine.contexts().map((context) => context.close())))
  return mine
}

/** Serves a folder as `serve` does, until the test file, or the suite, ends. */
export async function useServer(folder: string, options?: ServeOptions): Promise<Served> {
  const served = await serve(folder, options)
  afterAll(() => served.close())
  return served
}

/** An empty folder for the test file, or the suite, that asks for it; its path has no links in it. */
export function useFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'trackio-lite-browser-')))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/**
 * A whole browser that keeps what it stores in a folder of the disk, as people's do; the contexts of `useBrowser`
 * are like private windows.
 */
export async function launchLasting(profile: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(profile, launchOptions())
}

/** As `launchLasting`, until the test file ends. */
export async function useLasting(profile: string): Promise<BrowserContext> {
  const context = await launchLasting(profile)
  afterAll(() => context.close())
  return context
}

function launchOptions(shell?: string): LaunchOptions {
  const executablePath = shell || process.env.CHROMIUM || findChromium()
  if (!executablePath)
    throw new Error('chromium: none found; run npm test, which gets one, or set CHROMIUM to the path of one')
  const rootUser = process.getuid?.() === 0
  return {
    executablePath,
    handleSIGTERM: false,
    args: [
      '--disable-gpu',
      '--disable-background-networking',
      '--no-first-run',
      // a page lives for seconds here: room for what it makes costs less than collecting it again and again
      '--js-flags=--min-semi-space-size=32',
      `--host-resolver-rules=${WEB_NAMES.map((name) => `MAP ${name} 127.0.0.1`).join(',')}`,
      ...(rootUser ? ['--no-sandbox'] : []),
    ],
  }
}

export interface Opened {
  page: Page
  /** Console errors, uncaught errors and failed requests, in order. */
  problems: string[]
  /** Every address the page and its workers asked for. */
  requests: string[]
  /** Asserts that nothing went wrong so far; `allowed` are problems that the test means to cause. */
  expectClean(...allowed: RegExp[]): void
  close(): Promise<void>
}

/**
 * Opens an address in a fresh context (no storage of earlier tests). 1440×900, UTC, en-US, light and with
 * motion, unless `options` say otherwise. `before` runs before the page loads.
 */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions & { before?: (page: Page) => Promise<void> } = {},
): Promise<Opened> {
  const { before, ...context } = options
  const session = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'en-US',
    timezoneId: 'UTC',
    colorScheme: 'light',
    reducedMotion: 'no-preference',
    ...context,
  })
  const page = await session.newPage()
  page.setDefaultTimeout(12_000) // below the test's own limit, so that a failure names the step that hung
  const problems: string[] = []
  const requests: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()} (${message.location().url})`)
  })
  page.on('pageerror', (error) => problems.push(`uncaught: ${error.stack ?? error.message}`))
  page.on('crash', () => problems.push('the page crashed'))
  session.on('request', (request) => requests.push(request.url()))
  session.on('requestfailed', (request) => {
    // an aborted request was given up by the page itself
    const why = request.failure()?.errorText ?? ''
    if (why !== 'net::ERR_ABORTED') problems.push(`request: ${request.url()} ${why}`)
  })
  await before?.(page)
  await page.goto(url)
  return {
    page,
    problems,
    requests,
    expectClean: (...allowed) =>
      expect(problems.filter((problem) => !allowed.some((pattern) => pattern.test(problem)))).toEqual([]),
    close: () => session.close(),
  }
}

/**
 * `open` with one page for all tests of a file that ask for the same options: to open a page is a second of work,
 * to follow a link in it a third of that. A page stays there when its test closes it; the next test comes from the
 * settings, where nothing of the last one is mounted. A test that fails before it closes its page leaves none behind.
 * `arrived` waits for what the file's tests begin at. Not for tests that change what the browser keeps (pins, an
 * order), or that are about how a page opens: those call their `open`.
 */
export function usePage<Options extends object>(
  open: (hash: string, options?: Options) => Promise<Opened>,
  arrived?: (page: Page) => Promise<void>,
): (hash: string, options?: Options) => Promise<Opened> {
  const idle = new Map<string, Opened>()
  return async (hash, options) => {
    const like = JSON.stringify(options ?? {})
    const kept = idle.get(like)
    idle.delete(like)
    const opened = kept ?? (await open(hash, options))
    if (kept) {
      await kept.page.mouse.move(-1, -1)
      kept.requests.length = 0
      for (const to of ['#/settings', hash]) await follow(kept.page, to)
    }
    await arrived?.(opened.page)
    const close = async () => {
      opened.problems.length = 0 // a test looks for those that it causes, or means to cause them
      // what lies over the page is no place to follow a link from
      if (await opened.page.locator('dialog[open]').count()) await opened.close()
      else idle.set(like, opened)
    }
    return { ...opened, close }
  }
}

/** Another hash, as a link within the page that is clicked; waits until what it leads to is settled. */
export async function follow(page: Page, hash: string): Promise<void> {
  const name = /^#\/(\w+)/.exec(hash)?.[1] ?? 'metrics'
  await page.evaluate(
    (to) =>
      new Promise<void>((done) => {
        if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
        if (location.hash === to) return done()
        // taken over once the page has heard of it
        addEventListener('hashchange', () => requestAnimationFrame(() => done()), { once: true })
        location.hash = to
      }),
    hash,
  )
  await page.waitForFunction((wanted) => document.documentElement.dataset.page === wanted, name)
  await ready(page)
}

/** Waits until the page is settled: data of the view read, all visible charts drawn, empty or failed. */
export async function ready(page: Page, timeout = 20_000): Promise<void> {
  await page.waitForFunction(() => document.documentElement.dataset.ready === 'true', undefined, { timeout })
}

/** A file as a test gives it: a path, or a name with bytes. */
export type DroppedFile = string | { name: string; bytes: Uint8Array }

// playwright's messages are JSON: larger ones cost more memory than they save round trips
const CHUNK = 3 << 20

/**
 * Drops files on the page through a DataTransfer that a script made, so bytes need no place on disk. Such a
 * drop has `dataTransfer.files` but no entries and no handles (`webkitGetAsEntry()` gives null): for folders,
 * or files that change on disk, use `dropPaths`.
 */
export async function dropFiles(page: Page, files: DroppedFile[], selector = 'body'): Promise<void> {
  const list = files.map((file) =>
    typeof file === 'string' ? { name: basename(file), bytes: readFileSync(file) } : file,
  )
  const transfer = await page.evaluateHandle(() => new DataTransfer())
  for (const { name, bytes } of list) {
    const parts = await page.evaluateHandle((): BlobPart[] => [])
    for (let at = 0; at < bytes.length; at += CHUNK) {
      const chunk = Buffer.from(bytes.subarray(at, at + CHUNK)).toString('base64')
      await parts.evaluate(
        (all, text) => all.push(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))),
        chunk,
      )
    }
    await transfer.evaluate((to, { parts, name }) => to.items.add(new File(parts, name)), { parts, name })
    await parts.dispose()
  }
  for (const type of ['dragenter', 'dragover', 'drop'])
    await page.dispatchEvent(selector, type, { dataTransfer: transfer })
  await transfer.dispose()
}

/**
 * Drops files or folders from disk as a person does: the browser makes real entries and real files, which
 * follow the disk. The drop lands on the middle of the page.
 */
export async function dropPaths(page: Page, paths: string[]): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const size = page.viewportSize() ?? { width: 1440, height: 900 }
  const data = { items: [], files: paths.map((path) => resolve(path)), dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x: size.width / 2, y: size.height / 2, data })
  }
  await session.detach()
}

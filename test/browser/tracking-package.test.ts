import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build as esbuild } from 'esbuild'
import { rolldown } from 'rolldown'
import { build, createServer } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startHub } from '../hub/double.ts'
import { builtPage, openPage, type Served, serve, useBrowser, useFolder } from './harness.ts'

// The package as npm would install it, in projects that know nothing of how it is made.

const root = join(import.meta.dirname, '..', '..')
const folder = useFolder()
const browser = await useBrowser()
let served: Served[]

const PAGE = '<!doctype html><link rel="icon" href="data:,"><script type="module" src="./main.js"></script>'
const PROGRAM = `
const run = await trackio.init({ project: 'sample', config: { lr: 0.1 } })
for (let step = 0; step < 10; step++) trackio.log({ loss: 1 / (step + 1) })
trackio.log({ picture: trackio.Image(new Uint8Array(4), { width: 1, height: 1 }) })
await trackio.flush()
const [read] = await new trackio.Api().runs('sample')
window.done = { ...(await trackio.finish()), read: read.rows, bytes: (await trackio.exportDatabase('sample')).size }
`

/**
 * What a first `log()` may fetch: 60 % of the 1,361,783 bytes that it took while its worker held the Hub and
 * what publishes as well.
 */
const FIRST_LOG = 817_069

beforeAll(async () => {
  served = []
  builtPage() // dist is there
  // what npm install does, without its registry: the tarball, unpacked
  execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], { cwd: root })
  const [tarball = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'))
  execFileSync('tar', ['-xzf', tarball], { cwd: folder })
})

afterAll(async () => {
  for (const one of served) await one.close()
})

/** A project with the package in its node_modules, and a page. */
function project(name: string, files: Record<string, string>): string {
  const path = join(folder, name)
  mkdirSync(join(path, 'node_modules'), { recursive: true })
  cpSync(join(folder, 'package'), join(path, 'node_modules', 'trackio-lite'), { recursive: true })
  for (const [file, text] of Object.entries({ 'package.json': '{"type":"module"}', ...files }))
    writeFileSync(join(path, file), text)
  return path
}

async function runs(path: string, options: { page?: string; cors?: boolean } = {}): Promise<void> {
  const site = await serve(path, options)
  served.push(site)
  await opens(site.url + (options.page ?? ''))
}

async function opens(url: string): Promise<void> {
  const { page, close, problems } = await openPage(browser, url)
  await page.waitForFunction(() => 'done' in window)
  const done = await page.evaluate(() => Reflect.get(window, 'done'))
  expect(done).toMatchObject({ rows: 11, waiting: 0, kept: 'stored', read: 11, bytes: expect.any(Number) })
  expect(problems).toEqual([])
  await close()
}

describe('the package works', { timeout: 60_000 }, () => {
  test('from a script tag, also of another origin', async () => {
    const path = project('bare', {})
    const files = await serve(join(path, 'node_modules', 'trackio-lite', 'dist'), { cors: true })
    served.push(files)
    const page = (from: string): string =>
      `<!doctype html><link rel="icon" href="data:,"><script type="module">import * as trackio from '${from}'\n${PROGRAM}</script>`
    writeFileSync(join(path, 'own.html'), page('./node_modules/trackio-lite/dist/trackio.js'))
    writeFileSync(join(path, 'other.html'), page(`${files.url}trackio.js`))
    await runs(path, { page: 'own.html' })
    await opens(`${served.at(-1)?.url}other.html`)
  })

  test('and a page that logs fetches no more than that needs: neither the Hub nor what reads', async () => {
    const path = project('small', {})
    writeFileSync(
      join(path, 'index.html'),
      `<!doctype html><link rel="icon" href="data:,"><script type="module">import * as trackio from './node_modules/trackio-lite/dist/trackio.js'
trackio.init({ project: 'small' })
trackio.log({ loss: 1 })
await trackio.flush()
window.done = true</script>`,
    )
    const site = await serve(path)
    served.push(site)
    const { page, close, expectClean } = await openPage(browser, site.url)
    await page.waitForFunction(() => 'done' in window)
    const fetched = site.requests
      .filter(({ path: of }) => of.endsWith('.js'))
      .map(({ path: of, bytes }) => `${bytes} ${of.split('/').pop()}`)
    expect(site.bytes('.js'), fetched.join(', ')).toBeLessThanOrEqual(FIRST_LOG)
    expectClean()
    await close()
  })

  // what docs/tracking.md names, and nothing more
  const POLICY =
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src blob:; connect-src 'self' http://127.0.0.1:*; img-src 'self' data:"
  /** A page of `bare` whose program stands in a file, as its policy lets no other in. */
  function page(name: string, program: string): string {
    const path = project('policy', {})
    writeFileSync(
      join(path, `${name}.js`),
      `import * as trackio from './node_modules/trackio-lite/dist/trackio.js'\n${program}`,
    )
    const html = `<!doctype html><link rel="icon" href="data:,"><script type="module" crossorigin src="./${name}.js"></script>`
    writeFileSync(join(path, `${name}.html`), html)
    return path
  }

  test('under the policy that docs/tracking.md names', async () => {
    const site = await serve(page('own', PROGRAM), { headers: { 'Content-Security-Policy': POLICY } })
    served.push(site)
    await opens(`${site.url}own.html`)
  })

  test('with the Hub, whose code comes when a run has a Space, and what publishes when that is asked for', async () => {
    const hub = await startHub()
    try {
      hub.setToken('ann', 'hf_ann')
      hub.repo('bucket', 'ann/live-bucket')
      hub.repo('space', 'ann/live', {
        sdk: 'gradio',
        volumes: [{ type: 'bucket', source: 'ann/live-bucket', mountPath: '/data' }],
      })
      const program = `
const fetched = () => performance.getEntriesByType('resource').map(({ name }) => name.split('/').pop()).filter((name) => name.startsWith('trackio')).sort()
const hub = '${hub.url}'
await trackio.login('hf_ann', { hub })
await trackio.init({ project: 'here' })
trackio.log({ loss: 1 })
await trackio.finish()
const plain = fetched()
await trackio.init({ project: 'sent', spaceId: 'ann/live', hub })
trackio.log({ loss: 1 })
const { delivery } = await trackio.finish()
const live = fetched()
const { space } = await trackio.sync({ project: 'here', spaceId: 'ann/shown', hub })
window.done = { plain, live, delivery, space, all: fetched() }`
      const site = await serve(page('hub', program), { headers: { 'Content-Security-Policy': POLICY } })
      served.push(site)
      const { page: opened, close, expectClean } = await openPage(browser, `${site.url}hub.html`)
      await opened.waitForFunction(() => 'done' in window, undefined, { timeout: 40_000 })
      const [first, live, all] = [
        ['sqlite', 'writer'],
        ['hub', 'sqlite', 'writer'],
        ['hub', 'reader', 'sqlite', 'writer'],
      ].map((names) => [...names.map((name) => `trackio-${name}.js`), 'trackio.js'])
      expect(await opened.evaluate(() => Reflect.get(window, 'done'))).toMatchObject({
        plain: first,
        delivery: { state: 'sent', bucket: 'ann/live-bucket', rows: 1 },
        live,
        space: 'ann/shown',
        all,
      })
      expect(hub.leaks()).toEqual([])
      expectClean()
      await close()
    } finally {
      await hub.stop()
    }
  })

  const IN_MEMORY = `
trackio.init({ project: 'framed' })
for (let n = 0; n < 100; n++) trackio.log({ n })
const finished = await trackio.finish()
window.done = { ...finished, bytes: (await trackio.exportDatabase('framed')).size }`
  test.each([
    [
      'in a frame without an origin',
      '<iframe sandbox="allow-scripts" src="./memory.html"></iframe>',
      undefined,
    ],
    ['where the policy allows no worker', '<iframe src="./memory.html"></iframe>', "worker-src 'none'"],
    [
      'where the policy allows only what the host serves',
      '<iframe src="./memory.html"></iframe>',
      "script-src 'self' 'wasm-unsafe-eval'",
    ],
  ])('%s: kept in memory', async (_, frame, policy) => {
    const path = page('memory', IN_MEMORY)
    writeFileSync(join(path, 'frame.html'), `<!doctype html><link rel="icon" href="data:,">${frame}`)
    const site = await serve(path, {
      cors: true,
      ...(policy && { headers: { 'Content-Security-Policy': policy } }),
    })
    served.push(site)
    const { page: opened, close } = await openPage(browser, `${site.url}frame.html`)
    const inside = opened.frames().find((one) => one !== opened.mainFrame())
    await inside?.waitForFunction(() => 'done' in window, undefined, { timeout: 30_000 })
    const done = await inside?.evaluate(() => Reflect.get(window, 'done'))
    expect(done).toMatchObject({ rows: 100, waiting: 0, kept: 'memory' })
    expect(done.bytes).toBeGreaterThan(4096)
    await close()
  })

  test('in a project built with Vite', async () => {
    const path = project('vite', {
      'index.html': PAGE,
      'main.js': `import * as trackio from 'trackio-lite'\n${PROGRAM}`,
    })
    await build({ root: path, configFile: false, base: './', logLevel: 'error', build: { target: 'es2023' } })
    await runs(join(path, 'dist'))
  })

  test('in a project built with esbuild', async () => {
    const path = project('esbuild', { 'main.js': `import * as trackio from 'trackio-lite'\n${PROGRAM}` })
    await esbuild({
      entryPoints: [join(path, 'main.js')],
      bundle: true,
      format: 'esm',
      outdir: join(path, 'out'),
      logLevel: 'error',
    })
    writeFileSync(join(path, 'out', 'index.html'), PAGE)
    await runs(join(path, 'out'))
  })

  describe('and its dashboard, served beside a bundled program as docs/tracking.md says,', () => {
    const SHOWING = PAGE.replace('<script', '<div id="dashboard"></div><script')
    const SHOWS = `
import * as trackio from 'trackio-lite'
await trackio.init({ project: 'shown', name: 'first' })
for (let step = 0; step < 10; step++) trackio.log({ loss: 1 / (step + 1) })
await trackio.show({ into: '#dashboard', dashboard: '/trackio/index.html' })
trackio.log({ loss: 0.05 })
await trackio.finish()
window.done = true
`
    /** The command of the recipe, with the folder it names. */
    function copies(path: string, into: string): void {
      const recipe = readFileSync(join(root, 'docs', 'tracking.md'), 'utf8')
      const [, command = ''] = /"trackio": "node -e \\"(.+)\\""/.exec(recipe) ?? []
      expect(command).toContain("'public/trackio'")
      execFileSync(process.execPath, ['-e', command.replace('public', into)], { cwd: path })
    }
    async function shows(url: string): Promise<void> {
      const { page, close, problems } = await openPage(browser, url)
      await page.waitForFunction(() => 'done' in window)
      const frame = page.frameLocator('#dashboard iframe')
      await frame.locator('figure[data-metric=loss][data-state=ready][data-xmax="10"]').waitFor()
      expect(problems).toEqual([])
      await close()
    }

    test('with Vite: built, and by its dev server', async () => {
      const path = project('vite-shows', { 'index.html': SHOWING, 'main.js': SHOWS })
      copies(path, 'public')
      await build({ root: path, configFile: false, logLevel: 'error', build: { target: 'es2023' } })
      const site = await serve(join(path, 'dist'))
      served.push(site)
      await shows(site.url)
      const dev = await createServer({
        root: path,
        configFile: false,
        logLevel: 'error',
        server: { host: '127.0.0.1', port: 0 },
      })
      try {
        await dev.listen()
        await shows(dev.resolvedUrls?.local[0] ?? '')
      } finally {
        await dev.close()
      }
    })

    test('with esbuild', async () => {
      const path = project('esbuild-shows', { 'main.js': SHOWS })
      await esbuild({
        entryPoints: [join(path, 'main.js')],
        bundle: true,
        format: 'esm',
        outdir: join(path, 'out'),
        logLevel: 'error',
      })
      writeFileSync(join(path, 'out', 'index.html'), SHOWING)
      copies(path, 'out')
      const site = await serve(join(path, 'out'))
      served.push(site)
      await shows(site.url)
    })
  })

  test('in a project built with Rolldown, with the names of wandb', async () => {
    const path = project('bundled', {
      'main.js': `import * as wandb from 'trackio-lite'\n${PROGRAM.replaceAll('trackio.', 'wandb.')}`,
    })
    const bundle = await rolldown({ input: join(path, 'main.js'), cwd: path })
    await bundle.write({ dir: join(path, 'out'), format: 'es' })
    writeFileSync(join(path, 'out', 'index.html'), PAGE)
    await runs(join(path, 'out'))
  })

  test('with its types', () => {
    const path = project('typed', {
      'main.ts': `import * as trackio from 'trackio-lite'
const run: trackio.Run = await trackio.init('p', { config: { lr: 1 }, resume: 'allow' })
run.log({ loss: 1 }, 3)
trackio.log({ image: new trackio.Image(new Blob([]), 'words'), again: trackio.Image(new Blob([])) })
const { rows, kept }: trackio.Finished = await trackio.finish()
const text: string = kept + rows.toFixed()
// @ts-expect-error: no such option
trackio.init({ project: 'p', tags: [] })
export { text }
`,
    })
    const flags = [
      '--noEmit',
      '--strict',
      '--exactOptionalPropertyTypes',
      '--skipLibCheck',
      'false',
      '--target',
      'es2022',
      '--module',
      'nodenext',
      '--types',
      '',
      '--ignoreConfig',
    ]
    const said = (() => {
      try {
        return execFileSync(
          process.execPath,
          [join(root, 'node_modules/typescript/bin/tsc'), ...flags, 'main.ts'],
          {
            cwd: path,
          },
        ).toString()
      } catch (error) {
        return String(Reflect.get(Object(error), 'stdout'))
      }
    })()
    expect(said).toBe('')
  })
})

import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { builtPage, type Opened, openPage, useBrowser, useServer } from './harness.ts'

/*
 * The tables beside the metrics as another page reads them, by the built package: what it tracked itself, and a file.
 */

const browser = await useBrowser()
// what docs/tracking.md names, and nothing more
const POLICY = "default-src 'self'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; worker-src blob:"
const site = await useServer(builtPage())
let opened: Opened
let page: Page

beforeAll(async () => {
  opened = await openPage(browser, `${site.url}own.html`, {
    before: async (page) => {
      await page.route('**/own.html', (route) =>
        route.fulfill({
          contentType: 'text/html',
          headers: { 'Content-Security-Policy': POLICY },
          body: '<!doctype html><script type="module">window.own = await import("./trackio.js"); window.here = true</script>',
        }),
      )
    },
  })
  page = opened.page
  await page.waitForFunction(() => 'here' in window)
  await page.evaluate(async () => {
    const trackio: Trackio = Reflect.get(window, 'own')
    const corpus = new trackio.Artifact('corpus', 'dataset', { metadata: { lines: 2 } })
    for (const name of ['one', 'two']) {
      const run = await trackio.init({ project: 'sides', name, config: { lr: 0.1 } })
      trackio.log({ loss: 0.5 })
      trackio.log({ report: new trackio.Markdown(`# ${name}`) })
      trackio.alert('too hot', { text: name, level: name === 'one' ? 'error' : 'info' })
      if (name === 'one') {
        corpus.addFile(new Blob(['a\nb\n']), 'data/lines.txt')
        corpus.addReference('https://example.com/x.bin', { checksum: false, name: 'x.bin' })
        await run.logArtifact(corpus)
      } else await run.useArtifact('corpus:latest')
      await trackio.save(new Blob([`seed of ${name}`]), `configs/${name}.yaml`)
      await trackio.finish()
    }
    Reflect.set(window, 'api', new trackio.Api())
  })
})

type Trackio = typeof import('../../src/entries/trackio.ts')
type Api = InstanceType<Trackio['Api']>

test('what was tracked here: alerts, reports, artifacts with their contents, saved files', async () => {
  const found = await page.evaluate(async () => {
    const api: Api = Reflect.get(window, 'api')
    const project = await api.project('sides')
    const runs = await project.runs()
    const names = new Map(runs.map(({ key, name }) => [key, name]))
    const [artifact] = await project.artifacts()
    const [version] = artifact?.versions ?? []
    const failure = (error: unknown) => (error instanceof Error ? error.message : String(error))
    const { files, listed } = await project.files({ part: 'saved' })
    return {
      alerts: (await project.alerts()).map(({ runName, level, title, text }) => [
        runName,
        level,
        title,
        text,
      ]),
      errors: (await project.alerts({ level: 'error' })).length,
      ofOne: (await project.alerts({ run: runs[0]?.key })).map(({ text }) => text),
      reports: (await project.reports()).map(({ run, key, text }) => [names.get(run), key, text]),
      artifact: [artifact?.name, artifact?.type, version?.version, version?.aliases, version?.metadata],
      madeBy: version?.madeBy.map(({ name }) => name),
      usedBy: version?.usedBy.map(({ name }) => name),
      manifest: (await version?.manifest())?.map(({ path, size, ref }) => [path, size, ref]),
      content: await (await version?.file('data/lines.txt'))?.text(),
      none: await version?.file('nope').catch(failure),
      reference: await version?.file('x.bin').catch(failure),
      files: await Promise.all(files.map(async ({ path, blob }) => [path, await (await blob()).text()])),
      listed,
    }
  })
  expect(found).toEqual({
    alerts: [
      ['two', 'info', 'too hot', 'two'],
      ['one', 'error', 'too hot', 'one'],
    ],
    errors: 1,
    ofOne: ['one'],
    reports: [
      ['one', 'report', '# one'],
      ['two', 'report', '# two'],
    ],
    artifact: ['corpus', 'dataset', 0, ['latest'], { lines: 2 }],
    madeBy: ['one'],
    usedBy: ['two'],
    manifest: [
      ['data/lines.txt', 4, undefined],
      ['x.bin', 0, 'https://example.com/x.bin'],
    ],
    content: 'a\nb\n',
    none: 'has no file nope',
    reference: 'x.bin is a reference: its content is at https://example.com/x.bin',
    files: [
      ['configs/one.yaml', 'seed of one'],
      ['configs/two.yaml', 'seed of two'],
    ],
    listed: true,
  })
})

test('SQL about it, and about a file that was opened; one that goes on for ever is ended at once', async () => {
  const found = await page.evaluate(async () => {
    const trackio: Trackio = Reflect.get(window, 'own')
    const api: Api = Reflect.get(window, 'api')
    const project = await api.project('sides')
    const { columns, rows, truncated } = await project.query(
      "SELECT run_name, config ->> 'lr' AS lr FROM configs ORDER BY 1",
      { most: 1 },
    )
    const file = new File([await trackio.exportDatabase('sides')], 'copy.db')
    const [copy] = await api.open(file)
    const objects = await api.query('copy', 'SELECT title, level FROM alerts WHERE run_name = ?', ['one'])
    const stored = await api.alerts('copy', { level: 'info' })
    const tracked = await api.query('sides', 'SELECT count(*) AS n FROM metrics')
    const failed = await copy?.query('SELECT nope FROM metrics').catch((error: Error) => error.message)
    const abort = new AbortController()
    const endless = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n'
    const heard: string[] = []
    const ended = copy
      ?.query(endless, { signal: abort.signal, onProgress: (words) => void heard.push(words) })
      .catch((error: Error) => error.name)
    while (heard.length === 0) await new Promise((resolve) => setTimeout(resolve))
    // the engine answers others all the while
    const runs = (await copy?.runs())?.length
    const at = performance.now()
    abort.abort()
    const how = await ended
    const took = performance.now() - at
    const next = (await copy?.query('SELECT 1'))?.rows
    return {
      columns,
      rows,
      truncated,
      objects,
      stored,
      tracked,
      failed,
      how,
      took,
      heard: heard[0],
      runs,
      next,
    }
  })
  expect(found).toMatchObject({
    columns: ['run_name', 'lr'],
    rows: [['one', 0.1]],
    truncated: true,
    objects: [{ title: 'too hot', level: 'error' }],
    stored: [{ run: 'two', title: 'too hot', text: 'two', level: 'info', step: 1 }],
    tracked: [{ n: 4 }],
    failed: 'no such column: nope, at line 1, letter 8 (nope FROM metrics)',
    how: 'AbortError',
    heard: 'asking copy: 0 rows',
    runs: 2,
    next: [[1]],
  })
  expect(found.took).toBeLessThan(50)
  // an alert is said on the console, too
  opened.expectClean(/TRACKIO ERROR/)
})

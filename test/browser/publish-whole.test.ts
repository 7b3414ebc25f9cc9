import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { richProject } from '../engine/exports/rich-project.ts'
import { type HubDouble, startHub } from '../hub/double.ts'
import { expectAccessible } from './axe.ts'
import {
  builtPage,
  dropPaths,
  type Opened,
  openPage,
  ready,
  useBrowser,
  useFolder,
  useServer,
} from './harness.ts'
import { dropAndDraw, onPage } from './steps.ts'

/*
 * A project with something of everything, in a folder that somebody drops: it goes out in every form by the page's own
 * buttons, is opened again, and all of it is there and is shown.
 */

const TOKEN = 'hf_writetokenofme1234'
const browser = await useBrowser()
const site = await useServer(builtPage())
const folder = useFolder()
let hub: HubDouble
/** The page with the dropped folder. */
let first: Opened
let whole: Whole

beforeAll(async () => {
  hub = await startHub()
  hub.setUser('me')
  hub.setToken('me', TOKEN, { scopes: ['write-repos', 'manage-repos'] })
  for (const { path, file } of await richProject()) {
    const to = join(folder, 'trackio', path)
    mkdirSync(dirname(to), { recursive: true })
    writeFileSync(to, new Uint8Array(await file.arrayBuffer()))
  }
  first = await openPage(browser, `${site.url}?hub=${encodeURIComponent(hub.url)}`)
  await dropAndDraw(first.page, [join(folder, 'trackio')])
  whole = await read(first.page)
})
afterAll(async () => {
  await hub?.stop()
})

test('what was dropped has something of everything', () => {
  expect(Object.fromEntries(Object.entries(whole).map(([name, list]) => [name, list.length]))).toEqual({
    ...{ runs: 2, series: 12, alerts: 4, traces: 6, tables: 2, media: 12, reports: 2 },
    ...{ artifacts: 4, files: 2, system: 2, marks: 1, links: 2 },
  })
  expect(JSON.stringify(whole)).not.toMatch(/lost|null bytes/)
  first.expectClean()
})

test('the dialog says what each form holds and leaves behind, and what came of it', async () => {
  const { page } = first
  await openDialog(page)
  const dialog = page.getByRole('dialog', { name: 'Download' })
  const choice = (name: string) => dialog.locator('.form-choice', { hasText: name })
  await choice('Database (.db)').waitFor()
  expect(await choice('Database (.db)').textContent()).toMatch(
    /a \.db has no room for what lies beside the data: 12 media files, 2 saved files and 3 files of artifacts \([\d.]+ kB\)/,
  )
  for (const name of ['Folder (.zip)', 'Parquet (.zip)', 'Page (.html)'])
    expect(await choice(name).locator('.left').count()).toBe(0)
  expect(await choice('CSV').locator('.left').textContent()).toContain(
    'a CSV has the numbers of rows alone, not 2 configs',
  )
  await expectAccessible(page, 'the download dialog')
  const csv = await downloaded(page, async () => {
    await choice('CSV').click()
    await dialog.getByRole('button', { name: 'Download', exact: true }).click()
  })
  expect(csv.name).toBe('rich.csv')
  expect(await dialog.textContent()).toMatch(
    /rich\.csv is with your downloads\..*a CSV has the numbers of rows alone/,
  )
  await dialog.getByRole('button', { name: 'Done' }).click()
  expect(await page.getByRole('dialog').count()).toBe(0)

  // one whose dialog was closed goes on, and how it ends is not the next dialog's
  let end = (): void => {}
  const asked = new Promise<void>((resolve) =>
    page.route('**/single.html', (route) => {
      end = () => void route.abort()
      resolve()
    }),
  )
  await openDialog(page)
  await choice('Page (.html)').click()
  await dialog.getByRole('button', { name: 'Download', exact: true }).click()
  await asked
  await page.keyboard.press('Escape')
  await openDialog(page)
  await choice('Database (.db)').waitFor()
  end()
  await page
    .getByText(/single\.html/)
    .first()
    .waitFor({ state: 'attached' })
  expect(await dialog.isVisible()).toBe(true)
  await page.unroute('**/single.html')
  await page.keyboard.press('Escape')
})

test.each([
  ['Folder (.zip)', 'rich.zip'],
  ['Parquet (.zip)', 'rich-parquet.zip'],
  ['Page (.html)', 'rich.html'],
])('%s arrives whole, and every page shows it', { timeout: 120_000 }, async (form, name) => {
  const { page } = first
  await openDialog(page)
  const dialog = page.getByRole('dialog', { name: 'Download' })
  await dialog.locator('.form-choice', { hasText: form }).click()
  const file = await downloaded(page, () =>
    dialog.getByRole('button', { name: 'Download', exact: true }).click(),
  )
  expect(file.name).toBe(name)
  // of Parquet, that a list of numbers and texts stands as JSON
  const words = form === 'Parquet (.zip)' ? 'values that no one type fits' : 'Everything is in it.'
  await dialog.getByText(`${name} is with your downloads.`).waitFor()
  expect(await dialog.textContent()).toContain(words)
  await dialog.getByRole('button', { name: 'Done' }).click()
  const path = join(folder, name)
  writeFileSync(path, file.bytes)
  const again = await openPage(browser, form === 'Page (.html)' ? `file://${path}` : site.url)
  if (form !== 'Page (.html)') await dropPaths(again.page, [path])
  await onPage(again.page, 'metrics')
  await ready(again.page)
  expect(await read(again.page)).toEqual(whole)
  await expectShown(again.page)
  again.expectClean()
  await again.close()
})

test('what is published from a dropped folder arrives whole', { timeout: 120_000 }, async () => {
  const { page } = first
  if (await page.locator('dialog[open]').count()) await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Source' }).click()
  await page.getByRole('menuitem', { name: 'Publish to the Hub' }).click()
  await page.getByRole('textbox', { name: 'Space' }).fill('me/board')
  await page.getByLabel('Token with write access').fill(TOKEN)
  await page.getByRole('button', { name: 'Publish', exact: true }).click()
  await page.getByRole('link', { name: 'me/board' }).waitFor({ timeout: 60_000 })
  await page.getByRole('button', { name: 'Done' }).click()
  const again = await openPage(browser, `${site.url}?hub=${encodeURIComponent(hub.url)}&space=me/board`)
  await onPage(again.page, 'metrics')
  await ready(again.page)
  expect(await read(again.page)).toEqual(whole)
  await expectShown(again.page)
  again.expectClean()
  await again.close()
})

test('a statement of SQL that goes on for ever is ended at once, and charts are drawn meanwhile', async () => {
  const { page } = first
  const found = await page.evaluate(async () => {
    const { trackio } = window
    if (!trackio) throw new Error('no handle')
    await trackio.query('rich', 'SELECT 1') // its thread is there
    const abort = new AbortController()
    const endless = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n'
    const ended = trackio.query('rich', endless, { signal: abort.signal }).then(
      () => 'answered',
      (error: unknown) => (error instanceof Error ? error.name : String(error)),
    )
    // one step of it takes for ever: the engine answers others all the while
    let at = performance.now()
    const runs = await trackio.runs('rich')
    const answered = performance.now() - at
    at = performance.now()
    abort.abort()
    const how = await ended
    const took = performance.now() - at
    const next = await trackio.query('rich', 'SELECT count(*) FROM metrics')
    return { how, took, runs: runs.length, answered, next: next.rows }
  })
  expect(found).toMatchObject({ how: 'AbortError', runs: 2, next: [[26]] })
  expect(found.took).toBeLessThan(50)
  expect(found.answered).toBeLessThan(5000)
  const refused = await page.evaluate(() =>
    window.trackio?.query('rich', 'DELETE FROM alerts').catch((error: unknown) => String(error)),
  )
  expect(refused).toContain('only reading is allowed here, not DELETE alerts')
})

interface Whole {
  [part: string]: unknown[]
}

async function openDialog(page: Page): Promise<void> {
  // one that a test which failed left open
  if (await page.locator('dialog[open]').count()) await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Source', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Download…' }).click()
}

async function downloaded(
  page: Page,
  act: () => Promise<void>,
): Promise<{ name: string; bytes: Uint8Array }> {
  const [download] = await Promise.all([page.waitForEvent('download', { timeout: 60_000 }), act()])
  const chunks: Buffer[] = []
  for await (const chunk of await download.createReadStream()) chunks.push(Buffer.from(chunk))
  return { name: download.suggestedFilename(), bytes: Buffer.concat(chunks) }
}

/** Each page of the dashboard has what it is about. */
async function expectShown(page: Page): Promise<void> {
  for (const [name, words] of [
    ['alerts', 'too hot'],
    ['traces', 'yes'],
    ['tables', 'table'],
    ['artifacts', /^model$/],
    ['files', 'run 0.yaml'],
  ] as const) {
    await page.evaluate((to) => {
      location.hash = to
    }, `#/${name}`)
    await onPage(page, name)
    await ready(page)
    await page.getByRole('main').getByText(words).first().waitFor()
  }
  await page.evaluate(() => {
    location.hash = '#/media'
  })
  await onPage(page, 'media')
  await ready(page)
  const pictures = page.locator('.media-cell canvas:not(.blank)')
  await expect.poll(() => pictures.count(), { timeout: 12_000 }).toBeGreaterThan(0)
  expect(await page.getByRole('main').innerText()).not.toContain('missing file')
}

/** All that the page's handle reads of the project, in a form that compares. */
function read(page: Page): Promise<Whole> {
  return page.evaluate(async () => {
    const { trackio } = window
    if (!trackio) throw new Error('no handle')
    const [project] = await trackio.projects()
    if (project?.name !== 'rich') throw new Error(`opened as ${project?.name}`)
    const id = project.id
    const hash = async (blob: Blob | undefined): Promise<string> => {
      if (!blob) return 'lost'
      let sum = 0
      for (const byte of new Uint8Array(await blob.arrayBuffer())) sum = (sum * 31 + byte) % 1_000_000_007
      return `${blob.size} bytes, ${sum}`
    }
    const whole: Record<string, unknown[]> = {}
    const runs = await trackio.runs(id)
    whole.runs = runs.map(({ id, name, group, config }) => [id, name, group, config])
    whole.series = []
    for (const { id: run } of runs)
      for (const [name, { steps, values, timestamps }] of Object.entries(
        await trackio.history(id, run ?? ''),
      ))
        whole.series.push([run, name, [...steps].join(), [...values].join(), [...timestamps].join()])
    whole.alerts = (await trackio.alerts(id)).map(({ runName, level, title, text, step, timestamp }) => [
      ...[runName, level, title, text, step, timestamp],
    ])
    whole.traces = (await trackio.traces(id)).map(({ id, key, index, step, messages, metadata, spans }) => [
      ...[id, key, index, step, JSON.stringify([messages, metadata, spans])],
    ])
    whole.tables = (await trackio.tables(id)).map(({ key, run, step, rows }) => [
      ...[
        key,
        run,
        step,
        rows.map((row) =>
          JSON.stringify(
            Object.entries(Object(row))
              .filter(([, cell]) => cell !== null)
              .map(([name, cell]) => [name, Object(cell)._type ?? cell]),
          ),
        ),
      ],
    ])
    const paths = new Set<string>()
    for (const { path } of await trackio.media(id)) if (path !== null) paths.add(path)
    for (const path of JSON.stringify([whole.traces, await trackio.tables(id)]).match(
      /(?<=file_path\\*":\\*")[^"\\]+/g,
    ) ?? [])
      paths.add(path)
    whole.media = []
    for (const path of [...paths].sort()) whole.media.push([path, await hash(await trackio.media(id, path))])
    whole.reports = (await trackio.reports(id)).map(({ key, run, step, text }) => [key, run, step, text])
    whole.artifacts = []
    whole.links = []
    for (const { name, type, versions } of await trackio.artifacts(id))
      for (const version of versions) {
        whole.links.push([name, version.version, version.madeBy, version.usedBy])
        for (const { path, digest, size } of await version.manifest()) {
          const about = [name, type, version.version, version.aliases, JSON.stringify(version.metadata)]
          whole.artifacts.push([...about, path, digest, size, await hash(await version.file(path))])
        }
      }
    const { files } = await trackio.files(id, { part: 'saved' })
    whole.files = []
    for (const file of files.sort((a, b) => (a.path < b.path ? -1 : 1)))
      whole.files.push([file.path, await hash(await file.blob())])
    const rows = async (sql: string) => (await trackio.query(id, sql)).rows
    whole.system = await rows(
      'SELECT run_name, timestamp, metrics ->> \'$."gpu/0/utilization"\' FROM system_metrics ORDER BY 1',
    )
    whole.marks = await rows(
      'SELECT group_concat(value) FROM (SELECT value FROM project_metadata ORDER BY key)',
    )
    return whole
  })
}

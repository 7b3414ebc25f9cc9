import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { binnedQuantile, readBins } from '../../src/compute/histogram.ts'
import type { Json } from '../../src/model/run.ts'
import type {} from '../../src/state/host/page-api.ts'
import {
  type Logger,
  pythonMissing,
  type RealServer,
  readFolder,
  startLogger,
  startServer,
  trackioPython,
} from '../python/python.ts'
import {
  builtPage,
  follow,
  type Opened,
  openPage,
  ready,
  useBrowser,
  useFolder,
  useServer,
} from './harness.ts'
import { history, soon } from './steps.ts'
import { column, expectTables, type Logged, rowCount } from './tables-page.ts'
import { encodeWebm } from './webm.ts'

/*
 * Media, Tables, Histograms, Artifacts and Traces of a server of trackio itself, open while trackio logs: what stands on each
 * page is what trackio's own reader finds.
 */

const folder = useFolder()
const browser = await useBrowser()
const PROJECT = 'pages'
const FILM = [0, 60, 120, 180, 240]
const GLTF = {
  asset: { version: '2.0' },
  scene: 0,
  scenes: [{ nodes: [0] }],
  nodes: [{ mesh: 0 }],
  meshes: [{ primitives: [{ attributes: { POSITION: 0 } }] }],
  accessors: [{ bufferView: 0, componentType: 5126, count: 3, type: 'VEC3', min: [0, 0, 0], max: [1, 1, 0] }],
  bufferViews: [{ buffer: 0, byteLength: 36 }],
  buffers: [
    {
      byteLength: 36,
      uri: `data:application/octet-stream;base64,${Buffer.from(new Float32Array([0, 0, 0, 1, 0, 0, 0, 1, 0]).buffer).toString('base64')}`,
    },
  ],
}

interface FileRead {
  bytes: number
  size?: [number, number]
  /** The first eight pixels of each frame. */
  frames?: number[][][]
  sound?: [channels: number, width: number, rate: number, samples: number]
}
interface RunRead {
  id: string
  name: string
  logs: Record<string, Json>[]
  traces: { id: string; key: string; step: number; messages: Json; metadata: Json; spans: Json }[]
  media: Record<string, FileRead | null>
}
interface MediaRead {
  run: string
  step: number
  key: string
  kind: string
  path: string
  caption: string
}

describe.skipIf(pythonMissing)('of a trackio server that logs, the page', { timeout: 90_000 }, () => {
  let server: RealServer
  let logger: Logger

  beforeAll(async () => {
    await trackioPython()
    const site = await useServer(builtPage())
    const { page, close } = await openPage(browser, site.url)
    writeFileSync(join(folder, 'film.webm'), await encodeWebm(page, { greys: FILM, fps: 10 }))
    await close()
    writeFileSync(join(folder, 'triangle.gltf'), JSON.stringify(GLTF))
    logger = await startLogger(join(folder, 'trackio'))
    await logger.init({ project: PROJECT, name: 'one', config: { lr: 0.1 } })
    for (const step of [0, 5]) await logger.log(rowAt(step), step)
    await logger.init({ project: PROJECT, name: 'two', config: { lr: 0.2 } })
    for (const step of [0, 5]) await logger.log(rowAt(step + 100), step)
    await logger.flush()
    server = await startServer(join(folder, 'trackio'), builtPage())
  }, 300_000)
  afterAll(async () => {
    await server?.stop()
    await logger?.stop()
  })
  const opened = async (hash: string): Promise<Opened> => {
    const found = await openPage(browser, `${server.url}?project=${PROJECT}${hash}`)
    await ready(found.page)
    return found
  }
  const python = async (): Promise<RunRead[]> => {
    const read = (await readFolder(join(folder, 'trackio'))) as Record<string, { runs: RunRead[] }>
    return (read[PROJECT]?.runs ?? []).sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  test('shows media as they are logged: pixels, films, sounds, pages, objects and texts', async () => {
    const { page, expectClean, close } = await opened('#/media?rows=run&cols=step&size=l')
    const before = await python()
    await expectPictures(page, before)
    await expectCount(page, mediaOf(before).length)

    const at = async (key: string, n = 0): Promise<void> => {
      await follow(
        page,
        `#/media?step=5&open=${encodeURIComponent(JSON.stringify([[before[n]?.id, key, 5]]))}`,
      )
      await page.locator('.pane').waitFor()
      await ready(page)
    }
    await at('clip')
    const video = page.locator('.pane video')
    await soon(() => video.evaluate((one) => (one as HTMLVideoElement).duration)).toBe(FILM.length / 10)
    await page.getByRole('slider', { name: 'Time in the videos' }).fill('0.25')
    await soon(async () => Math.abs((await greyOf(page)) - 120)).toBeLessThan(6)
    await at('sound')
    const sound = fileOf(before, 'sound')?.sound
    await page.getByText(`${(sound?.[3] ?? 0) / (sound?.[2] ?? 1)} s, ${sound?.[0]} channels`).waitFor()
    await at('report')
    await page.frameLocator('.pane iframe').getByRole('heading', { name: 'Report of 5' }).waitFor()
    await at('cloud')
    await page.locator('.pane').getByText('5 points').waitFor()
    await at('mesh')
    await page.locator('.pane').getByText('1 triangle').waitFor()
    await at('note')
    expect(await page.locator('.pane-text strong').innerText()).toBe('note of 5')
    await at('batch')
    await soon(() => page.locator('.pane canvas').count()).toBeGreaterThan(0)

    // code gets the same, with the sizes that Python reads
    const listed = await page.evaluate(
      async () => (await window.trackio?.media('pages', { sizes: true })) ?? [],
    )
    const files = Object.assign({}, ...before.map(({ media }) => media)) as RunRead['media']
    expect(listed.length).toBe(mediaOf(before).length)
    for (const one of mediaOf(before)) {
      const same = listed.find((other) => other.path === one.path && other.key === one.key)
      if (one.path !== '')
        expect(same).toMatchObject({
          step: one.step,
          kind: one.kind,
          caption: one.caption,
          size: files[one.path]?.bytes,
        })
    }

    // a step more while it is open
    await follow(page, '#/media?rows=run&cols=step&size=l')
    await ready(page)
    await logger.log(rowAt(110), 10)
    await logger.flush()
    const after = await python()
    expect(mediaOf(after).length).toBeGreaterThan(mediaOf(before).length)
    await expectCount(page, mediaOf(after).length)
    await expectPictures(page, after)
    expectClean()
    await close()
  })

  test('shows tables as they are logged, cell by cell', async () => {
    const { page, expectClean, close } = await opened('#/tables')
    const before = tablesOf(await python())
    await expectTables(page, before)
    const rows = await rowCount(page)
    await logger.log(rowAt(115), 15)
    await logger.flush()
    const after = tablesOf(await python())
    await expect.poll(() => rowCount(page), { timeout: 15_000 }).toBeGreaterThan(rows)
    await expectTables(page, after)
    // a picture in a cell is drawn
    await soon(() => page.locator('.data-line canvas, .data-line img').count()).toBeGreaterThan(0)
    expect(new Set(await column(page, '@run'))).toEqual(new Set(['one', 'two']))
    expectClean()
    await close()
  })

  test('shows histograms as they are logged, bin by bin, and percentiles as series', async () => {
    const { page, expectClean, close } = await opened('#/histograms?view=heat')
    const before = histogramsOf(await python())
    await expectHistograms(page, before)
    await follow(page, '#/histograms?view=heat&q=grads')
    const strip = page.locator('figure[data-histogram="grads/h"]')
    const entries = before.filter(({ key }) => key === 'grads/h').length
    await soon(() => strip.getAttribute('data-entries')).toBe(String(entries))
    await logger.log(rowAt(120), 20)
    await logger.flush()
    await expect.poll(() => strip.getAttribute('data-entries'), { timeout: 15_000 }).toBe(String(entries + 1))
    const after = histogramsOf(await python())
    await expectHistograms(page, after)
    const own = after.filter(({ key, run }) => key === 'grads/h' && run === 'two')
    const found = await history(page, PROJECT, 'two', ['p50 of grads/h'])
    expect(found['p50 of grads/h']?.steps).toEqual(own.map(({ step }) => step))
    expect(found['p50 of grads/h']?.values).toEqual(
      own.map(({ value }) => {
        const read = readBins(value)
        if ('why' in read) throw new Error(read.why)
        return binnedQuantile(read.bins, 0.5)
      }),
    )
    expectClean()
    await close()
  })

  test('shows artifacts as they are logged, and reads their files from the server', async () => {
    await logger.artifact({ name: 'net', type: 'model', files: { 'a.txt': 'one', 'sub/é.json': '{}' } })
    const { page, expectClean, close } = await opened('#/artifacts?of=net:v0')
    await page.getByRole('treeitem', { name: /v0/ }).waitFor()
    const metadata = { accuracy: 0.5 }
    const files = { 'a.txt': 'two', 'sub/é.json': '{}' }
    expect(await logger.artifact({ name: 'net', type: 'model', files, aliases: ['best'], metadata })).toBe(
      'v1',
    )
    await page.getByRole('treeitem', { name: /v1.*best/s }).click()
    await page.getByText('Manifest digest agrees').waitFor()
    await page.getByRole('button', { name: 'Verify 2 files' }).click()
    await page.getByText('2 of 2 agree').waitFor()
    await page.locator('[data-path="a.txt"]').click()
    await soon(() => page.getByRole('region', { name: 'Text of the file' }).innerText()).toBe('two')
    expect(await page.locator('[data-path="a.txt"]').getAttribute('data-sign')).toBe('changed')
    await page.locator('.artifact-facts').getByRole('link', { name: 'two' }).waitFor()
    expectClean()
    await close()
  })

  test('shows traces as they are logged, with their messages, spans and pictures', async () => {
    const { page, expectClean, close } = await opened('#/traces')
    const before = await python()
    const lines = page.getByRole('listbox', { name: 'Traces' }).getByRole('option')
    await soon(() => lines.count()).toBe(tracesOf(before).length)
    await lines.filter({ hasText: 'Question of 105' }).first().click()
    const detail = page.getByRole('region', { name: 'Trace', exact: true })
    await detail.getByText('It is 105.').waitFor()
    expect(await page.locator('.message .who b').allInnerTexts()).toEqual([
      'system',
      'user',
      'assistant',
      'tool',
      'assistant',
    ])
    const picture = detail.locator('.picture img').first()
    await soon(() => picture.evaluate((one) => (one as HTMLImageElement).naturalWidth)).toBe(9)
    await page.getByRole('searchbox', { name: 'Search traces' }).fill('question of')
    await soon(() => lines.count()).toBe(tracesOf(before).length)
    await page.getByRole('searchbox', { name: 'Search traces' }).fill('')
    await logger.log(rowAt(125), 25)
    await logger.flush()
    const after = await python()
    expect(tracesOf(after).length).toBe(tracesOf(before).length + 1)
    await expect.poll(() => lines.count(), { timeout: 15_000 }).toBe(tracesOf(after).length)
    await lines.filter({ hasText: 'Question of 125' }).first().click()
    await detail.getByText('It is 125.').waitFor()
    const read = await page.evaluate(async () => await window.trackio?.traces('pages'))
    const plain = (read ?? []).map(({ id, key, step, messages, metadata, spans }) => ({
      ...{ id, key, step, messages, metadata, spans },
    }))
    const wanted = tracesOf(after).map(({ id, key, step, messages, metadata, spans }) => ({
      ...{ id, key, step, messages, metadata, spans },
    }))
    const sorted = <T extends { id: string }>(all: T[]): T[] => all.sort((a, b) => (a.id < b.id ? -1 : 1))
    expect(sorted(plain)).toEqual(sorted(wanted))
    expectClean()
    await close()
  })
})

/** What a step logs: of every kind that these pages show. `at` is what its values are made from. */
function rowAt(at: number): Record<string, unknown> {
  const made = (kind: string, of: unknown[], rest: object = {}): object => ({ $made: kind, of, with: rest })
  const step = at % 100
  // rows of pixels that no other picture has, one more than a word wide
  const pixels = Array.from({ length: 7 }, (_, y) =>
    Array.from({ length: 9 }, (_, x) => [(at * 7 + x * 20) % 256, (y * 30 + at) % 256, (x * y * 5) % 256]),
  )
  const image = (caption: string): object => made('Image', [{ $array: pixels, dtype: 'uint8' }], { caption })
  const wave = Array.from({ length: 800 }, (_, i) => [Math.round(8000 * Math.sin(i / 9)), i * 10])
  return {
    loss: 1 / (at + 1),
    picture: image(`picture of ${at}`),
    batch: made('Image', [{ $array: pixels, dtype: 'uint8' }], {}),
    clip: made('Video', [join(folder, 'film.webm')], { caption: 'a film' }),
    sound: made('Audio', [{ $array: wave, dtype: 'int16' }], { sample_rate: 8000 }),
    report: made('Html', [`<h1>Report of ${step}</h1>`]),
    cloud: made('Object3D', [
      { $array: Array.from({ length: 5 }, (_, i) => [i, i * i, -i]), dtype: 'float64' },
    ]),
    mesh: made('Object3D', [join(folder, 'triangle.gltf')]),
    note: made('Markdown', [`**note of ${step}**`]),
    samples: made('Table', [], {
      columns: ['prompt', 'score', 'ok', 'none', 'picture'],
      data: [
        [`why ${at}? ü <b>`, at / 7, true, null, image('in a cell')],
        ['x'.repeat(500), -at, false, null, image('in another')],
      ],
    }),
    'grads/h': made('Histogram', [], {
      np_histogram: [
        { $array: [1, at, 3], dtype: 'int64' },
        { $array: [-1, 0, 0.5, 2 + at], dtype: 'float64' },
      ],
    }),
    'grads/of values': made('Histogram', [Array.from({ length: 50 }, (_, i) => Math.sin(i * at))], {
      num_bins: 8,
    }),
    rollout: made('Trace', [], {
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: [{ type: 'text', text: `Question of ${at}?` }, image('asked about')] },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'c', type: 'function', function: { name: 'add', arguments: '{"a":1}' } }],
        },
        { role: 'tool', tool_call_id: 'c', content: 'failed', is_error: true },
        { role: 'assistant', content: `It is ${at}.` },
      ],
      metadata: { reward: at / 10 },
      spans: [{ id: 's', name: 'rollout', kind: 'span', duration_ms: 10 + at }],
    }),
  }
}

function mediaOf(runs: RunRead[]): MediaRead[] {
  const kinds = /^trackio\.(image|video|audio|html|object3d|markdown)$/
  return runs.flatMap(({ name, logs }) =>
    logs.flatMap(({ step, ...row }) =>
      Object.entries(row).flatMap(([key, value]): MediaRead[] => {
        if (value === null || typeof value !== 'object' || Array.isArray(value)) return []
        const kind = String(value._type)
        if (!kinds.test(kind)) return []
        const [path, caption] = [String(value.file_path ?? ''), String(value.caption ?? '')]
        return [{ run: name, step: Number(step), key, kind, path, caption }]
      }),
    ),
  )
}

function fileOf(runs: RunRead[], key: string): FileRead | null | undefined {
  const { path } = mediaOf(runs).find((one) => one.key === key) ?? {}
  return runs.map(({ media }) => media[path ?? '']).find(Boolean)
}

function tablesOf(runs: RunRead[]): Logged[] {
  return runs.flatMap(({ name, logs }) =>
    logs.flatMap(({ step, samples }) =>
      typeof samples === 'object' && samples !== null && '_value' in samples
        ? [{ key: 'samples', run: name, step: Number(step), rows: samples._value ?? null }]
        : [],
    ),
  )
}

interface HistogramRead {
  run: string
  step: number
  key: string
  value: { bins: number[]; values: number[] }
}

function histogramsOf(runs: RunRead[]): HistogramRead[] {
  return runs.flatMap(({ name, logs }) =>
    logs.flatMap(({ step, ...row }) =>
      Object.entries(row).flatMap(([key, value]): HistogramRead[] =>
        typeof value === 'object' && value !== null && '_type' in value && value._type === 'trackio.histogram'
          ? [{ run: name, step: Number(step), key, value: value as unknown as HistogramRead['value'] }]
          : [],
      ),
    ),
  )
}

function tracesOf(runs: RunRead[]): RunRead['traces'] {
  return runs.flatMap(({ traces }) => traces)
}

async function expectCount(page: Page, count: number): Promise<void> {
  const link = page.getByRole('link', { name: /^Media/ })
  await expect.poll(() => link.innerText(), { timeout: 15_000 }).toContain(String(count))
}

/** Every picture stands with its step and caption, and its first pixels are those of the file. */
async function expectPictures(page: Page, runs: RunRead[]): Promise<void> {
  for (const one of mediaOf(runs).filter(({ key }) => key === 'picture')) {
    const name = `image, ${one.run}, step ${one.step}, ${one.caption}`
    const card = page.locator('.media-cell', { has: page.getByRole('button', { name, exact: true }) })
    const file = runs.map(({ media }) => media[one.path]).find(Boolean)
    const first = file?.frames?.[0]?.flat()
    expect(first?.length).toBe(8 * 4)
    await soon(() =>
      card
        .locator('canvas')
        .first()
        .evaluate((canvas) => {
          const { width, height } = canvas as HTMLCanvasElement
          const data = (canvas as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, 8, 1).data
          return { size: [width, height], pixels: [...(data ?? [])] }
        }),
    ).toEqual({ size: file?.size, pixels: first })
  }
}

async function expectHistograms(page: Page, wanted: HistogramRead[]): Promise<void> {
  expect(wanted.length).toBeGreaterThan(0)
  for (const run of ['one', 'two']) {
    for (const { key, step, value } of wanted.filter((one) => one.run === run)) {
      await follow(page, `#/histograms?run=${run}&range=full&open=${encodeURIComponent(key)}&step=${step}`)
      const open = page.locator(`figure[data-histogram="${key}"][data-kind="heat"]`)
      await open.hover()
      await open.getByRole('button', { name: 'Show as table' }).click()
      await soon(() =>
        open
          .locator('tbody tr')
          .evaluateAll((rows) =>
            rows.map((row) =>
              [...row.querySelectorAll('td[data-value]')].map((td) => Number(td.getAttribute('data-value'))),
            ),
          ),
      ).toEqual(value.values.map((count, i) => [value.bins[i], value.bins[i + 1], count]))
      await open.getByRole('button', { name: 'Show as chart' }).click()
    }
  }
}

/** Grey of the middle of the first film that is open. */
function greyOf(page: Page): Promise<number> {
  return page
    .locator('.pane video')
    .first()
    .evaluate((video) => {
      const canvas = new OffscreenCanvas(1, 1)
      const context = canvas.getContext('2d')
      const { videoWidth: width, videoHeight: height } = video as HTMLVideoElement
      context?.drawImage(video as HTMLVideoElement, width / 2, height / 2, 1, 1, 0, 0, 1, 1)
      return context?.getImageData(0, 0, 1, 1).data[0] ?? -1
    })
}

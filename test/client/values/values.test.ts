import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import * as trackio from '../../../src/client/api.ts'
import { Artifact } from '../../../src/client/artifacts/artifact.ts'
import * as unsupported from '../../../src/client/unsupported.ts'
import { Audio } from '../../../src/client/values/audio.ts'
import { Histogram } from '../../../src/client/values/histogram.ts'
import { Html } from '../../../src/client/values/html.ts'
import { Image } from '../../../src/client/values/image.ts'
import { Markdown } from '../../../src/client/values/markdown.ts'
import { Object3D } from '../../../src/client/values/object3d.ts'
import { Table } from '../../../src/client/values/table.ts'
import { Trace } from '../../../src/client/values/trace.ts'
import { Video } from '../../../src/client/values/video.ts'
import { type Bench, makeBench } from '../setup.ts'

let bench: Bench
let warnings: string[]

beforeEach(async () => {
  bench = makeBench()
  warnings = []
  vi.spyOn(console, 'warn').mockImplementation((text: unknown) => void warnings.push(String(text)))
  vi.spyOn(console, 'info').mockImplementation(() => {})
  await trackio.init({ project: 'demo', name: 'run' })
})

afterEach(async () => {
  if (trackio.run) await trackio.finish()
  vi.restoreAllMocks()
})

const image = (): Image => new Image(new Uint8Array(4), { width: 1, height: 1 })

describe('media', () => {
  test('a value whose file cannot be made is left out by itself; what was logged beside and after it is stored in order', async () => {
    vi.spyOn(globalThis, 'fetch').mockImplementation(
      async () => new Response('', { status: 404, statusText: 'Not Found' }),
    )
    trackio.log({ a: 1, lost: new Image('https://example.com/a.png'), b: 2 })
    trackio.log({ a: 2, glb: new Object3D(new File(['no'], 'x.glb')) })
    trackio.log({ a: 3 })
    await trackio.flush()
    expect(await bench.payloads('SELECT metrics FROM metrics ORDER BY id')).toEqual([
      { a: 1, b: 2 },
      { a: 2 },
      { a: 3 },
    ])
    expect(warnings.filter((text) => text.includes('skipped'))).toEqual([
      "trackio.log() skipped metric 'lost': https://example.com/a.png could not be loaded: 404 Not Found",
      "trackio.log() skipped metric 'glb': Invalid GLB file",
    ])
  })

  test('pixels are those of the moment of the call', async () => {
    const pixels = new Uint8Array(4).fill(9)
    const film = new Uint8Array(8).fill(9)
    trackio.log({
      still: new Image(pixels, { width: 1, height: 1 }),
      film: new Video(film, { width: 1, height: 1 }),
    })
    pixels.fill(0)
    film.fill(0)
    await trackio.flush()
    const [row] = (await bench.payloads('SELECT metrics FROM metrics')) as Record<
      string,
      { file_path: string }
    >[]
    const bytes = async (key: string): Promise<Uint8Array> =>
      new Uint8Array((await (await bench.tree.blob(`media/${row?.[key]?.file_path}`))?.arrayBuffer()) ?? [])
    // the palette of the GIF begins after its 41 bytes of heads
    expect([...(await bytes('film')).subarray(50, 53)]).toEqual([9, 9, 9])
    expect((await bytes('still')).length).toBeGreaterThan(60)
  })

  test('an object that is logged twice keeps its first file; a file keeps its ending', async () => {
    const one = image()
    trackio.log({ one })
    trackio.log({
      one,
      jpg: new Image(new Blob([''], { type: 'image/jpeg' })),
      named: new Image(new File([''], 'b.WebP')),
    })
    await trackio.flush()
    const rows = (await bench.payloads('SELECT metrics FROM metrics ORDER BY id')) as Record<
      string,
      { file_path: string }
    >[]
    expect(rows[0]?.one).toEqual(rows[1]?.one)
    expect(rows[0]?.one?.file_path).toMatch(/^demo\/run\/0\/[0-9a-f-]{36}\.png$/)
    expect(
      [rows[1]?.jpg?.file_path, rows[1]?.named?.file_path].map((path) => path?.split('.').at(-1)),
    ).toEqual(['jpg', 'webp'])
    expect(bench.batches.flatMap(({ files }) => files ?? [])).toHaveLength(3)
  })

  test('stand in cells of tables and in traces, not in plain lists', async () => {
    trackio.log({ list: [image()], table: new Table({ columns: ['x'], data: [[[image(), image()]]] }) })
    await trackio.flush()
    const [row] = (await bench.payloads('SELECT metrics FROM metrics')) as {
      table: { _value: { x: unknown[] }[] }
    }[]
    expect(row?.table._value[0]?.x).toHaveLength(2)
    expect(warnings).toEqual([
      "trackio.log() skipped metric 'list': Image inside a list or an object; log it under a name of its own, or in a cell of a Table",
    ])
  })

  test.each([
    [/^Invalid value type, got Object; expected a Blob/, () => new Image({} as Blob)],
    [
      /^Invalid value dtype, expected Uint8Array, got Float32Array/,
      () => new Image(new Float32Array(4) as unknown as Uint8Array),
    ],
    [/^5 bytes are no picture of 1 × 1 pixels/, () => new Image(new Uint8Array(5), { width: 1, height: 1 })],
    [/^Sample rate is required when value is an array$/, () => new Audio(new Float32Array(2))],
    [/^Unsupported format: mp3/, () => new Audio(new Float32Array(2), { sampleRate: 8000, format: 'mp3' })],
    [/^5 bytes are no frames of 1 × 1 pixels/, () => new Video(new Uint8Array(5), { width: 1, height: 1 })],
    [/^fps must be above 0/, () => new Video(new Uint8Array(4), { width: 1, height: 1, fps: 1000 })],
    [
      /^Invalid data type for Html, expected a string, a Blob, a URL or an element, got number$/,
      () => new Html(5 as unknown as string),
    ],
    [
      /^Object3D arrays must have shape \(N, 3\), \(N, 4\), or \(N, 6\), got \(1, 2\)$/,
      () => new Object3D([[1, 2]]),
    ],
    [/^Object3D categories must be integers in the range \[1, 14\]$/, () => new Object3D([[1, 2, 3, 15]])],
    [/^Object3D arrays must contain only finite numeric values$/, () => new Object3D([[1, 2, Number.NaN]])],
    [
      /^Unsupported 3D format 'fbx'\. Supported formats: glb, gltf, obj, ply, splat, stl$/,
      () => new Object3D(new Blob([]), { format: 'fbx' }),
    ],
    [/^Must provide either sequence or np_histogram$/, () => new Histogram(null)],
    [
      /^Cannot provide both sequence and np_histogram$/,
      () => new Histogram([1], { npHistogram: [[1], [0, 1]] }),
    ],
    [/^Markdown text must be a string$/, () => new Markdown(5 as unknown as string)],
    [/^`messages` must be a list of dictionaries\.$/, () => new Trace({} as never)],
    [/^`spans` must be a list of dictionaries\.$/, () => new Trace([], { spans: [1] as never })],
    [/^data must be a list of rows, got number$/, () => new Table({ data: 5 as never })],
    [/^Artifact name 'a b' must match \^\[A-Za-z0-9\._-\]\+\$/, () => new Artifact('a b', 't')],
  ])('are refused at once where they can be: %s', (words, make) => {
    expect(make).toThrow(words)
  })
})

describe('artifacts', () => {
  test('the same content is the same version; `latest` and aliases only move forward; overwriting leaves one version and its blobs', async () => {
    const log = (text: string, options = {}): Promise<Artifact> => {
      const artifact = new Artifact('model', 'weights')
      artifact.addFile(new Blob([text]), 'w')
      return trackio.logArtifact(artifact, options)
    }
    expect((await log('a')).version).toBe('v0')
    expect((await log('b', { aliases: ['best'] })).aliases).toEqual(['latest', 'best'])
    expect((await log('a', { aliases: ['best'] })).aliases).toEqual([])
    expect((await trackio.useArtifact('model')).version).toBe('v1')
    expect(await (await (await trackio.useArtifact('model:v0')).getFile('w'))?.text()).toBe('a')
    const blobs = async (): Promise<number> =>
      (await bench.store.exportFiles('demo')).filter(({ path }) => path.startsWith('artifacts/')).length
    expect(await blobs()).toBe(2)
    expect((await log('b', { overwrite: true })).qualifiedName).toBe('demo/model:v2')
    expect(await blobs()).toBe(1)
    await expect(trackio.useArtifact('model:v0')).rejects.toThrow(
      "Artifact 'model:v0' not found in project 'demo'.",
    )
  })

  test('another project’s artifact is noted on both sides', async () => {
    await trackio.logArtifact(new File(['x'], 'data.csv'), { type: 'dataset' })
    const theirs = await trackio.useArtifact('data.csv', 'dataset')
    await trackio.init({ project: 'other', name: 'consumer' })
    await trackio.useArtifact(theirs)
    expect(
      await bench.query('SELECT run_name, run_project, direction FROM run_artifact_links ORDER BY id'),
    ).toEqual([
      ['run', null, 'output'],
      ['run', 'demo', 'input'],
      ['consumer', 'other', 'input'],
    ])
    expect(
      await bench.query(
        'SELECT run_name, source_project, source_artifact, source_type, source_version, source_size_bytes FROM external_run_artifact_links',
        'other',
      ),
    ).toEqual([['consumer', 'demo', 'data.csv', 'dataset', 0, 1]])
  })

  test('what trackio refuses is refused in its words', async () => {
    const artifact = new Artifact('m', 't')
    await expect(trackio.logArtifact(artifact)).rejects.toThrow(
      "Artifact 'm' has no files or references; call add_file/add_dir/add_reference first.",
    )
    expect(() => artifact.addFile(new Blob(['x']), 'a/../b')).toThrow(
      "Invalid artifact path 'a/../b': '.', '..', and empty segments are not allowed",
    )
    artifact.addDir({ 'sub/x': new Blob(['1']), sub: new Blob(['2']) })
    await expect(trackio.logArtifact(artifact)).rejects.toThrow("Artifact path 'sub/x' collides with 'sub'")
    await expect(trackio.logArtifact(new File([''], 'f'), { aliases: ['v3'] })).rejects.toThrow(
      "Alias 'v3' is reserved for version pointers (vN); choose another.",
    )
    await trackio.logArtifact(new File(['x'], 'f'), { type: 'one' })
    await expect(trackio.logArtifact(new File(['y'], 'f'), { type: 'two' })).rejects.toThrow(
      "Artifact 'f' already exists with type 'one'; cannot relog with type 'two'.",
    )
    await expect(trackio.useArtifact('f', 'two')).rejects.toThrow("Artifact 'f' has type 'one', not 'two'.")
    const logged = await trackio.useArtifact('f')
    expect(() => logged.addFile(new Blob(['z']), 'z')).toThrow(
      'Cannot add files to an Artifact that has already been logged or fetched.',
    )
  })
})

describe('alerts', () => {
  test.each([
    ['https://hooks.slack.com/services/x', { blocks: expect.any(Array) }, undefined],
    [
      'https://discord.com/api/webhooks/x',
      { embeds: [expect.objectContaining({ description: 'words' })] },
      'application/json',
    ],
    [
      'https://example.com/hook',
      {
        level: 'error',
        title: 'hot',
        text: 'words',
        project: 'demo',
        run: 'hooked',
        step: 0,
        timestamp: expect.any(String),
      },
      'application/json',
    ],
  ])('are posted to %s in its form, from the least level on', async (url, body, type) => {
    const posted: RequestInit[] = []
    vi.spyOn(console, 'error').mockImplementation(() => {})
    vi.spyOn(globalThis, 'fetch').mockImplementation(async (_, init) => {
      posted.push(init ?? {})
      return new Response()
    })
    await trackio.init({ project: 'demo', name: 'hooked', webhookUrl: url, webhookMinLevel: 'error' })
    trackio.alert('quiet')
    trackio.alert('hot', 'words', 'error')
    expect(posted.map((init) => JSON.parse(String(init.body)))).toEqual([body])
    expect(new Headers(posted[0]?.headers).get('Content-Type') ?? undefined).toBe(type)
  })
})

describe('what trackio lacks', () => {
  test('functions that only W&B or Python have say so', () => {
    const { watch, unwatch, define_metric, defineMetric, sweep, agent, logGpu, logCpu } = unsupported
    for (const call of [watch, unwatch, define_metric, defineMetric, sweep, agent, logGpu, logCpu]) {
      expect(() => call()).toThrow(/^trackio\.\w+ is not implemented yet\./)
    }
  })

  test('classes that only have a name say so', () => {
    expect(() => new unsupported.Molecule()).toThrow(
      /^trackio\.Molecule is not implemented yet\. If you need this feature, please open a GitHub issue/,
    )
    expect(() => trackio.run?.summary).toThrow(/^trackio has no run\.summary/)
  })
})

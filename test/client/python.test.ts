import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import * as trackio from '../../src/client/api.ts'
import { Artifact } from '../../src/client/artifacts/artifact.ts'
import { Audio } from '../../src/client/values/audio.ts'
import { Histogram } from '../../src/client/values/histogram.ts'
import { Html } from '../../src/client/values/html.ts'
import { Image } from '../../src/client/values/image.ts'
import { Markdown } from '../../src/client/values/markdown.ts'
import { Object3D } from '../../src/client/values/object3d.ts'
import { Table } from '../../src/client/values/table.ts'
import { Trace } from '../../src/client/values/trace.ts'
import { Video } from '../../src/client/values/video.ts'
import { createEngine } from '../../src/engine/api.ts'
import { namedFile } from '../engine/golden-fixtures.ts'
import { pythonMissing, readFolder, startLogger, storedValues, trackioPython } from '../python/python.ts'
import { makeRandom } from '../random.ts'
import { makeBench } from './setup.ts'

describe.skipIf(pythonMissing)('with the real trackio', () => {
  let folder = ''

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'trackio-lite-client-'))
    await trackioPython()
  }, 300_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  beforeEach(() => {
    makeBench()
    for (const method of ['info', 'warn', 'error'] as const)
      vi.spyOn(console, method).mockImplementation(() => {})
  })
  afterEach(() => vi.restoreAllMocks())

  test('it reads what was logged here, appends to it, and it is read and written here again', {
    timeout: 120_000,
  }, async () => {
    const first = await trackio.init({
      project: 'round trip.é',
      name: 'run/1',
      group: 'g',
      config: { lr: 0.001, nested: { a: [1, null] } },
    })
    trackio.log({
      loss: 0.5,
      'eval/acc': Number.NaN,
      n: 1,
      big: 2 ** 60,
      text: 'ö😀',
      list: [1, 'x'],
      inf: Number.NEGATIVE_INFINITY,
    })
    trackio.log(
      { loss: 0.25, h: new Histogram([1, 2, 3, 4], { numBins: 3 }), md: new Markdown('# words') },
      10,
    )
    trackio.log({
      image: new Image(Uint8Array.of(200, 10, 20, 255, 0, 255, 128, 64), {
        width: 2,
        height: 1,
        caption: 'two pixels',
      }),
      file: new Image(new File(['<svg/>'], 'a.svg'), 'vector'),
      tone: new Audio(Float32Array.of(0, 0.5, -0.25), { sampleRate: 8000 }),
      film: new Video(
        Uint8Array.from({ length: 24 }, (_, i) => (i % 3 === 0 ? i / 3 : 0)),
        { width: 2, height: 2, fps: 10 },
      ),
      page: new Html('<b>bold</b>'),
      cloud: new Object3D([
        [0, 0, 0, 1],
        [1, 2, 3, 14],
      ]),
      table: new Table({
        columns: ['a', 'pic'],
        data: [[1, new Image(new Uint8Array(4), { width: 1, height: 1 })], [2]],
      }),
    })
    trackio.log({
      trace: new Trace([{ role: 'user', content: 'a Needle' }], {
        metadata: { status: 'ok' },
        spans: [{ id: 's', name: 'call', kind: 'tool' }],
      }),
      traces: [
        new Trace([]),
        new Trace([{ role: 'assistant', content: [new Image(new Uint8Array(4), { width: 1, height: 1 })] }]),
      ],
      beside: 1,
    })
    trackio.logSystem({ 'gpu/0/temp': 61.5 })
    trackio.alert('hot', { text: 'very', level: 'error' })
    const model = new Artifact('model', 'weights', { description: 'd', metadata: { acc: 0.5 } })
    model.addFile(new Blob(['abc']), 'w/é.bin')
    model.addFile(new Blob(['']), 'empty')
    await trackio.logArtifact(model, { aliases: ['best'] })
    const next = new Artifact('model', 'weights')
    next.addFile(new Blob(['abcd']), 'w/é.bin')
    await trackio.logArtifact(next)
    await trackio.init({ project: 'round trip.é', name: 'second' })
    trackio.log({ loss: 1 })
    expect((await trackio.useArtifact('model:best')).version).toBe('v0')
    await trackio.save(new Blob(['lr: 1']), 'cfg/config.yaml')
    await trackio.finish()

    const home = join(folder, 'trackio')
    for (const { path, blob } of await trackio.exportFiles()) {
      mkdirSync(dirname(join(home, path)), { recursive: true })
      writeFileSync(join(home, path), new Uint8Array(await blob.arrayBuffer()))
    }
    const read = (await readFolder(home)) as Record<string, Project>
    const project = read.roundtripé
    if (!project) throw new Error(`not read: ${Object.keys(read)}`)

    expect(project.runs.map(({ name }) => name)).toEqual(['run/1', 'second'])
    const [run] = project.runs as [PythonRun]
    expect(run.id).toBe(first.id)
    expect(run.max_step).toBe(12)
    expect(run.config).toMatchObject({
      lr: 0.001,
      nested: { a: [1, null] },
      _Username: null,
      _Group: 'g',
      _Created: expect.stringMatching(/\+00:00$/),
    })
    expect(run.logs.map(({ step }) => step)).toEqual([0, 10, 11, 12])
    expect(run.logs[0]).toMatchObject({
      loss: 0.5,
      'eval/acc': { $float: 'nan' },
      n: 1,
      big: 2 ** 60,
      text: 'ö😀',
      list: [1, 'x'],
      inf: { $float: '-inf' },
    })
    expect(run.logs[1]).toMatchObject({
      h: { _type: 'trackio.histogram', bins: [1, 2, 3, 4], values: [1, 1, 2] },
      md: { _type: 'trackio.markdown', _value: '# words' },
    })
    const media = run.logs[2] as Record<string, Record<string, unknown>>
    const path = (ending: string): unknown =>
      expect.stringMatching(new RegExp(`^roundtripé/run/1/11/[0-9a-f-]{36}\\.${ending}$`))
    expect(media.image).toEqual({ _type: 'trackio.image', file_path: path('png'), caption: 'two pixels' })
    expect(media.file).toEqual({ _type: 'trackio.image', file_path: path('svg'), caption: 'vector' })
    expect(media.tone).toEqual({ _type: 'trackio.audio', file_path: path('wav'), caption: null })
    expect(media.film).toEqual({ _type: 'trackio.video', file_path: path('gif'), caption: null })
    expect(media.page).toEqual({ _type: 'trackio.html', file_path: path('html'), caption: null })
    expect(media.cloud).toEqual({
      _type: 'trackio.object3d',
      file_path: path('ply'),
      caption: null,
      format: 'ply',
      kind: 'point_cloud',
      original_point_count: 2,
      rendered_point_count: 2,
    })
    expect(media.table).toEqual({
      _type: 'trackio.table',
      _value: [
        { a: 1, pic: { _type: 'trackio.image', file_path: path('png'), caption: null } },
        { a: 2, pic: null },
      ],
    })
    expect(run.logs[3]).toEqual({ timestamp: expect.any(String), step: 12, beside: 1 })
    expect(Object.keys(run.media)).toHaveLength(8)
    expect(Object.values(run.media).every((file) => file !== null && file.bytes > 0)).toBe(true)
    const ofFile = (value: Record<string, unknown> | undefined): unknown =>
      run.media[String(value?.file_path)]
    const [r, g] = [
      [200, 10, 20, 255],
      [0, 255, 128, 64],
    ]
    expect(ofFile(media.image)).toMatchObject({ size: [2, 1], frames: [[r, g]] })
    // 0, 0.5 and -0.25 of the loudest, as signed 16 bit
    expect(ofFile(media.tone)).toMatchObject({ sound: [1, 2, 8000, 3], data: '0000ff7f01c0' })
    expect(ofFile(media.film)).toMatchObject({
      size: [2, 2],
      frames: [[0, 1, 2, 3].map((i) => [i, 0, 0, 255]), [4, 5, 6, 7].map((i) => [i, 0, 0, 255])],
      duration: 100,
    })
    expect(run.traces.map(({ key, index }) => [key, index])).toEqual([
      ['trace', null],
      ['traces', 0],
      ['traces', 1],
    ])
    expect(run.traces[0]).toMatchObject({
      messages: [{ role: 'user', content: 'a Needle' }],
      metadata: { status: 'ok' },
      spans: [{ id: 's', name: 'call', kind: 'tool' }],
    })
    expect(run.found).toBe(1)
    expect(run.system).toMatchObject([{ 'gpu/0/temp': 61.5 }])
    expect(project.alerts).toMatchObject([
      { run: 'run/1', title: 'hot', text: 'very', level: 'error', step: 12 },
    ])
    expect(project.artifacts).toMatchObject([
      {
        name: 'model',
        type: 'weights',
        description: 'd',
        versions: [
          { version: 1, aliases: ['latest'], same_digest: true, same_size: true, files: { 'w/é.bin': 4 } },
          {
            version: 0,
            aliases: ['best'],
            metadata: { acc: 0.5 },
            same_digest: true,
            same_size: true,
            files: { 'w/é.bin': 3, empty: 0 },
          },
        ],
      },
    ])
    expect(run.artifacts).toMatchObject({ output: [{ version: 0 }, { version: 1 }], input: [] })
    expect(project.runs[1]?.artifacts).toMatchObject({ input: [{ version: 0 }] })
    expect(project.flags).toEqual({
      metrics: true,
      system: true,
      traces: true,
      media: true,
      reports: true,
      alerts: true,
      artifacts: true,
    })
    expect(project).toMatchObject({ pending: false, space: null })
    expect(readFileSync(join(home, 'media/roundtripé/files/cfg/config.yaml'), 'utf8')).toBe('lr: 1')

    const logger = await startLogger(home)
    expect(await logger.init({ project: 'round trip.é', name: 'run/1', resume: 'must' })).toEqual({
      id: first.id,
      name: 'run/1',
    })
    await logger.log({ loss: 0.125 })
    await logger.flush()
    await logger.stop()

    const engine = createEngine()
    const files = readdirSync(home).filter((name) => /\.db(-wal)?$/.test(name))
    const opened = await engine.open({
      kind: 'files',
      name: 'drop',
      files: files.map((name) => namedFile(name, new Uint8Array(readFileSync(join(home, name))))),
      live: false,
    })
    const shown = opened.projects[0]?.id ?? ''
    await engine.ask('settled', { project: shown })
    const { runs, notices } = await engine.ask('catalogue', { project: shown })
    expect(notices.filter(({ level }) => level !== 'info')).toEqual([])
    expect(runs.map(({ name }) => name)).toEqual(['run/1', 'second'])
    const history = await engine.ask('history', { project: shown, run: runs[0]?.key ?? '' })
    expect(
      [history.loss, history['eval/acc'], history.big].map((series) =>
        [series?.steps, series?.values].map((all) => [...(all ?? [])]),
      ),
    ).toEqual([
      [
        [0, 10, 13],
        [0.5, 0.25, 0.125],
      ],
      [[0], [Number.NaN]],
      [[0], [2 ** 60]],
    ])

    const again = makeBench()
    await again.tree.put('roundtripé.db', new Blob([readFileSync(join(home, 'roundtripé.db'))]))
    const resumed = await trackio.init({ project: 'round trip.é', name: 'run/1', resume: 'must' })
    expect(resumed.id).toBe(first.id)
    trackio.log({ loss: 0.0625 })
    await trackio.finish()
    expect(
      await again.query(
        `SELECT step, json_extract(metrics, '$.loss') FROM metrics WHERE run_name = 'run/1' ORDER BY timestamp, id`,
        'roundtripé',
      ),
    ).toEqual([
      [0, 0.5],
      [10, 0.25],
      [11, null],
      [12, null],
      [13, 0.125],
      [14, 0.0625],
    ])
    expect(await again.query('PRAGMA integrity_check', 'roundtripé')).toEqual([['ok']])
  })

  test('values are stored as its own classes store them', { timeout: 60_000 }, async () => {
    const random = makeRandom(3)
    const numbers = (n: number, of: () => number): number[] => Array.from({ length: n }, of)
    const sequences = [
      numbers(1000, random),
      numbers(1000, () => Math.floor(random() * 20) - 5),
      numbers(300, () => (random() - 0.5) * 10 ** Math.floor(random() * 15)),
      [3],
      [0.1, 0.1, 0.1],
      [],
      numbers(200, () => 1 + Math.floor(random() * 10) / 10),
    ]
    const bins = [64, 10, 7, 512, 1, 64, 9]
    const tables = [
      { columns: ['a', 'b'], data: [[1, 'x'], [2], [3, 'y', 'beyond']] },
      { data: [[1, null], ['t']] },
      { columns: ['ignored'], data: [{ z: 1, a: [1, { k: 2 }] }, { a: 3 }] },
      {},
    ]
    const theirs = await storedValues(join(folder, 'values'), [
      ...sequences.map((histogram, i) => ({ histogram, bins: bins[i] })),
      ...tables.map((table) => ({ table })),
    ])
    const ours: unknown[] = [
      ...sequences.map((sequence, i) =>
        JSON.parse(new Histogram(sequence, { numBins: bins[i] ?? 64 }).json()),
      ),
      ...tables.map((table) => JSON.parse(new Table(table).parts().join(''))),
    ]
    expect(ours).toEqual(theirs.map(({ stored }) => stored))
  })
})

interface PythonRun {
  id: string
  name: string
  config: unknown
  max_step: number
  logs: Record<string, unknown>[]
  system: unknown[]
  traces: Record<string, unknown>[]
  found: number
  media: Record<string, { bytes: number } | null>
  artifacts: unknown
}

interface Project {
  runs: PythonRun[]
  alerts: unknown
  artifacts: unknown
  flags: unknown
  pending: boolean
  space: string | null
}

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import * as trackio from '../../src/client/api.ts'
import type { Run } from '../../src/client/run/run.ts'
import type { InitOptions } from '../../src/client/run/run-options.ts'
import { Image } from '../../src/client/values/image.ts'
import { type Bench, makeBench, textOf } from './setup.ts'

let bench: Bench
let warnings: string[]

beforeEach(() => {
  bench = makeBench()
  warnings = []
  vi.spyOn(console, 'warn').mockImplementation((text: unknown) => void warnings.push(String(text)))
  vi.spyOn(console, 'info').mockImplementation(() => {})
})

afterEach(async () => {
  if (trackio.run) await trackio.finish()
  vi.restoreAllMocks()
})

describe('init', () => {
  test('rows logged right after an init that nobody waited for are all kept, in order', async () => {
    void trackio.init({ project: 'demo' })
    for (let i = 0; i < 100; i++) trackio.log({ i })
    await trackio.finish()
    expect(await bench.payloads('SELECT metrics FROM metrics ORDER BY id')).toEqual(
      Array.from({ length: 100 }, (_, i) => ({ i })),
    )
    expect(await bench.query('SELECT DISTINCT run_name FROM metrics')).toEqual([['dainty-sunset-0']])
  })

  test('a second init finishes the first run first', async () => {
    void trackio.init({ project: 'demo', name: 'a' })
    trackio.log({ x: 1 })
    await trackio.init({ project: 'demo', name: 'b' })
    expect(await bench.query('SELECT run_name FROM metrics')).toEqual([['a']])
    trackio.log({ x: 2 })
    await trackio.finish()
    expect(await bench.query('SELECT run_name, step FROM metrics ORDER BY id')).toEqual([
      ['a', 0],
      ['b', 0],
    ])
  })

  test.each([
    [
      { project: 'registry-x' },
      /^Project name 'registry-x' is not allowed: names beginning with 'registry-' are reserved for trackio registries/,
    ],
    [
      { project: 'my.run_system' },
      /^Project name 'my\.run_system' is not allowed: its on-disk name 'myrun_system' ends with the reserved suffix '_system'/,
    ],
    [
      { project: 'demo', config: { _x: 1 } },
      /^Config key '_x' is reserved \(keys starting with '_' are reserved for internal use\)$/,
    ],
    [{ project: 'demo', resume: 'must' as const }, /^Must provide a run name when resume='must'$/],
    [{ project: 'demo', name: 'x', resume: 'must' as const }, /^Run 'x' does not exist in project 'demo'$/],
    [{ project: 'demo', resume: 'yes' as 'never' }, /^resume must be one of: 'must', 'allow', or 'never'$/],
    [
      { project: 'demo', serverUrl: 'ftp://x' },
      /^`server_url` must be a full URL starting with http:\/\/ or https:\/\/, got: 'ftp:\/\/x'$/,
    ],
    [{ project: 'demo', datasetId: 'a/b' }, /^Must provide a `space_id` when `dataset_id` is provided\.$/],
    [{ project: 'demo', tags: ['a'] } as InitOptions, /^trackio\.init\(\) got an unexpected option 'tags'$/],
  ])('%o is refused with what trackio says', async (options, words) => {
    await expect(trackio.init(options)).rejects.toThrow(words)
    expect(() => trackio.log({ a: 1 })).toThrow('Call trackio.init() before trackio.log().')
  })

  test('a wrong option costs the run that goes on nothing', async () => {
    const run = await trackio.init({ project: 'demo', name: 'goes on' })
    trackio.log({ a: 1 })
    await expect(trackio.init({ project: 'demo', tags: ['x'] } as InitOptions)).rejects.toThrow(
      'unexpected option',
    )
    await expect(trackio.init({ project: 'demo', config: { _reserved: 1 } })).rejects.toThrow('reserved')
    await expect(
      trackio.init({ project: 'demo', resume: 'sometimes' } as unknown as InitOptions),
    ).rejects.toThrow('resume must be')
    trackio.log({ a: 2 })
    expect(trackio.run).toBe(run)
    expect(await trackio.finish()).toMatchObject({ run: 'goes on', rows: 2, waiting: 0 })
  })

  test('names of options may be those of Python', async () => {
    await trackio.init({ project: 'demo', webhook_min_level: 'error', space_id: 'me/space' } as InitOptions)
    trackio.log({ a: 1 })
    expect(await trackio.finish()).toMatchObject({
      rows: 1,
      kept: 'memory',
      delivery: { target: 'me/space', state: 'kept' },
    })
    expect(await bench.query('SELECT space_id FROM metrics')).toEqual([['me/space']])
    expect(await bench.query('SELECT key, value FROM project_metadata')).toEqual([['space_id', 'me/space']])
  })

  test('a config is stored with the first row as it is then, with who, when and group', async () => {
    const run = await trackio.init({
      project: 'demo',
      group: 'g',
      config: { lr: 1e-3, layers: [1, 2], opt: { name: 'adam' } },
    })
    trackio.config.late = true
    expect(await bench.store.projects()).toEqual([])
    trackio.log({ a: 1 })
    run.config.later = true
    await trackio.finish()
    const [config] = await bench.payloads('SELECT config FROM configs')
    expect(config).toEqual({
      lr: 0.001,
      layers: [1, 2],
      opt: { name: 'adam' },
      _Username: null,
      _Created: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+\+00:00$/),
      _Group: 'g',
      late: true,
    })
  })

  test('a resumed run goes on at the next step, under its own id; steps given by hand are kept and move the counter', async () => {
    const first = await trackio.init({ project: 'demo', name: 'r' })
    for (const step of [undefined, 10, undefined, 3, undefined, 2.5, undefined]) trackio.log({}, step)
    await trackio.finish()
    const second = await trackio.init({ project: 'demo', name: 'r', resume: 'allow' })
    trackio.log({})
    trackio.log({}, { step: 5 })
    await trackio.finish()
    expect(second.id).toBe(first.id)
    expect((await bench.query('SELECT step FROM metrics ORDER BY id')).map(([step]) => step)).toEqual([
      0, 10, 11, 3, 12, 2.5, 13, 14, 5,
    ])
  })

  test('rows logged before a failing init was heard of are named in a warning', async () => {
    const init = trackio.init({ project: 'demo', name: 'x', resume: 'must' })
    trackio.log({ a: 1 })
    await expect(init).rejects.toThrow("Run 'x' does not exist")
    expect(warnings).toContain(
      "trackio.init() failed, so 1 rows that were logged are not kept: Run 'x' does not exist in project 'demo'",
    )
  })
})

describe('log', () => {
  let run: Run
  beforeEach(async () => {
    run = await trackio.init({ project: 'demo', name: 'run' })
  })

  test('payloads have the bytes that trackio writes', async () => {
    trackio.log({
      int: 3,
      float: 0.1,
      float32: Math.fround(0.1),
      nan: Number.NaN,
      inf: Number.POSITIVE_INFINITY,
      ninf: Number.NEGATIVE_INFINITY,
      zero: -0,
      big: 2 ** 60,
      huge: 1e300,
      small: 5e-324,
      bigint: 2n ** 63n,
      text: 'é"\n😀',
      yes: true,
      none: null,
      list: [1, [Number.NaN], new Set([1])],
      typed: new Float32Array([0.5, 0.25]),
      map: new Map([['k', 1]]),
      date: new Date(0),
      nested: { a: { b: Number.POSITIVE_INFINITY }, gone: undefined },
      'eval/acc': 1,
      gone: undefined,
    })
    await run.flush()
    const [[payload] = []] = await bench.query('SELECT metrics FROM metrics')
    expect(payload).toBeInstanceOf(Uint8Array)
    expect(textOf(payload)).toBe(
      '{"int":3,"float":0.1,"float32":0.10000000149011612,"nan":"NaN","inf":"Infinity","ninf":"-Infinity","zero":-0.0,' +
        '"big":1152921504606847000.0,"huge":1e+300,"small":5e-324,"bigint":9223372036854775808,"text":"é\\"\\n😀","yes":true,"none":null,' +
        '"list":[1,["NaN"],[1]],"typed":[0.5,0.25],"map":{"k":1},"date":"1970-01-01T00:00:00.000+00:00","nested":{"a":{"b":"Infinity"}},"eval/acc":1}',
    )
  })

  test('reserved names are stored with underscores before them, with a warning', async () => {
    trackio.log({ time: 1, loss: 2, __x: 3, step: 4 })
    await run.flush()
    expect(await bench.payloads('SELECT metrics FROM metrics')).toEqual([
      { __time: 1, loss: 2, ____x: 3, __step: 4 },
    ])
    expect(warnings).toContain("Reserved keys renamed: ['time', '__x', 'step'] → '__{key}'")
  })

  test('what cannot be stored is left out by itself, said once', async () => {
    const loop: Record<string, unknown> = {}
    loop.self = loop
    class Tensor {
      dataSync(): number[] {
        return [1]
      }
    }
    for (let i = 0; i < 2; i++) {
      trackio.log({
        a: 1,
        fn: () => 1,
        loop,
        tensor: new Tensor(),
        big: 2n ** 64n,
        sym: Symbol('x'),
        bad: {
          get x(): number {
            throw new Error('no x')
          },
        },
        date: new Date(Number.NaN),
        b: 2,
      })
    }
    await run.flush()
    expect(await bench.payloads('SELECT metrics FROM metrics')).toEqual([
      { a: 1, b: 2 },
      { a: 1, b: 2 },
    ])
    expect(warnings.map((text) => text.replace('trackio.log() skipped metric ', ''))).toEqual([
      "'fn': a function cannot be stored",
      "'loop': nested more than 200 deep, or an object that refers to itself",
      "'tensor': Tensor cannot be stored; log its numbers, as in: const [loss] = await tensor.data()",
      "'big': the integer 18446744073709551616 is outside of 64 bits",
      "'sym': a symbol cannot be stored",
      "'bad': no x",
      "'date': an invalid Date",
    ])
  })

  test('half a pair of UTF-16 does not make the row unreadable', async () => {
    trackio.log({ text: 'a\ud800b', 'k\udc00': 1, whole: '😀' })
    await run.flush()
    expect(await bench.payloads('SELECT metrics FROM metrics')).toEqual([
      { text: 'a\ufffdb', 'k\ufffd': 1, whole: '😀' },
    ])
  })

  test('never throws, whatever it is given', async () => {
    for (const odd of [null, undefined, 5, 'x', [1], Object.freeze({ a: 1 }), Object.create(null)])
      trackio.log(odd as Record<string, unknown>)
    trackio.log({ a: 2 }, 'x' as unknown as number)
    trackio.log({ a: 3 }, Number.NaN)
    trackio.log({ a: 4 }, 4n as unknown as number)
    await run.flush()
    expect(await bench.payloads('SELECT metrics FROM metrics ORDER BY id')).toEqual([{ a: 1 }, {}, { a: 4 }])
    expect(warnings).toContain("trackio.log() failed to process metrics: step must be a number, not 'x'")
    expect(warnings).toContain(
      'trackio.log() failed to process metrics: expected an object of metrics, got null',
    )
  })

  test('values are those of the moment of the call', async () => {
    const list = [1]
    const config = { a: [1] }
    trackio.log({ list, config })
    list.push(2)
    config.a.push(2)
    await run.flush()
    expect(await bench.payloads('SELECT metrics FROM metrics')).toEqual([{ list: [1], config: { a: [1] } }])
  })

  test('finish counts what was dropped and left out, and the files that could not be stored', async () => {
    trackio.log(null as never)
    trackio.log({ good: 1, bad: Symbol('x'), image: new Image(new Blob(['x'])) }, 'no step' as never)
    trackio.log({ good: 1, bad: Symbol('x'), worse: () => {} })
    trackio.logSystem(null as never)
    trackio.logSystem({ bad: Symbol('x') })
    trackio.log({ broken: new Image('data:broken') })
    const refuse = bench.tree.put
    bench.tree.put = (path, blob) =>
      path.startsWith('media/')
        ? Promise.reject(new DOMException('no', 'NotReadableError'))
        : refuse(path, blob)
    trackio.log({ image: new Image(new Blob(['x'])) })
    expect(await trackio.finish()).toMatchObject({ rows: 4, dropped: 3, leftOut: 4, unstored: 1, waiting: 0 })
    const [row] = await bench.payloads("SELECT metrics FROM metrics WHERE metrics LIKE '%image%'")
    expect(row).toMatchObject({ image: { file_path: expect.stringMatching(/^demo\/run\/2\/.*\.png$/) } })
    expect(
      warnings.filter((text) => text.startsWith('trackio could not store the file demo/run/2/')),
    ).toEqual([
      expect.stringMatching(/\.png of run 'run': NotReadableError: no\. The row that names it is stored\.$/),
    ])
    await trackio.init({ project: 'demo', name: 'run' })
  })

  test('rows of a run that cannot begin are dropped, and counted', async () => {
    await trackio.finish()
    const run = trackio.init({ project: 'demo', name: 'nobody', resume: 'must' })
    trackio.log({ x: 1 })
    const begun = trackio.run
    await expect(run).rejects.toThrow('does not exist')
    expect(await begun?.finish()).toMatchObject({ rows: 0, dropped: 1, waiting: 0 })
    await trackio.init({ project: 'demo', name: 'run' })
  })

  test('a finished run takes no more rows, and says so', async () => {
    await trackio.finish()
    run.log({ a: 1 })
    expect(warnings).toContain(
      "trackio.log() failed to process metrics: run 'run' has been finished; call trackio.init() for a new one",
    )
    expect(() => trackio.log({ a: 1 })).toThrow('Call trackio.init() before trackio.log().')
    await expect(trackio.finish()).rejects.toThrow('Call trackio.init() before trackio.finish().')
  })

  test('system metrics keep their names and have their own time', async () => {
    trackio.logSystem({ 'gpu/0/temp': 60, time: 1 })
    trackio.logSystem({ fps: Number.NaN })
    await run.flush()
    expect(await bench.payloads('SELECT metrics FROM system_metrics')).toEqual([
      { 'gpu/0/temp': 60, time: 1 },
      { fps: 'NaN' },
    ])
    expect(await bench.query('SELECT count(*) FROM metrics')).toEqual([[0]])
  })

  test('alerts carry the step of the last row, whether the run is known yet or not', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {})
    void trackio.init({ project: 'demo', name: 'other' })
    trackio.alert('first')
    trackio.log({})
    trackio.log({})
    trackio.alert('second', { text: 'words', level: 'ERROR' })
    trackio.alert({ title: 'third', step: 40 })
    trackio.alert('fourth', 'words', 'nonsense')
    await trackio.finish()
    expect(await bench.query('SELECT title, text, level, step FROM alerts ORDER BY id')).toEqual([
      ['first', null, 'warn', 0],
      ['second', 'words', 'error', 1],
      ['third', null, 'warn', 40],
    ])
    expect(error).toHaveBeenCalledWith('[TRACKIO ERROR] second: words (step 1)')
    expect(warnings).toContain(
      "trackio.alert() failed: Invalid alert level 'nonsense'. Expected one of: info, warn, error.",
    )
  })
})

describe('time', () => {
  test('a clock that goes back moves no row before another', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    await trackio.init({ project: 'demo', name: 'r' })
    for (const time of ['2026-08-21T10:00:00.500Z', '2026-08-21T09:00:00Z', '2026-08-21T10:00:01Z']) {
      vi.setSystemTime(new Date(time))
      trackio.log({ time })
    }
    await trackio.flush()
    vi.setSystemTime(new Date('2026-08-21T08:00:00Z'))
    await trackio.init({ project: 'demo', name: 'r', resume: 'must' })
    trackio.log({ late: true })
    await trackio.finish()
    vi.useRealTimers()
    expect((await bench.query('SELECT timestamp FROM metrics ORDER BY id')).map(([time]) => time)).toEqual([
      '2026-08-21T10:00:00.500000+00:00',
      '2026-08-21T10:00:00.500000+00:00',
      '2026-08-21T10:00:01+00:00',
      '2026-08-21T10:00:01+00:00',
    ])
  })
})

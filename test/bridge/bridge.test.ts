import { afterEach, describe, expect, test, vi } from 'vitest'
import { type Connection, connectEngine } from '../../src/bridge/connect.ts'
import type { EngineApi, EngineEvent } from '../../src/bridge/engine-api.ts'
import { serveEngine } from '../../src/bridge/serve.ts'
import { buffersOf } from '../../src/bridge/wire.ts'
import {
  ChangedOnDiskError,
  EngineClosedError,
  IncompleteError,
  isAbort,
  TrackioError,
} from '../../src/model/errors.ts'
import type { Series } from '../../src/model/metric.ts'
import type { Answers, OpenProgress } from '../../src/model/questions.ts'
import type { SourceInfo } from '../../src/model/source.ts'
import type { Frame, FrameQuery } from '../../src/model/view.ts'
import { engineDouble } from '../engine-double.ts'
import { PLAIN } from '../frames.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

/** A page's end whose calls are answered by these methods; asking for any other is a failure. */
function connect(given: Parameters<typeof engineDouble>[0]): Connection {
  const { port1, port2 } = new MessageChannel()
  serveEngine(engineDouble(given), port1)
  const connection = connectEngine(port2)
  closing.push(() => {
    connection.dispose()
    port1.close()
  })
  return connection
}

const INFO: SourceInfo = {
  id: 's1',
  name: 'x',
  bytes: 1,
  live: false,
  every: 0,
  local: true,
  host: '',
  writable: false,
  projects: [],
  notices: [],
}

const QUERY: FrameQuery = {
  project: 'p',
  metric: 'loss',
  runs: ['a'],
  x: { kind: 'step' },
  xScale: 'linear',
  yScale: 'linear',
  range: { kind: 'full' },
  smoothing: { kind: 'mean', width: 10, factor: 1 },
  raw: true,
  width: 300,
}

function frame(...ys: number[]): Frame {
  const lines = {
    xs: Float64Array.from(ys.keys()),
    ys: Float64Array.from(ys),
    starts: Uint32Array.of(0, ys.length),
  }
  const marks = { run: new Uint32Array(1), x: new Float64Array(1), kind: new Uint8Array(1) }
  const counts = { above: 0, below: 0, nonPositive: 0, nonFinite: 0 }
  return {
    x: [0, 1],
    y: [0, 1],
    xFull: [0, 1],
    main: lines,
    raw: { ...lines, xs: lines.xs.slice(), ys: lines.ys.slice() },
    ends: [],
    marks,
    ...counts,
    ...PLAIN,
    single: false,
    version: 'v1',
    fidelity: { rows: 2, drawn: 2, kind: 'exact' },
  }
}

/** A promise that is settled from outside. */
function gate<T>(): { promise: Promise<T>; open: (value: T) => void } {
  let open: (value: T) => void = () => {}
  const promise = new Promise<T>((resolve) => {
    open = resolve
  })
  return { promise, open }
}

/** The reason of a rejection; fails when there is none. */
async function reasonOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.fail('was answered'),
    (reason: unknown) => reason,
  )
}

describe('calls', () => {
  test('are answered, with their arguments in place', async () => {
    const asked: unknown[] = []
    const { engine } = connect({
      table: async (query) => {
        asked.push(query)
        return {
          steps: Float64Array.of(1),
          values: Float64Array.of(2),
          present: Uint8Array.of(1),
          total: 1,
          from: 0,
        }
      },
      watch: async (project) => void asked.push(project),
      csv: async () => new Blob(['a,b\n']),
    })
    expect(
      await engine.ask('table', { project: 'p', metric: 'm', runs: ['a', 'b'], from: 5, count: 10 }),
    ).toEqual({
      steps: Float64Array.of(1),
      values: Float64Array.of(2),
      present: Uint8Array.of(1),
      total: 1,
      from: 0,
    })
    expect(await engine.watch('p')).toBeUndefined()
    expect(asked).toEqual([{ project: 'p', metric: 'm', runs: ['a', 'b'], from: 5, count: 10 }, 'p'])
    expect(await (await engine.ask('csv', { project: 'p', metric: 'm', runs: [] })).text()).toBe('a,b\n')
  })
  test('in parallel are answered each for itself, in whatever order they end', async () => {
    const gates = { a: gate<void>(), b: gate<void>() }
    const { engine } = connect({
      async settled({ project }) {
        await gates[project === 'a' ? 'a' : 'b'].promise
        order.push(project)
      },
      close: async (id) => gates[id === 'a' ? 'a' : 'b'].open(),
    })
    const order: string[] = []
    const both = [engine.ask('settled', { project: 'a' }), engine.ask('settled', { project: 'b' })]
    await engine.close('b')
    await both[1]
    await engine.close('a')
    await both[0]
    expect(order).toEqual(['b', 'a'])
  })
  test('keep every double of an answer, and names like __proto__', async () => {
    const series = (): Series => ({
      steps: Float64Array.of(-0),
      values: Float64Array.of(Number.NaN, -0, 5e-324),
      times: Float64Array.of(Number.POSITIVE_INFINITY),
    })
    const { engine } = connect({
      history: async () =>
        Object.fromEntries([
          ['__proto__', series()],
          ['a', series()],
        ]),
    })
    const history = await engine.ask('history', { project: 'p', run: 'r' })
    expect(Object.keys(history)).toEqual(['__proto__', 'a'])
    expect(Object.getOwnPropertyDescriptor(history, '__proto__')?.value).toEqual(series())
  })
})

describe('arrays', () => {
  test('of an answer are moved, not copied', async () => {
    const answer = frame(1, 2, 3)
    const { engine } = connect({ frame: async () => answer })
    const got = await engine.ask('frame', QUERY)
    expect([...got.main.ys]).toEqual([1, 2, 3])
    for (const array of [answer.main.xs, answer.main.ys, answer.main.starts, answer.raw.ys, answer.marks.x])
      expect(array.buffer.byteLength).toBe(0)
  })
  test('that share a buffer are moved once', () => {
    const buffer = new ArrayBuffer(64)
    expect(
      buffersOf({
        a: new Float64Array(buffer, 0, 4),
        b: [{ c: new Float64Array(buffer, 32, 4) }],
        d: 'x',
        e: null,
        f: [1, 2],
      }),
    ).toEqual([buffer])
    expect(buffersOf(undefined)).toEqual([])
  })
})

describe('errors', () => {
  test('cross with their class and fields', async () => {
    const { engine } = connect({
      catalogue: async () => {
        throw new TrackioError('nano.db', 'cut off: 5 of 9 bytes', 'Copy it again.')
      },
      settled: async () => {
        throw new ChangedOnDiskError('nano.db', 'changed', 'Drop it again.')
      },
      resume: async () => {
        throw new RangeError('too long')
      },
      close: async () => {
        throw 'a word'
      },
    })
    const damaged = await reasonOf(engine.ask('catalogue', { project: 'p' }))
    expect(damaged).toBeInstanceOf(TrackioError)
    expect(damaged).not.toBeInstanceOf(ChangedOnDiskError)
    expect(damaged).toMatchObject({
      name: 'TrackioError',
      subject: 'nano.db',
      message: 'cut off: 5 of 9 bytes',
      action: 'Copy it again.',
    })
    const changed = await reasonOf(engine.ask('settled', { project: 'p' }))
    expect(changed).toBeInstanceOf(ChangedOnDiskError)
    expect(changed).toMatchObject({ subject: 'nano.db', message: 'changed', action: 'Drop it again.' })
    expect(await reasonOf(engine.resume('p'))).toMatchObject({ name: 'RangeError', message: 'too long' })
    expect(await reasonOf(engine.close('p'))).toMatchObject({ message: 'a word' })
  })
  test('thrown at once are rejections too', async () => {
    const { engine } = connect({
      catalogue: () => {
        throw new TrackioError('p', 'no open project of this name')
      },
    })
    expect(await reasonOf(engine.ask('catalogue', { project: 'p' }))).toBeInstanceOf(TrackioError)
  })
  test('an answer that cannot be sent rejects instead of hanging', async () => {
    const { engine } = connect({ settled: async () => (() => {}) as never })
    expect(await reasonOf(engine.ask('settled', { project: 'p' }))).toBeInstanceOf(Error)
  })
})

describe('abort', () => {
  test('rejects with an AbortError at once, and reaches the engine', async () => {
    const reached = gate<boolean>()
    const { engine } = connect({
      open: (_, options) =>
        new Promise(() =>
          options?.signal?.addEventListener('abort', () => reached.open(options.signal?.aborted ?? false)),
        ),
      catalogue: async () => expect.fail('not asked'),
    })
    const controller = new AbortController()
    const answer = reasonOf(engine.open({ kind: 'kept', name: 'a' }, { signal: controller.signal }))
    controller.abort()
    expect(isAbort(await answer)).toBe(true)
    expect(await reached.promise).toBe(true)
  })
  test('of a frame that waits its turn spares the engine the work', async () => {
    const asked = vi.fn(async () => frame(1))
    const { engine } = connect({ frame: asked, settled: async () => {} })
    const controller = new AbortController()
    const answer = reasonOf(engine.ask('frame', QUERY, { signal: controller.signal }))
    controller.abort()
    expect(isAbort(await answer)).toBe(true)
    await engine.ask('settled', { project: 'p' })
    expect(asked).not.toHaveBeenCalled()
  })
  test('of a frame that is asked for only if it is new reaches the engine too, with the version beside it', async () => {
    const asked = vi.fn<Answers['newFrame']>(async ({ version }, { signal }) =>
      version === 'v1' && signal instanceof AbortSignal ? undefined : frame(1),
    )
    const { engine } = connect({ newFrame: asked, settled: async () => {} })
    expect(await engine.ask('newFrame', { frame: QUERY, version: 'v1' })).toBeUndefined()
    expect((await engine.ask('newFrame', { frame: QUERY, version: 'v0' }))?.main.ys[0]).toBe(1)
    const controller = new AbortController()
    const answer = reasonOf(
      engine.ask('newFrame', { frame: QUERY, version: 'v1' }, { signal: controller.signal }),
    )
    controller.abort()
    expect(isAbort(await answer)).toBe(true)
    await engine.ask('settled', { project: 'p' })
    expect(asked).toHaveBeenCalledTimes(2)
  })
  test('before the call asks nothing', async () => {
    const asked = vi.fn(async () => frame(1))
    const { engine } = connect({ frame: asked, settled: async () => {} })
    expect(isAbort(await reasonOf(engine.ask('frame', QUERY, { signal: AbortSignal.abort() })))).toBe(true)
    await engine.ask('settled', { project: 'p' })
    expect(asked).not.toHaveBeenCalled()
  })
  test('after the answer changes nothing', async () => {
    const { engine } = connect({ frame: async () => frame(1), settled: async () => {} })
    const controller = new AbortController()
    const answer = await engine.ask('frame', QUERY, { signal: controller.signal })
    controller.abort()
    await engine.ask('settled', { project: 'p' })
    expect(answer.main.ys[0]).toBe(1)
  })
  test('of one call leaves the others', async () => {
    const wait = gate<Frame>()
    const { engine } = connect({
      frame: async (query, { signal }) =>
        query.metric === 'loss'
          ? wait.promise
          : new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
    })
    const controller = new AbortController()
    const kept = engine.ask('frame', QUERY, { signal: new AbortController().signal })
    const left = reasonOf(engine.ask('frame', { ...QUERY, metric: 'other' }, { signal: controller.signal }))
    controller.abort()
    expect(isAbort(await left)).toBe(true)
    wait.open(frame(5))
    expect((await kept).main.ys[0]).toBe(5)
  })
  test('thrown by the engine is an AbortError here too', async () => {
    const { engine } = connect({
      open: async () => Promise.reject(new DOMException('stopped', 'AbortError')),
    })
    expect(isAbort(await reasonOf(engine.open({ kind: 'kept', name: 'x' })))).toBe(true)
  })
})

describe('dispose', () => {
  test('rejects what waits, and every later call', async () => {
    const connection = connect({
      settled: () => new Promise(() => {}),
      catalogue: () => new Promise(() => {}),
    })
    const waiting = [
      reasonOf(connection.engine.ask('settled', { project: 'p' })),
      reasonOf(connection.engine.ask('catalogue', { project: 'p' })),
    ]
    connection.dispose()
    for (const reason of await Promise.all(waiting)) expect(reason).toBeInstanceOf(EngineClosedError)
    expect(await reasonOf(connection.engine.ask('settled', { project: 'p' }))).toBeInstanceOf(
      EngineClosedError,
    )
    connection.dispose()
  })
  test('a worker that crashes rejects what waits, with its words', async () => {
    const { port2 } = new MessageChannel()
    closing.push(() => port2.close())
    const { engine } = connectEngine(port2)
    const waiting = reasonOf(engine.ask('settled', { project: 'p' }))
    port2.dispatchEvent(Object.assign(new Event('error'), { message: 'out of memory' }))
    const reason = await waiting
    expect(reason).toBeInstanceOf(EngineClosedError)
    expect(reason).toMatchObject({ message: 'the worker ended: out of memory' })
    expect(await reasonOf(engine.ask('catalogue', { project: 'p' }))).toBeInstanceOf(EngineClosedError)
  })
})

describe('callbacks', () => {
  test('onProgress arrives before the answer', async () => {
    const info = INFO
    const arrived = gate<void>()
    const { engine } = connect({
      async open(_, options) {
        options?.onProgress?.({ text: 'opening x', bytes: 1, totalBytes: 2 })
        options?.onProgress?.({ text: 'opening x', bytes: 2, totalBytes: 2 })
        await arrived.promise
        return info
      },
      settled: async () => arrived.open(),
    })
    const seen: OpenProgress[] = []
    const two = gate<void>()
    const opening = engine.open(
      { kind: 'kept', name: 'x' },
      { onProgress: (progress) => void (seen.push(progress) === 2 && two.open()) },
    )
    await two.promise
    await engine.ask('settled', { project: 'p' })
    expect(await opening).toEqual(info)
    expect(seen).toEqual([
      { text: 'opening x', bytes: 1, totalBytes: 2 },
      { text: 'opening x', bytes: 2, totalBytes: 2 },
    ])
  })
  test('open goes without a callback, and with a signal', async () => {
    const info = INFO
    const { engine } = connect({
      open: async (_, options) => (options?.signal?.aborted === false ? info : expect.fail('no signal')),
    })
    expect(await engine.open({ kind: 'kept', name: 'x' })).toEqual(info)
  })
  test('onEvent brings every event, in order, to every listener', async () => {
    const listeners: ((event: EngineEvent) => void)[] = []
    const { engine } = connect({ onEvent: async (listener) => void listeners.push(listener) })
    const got: string[] = []
    const all = gate<void>()
    for (const who of ['a', 'b'])
      await engine.onEvent((event) => void (got.push(`${who} ${event.kind}`) === 6 && all.open()))
    for (const kind of ['data', 'catalogue', 'data'] as const)
      for (const listener of listeners) listener({ kind, project: 'p' })
    await all.promise
    for (const who of ['a', 'b'])
      expect(got.filter((one) => one.startsWith(who))).toEqual([
        `${who} data`,
        `${who} catalogue`,
        `${who} data`,
      ])
  })
})

describe('every call that waits', () => {
  type Waiting = (engine: EngineApi, signal: AbortSignal) => Promise<unknown>
  const calls: [string, Waiting][] = [
    ['open', (engine, signal) => engine.open({ kind: 'tracked' }, { signal })],
    ['refresh', (engine, signal) => engine.refresh({ source: 's1' }, { signal })],
    ['frame', (engine, signal) => engine.ask('frame', QUERY, { signal })],
    ['newFrame', (engine, signal) => engine.ask('newFrame', { frame: QUERY, version: 'v' }, { signal })],
    ['probe', (engine, signal) => engine.ask('probe', { ...QUERY, at: 1, reach: 1 }, { signal })],
    [
      'table',
      (engine, signal) =>
        engine.ask('table', { project: 'p', metric: 'm', runs: [], from: 0, count: 1 }, { signal }),
    ],
    ['history', (engine, signal) => engine.ask('history', { project: 'p', run: 'r' }, { signal })],
    ['csv', (engine, signal) => engine.ask('csv', { project: 'p', metric: 'm', runs: [] }, { signal })],
    ['media', (engine, signal) => engine.ask('media', { project: 'p', path: 'a.png' }, { signal })],
    ['keep', (engine, signal) => engine.ask('keep', { project: 'p' }, { signal })],
    [
      'export',
      (engine, signal) => engine.ask('export', { project: 'p', form: 'csv', frontend: '' }, { signal }),
    ],
    [
      'publish',
      (engine, signal) =>
        engine.ask('publish', { project: 'p', options: { spaceId: 'a/b', frontend: '' } }, { signal }),
    ],
    ['settled', (engine, signal) => engine.ask('settled', { project: 'p' }, { signal })],
  ]
  test.each(calls)(
    '%s: a signal reaches the engine, and settles the call with an AbortError',
    async (method, ask) => {
      let signal: AbortSignal | undefined
      const { engine } = connect({
        [method]: (...args: unknown[]) => {
          signal = (args.at(-1) as { signal: AbortSignal }).signal
          return new Promise(() => {})
        },
      })
      const abort = new AbortController()
      const asked = reasonOf(ask(engine, abort.signal))
      await vi.waitFor(() => expect(signal).toBeDefined())
      expect(signal?.aborted).toBe(false)
      abort.abort()
      expect(isAbort(await asked)).toBe(true)
      await vi.waitFor(() => expect(signal?.aborted).toBe(true))
    },
  )

  test('what is said beside a signal reaches the engine too', async () => {
    const asked: unknown[] = []
    const { engine } = connect({
      csv: async ({ part }) => {
        asked.push(part)
        return new Blob()
      },
      table: async ({ part }) => {
        asked.push(part)
        return {
          steps: new Float64Array(),
          values: new Float64Array(),
          present: new Uint8Array(),
          total: 0,
          from: 0,
        }
      },
      export: async ({ part }) => {
        asked.push(part)
        return { name: '', blob: new Blob(), notices: [], whole: true }
      },
    })
    await engine.ask('csv', { project: 'p', metric: 'm', runs: [], part: true })
    await engine.ask('table', { project: 'p', metric: 'm', runs: [], from: 0, count: 1, part: true })
    await engine.ask('export', { project: 'p', form: 'csv', frontend: '', part: true })
    await engine.ask('csv', { project: 'p', metric: 'm', runs: [] })
    expect(asked).toEqual([true, true, true, undefined])
  })
})

test('an answer that lacks rows says over the wire how many, and why', async () => {
  const { engine } = connect({
    history: async () => {
      throw new IncompleteError('x.db', '8,082 of 30,000 rows', 'the line broke')
    },
  })
  const reason = await reasonOf(engine.ask('history', { project: 'p', run: 'r' }))
  expect(reason).toBeInstanceOf(IncompleteError)
  expect(reason).toMatchObject({
    subject: 'x.db',
    message: '8,082 of 30,000 rows read: the line broke',
    read: '8,082 of 30,000 rows',
    why: 'the line broke',
  })
})

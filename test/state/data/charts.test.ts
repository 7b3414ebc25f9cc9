import { createRoot, createSignal } from 'solid-js'
import { describe, expect, test } from 'vitest'
import type { Frame, FrameQuery } from '../../../src/model/view.ts'
import { createFrames } from '../../../src/state/data/charts.ts'
import { PLAIN } from '../../frames.ts'
import { settle } from '../../settle.ts'

const base: FrameQuery = {
  project: 'p',
  metric: 'loss',
  runs: ['a'],
  x: { kind: 'step' },
  xScale: 'linear',
  yScale: 'linear',
  range: { kind: 'robust' },
  smoothing: { kind: 'mean', width: 10, factor: 1 },
  raw: true,
  width: 100,
}

function frame(kind: 'exact' | 'preview' = 'exact'): Frame {
  const none = { xs: new Float64Array(0), ys: new Float64Array(0), starts: new Uint32Array(1) }
  return {
    version: 'v1',
    x: [0, 1],
    y: [2, 3],
    xFull: [0, 1],
    main: none,
    raw: none,
    ends: [],
    marks: { run: new Uint32Array(0), x: new Float64Array(0), kind: new Uint8Array(0) },
    above: 0,
    below: 0,
    nonPositive: 0,
    nonFinite: 0,
    ...PLAIN,
    single: false,
    fidelity: { rows: 0, drawn: 0, kind },
  }
}

function setUp() {
  return createRoot((dispose) => {
    const [query, setQuery] = createSignal<FrameQuery | undefined>(base)
    const [version, setVersion] = createSignal(1)
    const asked: {
      query: FrameQuery
      signal: AbortSignal
      version: string | undefined
      answer(frame: Frame | undefined): void
      fail(error: Error): void
    }[] = []
    let hold: [number, number] | undefined
    const frames = createFrames({
      query,
      version,
      exact: () => true,
      holdY: () => hold,
      refresh: 0,
      ask: (asking, signal, version) =>
        new Promise((answer, fail) => asked.push({ query: asking, signal, version, answer, fail })),
    })
    const width = (n: number): FrameQuery => ({ ...base, smoothing: { ...base.smoothing, width: n } })
    return { frames, setQuery, setVersion, asked, dispose, width, hold: (y?: [number, number]) => (hold = y) }
  })
}

describe('createFrames', () => {
  test('asks one question at a time and then only the newest that came meanwhile', async () => {
    const { frames, setQuery, asked, width, dispose } = setUp()
    await settle()
    expect(asked.length).toBe(1)
    for (const n of [11, 12, 13]) setQuery(width(n))
    expect(asked.length).toBe(1)
    expect(frames.waiting()).toBe(true)
    asked[0]?.answer(frame())
    await settle()
    expect(frames.status().kind).toBe('ready')
    expect(asked.map((one) => one.query.smoothing.width)).toEqual([10, 13])
    expect(frames.waiting()).toBe(true)
    asked[1]?.answer(frame())
    await settle()
    expect(frames.waiting()).toBe(false)
    dispose()
  })

  test('another x axis drops the frame on screen and the request on its way', async () => {
    const { frames, setQuery, asked, dispose } = setUp()
    await settle()
    asked[0]?.answer(frame())
    await settle()
    setQuery({ ...base, x: { kind: 'wall' } })
    expect(frames.status().kind).toBe('loading')
    setQuery({ ...base, x: { kind: 'relative' } })
    expect(asked[1]?.signal.aborted).toBe(true)
    expect(asked.length).toBe(3)
    asked[1]?.answer(frame())
    await settle()
    expect(frames.status().kind).toBe('loading')
    dispose()
  })

  test('more data asks again without waiting, unless the frame is a preview', async () => {
    const { frames, setVersion, asked, dispose } = setUp()
    await settle()
    asked[0]?.answer(frame('preview'))
    await settle()
    expect(frames.waiting()).toBe(false)
    setVersion(2)
    expect(frames.waiting()).toBe(true)
    await settle()
    asked[1]?.answer(frame())
    await settle()
    setVersion(3)
    expect(frames.waiting()).toBe(false)
    await settle()
    expect(asked.length).toBe(3)
    dispose()
  })

  test('a held y axis stays while data grows and is given up on release', async () => {
    const { frames, setVersion, asked, hold, dispose } = setUp()
    await settle()
    asked[0]?.answer(frame())
    await settle()
    hold([2, 3])
    setVersion(2)
    await settle()
    expect(asked[1]?.query.range).toEqual({ kind: 'manual', min: 2, max: 3 })
    asked[1]?.answer(frame())
    await settle()
    hold()
    frames.release()
    expect(asked[2]?.query.range).toEqual({ kind: 'robust' })
    dispose()
  })

  test('more data asks whether the frame on screen still holds, and keeps it where it does', async () => {
    const { frames, setVersion, setQuery, asked, width, dispose } = setUp()
    await settle()
    expect(asked[0]?.version).toBeUndefined()
    const shown = frame()
    asked[0]?.answer(shown)
    await settle()
    setVersion(2)
    await settle()
    expect(asked[1]?.version).toBe('v1')
    asked[1]?.answer(undefined)
    await settle()
    const now = frames.status()
    expect(now.kind === 'ready' && now.frame).toBe(shown)
    expect(frames.waiting()).toBe(false)
    setQuery(width(11))
    expect(asked[2]?.version).toBeUndefined()
    asked[2]?.answer({ ...frame(), version: 'v2' })
    await settle()
    setVersion(3)
    await settle()
    expect(asked[3]?.version).toBe('v2')
    dispose()
  })

  test('y limits that are let go are asked for though no point is new, also when the pointer left meanwhile', async () => {
    const { frames, setVersion, asked, hold, dispose } = setUp()
    await settle()
    asked[0]?.answer(frame())
    await settle()
    hold([2, 3])
    setVersion(2)
    await settle()
    asked[1]?.answer({ ...frame(), version: 'v2' })
    await settle()
    hold()
    frames.release()
    expect(asked[2]).toMatchObject({ version: undefined, query: { range: { kind: 'robust' } } })
    asked[2]?.answer({ ...frame(), version: 'v2' })
    await settle()
    hold([2, 3])
    setVersion(3)
    await settle()
    hold()
    frames.release()
    asked[3]?.answer({ ...frame(), version: 'v3' })
    await settle()
    expect(asked[4]).toMatchObject({ version: undefined, query: { range: { kind: 'robust' } } })
    dispose()
  })

  test('a failure is kept until retry', async () => {
    const { frames, asked, dispose } = setUp()
    await settle()
    asked[0]?.fail(new Error('sqlite: malformed page 8812'))
    await settle()
    expect(frames.status()).toMatchObject({
      kind: 'failed',
      error: { message: 'sqlite: malformed page 8812' },
    })
    expect(frames.waiting()).toBe(false)
    frames.retry()
    expect(asked.length).toBe(2)
    dispose()
  })

  test('disposal aborts what is on its way', async () => {
    const { asked, dispose } = setUp()
    await settle()
    dispose()
    expect(asked[0]?.signal.aborted).toBe(true)
  })
})

import { createRoot, createSignal } from 'solid-js'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Json } from '../../../src/model/run.ts'
import type { TypedValues, ValuePlace } from '../../../src/model/typed-values.ts'
import type { ProjectData } from '../../../src/state/data/catalogue.ts'
import { createMedia } from '../../../src/state/pages/media.ts'
import { engineDouble } from '../../engine-double.ts'

function valuesOf(rows: readonly [run: string, key: string, row: number, step: number][]): TypedValues {
  const runs = [...new Set(rows.map(([run]) => run))]
  const keys = [...new Set(rows.map(([, key]) => key))]
  return {
    ...{ runs, keys, kinds: ['trackio.image'] },
    run: Int32Array.from(rows, ([run]) => runs.indexOf(run)),
    key: Int32Array.from(rows, ([, key]) => keys.indexOf(key)),
    kind: new Int32Array(rows.length),
    row: Int32Array.from(rows, ([, , row]) => row),
    step: Float64Array.from(rows, ([, , , step]) => step),
    time: new Float64Array(rows.length),
    reading: { state: 'done', bytes: 0, totalBytes: 0, rows: rows.length },
    ...{ complete: true, notices: [], version: '1' },
  }
}

const image = (name: string): Json => ({ _type: 'trackio.image', file_path: name, caption: name })

function setUp(values: TypedValues) {
  return createRoot((dispose) => {
    const [project, setProject] = createSignal<string | undefined>('one')
    const asked: {
      project: string
      at: ValuePlace[]
      answer(found: Json[]): void
      fail(error: Error): void
    }[] = []
    const files: Record<string, Blob> = {
      'a.png': new Blob(['x']),
      'a.html': new Blob(['x'], { type: 'text/html' }),
    }
    const engine = engineDouble({
      values: async () => values,
      valuesAt: (query) => new Promise((answer, fail) => asked.push({ ...query, answer, fail } as never)),
    })
    const yes = () => true
    const data: ProjectData = {
      ...{ status: () => ({ kind: 'none' }), catalogue: () => undefined, reading: () => undefined },
      ...{ version: () => 1, exact: yes, ended: yes, expectMore() {}, onEvent() {} },
    }
    const media = createMedia({
      ...{ ask: engine.ask, project, data, live: () => false },
      find: async (id, path) => (id === 'one' ? files[path] : undefined),
    })
    return { media, asked, setProject, dispose }
  })
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())
const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms)

test('values are listed by run and row, each with a name of its own', async () => {
  const { media } = setUp(
    valuesOf([
      ['a', 'x', 0, 10],
      ['a', 'y', 0, 10],
      ['a', 'x', 3, Number.NaN],
      ['b', 'x', 0, 10],
    ]),
  )
  await settle()
  expect(media.items().map(({ run, key, row, step, kind }) => [run, key, row, step, kind])).toEqual([
    ['a', 'x', 0, 10, 'trackio.image'],
    ['a', 'y', 0, 10, 'trackio.image'],
    ['a', 'x', 3, Number.NaN, 'trackio.image'],
    ['b', 'x', 0, 10, 'trackio.image'],
  ])
  expect(new Set(media.items().map(({ id }) => id)).size).toBe(4)
})

test('what is wanted at once is asked for once, and not again', async () => {
  const { media, asked } = setUp(
    valuesOf([
      ['a', 'x', 0, 10],
      ['a', 'x', 1, 20],
    ]),
  )
  await settle()
  expect(media.readAll(media.items())).toBe(2)
  expect(media.items().map(media.payload)).toEqual([undefined, undefined])
  await settle()
  expect(asked.map(({ at }) => at)).toEqual([
    [
      { run: 'a', key: 'x', row: 0 },
      { run: 'a', key: 'x', row: 1 },
    ],
  ])
  asked[0]?.answer([image('p'), image('q')])
  await settle()
  expect(media.items().map((item) => media.payload(item)?.path)).toEqual(['p', 'q'])
  expect([media.readAll(media.items()), asked.length]).toEqual([0, 1])
})

test('many are asked for in parts of 500', async () => {
  const rows = Array.from({ length: 1201 }, (_, i): [string, string, number, number] => ['a', 'x', i, i])
  const { media, asked } = setUp(valuesOf(rows))
  await settle()
  media.readAll(media.items())
  const idle = vi.fn()
  void media.idle().then(idle)
  for (const part of [0, 1, 2]) {
    await settle()
    expect([media.busy(), idle.mock.calls.length]).toEqual([true, 0])
    asked[part]?.answer(asked[part].at.map(({ row }) => image(String(row))))
  }
  await settle()
  expect([media.busy(), idle.mock.calls.length]).toEqual([false, 1])
  await media.idle()
  expect(asked.map(({ at }) => at.length)).toEqual([500, 500, 201])
  expect(media.items().map((item) => media.known(item)?.path)).toEqual(rows.map(([, , row]) => String(row)))
})

test('that values cannot be read is said, and they are asked for again when they are wanted again', async () => {
  const { media, asked } = setUp(valuesOf([['a', 'x', 0, 10]]))
  await settle()
  media.readAll(media.items())
  await settle()
  asked[0]?.fail(new Error('the page is damaged'))
  await settle()
  expect([media.failed(), media.busy()]).toEqual(['the page is damaged', false])
  media.retry()
  expect(media.failed()).toBeUndefined()
  media.readAll(media.items())
  await settle()
  asked[1]?.answer([image('p')])
  await settle()
  expect([media.failed(), media.items().map((item) => media.known(item)?.path)]).toEqual([undefined, ['p']])
})

test('of a value that is not found any more that is said', async () => {
  const { media, asked } = setUp(valuesOf([['a', 'x', 0, 10]]))
  await settle()
  media.readAll(media.items())
  await settle()
  asked[0]?.answer([])
  await settle()
  expect(media.items().map((item) => media.known(item)?.odd)).toEqual(['the row is not found any more'])
})

test('an answer of the project before is none of this one, whose values look alike', async () => {
  const { media, asked, setProject } = setUp(valuesOf([['a', 'x', 0, 10]]))
  await settle()
  media.readAll(media.items())
  await settle()
  setProject('two')
  await settle()
  media.readAll(media.items())
  await settle()
  asked[0]?.answer([image('of one')])
  await settle()
  expect(media.items().map((item) => media.known(item)?.path)).toEqual([undefined])
  expect(asked.map(({ project }) => project)).toEqual(['one', 'two'])
  asked[1]?.answer([image('of two')])
  await settle()
  expect(media.items().map((item) => media.known(item)?.path)).toEqual(['of two'])
})

test('what was wanted of the project before is not asked of this one', async () => {
  const { media, asked, setProject } = setUp(valuesOf([['a', 'x', 0, 10]]))
  await settle()
  media.readAll(media.items())
  await settle()
  setProject('two')
  asked[0]?.answer([image('of one')])
  await settle()
  expect(asked.length).toBe(1)
})

test('that the project before cannot be read is no failure of this one', async () => {
  const { media, asked, setProject } = setUp(valuesOf([['a', 'x', 0, 10]]))
  await settle()
  media.readAll(media.items())
  await settle()
  setProject('two')
  await settle()
  media.readAll(media.items())
  await settle()
  asked[0]?.fail(new Error('it was closed'))
  await settle()
  asked[1]?.answer([image('of two')])
  await settle()
  expect([media.failed(), media.items().map((item) => media.known(item)?.path)]).toEqual([
    undefined,
    ['of two'],
  ])
})

test('a file has the type that its name has, and one that is no picture or sound keeps its own', async () => {
  const { media, setProject } = setUp(valuesOf([]))
  expect((await media.file('a.png'))?.type).toBe('image/png')
  expect((await media.file('a.html'))?.type).toBe('text/html')
  expect(await media.file('lost.png')).toBeUndefined()
  setProject(undefined)
  expect(await media.file('a.png')).toBeUndefined()
})

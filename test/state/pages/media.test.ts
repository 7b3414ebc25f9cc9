import { createRoot, createSignal } from 'solid-js'
import { expect, test, vi } from 'vitest'
import { MEDIA_KINDS } from '../../../src/compute/media-payload.ts'
import type { Json } from '../../../src/model/run.ts'
import type { TypedValues } from '../../../src/model/typed-values.ts'
import type { ProjectData } from '../../../src/state/data/catalogue.ts'
import { createMedia } from '../../../src/state/pages/media.ts'
import { engineDouble } from '../../engine-double.ts'

/** Pictures of one run, one a row. */
function pictures(count: number): TypedValues {
  return {
    ...{ runs: ['r'], keys: ['sample'], kinds: [...MEDIA_KINDS] },
    ...{ run: new Int32Array(count), key: new Int32Array(count), kind: new Int32Array(count) },
    row: Int32Array.from({ length: count }, (_, i) => i),
    step: Float64Array.from({ length: count }, (_, i) => 10 * i),
    time: new Float64Array(count),
    reading: { state: 'done', bytes: 0, totalBytes: 0, rows: count },
    ...{ complete: true, notices: [], version: '1' },
  }
}

interface Asked {
  project: string
  at: { row: number }[]
  answer(values: (Json | undefined)[]): void
  fail(error: Error): void
}

function setUp(count: number) {
  return createRoot((dispose) => {
    const [project, setProject] = createSignal<string | undefined>('one')
    const asked: Asked[] = []
    const engine = engineDouble({
      values: async () => pictures(count),
      valuesAt: (query) =>
        new Promise((answer, fail) => asked.push({ ...query, at: [...query.at], answer, fail })),
    })
    const yes = () => true
    const data: ProjectData = {
      ...{ status: () => ({ kind: 'none' }), catalogue: () => undefined, reading: () => undefined },
      ...{ version: () => 1, exact: yes, ended: yes, expectMore() {}, onEvent() {} },
    }
    return {
      media: createMedia({ ask: engine.ask, project, data, live: () => false, find: async () => undefined }),
      asked,
      setProject,
      dispose,
    }
  })
}

const named = (project: string, { at }: Asked): Json[] =>
  at.map(({ row }) => ({ _type: 'trackio.image', file_path: `${project}/${row}.png`, caption: null }))

test('values that are wanted together are read together, as many at once as stay short, and each once', async () => {
  const { media, asked, dispose } = setUp(1200)
  await vi.waitFor(() => expect(media.items().length).toBe(1200))
  expect(media.readAll(media.items())).toBe(1200)
  expect(media.readAll(media.items())).toBe(1200)
  const idle = media.idle()
  for (const [i, most] of [500, 500, 200].entries()) {
    await vi.waitFor(() => expect(asked.length).toBe(i + 1))
    expect(asked[i]?.at.length).toBe(most)
    expect(media.busy()).toBe(true)
    asked[i]?.answer(named('one', asked[i] as Asked))
  }
  await idle
  expect(media.busy()).toBe(false)
  expect(media.readAll(media.items())).toBe(0)
  expect(media.items().map((item) => media.known(item)?.path)).toEqual(
    Array.from({ length: 1200 }, (_, i) => `one/${i}.png`),
  )
  dispose()
})

test('an answer for the project before is not taken for one of the next, whose places have the same names', async () => {
  const { media, asked, setProject, dispose } = setUp(1)
  await vi.waitFor(() => expect(media.items().length).toBe(1))
  const [item] = media.items()
  if (!item) throw new Error('no item')
  media.payload(item)
  await vi.waitFor(() => expect(asked.length).toBe(1))
  setProject('two')
  media.payload(item)
  asked[0]?.answer(named('one', asked[0]))
  await vi.waitFor(() => expect(asked.length).toBe(2))
  expect(asked[1]?.project).toBe('two')
  expect(media.known(item)).toBe(undefined)
  asked[1]?.answer(named('two', asked[1]))
  await media.idle()
  expect(media.known(item)?.path).toBe('two/0.png')
  dispose()
})

test('values that could not be read are said, and read by Retry', async () => {
  const { media, asked, dispose } = setUp(1)
  await vi.waitFor(() => expect(media.items().length).toBe(1))
  const [item] = media.items()
  if (!item) throw new Error('no item')
  media.payload(item)
  await vi.waitFor(() => expect(asked.length).toBe(1))
  asked[0]?.fail(new Error('the host does not answer'))
  await media.idle()
  expect(media.failed()).toBe('the host does not answer')
  media.retry()
  expect(media.failed()).toBe(undefined)
  // what is on screen asks again then
  media.payload(item)
  await vi.waitFor(() => expect(asked.length).toBe(2))
  asked[1]?.answer(named('one', asked[1]))
  await media.idle()
  expect(media.known(item)?.path).toBe('one/0.png')
  dispose()
})

import { createRoot, createSignal } from 'solid-js'
import { expect, test, vi } from 'vitest'
import type { TableView } from '../../../src/model/logged-table.ts'
import { createTableSizes } from '../../../src/state/pages/table-sizes.ts'
import { engineDouble } from '../../engine-double.ts'

interface Asked {
  run: string
  project: string
  answer(view: TableView): void
  fail(error: Error): void
}

const view = (rows: number): TableView => ({
  ...{ rows, shown: rows, values: 1, runs: 1, steps: 1, hits: new Uint32Array(0), notes: [] },
  ...{ complete: true, version: '1', took: 0 },
  columns: ['@step', '@run', '.a', '.b'].map((id) => ({ id, name: id, kind: 'text', letters: 1 })),
})
const at = (row: number) => [{ row, step: 10, time: 0 }]

function setUp() {
  return createRoot((dispose) => {
    const asked: Asked[] = []
    const [project, setProject] = createSignal<string | undefined>('one')
    const engine = engineDouble({
      tableView: (query, { signal }) =>
        new Promise((answer, fail) => {
          asked.push({ run: query.runs[0] ?? '', project: query.project, answer, fail })
          signal?.addEventListener('abort', () => fail(new DOMException('given up', 'AbortError')))
        }),
    })
    return { asked, setProject, sizes: createTableSizes(engine.ask, project), dispose }
  })
}

test('tables are read one after the other, as they are looked for, and each once', async () => {
  const { asked, sizes, dispose } = setUp()
  expect(sizes.of('t', 'a', at(1))).toBeUndefined()
  expect(sizes.of('t', 'b', at(2))).toBeUndefined()
  expect(sizes.of('t', 'a', at(1))).toBeUndefined()
  await vi.waitFor(() => expect(asked.map(({ run }) => run)).toEqual(['a']))
  asked[0]?.answer(view(5))
  await vi.waitFor(() => expect(asked.map(({ run }) => run)).toEqual(['a', 'b']))
  asked[1]?.answer(view(6))
  await vi.waitFor(() => expect(sizes.busy()).toBe(false))
  // a step and a run come before what was logged
  expect(sizes.of('t', 'a', at(1))).toEqual({ state: 'ready', rows: 5, columns: 2, notes: [] })
  expect(sizes.of('t', 'b', at(2))).toMatchObject({ rows: 6 })
  expect(asked).toHaveLength(2)
  dispose()
})

test('one that cannot be read says why, and is read again when somebody wants that', async () => {
  const { asked, sizes, dispose } = setUp()
  sizes.of('t', 'a', at(1))
  sizes.of('t', 'b', at(2))
  await vi.waitFor(() => expect(asked).toHaveLength(1))
  asked[0]?.fail(new Error('the row is cut'))
  await vi.waitFor(() => expect(asked).toHaveLength(2))
  asked[1]?.answer(view(6))
  await vi.waitFor(() => expect(sizes.busy()).toBe(false))
  expect(sizes.of('t', 'a', at(1))).toEqual({ state: 'failed', why: 'the row is cut' })
  expect(sizes.of('t', 'b', at(2))).toMatchObject({ rows: 6 })
  sizes.retry()
  expect(sizes.of('t', 'a', at(1))).toBeUndefined()
  await vi.waitFor(() => expect(asked).toHaveLength(3))
  asked[2]?.answer(view(7))
  await vi.waitFor(() => expect(sizes.of('t', 'a', at(1))).toMatchObject({ rows: 7 }))
  dispose()
})

test('what was read of another project is none of this one', async () => {
  const { asked, sizes, setProject, dispose } = setUp()
  sizes.of('t', 'a', at(1))
  await vi.waitFor(() => expect(asked).toHaveLength(1))
  setProject('two')
  expect(sizes.of('t', 'a', at(1))).toBeUndefined()
  await vi.waitFor(() => expect(asked.map(({ project }) => project)).toEqual(['one', 'two']))
  asked[1]?.answer(view(3))
  await vi.waitFor(() => expect(sizes.of('t', 'a', at(1))).toMatchObject({ rows: 3 }))
  dispose()
})

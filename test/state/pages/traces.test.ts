import { createRoot, createSignal } from 'solid-js'
import { expect, test } from 'vitest'
import type { Trace, TraceHits, TraceRows } from '../../../src/model/trace.ts'
import type { ProjectData } from '../../../src/state/data/catalogue.ts'
import { createTrace, createTraces } from '../../../src/state/pages/traces.ts'
import { engineDouble } from '../../engine-double.ts'
import { settle } from '../../settle.ts'

const traceOf = (change: Partial<Trace> = {}): Trace => ({
  ...{ at: 0, id: 'a', storedId: 'a', timestamp: '', messages: '[]', metadata: '{}', spans: '[]' },
  ...change,
})

function one(answers: (() => Trace | undefined)[]) {
  return createRoot((dispose) => {
    const [list, setList] = createSignal({ store: 1, run: new Int32Array(1) })
    let asked = 0
    const engine = engineDouble({ trace: async () => answers[asked++]?.() })
    const trace = createTrace(
      engine.ask,
      () => 'p',
      () => 'a',
      list,
    )
    return { trace, setList, asked: () => asked, dispose }
  })
}

test('a trace that is at another place of the list now is another answer, though it says the same', async () => {
  const { trace, setList, dispose } = one([() => traceOf(), () => traceOf({ at: 3 })])
  await settle()
  setList({ store: 2, run: new Int32Array(4) })
  await settle()
  const now = trace.status()
  expect(now.kind === 'ready' && now.trace.at).toBe(3)
  dispose()
})

test('a trace that was missing is asked for again as traces come; one that is there is not', async () => {
  const { trace, setList, asked, dispose } = one([() => undefined, () => traceOf()])
  await settle()
  expect(trace.status().kind).toBe('failed')
  setList({ store: 1, run: new Int32Array(2) })
  await settle()
  expect(trace.status().kind).toBe('ready')
  setList({ store: 1, run: new Int32Array(3) })
  await settle()
  expect(asked()).toBe(2)
  dispose()
})

test('a search that fails has no hits: those of the text before are not its own', async () => {
  const rows = { store: 1, run: new Int32Array(2), complete: true, first: false, notices: [] }
  const hits = (text: string): TraceHits => {
    if (text !== 'found') throw new Error('the engine ended')
    const all = { trace: Int32Array.of(0), role: Int32Array.of(0), hits: Float64Array.of(1) }
    return { store: 1, roles: ['user'], ...all, searched: 2, of: 2, bytes: 9, ms: 1 }
  }
  const engine = engineDouble({
    traces: async () => rows as unknown as TraceRows,
    searchTraces: async ({ text }) => hits(text),
  })
  const yes = () => true
  const data: ProjectData = {
    ...{ status: () => ({ kind: 'none' }), catalogue: () => undefined, reading: () => undefined },
    ...{ version: () => 1, exact: yes, ended: yes, expectMore() {}, onEvent() {} },
  }
  await createRoot(async (dispose) => {
    const [text, setText] = createSignal('found')
    const traces = createTraces({
      ...{ ask: engine.ask, project: () => 'p', data, text },
      live: () => false,
    })
    await settle()
    expect(traces.hits()?.hits).toEqual(Float64Array.of(1))
    setText('other')
    await settle()
    expect(traces.searchFailed()).toBeDefined()
    expect(traces.hits()).toBeUndefined()
    setText('found')
    traces.searchAgain()
    await settle()
    expect(traces.searchFailed()).toBeUndefined()
    expect(traces.hits()?.hits).toEqual(Float64Array.of(1))
    dispose()
  })
})

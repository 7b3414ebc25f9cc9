import { describe, expect, test } from 'vitest'
import { type LayoutCall, type LayoutWorker, makeLayouts } from '../../src/bridge/lineage-layout.ts'
import { settle } from '../settle.ts'

interface Double extends LayoutWorker {
  calls: LayoutCall<number>[]
  ended: boolean
  answer(at: number): void
}

function double(): Double {
  const worker: Double = {
    ...{ calls: [], ended: false, onmessage: null, onerror: null },
    postMessage: (call: LayoutCall<number>) => void worker.calls.push(call),
    terminate() {
      worker.ended = true
    },
    answer(at) {
      const call = worker.calls[at] as LayoutCall<number>
      const data = { id: call.id, layout: call.graph * 2, ms: 5 }
      worker.onmessage?.call(worker as never, { data } as MessageEvent)
    },
  }
  return worker
}

const here = async () => (graph: number) => graph * 2

describe('a layout', () => {
  test('is made by a worker that starts with the first one, one after the other', async () => {
    const started: Double[] = []
    const layouts = makeLayouts<number, number>(() => {
      started.push(double())
      return started.at(-1) as Double
    }, here)
    expect(started).toHaveLength(0)
    const { signal } = new AbortController()
    const [first, second] = [layouts.layOut(1, signal), layouts.layOut(2, signal)]
    await settle()
    expect(started[0]?.calls).toHaveLength(1)
    started[0]?.answer(0)
    expect(await first).toEqual({ layout: 2, ms: 5 })
    await settle()
    started[0]?.answer(1)
    expect((await second).layout).toBe(4)
    expect(started).toHaveLength(1)
  })
  test('that nobody waits for ends the worker, and the next one starts another', async () => {
    const started: Double[] = []
    const layouts = makeLayouts<number, number>(() => {
      started.push(double())
      return started.at(-1) as Double
    }, here)
    const abort = new AbortController()
    const first = layouts.layOut(1, abort.signal)
    const second = layouts.layOut(2, new AbortController().signal)
    await settle()
    abort.abort()
    await expect(first).rejects.toThrow('abort')
    await settle()
    expect(started.map(({ ended }) => ended)).toEqual([true, false])
    started[1]?.answer(0)
    expect((await second).layout).toBe(4)
  })
  test('is made on this thread where no worker may be started, or comes', async () => {
    const refusing = makeLayouts<number, number>(() => {
      throw new DOMException('refused', 'SecurityError')
    }, here)
    expect((await refusing.layOut(3, new AbortController().signal)).layout).toBe(6)
    expect(
      (await makeLayouts<number, number>(undefined, here).layOut(3, new AbortController().signal)).layout,
    ).toBe(6)
    const lost = double()
    const layouts = makeLayouts<number, number>(() => lost, here)
    const asked = layouts.layOut(4, new AbortController().signal)
    await settle()
    lost.onerror?.call(lost as never, { message: '' } as ErrorEvent)
    expect((await asked).layout).toBe(8)
    expect(lost.ended).toBe(true)
  })
  test('that failed says so, and the worker goes on', async () => {
    const worker = double()
    const layouts = makeLayouts<number, number>(() => worker, here)
    const asked = layouts.layOut(1, new AbortController().signal)
    await settle()
    const data = { id: worker.calls[0]?.id, error: 'no such node' }
    worker.onmessage?.call(worker as never, { data } as MessageEvent)
    await expect(asked).rejects.toThrow('no such node')
    expect(worker.ended).toBe(false)
  })
})

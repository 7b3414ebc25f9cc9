import { Worker } from 'node:worker_threads'
import { afterEach, expect, test } from 'vitest'
import { makePatternRunner, type PatternWorker } from '../../src/bridge/pattern-runner.ts'

/** Of Node's worker threads, what the code of a web worker expects. */
const AROUND = `const { parentPort } = require('node:worker_threads')
globalThis.postMessage = (data) => parentPort.postMessage(data)
parentPort.on('message', (data) => globalThis.onmessage({ data }))
`

const started: Worker[] = []
afterEach(async () => {
  for (const worker of started.splice(0)) await worker.terminate()
})

function start(code: string): PatternWorker {
  const thread = new Worker(AROUND + code, { eval: true })
  started.push(thread)
  const worker: PatternWorker = {
    onmessage: null,
    onerror: null,
    postMessage: (data: unknown) => thread.postMessage(data),
    terminate: () => void thread.terminate(),
  }
  thread.on('message', (data) => worker.onmessage?.call(worker as never, { data } as MessageEvent))
  return worker
}

test('a pattern is tried on every text: the whole match and its first group, without regard to case', async () => {
  const { run } = makePatternRunner(start)
  expect(await run('^(a+)B', ['aab', 'AB!', 'b', ''])).toEqual({
    kind: 'found',
    matches: [['aab', 'aa'], ['AB', 'A'], null, null],
  })
  expect(await run('a(b)?', ['a'])).toEqual({ kind: 'found', matches: [['a', undefined]] })
})

test('one that takes for ever is ended, and the next one is answered', async () => {
  const { run } = makePatternRunner(start)
  const began = performance.now()
  const [slow, quick] = await Promise.all([run('(a+)+$', [`${'a'.repeat(60)}b`]), run('b', ['b'])])
  expect([slow, quick]).toEqual([{ kind: 'slow' }, { kind: 'found', matches: [['b', undefined]] }])
  expect(performance.now() - began).toBeLessThan(10_000)
  expect(started.length).toBe(3)
})

test('where no worker may be started nothing is tried', async () => {
  const refused = makePatternRunner(() => {
    throw new DOMException('no', 'SecurityError')
  })
  expect(await refused.run('a', ['a'])).toEqual({ kind: 'none' })
  const failing = makePatternRunner((code) => {
    const worker = start(code)
    worker.postMessage = () => void worker.onerror?.call(worker as never, new Event('error') as ErrorEvent)
    return worker
  })
  expect(await failing.run('a', ['a'])).toEqual({ kind: 'none' })
})

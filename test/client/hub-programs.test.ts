import { afterEach, expect, test, vi } from 'vitest'
import type { PortToWorker } from '../../src/bridge/tracking-start.ts'
import type { WriterApi } from '../../src/bridge/writer-api.ts'
import { serveWriter } from '../../src/bridge/writer-serve.ts'
import { withHub } from '../../src/client/hub-programs.ts'
import type { Batch } from '../../src/model/tracking.ts'

const ports: MessagePort[] = []
afterEach(() => {
  for (const port of ports.splice(0)) port.close()
  vi.useRealTimers()
})

const RUN = { project: 'demo', name: null, id: '0'.repeat(32), resume: 'never' as const, space: null }
const rows = (space: string | null): Batch => ({ run: { project: 'demo', id: RUN.id, name: 'run' }, space })

/** A writer that stores at once, and programs beside it that answer so. */
function beside(program: Partial<WriterApi>, lost: Promise<Error> = new Promise(() => {})) {
  const stored = {
    begin: async () => ({
      id: RUN.id,
      name: 'run',
      resumed: false,
      nextStep: 0,
      lastTime: 0,
      keeping: { kind: 'stored' },
    }),
    write: async () => ({ lastId: 1 }),
  }
  const started: string[] = []
  const start = (end: string): PortToWorker => {
    const { port1, port2 } = new MessageChannel()
    ports.push(port1, port2)
    started.push(end)
    serveWriter(program, port2)
    return { port: port1, lost, end: () => port1.close() }
  }
  const lend = () => {
    const { port1, port2 } = new MessageChannel()
    ports.push(port1, port2)
    return port2
  }
  // nothing else of it is asked
  return { ...withHub(stored as Partial<WriterApi> as WriterApi, lend, start), started }
}

test('a run that goes to no Space starts nothing beside the writer, nor does a token or a server', async () => {
  const { writer, started } = beside({})
  await writer.authorize('https://hub.example', 'hf_a')
  await writer.authorize('https://hub.example', undefined)
  await writer.begin(RUN)
  await writer.write(rows(null))
  await writer.write(rows('http://127.0.0.1:7860'))
  expect(await writer.deliver('demo', 'http://127.0.0.1:7860')).toMatchObject({ state: 'kept' })
  expect(started).toEqual([])
})

test('what delivers is started once, with the tokens that were given before, and hears of all rows', async () => {
  const heard: unknown[] = []
  const { writer, started } = beside({
    authorize: async (...given) => void heard.push(given),
    soon: async (...given) => void heard.push(given),
  })
  await writer.authorize('https://hub.example', 'hf_a')
  await writer.begin({ ...RUN, space: 'a/b', deliverTo: { bucketId: 'a/c' } })
  await writer.write(rows('a/b'))
  await vi.waitFor(() => expect(heard).toHaveLength(3))
  expect(heard).toEqual([
    ['https://hub.example', 'hf_a'],
    ['demo', 'a/b', { bucketId: 'a/c' }],
    ['demo', 'a/b', undefined],
  ])
  await writer.authorize('https://hub.example', undefined)
  expect(heard.at(-1)).toEqual(['https://hub.example', undefined])
  expect(started).toEqual(['deliver'])
})

test('rows are stored though the code for the Hub cannot be had; it is asked for again, but not with each batch', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const { writer, started } = beside({}, Promise.resolve(new Error('no network')))
  await writer.begin({ ...RUN, space: 'a/b' })
  for (let i = 0; i < 5; i++) {
    expect(await writer.write(rows('a/b'))).toEqual({ lastId: 1 })
    await new Promise((resolve) => setTimeout(resolve))
  }
  expect(started).toEqual(['deliver'])
  await expect(writer.deliver('demo', 'a/b')).rejects.toThrow('no network')
  vi.advanceTimersByTime(10_000)
  await writer.write(rows('a/b'))
  expect(started).toEqual(['deliver', 'deliver', 'deliver'])
})

test('publishing has a program of its own, which ends with it; it is refused once the writer is gone', async () => {
  let go: (() => void) | undefined
  const published = { url: '', space: 'a/b' } as Awaited<ReturnType<WriterApi['publish']>> // no more of it is looked at
  const { writer, end, started } = beside({
    publish: () =>
      new Promise((resolve) => {
        go = () => resolve(published)
      }),
  })
  const asked = writer.publish('demo', { spaceId: 'a/b', frontend: '' })
  await vi.waitFor(() => expect(go).toBeDefined())
  go?.()
  expect(await asked).toEqual(published)
  const waiting = writer.publish('demo', { spaceId: 'a/b', frontend: '' })
  const refused = expect(waiting).rejects.toMatchObject({ name: 'EngineClosedError' })
  end()
  await refused
  expect(started).toEqual(['publish', 'publish'])
})

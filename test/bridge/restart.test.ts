import { afterEach, expect, test, vi } from 'vitest'
import { type Connection, type Crash, connectEngine } from '../../src/bridge/connect.ts'
import type { EngineEvent } from '../../src/bridge/engine-api.ts'
import { serveEngine } from '../../src/bridge/serve.ts'
import { EngineClosedError } from '../../src/model/errors.ts'
import { engineDouble } from '../engine-double.ts'

/*
 * A worker that crashes: another one takes its place, once a minute.
 */

interface Made {
  connection: Connection
  /** What each worker was told, in the order they were started. */
  told: string[][]
  crashes: Crash[]
  /** The newest one throws outside of any call. */
  crash(message: string): void
  emit(event: EngineEvent): void
  ended(): number
}

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
  vi.restoreAllMocks()
})

function make(): Made {
  const told: string[][] = []
  const ends: MessagePort[] = []
  const listeners: ((event: EngineEvent) => void)[] = []
  let closed = 0
  function start(): MessagePort {
    const { port1, port2 } = new MessageChannel()
    const mine: string[] = []
    told.push(mine)
    const engine = engineDouble({
      beside: async () => 'none',
      authorize: async ({ origin, token }) => void mine.push(`${origin} ${token}`),
      onEvent: async (listener) => {
        mine.push('listens')
        listeners.push(listener)
      },
      catalogue: () => new Promise(() => {}),
    })
    serveEngine(engine, port1)
    port1.addEventListener('close', () => closed++)
    ends.push(port2)
    closing.push(() => port1.close())
    return port2
  }
  const connection = connectEngine(start(), start)
  closing.push(() => connection.dispose())
  const crashes: Crash[] = []
  connection.onCrash((crash) => crashes.push(crash))
  return {
    connection,
    told,
    crashes,
    crash: (message) => void ends.at(-1)?.dispatchEvent(Object.assign(new Event('error'), { message })),
    emit: (event) => listeners.at(-1)?.(event),
    ended: () => closed,
  }
}

test('the worker is ended and another one answers, with the tokens and listeners of the first', async () => {
  const { connection, told, crashes, crash, emit, ended } = make()
  const { engine } = connection
  const events: string[] = []
  await engine.onEvent(({ kind }) => events.push(kind))
  await engine.authorize({ origin: 'https://hub.example', token: 'hf_a' })
  await engine.authorize({ origin: 'https://other.example', token: 'b' })
  await engine.authorize({ origin: 'https://other.example', token: undefined })
  const waiting = engine.ask('catalogue', { project: 'p' }).catch((error: Error) => error)
  crash('out of memory')
  const reason = await waiting
  expect(reason).toBeInstanceOf(EngineClosedError)
  expect(reason).toMatchObject({ message: 'the worker ended: out of memory' })
  await vi.waitFor(() => expect(crashes).toEqual([{ why: 'out of memory', again: true }]))
  // whoever hears of it may ask at once
  expect(told[1]).toEqual(['https://hub.example hf_a', 'listens'])
  await vi.waitFor(() => expect(ended()).toBe(1))
  expect(await engine.beside('x')).toBe('none')
  emit({ kind: 'data', project: 'p' })
  await vi.waitFor(() => expect(events).toEqual(['data']))
})

test('what crashes again within a minute stays ended; later it is started once more', async () => {
  const clock = vi.spyOn(performance, 'now')
  let now = 1000
  clock.mockImplementation(() => now)
  const { connection, crashes, crash, told } = make()
  await connection.engine.beside('x')
  crash('one')
  await vi.waitFor(() => expect(crashes).toHaveLength(1))
  now += 61_000
  crash('two')
  await vi.waitFor(() => expect(crashes).toHaveLength(2))
  now += 59_000
  crash('three')
  expect(crashes).toEqual([
    { why: 'one', again: true },
    { why: 'two', again: true },
    { why: 'three', again: false },
  ])
  await expect(connection.engine.beside('x')).rejects.toMatchObject({
    name: 'EngineClosedError',
    message: 'the worker ended: three',
  })
  expect(told).toHaveLength(3)
})

test('a worker that never answered is not tried again', async () => {
  const { connection, crashes, crash } = make()
  crash('it could not be started')
  expect(crashes).toEqual([{ why: 'it could not be started', again: false }])
  await expect(connection.engine.beside('x')).rejects.toBeInstanceOf(EngineClosedError)
})

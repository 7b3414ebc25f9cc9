import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { beforeEach, expect, test, vi } from 'vitest'
import type { EngineApi, EngineEvent } from '../../src/bridge/engine-api.ts'
import { createEngine } from '../../src/engine/api.ts'
import { combinedId, type ProjectId, type SourceInfo } from '../../src/model/source.ts'
import { ask, askAt } from './made-project.ts'
import { makeGate, makePlace, type Place, until } from './place.ts'

/*
 * What is left of a source that was closed: nothing, and nothing goes on in its name.
 */

const connectors = vi.hoisted(() => new Map<string, unknown>())
vi.mock('../../src/engine/connectors/choose.ts', () => ({
  openConnector: async (ref: { name: string }) => connectors.get(ref.name),
}))

/** Readers of all projects that were made. */
const readers = vi.hoisted(() => [] as WeakRef<object>[])
vi.mock('../../src/engine/projects/project.ts', async (load) => {
  const whole = await load<typeof import('../../src/engine/projects/project.ts')>()
  return {
    ...whole,
    makeProject(...args: Parameters<typeof whole.makeProject>) {
      readers.push(new WeakRef(args[1]))
      return whole.makeProject(...args)
    },
  }
})

/** Tables that were read. */
const tables = vi.hoisted(() => [] as WeakRef<object>[])
vi.mock('../../src/compute/logged-table/columns.ts', async (load) => {
  const whole = await load<typeof import('../../src/compute/logged-table/columns.ts')>()
  return {
    ...whole,
    makeTableData() {
      const data = whole.makeTableData()
      tables.push(new WeakRef(data))
      return data
    },
  }
})

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

beforeEach(() => {
  readers.length = 0
  tables.length = 0
})

function opened(place: Place, engine: EngineApi): Promise<SourceInfo> {
  connectors.set(place.connector.name, place.connector)
  return engine.open({ kind: 'kept', name: place.connector.name })
}

/** How many of the projects that were made are still held by anyone. */
async function held(all = readers): Promise<number> {
  for (let i = 0; i < 5; i++) {
    await new Promise((resolve) => setTimeout(resolve))
    collect()
  }
  return all.filter((one) => one.deref()).length
}

test('a closed project leaves memory, whatever was asked of it', async () => {
  const engine = createEngine()
  const [one, other] = [makePlace(), makePlace()]
  for (const place of [one, other]) await place.write('a.db', 3000)
  const infos = [await opened(one, engine), await opened(other, engine)]
  const ids = infos.flatMap(({ projects }) => projects.map(({ id }) => id))
  const [first = ''] = ids
  async function askAll(project: ProjectId): Promise<void> {
    await engine.ask('frame', {
      ...ask(['run'], { metric: 'v', smoothing: { kind: 'mean', width: 10, factor: 1 }, area: true }),
      project,
    })
    await engine.ask('probe', { ...askAt(10, ['run'], { metric: 'v', x: { kind: 'relative' } }), project })
    await engine.ask('table', { project, metric: 'v', runs: ['run'], from: 0, count: 100 })
    await engine.ask('csv', { project, metric: 'v', runs: ['run'] })
  }
  await askAll(first)
  await askAll(combinedId(ids))
  expect(await held()).toBe(2)
  await engine.close(infos[0]?.id ?? '')
  expect(await held()).toBe(1)
  await engine.close(infos[1]?.id ?? '')
  expect(await held()).toBe(0)
})

test('tables of a closed project leave memory with it', async () => {
  const engine = createEngine()
  const [one, other] = [makePlace(), makePlace()]
  for (const place of [one, other]) await place.write('a.db', 10)
  const infos = [await opened(one, engine), await opened(other, engine)]
  for (const { projects } of infos) {
    const table = { project: projects[0]?.id ?? '', key: 't', runs: ['run'] }
    await engine.ask('tableView', {
      ...table,
      filters: [],
      order: { column: '@run', descending: true },
      find: 'a',
    })
  }
  expect(await held(tables)).toBe(2)
  await engine.close(infos[0]?.id ?? '')
  expect(await held(tables)).toBe(1)
  await engine.close(infos[1]?.id ?? '')
  expect(await held(tables)).toBe(0)
})

test('a chart that was being worked out when its project was closed is refused, and keeps nothing of it', async () => {
  const engine = createEngine()
  const place = makePlace()
  await place.write('a.db', 3000)
  const { id, projects } = await opened(place, engine)
  const project = projects[0]?.id ?? ''
  await engine.ask('settled', { project })
  const asked = engine.ask('frame', { ...ask(['run'], { metric: 'v' }), project }).then(
    () => 'answered',
    (error: Error) => error.message,
  )
  await engine.close(id)
  expect(await asked).toMatch(/no open project/)
  expect(await held()).toBe(0)
})

test('closing while a refresh opens parts anew ends the reading of those that were opened already', async () => {
  const engine = createEngine()
  const place = makePlace()
  await place.write('a.db', 60_000)
  await place.write('b.db', 10)
  const { id, projects } = await opened(place, engine)
  for (const project of projects) await engine.ask('settled', { project: project.id })
  // both are other files now: the first is opened anew and half read while the second is still on its way
  await place.write('a.db', 59_000)
  await place.write('b.db', 5)
  const [second, rest] = [makeGate(), makeGate()]
  let slow = false
  let half = false
  place.before = async (path, what, range) => {
    if (path === 'b.db' && what === 'open') {
      slow = true
      await second.wait
    }
    // a large piece is what is read through: the last one waits
    if (path === 'a.db' && range && range.length > 1 << 19 && range.offset >= 3 << 20) {
      half = true
      await rest.wait
    }
  }
  // a clock that runs fast: what was read so far is told of soon
  let now = performance.now()
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 100))
  const looking = engine.refresh({ source: id }).then(
    () => 'answered',
    (error: Error) => error.name,
  )
  await until(() => slow && half)
  await engine.close(id)
  const told: EngineEvent[] = []
  await engine.onEvent((event) => void told.push(event))
  rest.open()
  second.open()
  expect(await looking).toBe('AbortError')
  clock.mockRestore()
  // what was given up ends in its own time
  await expect.poll(held).toBe(0)
  expect(told).toEqual([])
})

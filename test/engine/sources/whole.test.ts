import { expect, test, vi } from 'vitest'
import type { EngineApi } from '../../../src/bridge/engine-api.ts'
import { nextTurn } from '../../../src/bridge/turn.ts'
import { createEngine } from '../../../src/engine/api.ts'
import { staticFiles } from '../../../src/engine/publish/static-files.ts'
import { IncompleteError, isAbort, TrackioError } from '../../../src/model/errors.ts'
import { combinedId, type ProjectId, type SourceId } from '../../../src/model/source.ts'
import { makeGate, makePlace, type Place, until } from '../place.ts'

/*
 * All rows, or an error that says how many of how many and why: a line that breaks, a person who stops the
 * reading, a caller who gives up.
 */

const connectors = vi.hoisted(() => new Map<string, unknown>())
vi.mock('../../../src/engine/connectors/choose.ts', () => ({
  openConnector: async (ref: { name: string }) => connectors.get(ref.name),
}))

const ROWS = 30_000

interface Opened {
  engine: EngineApi
  place: Place
  source: SourceId
  project: ProjectId
}

async function open(place: Place): Promise<Opened> {
  const engine = createEngine()
  connectors.set(place.connector.name, place.connector)
  const info = await engine.open({ kind: 'kept', name: place.connector.name })
  return { engine, place, source: info.id, project: info.projects[0]?.id ?? '' }
}

/** Behind a network; the line breaks when a large piece beyond the first is asked for. */
async function broken(
  why: () => Error = () => new TrackioError('far.example', 'the line broke', 'Try again.'),
): Promise<Opened> {
  const place = makePlace(true)
  await place.write('nanogpt.db', ROWS)
  place.before = async (_, what, range) => {
    if (what === 'load' && range && range.length > 1 << 19 && range.offset >= 1 << 20) throw why()
  }
  const opened = await open(place)
  await opened.engine.ask('settled', { project: opened.project })
  return opened
}

async function failure(asked: Promise<unknown>): Promise<IncompleteError> {
  const cause = await asked.then(
    () => expect.fail('answered'),
    (reason: unknown) => reason,
  )
  if (!(cause instanceof IncompleteError)) throw cause
  return cause
}

const asks: [string, (engine: EngineApi, project: ProjectId) => Promise<unknown>][] = [
  ['history', (engine, project) => engine.ask('history', { project, run: 'run' })],
  [
    'history of a metric',
    (engine, project) => engine.ask('history', { project, run: 'run', metrics: ['v'] }),
  ],
  [
    'table',
    (engine, project) => engine.ask('table', { project, metric: 'v', runs: ['run'], from: 0, count: 10 }),
  ],
  ['csv', (engine, project) => engine.ask('csv', { project, metric: 'v', runs: ['run'] })],
  [
    'the CSV of all metrics',
    (engine, project) => engine.ask('export', { project, form: 'csv', frontend: '' }),
  ],
]

test.each(asks)(
  '%s of a line that broke is an error that says how many of how many, and why',
  async (_, ask) => {
    const { engine, project } = await broken()
    const { rows } = await engine.ask('catalogue', { project })
    expect(rows).toBeGreaterThan(0)
    expect(rows).toBeLessThan(ROWS)
    const error = await failure(ask(engine, project))
    expect(error).toMatchObject({
      subject: 'nanogpt.db',
      message: `${rows.toLocaleString('en')} of 30,000 rows read: the line broke`,
      read: `${rows.toLocaleString('en')} of 30,000 rows`,
      why: 'the line broke',
    })
  },
)

test.each(asks)('%s of a reading that a person stopped is an error that says so', async (_, ask) => {
  const place = makePlace()
  await place.write('a.db', ROWS)
  const gate = makeGate()
  let waits = false
  place.before = async (_, what, range) => {
    if (what === 'load' && range && range.length > 1 << 19 && range.offset >= 1 << 20) {
      waits = true
      await gate.wait
    }
  }
  // a first sight of half of it: the clock runs fast
  let now = performance.now()
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 100))
  const { engine, project } = await open(place)
  await until(() => waits)
  const asked = failure(ask(engine, project))
  await engine.cancel(project)
  gate.open()
  const error = await asked
  clock.mockRestore()
  expect(error.message).toMatch(/^[\d,]+ of 30,000 rows read: reading was stopped$/)
  // read on, it is whole
  await engine.resume(project)
  expect((await engine.ask('history', { project, run: 'run' })).v?.values.length).toBe(ROWS)
})

test('errors of whatever kind are said, and several projects are whole only when each is', async () => {
  const { engine, project } = await broken(() => new Error('a reset'))
  expect((await failure(engine.ask('history', { project, run: 'run' }))).why).toBe('a reset')
  const other = makePlace()
  await other.write('b.db', 5)
  connectors.set(other.connector.name, other.connector)
  const info = await engine.open({ kind: 'kept', name: other.connector.name })
  const both = combinedId([info.projects[0]?.id ?? '', project])
  const error = await failure(
    engine.ask('table', { project: both, metric: 'v', runs: ['run'], from: 0, count: 1 }),
  )
  expect(error.message).toMatch(/^[\d,]+ of 30,005 rows read: a reset$/)
})

test('who asks for a part gets it, and it says in its name and its first line that it is one', async () => {
  const { engine, project } = await broken()
  const { rows } = await engine.ask('catalogue', { project })
  const first = `# part: ${rows.toLocaleString('en')} of 30,000 rows, the line broke`
  const csv = (
    await (await engine.ask('csv', { project, metric: 'v', runs: ['run'], part: true })).text()
  ).split('\n')
  expect([csv[0], csv[1], csv.length]).toEqual([first, 'run,run_id,step,timestamp,v', rows + 3])
  const whole = await engine.ask('export', { project, form: 'csv', frontend: '', part: true })
  expect([whole.name, (await whole.blob.text()).split('\n')[0]]).toEqual(['nanogpt-part.csv', first])
  expect(
    (await engine.ask('table', { project, metric: 'v', runs: ['run'], from: 0, count: 1, part: true })).total,
  ).toBe(rows)
})

test('nothing is said of a part where all rows are there, asked for it or not', async () => {
  const place = makePlace()
  await place.write('a.db', 10)
  const { engine, project } = await open(place)
  expect(
    (await (await engine.ask('csv', { project, metric: 'v', runs: ['run'], part: true })).text()).startsWith(
      'run,run_id',
    ),
  ).toBe(true)
  expect((await engine.ask('export', { project, form: 'csv', frontend: '', part: true })).name).toBe('a.csv')
})

test('a database, Parquet and what is published are made of the files, whole or not at all, whatever was read for the screen', async () => {
  const { engine, project, place } = await broken()
  place.before = (_, what, range) => {
    if (what === 'load' && range && range.length > 1 << 19)
      throw new TrackioError('far.example', 'the line broke')
  }
  for (const form of ['db', 'parquet'] as const) {
    await expect(engine.ask('export', { project, form, frontend: '', part: true })).rejects.toThrow(
      /of [\d,]+ bytes (copied|read): the line broke/,
    )
  }
  const { tree } = place.connector
  const [first] = await place.connector.look({})
  if (!tree || !first) throw new Error('nothing there')
  await expect(staticFiles({ tree, files: first, project: 'nanogpt' })).rejects.toThrow('the line broke')
  place.before = () => {}
  const { blob } = await engine.ask('export', { project, form: 'db', frontend: '' })
  const [entry] = await tree.list()
  expect(blob.size).toBe(entry?.size)
})

test('a caller who gives up ends the reading that was for him alone', async () => {
  const place = makePlace(true)
  await place.write('a.db', 10)
  await place.write('b.db', ROWS)
  const { engine, source } = await open(place)
  const project = `${source}/b.db/b`
  const gate = makeGate()
  let waits = false
  place.before = async (path, what, range) => {
    if (path === 'b.db' && what === 'load' && range && range.length > 1 << 19) {
      waits = true
      await gate.wait
    }
  }
  const abort = new AbortController()
  const asked = engine
    .ask('csv', { project, metric: 'v', runs: ['run'] }, { signal: abort.signal })
    .catch((cause: unknown) => cause)
  await until(() => waits)
  abort.abort()
  expect(isAbort(await asked)).toBe(true)
  gate.open()
  await engine.ask('settled', { project })
  expect((await engine.ask('catalogue', { project })).reading.state).toBe('cancelled')
})

test.each<[string, (engine: EngineApi, project: ProjectId) => Promise<unknown>]>([
  ['waits for', (engine, project) => engine.ask('history', { project, run: 'run' })],
  ['looks at', (engine, project) => engine.watch(project)],
])('but not one that somebody else %s', async (_, other) => {
  const place = makePlace(true)
  await place.write('a.db', 10)
  await place.write('b.db', ROWS)
  const { engine, source } = await open(place)
  const project = `${source}/b.db/b`
  const gate = makeGate()
  let waits = false
  place.before = async (path, what) => {
    if (path === 'b.db' && what === 'load') {
      waits = true
      await gate.wait
    }
  }
  const abort = new AbortController()
  const asked = engine
    .ask('csv', { project, metric: 'v', runs: ['run'] }, { signal: abort.signal })
    .catch((cause: unknown) => cause)
  await until(() => waits)
  const waiting = other(engine, project)
  abort.abort()
  expect(isAbort(await asked)).toBe(true)
  gate.open()
  await waiting
  await engine.ask('settled', { project })
  expect((await engine.ask('catalogue', { project })).reading.state).toBe('done')
})

test('rows of half a look are not given: they are of no state that the file ever had', async () => {
  const place = makePlace()
  await place.write('a.db', 10)
  const { engine, source, project } = await open(place)
  expect((await engine.ask('history', { project, run: 'run' })).v?.values.length).toBe(10)
  await place.write('a.db', ROWS)
  const gate = makeGate()
  let seen = 10
  place.before = async (_, what) => {
    if (what !== 'load') return
    seen = (await engine.ask('catalogue', { project })).rows
    if (seen > 10) await gate.wait
  }
  const look = engine.refresh({ source })
  await until(() => seen > 10)
  expect(seen).toBeLessThan(ROWS)
  const asked = engine.ask('history', { project, run: 'run' })
  // nothing is left to be waited for but the look
  for (let i = 0; i < 20; i++) await nextTurn()
  gate.open()
  expect((await asked).v?.values.length).toBe(ROWS)
  await look
})

test('a look that is given up asks for nothing more', async () => {
  const place = makePlace()
  for (const name of ['a', 'b', 'c']) await place.write(`${name}.db`, 10)
  const { engine, source } = await open(place)
  for (const name of ['a', 'b', 'c']) await place.write(`${name}.db`, 20)
  const abort = new AbortController()
  const opened: string[] = []
  place.before = (path, what) => {
    if (what === 'open') opened.push(path)
    abort.abort()
  }
  expect(
    isAbort(await engine.refresh({ source }, { signal: abort.signal }).catch((cause: unknown) => cause)),
  ).toBe(true)
  expect(opened).toEqual(['a.db'])
  // the next look finds what is left
  place.before = () => {}
  await engine.refresh({ source })
  for (const name of ['a', 'b', 'c']) {
    const id = `${source}/${name}.db/${name}`
    await engine.ask('settled', { project: id })
    expect((await engine.ask('catalogue', { project: id })).rows).toBe(20)
  }
})

test('a long CSV can be given up while it is written', async () => {
  const place = makePlace()
  await place.write('a.db', ROWS)
  const { engine, project } = await open(place)
  await engine.ask('settled', { project })
  const abort = new AbortController()
  const asked = engine
    .ask(
      'csv',
      { project, metric: 'v', runs: Array.from({ length: 20 }, () => 'run') },
      { signal: abort.signal },
    )
    .catch((cause: unknown) => cause)
  // as over a port: it comes as a message
  for (let turns = 0; turns < 10; turns++) await nextTurn()
  abort.abort()
  expect(isAbort(await asked)).toBe(true)
})

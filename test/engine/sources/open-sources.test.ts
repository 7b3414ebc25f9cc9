import { afterEach, describe, expect, test, vi } from 'vitest'
import type { EngineApi, EngineEvent } from '../../../src/bridge/engine-api.ts'
import { createEngine } from '../../../src/engine/api.ts'
import { type Connector, treeConnector } from '../../../src/engine/connectors/connector.ts'
import type { OpenOptions } from '../../../src/engine/formats/dataset.ts'
import { AccessError, ChangedOnDiskError, TrackioError } from '../../../src/model/errors.ts'
import { combinedId, type SourceInfo } from '../../../src/model/source.ts'
import { memoryBytes } from '../../../src/storage/bytes.ts'
import type { Tree, TreeEntry } from '../../../src/storage/tree.ts'
import { makeRandom } from '../../random.ts'
import { settle } from '../../settle.ts'
import { database } from '../place.ts'

/*
 * Open sources over time: looked at again, cancelled, closed, compared, while files come, change, break and
 * vanish.
 */

const connectors = vi.hoisted(() => new Map<string, unknown>())
/** What each connector was given when it was opened. */
const contexts = vi.hoisted(() => new Map<string, OpenOptions>())
vi.mock('../../../src/engine/connectors/choose.ts', () => ({
  async openConnector(ref: { name: string }, context: OpenOptions) {
    contexts.set(ref.name, context)
    return connectors.get(ref.name)
  },
}))

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

interface Place {
  connector: Connector
  /** Writes a database of so many rows. */
  write(path: string, rows: number): Promise<void>
  put(path: string, content: string | Uint8Array): void
  remove(path: string): void
  /** Called whenever a file is opened or a range of it is asked for; may wait or throw. */
  before: (path: string, what: 'open' | 'load') => Promise<void> | void
  /** Paths in the order they were opened. */
  opened: string[]
  open(engine: EngineApi): Promise<SourceInfo>
}

let places = 0

/** A live source: on this machine, or (`far`) behind a network, where only what is looked at is opened. */
function place(far = false): Place {
  const files = new Map<string, { bytes: Uint8Array; stamp: string }>()
  let writes = 0
  const name = `place-${++places}`
  const entryOf = (path: string): TreeEntry | undefined => {
    const file = files.get(path)
    return file && { path, size: file.bytes.length, stamp: file.stamp }
  }
  const tree: Tree = {
    whole: true,
    host: far ? 'far.example' : '',
    list: async () => [...files.keys()].flatMap((path) => entryOf(path) ?? []),
    find: async (path) => entryOf(path),
    async bytes(path) {
      made.opened.push(path)
      await made.before(path, 'open')
      const file = files.get(path)
      if (!file) throw new ChangedOnDiskError(path, 'gone')
      const bytes = memoryBytes(file.bytes)
      return {
        ...bytes,
        async load(offset, length) {
          await made.before(path, 'load')
          return bytes.load(offset, length)
        },
      }
    },
    blob: async (path) => new Blob([files.get(path)?.bytes.slice() ?? '']),
    received: () => 0,
  }
  const made: Place = {
    connector: { ...treeConnector(tree, { name, prefer: 'database' }), live: 'engine', every: 1000 },
    async write(path, rows) {
      files.set(path, { bytes: await database(rows), stamp: `${++writes}` })
    },
    put(path, content) {
      files.set(path, {
        bytes: typeof content === 'string' ? new TextEncoder().encode(content) : content,
        stamp: `${++writes}`,
      })
    },
    remove: (path) => void files.delete(path),
    before: () => {},
    opened: [],
    open: (engine) => engine.open({ kind: 'kept', name }),
  }
  connectors.set(name, made.connector)
  return made
}

function gate(): { wait: Promise<void>; open(): void } {
  let open = (): void => {}
  const wait = new Promise<void>((resolve) => {
    open = resolve
  })
  return { wait, open }
}

function idOf(info: SourceInfo, name: string): string {
  const found = info.projects.find((project) => project.name === name)
  if (!found)
    throw new Error(`no project ${name}; there are ${info.projects.map((one) => one.name).join(', ')}`)
  return found.id
}

const namesOf = (info: SourceInfo): string[] => info.projects.map(({ name }) => name)

async function rowsOf(engine: EngineApi, id: string): Promise<number> {
  await engine.ask('settled', { project: id })
  return (await engine.ask('catalogue', { project: id })).rows
}

describe('looking again', () => {
  test('twice at once finds a new project once', async () => {
    const engine = createEngine()
    const here = place()
    await here.write('t/a.db', 1)
    const { id } = await here.open(engine)
    await here.write('t/b.db', 2)
    const both = await Promise.all([engine.refresh({ source: id }), engine.refresh({ source: id })])
    expect(both.map(namesOf)).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ])
  })

  test('goes on beside a file that is none of trackio’s, says what is wrong with it, and opens it once it is one', async () => {
    const engine = createEngine()
    const here = place()
    here.put('t/broken.db', 'hello')
    await here.write('t/good.db', 1)
    const opened = await here.open(engine)
    expect([namesOf(opened), opened.notices.map(({ subject }) => subject)]).toEqual([
      ['good'],
      ['t/broken.db'],
    ])
    await here.write('t/good.db', 3)
    here.put('t/also.db', 'hello')
    const again = await engine.refresh({ source: opened.id })
    expect(again.notices.map(({ subject }) => subject).sort()).toEqual(['t/also.db', 't/broken.db'])
    expect(await rowsOf(engine, idOf(again, 'good'))).toBe(3)
    await here.write('t/broken.db', 2)
    here.remove('t/also.db')
    const mended = await engine.refresh({ source: opened.id })
    expect([namesOf(mended).sort(), mended.notices]).toEqual([['broken', 'good'], []])
  })

  test('goes on beside a file that is being written, and says that it is worth another look', async () => {
    const engine = createEngine()
    const here = place()
    await here.write('t/busy.db', 1)
    await here.write('t/quiet.db', 1)
    const info = await here.open(engine)
    await here.write('t/busy.db', 2)
    await here.write('t/quiet.db', 2)
    await here.write('t/z-new.db', 2)
    here.before = (path) => {
      if (path === 't/busy.db') throw new ChangedOnDiskError(path, 'written to')
    }
    await expect(engine.refresh({ source: info.id })).rejects.toBeInstanceOf(ChangedOnDiskError)
    expect(await rowsOf(engine, idOf(info, 'quiet'))).toBe(2)
    here.before = () => {}
    const after = await engine.refresh({ source: info.id })
    expect(namesOf(after).sort()).toEqual(['busy', 'quiet', 'z-new'])
    expect(await rowsOf(engine, idOf(info, 'busy'))).toBe(2)
  })

  test('that ends at a change tells of the rows that it read until then', async () => {
    const [few, many] = [await database(1000), await database(20_000)]
    let told = 0
    for (let moment = 1; moment <= 6; moment++) {
      const engine = createEngine()
      const here = place()
      here.put('t/a.db', few)
      const info = await here.open(engine)
      const id = idOf(info, 'a')
      here.put('t/a.db', many)
      let loads = 0
      here.before = (path, what) => {
        if (what === 'load' && ++loads >= moment) throw new ChangedOnDiskError(path, 'written to')
      }
      const kinds: string[] = []
      await engine.onEvent(
        (event) => void ('project' in event && event.project === id && kinds.push(event.kind)),
      )
      const ends = await engine.refresh({ source: info.id }).catch((error: unknown) => error)
      const rows = await rowsOf(engine, id)
      if (!(ends instanceof ChangedOnDiskError)) expect(rows).toBe(20_000)
      else if (rows > 1000) {
        told++
        expect(kinds).toEqual(expect.arrayContaining(['catalogue', 'data']))
      } else expect(kinds).toEqual([])
      here.before = () => {}
      await engine.refresh({ source: info.id })
      expect(await rowsOf(engine, id)).toBe(20_000)
      await engine.close(info.id)
    }
    // else it would be a test of nothing
    expect(told).toBeGreaterThan(0)
  })

  test('at a source of which nothing can be opened any more keeps what was read of it', async () => {
    const engine = createEngine()
    const here = place()
    await here.write('t/a.db', 2)
    const info = await here.open(engine)
    here.remove('t/a.db')
    here.put('t/b.db', 'hello')
    await expect(engine.refresh({ source: info.id })).rejects.toThrow('not an SQLite database')
    expect(await rowsOf(engine, idOf(info, 'a'))).toBe(2)
  })

  test('a project that is opened anew can be asked in every moment of it', async () => {
    const engine = createEngine()
    const here = place()
    await here.write('t/a.db', 5)
    const info = await here.open(engine)
    const id = idOf(info, 'a')
    // fewer rows than were read: another file in its place
    await here.write('t/a.db', 2)
    const rows: number[] = []
    const waits: Promise<unknown>[] = []
    here.before = async () => {
      waits.push(engine.ask('catalogue', { project: id }).then((catalogue) => rows.push(catalogue.rows)))
      await Promise.resolve()
    }
    await engine.refresh({ source: info.id })
    await Promise.all(waits)
    expect(rows.length).toBeGreaterThan(2)
    expect(await rowsOf(engine, id)).toBe(2)
  })

  test('history of a project that is opened anew meanwhile is that of the new one, whole', async () => {
    const engine = createEngine()
    const here = place()
    await here.write('t/a.db', 5)
    const info = await here.open(engine)
    await here.write('t/a.db', 3)
    const { wait, open } = gate()
    here.before = () => wait
    const looking = engine.refresh({ source: info.id })
    const asked = engine.ask('history', { project: idOf(info, 'a'), run: 'run' })
    open()
    await looking
    // whichever came first, no half of either
    expect([5, 3]).toContain((await asked).v?.values.length)
    expect((await engine.ask('history', { project: idOf(info, 'a'), run: 'run' })).v?.values.length).toBe(3)
  })
})

test('history of a project whose half-read file is replaced is whole', async () => {
  const engine = createEngine()
  const here = place()
  await here.write('t/a.db', 10)
  await here.write('t/b.db', 30_000)
  const info = await here.open(engine)
  const asked = engine.ask('history', { project: idOf(info, 'b'), run: 'run' })
  // while it is read another file takes its place
  await here.write('t/b.db', 20_000)
  await engine.refresh({ source: info.id })
  expect([30_000, 20_000]).toContain((await asked).v?.values.length)
  expect((await engine.ask('history', { project: idOf(info, 'b'), run: 'run' })).v?.values.length).toBe(
    20_000,
  )
})

describe('behind a network', () => {
  test('what nobody looked at is listed anew, not opened', async () => {
    const engine = createEngine()
    const far = place(true)
    for (const name of ['a', 'b', 'c']) await far.write(`${name}.db`, 1)
    const info = await far.open(engine)
    far.opened.length = 0
    for (const name of ['b', 'c', 'd']) await far.write(`${name}.db`, 2)
    const again = await engine.refresh({ source: info.id })
    expect([namesOf(again), far.opened]).toEqual([['a', 'b', 'c', 'd'], []])
    await engine.watch(idOf(info, 'c'))
    expect(await rowsOf(engine, idOf(info, 'c'))).toBe(2)
  })

  test('what waits to be read is read though it changed before its turn', async () => {
    const engine = createEngine()
    const far = place(true)
    for (const name of ['a', 'b', 'c']) await far.write(`${name}.db`, 1)
    const info = await far.open(engine)
    await engine.ask('settled', { project: idOf(info, 'a') })
    const { wait, open } = gate()
    far.before = (path) => (path === 'b.db' ? wait : undefined)
    await engine.watch(combinedId([idOf(info, 'c'), idOf(info, 'b')]))
    await engine.watch(idOf(info, 'b'))
    await far.write('c.db', 3)
    await engine.refresh({ source: info.id })
    open()
    expect(await rowsOf(engine, idOf(info, 'c'))).toBe(3)
    const events: string[] = []
    await engine.onEvent((event) => void (event.kind === 'reading' && events.push(event.reading.state)))
    expect((await engine.ask('catalogue', { project: idOf(info, 'c') })).reading.state).toBe('done')
  })

  test('what a place makes wait for is told of the opening, and later of the source', async () => {
    const engine = createEngine()
    const far = place(true)
    await far.write('a.db', 1)
    const told: EngineEvent[] = []
    await engine.onEvent((event) => void (event.kind === 'waiting' && told.push(event)))
    const heard: string[] = []
    const say = (text: string) => contexts.get(far.connector.name)?.onProgress?.(text, 0, 0)
    far.before = () => say('a pause of 2 s')
    const info = await engine.open(
      { kind: 'kept', name: far.connector.name },
      { onProgress: ({ text }) => heard.push(text) },
    )
    expect([heard.includes('a pause of 2 s'), told]).toEqual([true, []])
    say('a pause of 300 s')
    expect(told).toEqual([{ kind: 'waiting', source: info.id, text: 'a pause of 300 s' }])
    await engine.close(info.id)
    say('a pause of 299 s')
    expect(told).toHaveLength(1)
  })

  test('several projects that want a token ask for it at once', async () => {
    const engine = createEngine()
    const far = place(true)
    for (const name of ['a', 'b', 'c']) await far.write(`${name}.db`, 1)
    far.before = (path) => {
      throw new AccessError(path, 'gated', 'Ask for access.', 'https://far.example')
    }
    await expect(far.open(engine)).rejects.toMatchObject({
      name: 'AccessError',
      origin: 'https://far.example',
    })
    expect(far.opened).toEqual(['a.db'])
  })

  test('one that cannot be opened says so where it is looked at, and the others are read', async () => {
    const engine = createEngine()
    const far = place(true)
    for (const name of ['a', 'b']) await far.write(`${name}.db`, 1)
    const info = await far.open(engine)
    far.before = (path) => {
      if (path === 'b.db') throw new TrackioError(path, 'no answer', 'Try again.')
    }
    const both = combinedId(info.projects.map(({ id }) => id))
    await engine.watch(both)
    await engine.ask('settled', { project: both })
    const { reading, notices, rows } = await engine.ask('catalogue', { project: both })
    expect([reading.state, rows, notices.map(({ text }) => text)]).toEqual(['failed', 1, ['no answer']])
    far.before = () => {}
    await engine.resume(both)
    expect(await rowsOf(engine, both)).toBe(2)
  })
})

describe('closing', () => {
  test('while a source is looked at ends the look, and leaves nothing behind', async () => {
    const engine = createEngine()
    const here = place()
    await here.write('t/a.db', 1)
    const info = await here.open(engine)
    await here.write('t/b.db', 1)
    await here.write('t/c.db', 1)
    const { wait, open } = gate()
    here.before = () => wait
    here.opened.length = 0
    const looking = engine.refresh({ source: info.id })
    const outcome = looking.then(
      () => 'answered',
      (error: Error) => error.name,
    )
    while (here.opened.length === 0) await new Promise((resolve) => setTimeout(resolve))
    await engine.close(info.id)
    open()
    expect(await outcome).toBe('AbortError')
    expect(here.opened).toEqual(['t/b.db'])
    for (const name of ['a', 'b', 'c'])
      await expect(engine.ask('catalogue', { project: `${info.id}/t/${name}.db/${name}` })).rejects.toThrow(
        'no open project',
      )
    await expect(engine.refresh({ source: info.id })).rejects.toThrow('no open source')
  })

  test('a source that is being opened, by giving it up, stops what is read of it', async () => {
    const engine = createEngine()
    const far = place(true)
    await far.write('a.db', 50_000)
    let loads = 0
    const abort = new AbortController()
    const { wait, open } = gate()
    far.before = async (_, what) => {
      if (what === 'load' && ++loads === 3) abort.abort()
      if (loads >= 3) await wait
    }
    const opening = engine.open({ kind: 'kept', name: far.connector.name }, { signal: abort.signal })
    const outcome = opening.then(
      () => 'opened',
      (error: Error) => error.name,
    )
    await new Promise((resolve) => abort.signal.addEventListener('abort', () => setTimeout(resolve)))
    open()
    expect(await outcome).toBe('AbortError')
    await settle()
    const then = loads
    await settle()
    expect(loads).toBe(then)
  })

  test('another source leaves projects that are looked at together told of', async () => {
    const engine = createEngine()
    const [one, other, third] = [place(), place(), place()]
    for (const here of [one, other, third]) await here.write('t/a.db', 1)
    const infos = [await one.open(engine), await other.open(engine), await third.open(engine)]
    const [a, b] = infos.map((info) => idOf(info, 'a'))
    const both = combinedId([a ?? '', b ?? ''])
    await engine.ask('catalogue', { project: both })
    const told: EngineEvent[] = []
    await engine.onEvent((event) => void told.push(event))
    await engine.close(infos[2]?.id ?? '')
    await other.write('t/a.db', 4)
    await engine.refresh({ source: infos[1]?.id ?? '' })
    expect(told.filter((event) => event.kind === 'data' && event.project === both)).toHaveLength(1)
    expect((await engine.ask('catalogue', { project: both })).rows).toBe(5)
    // and those of a source that is gone are told of no more
    await engine.close(infos[0]?.id ?? '')
    told.length = 0
    await other.write('t/a.db', 5)
    await engine.refresh({ source: infos[1]?.id ?? '' })
    expect(new Set(told.flatMap((event) => ('project' in event ? event.project : [])))).toEqual(new Set([b]))
  })
})

describe('whatever is asked in whatever order', () => {
  test.each([1, 2, 3, 4])('every call settles, and in the end every row is there (%i)', async (seed) => {
    const random = makeRandom(seed)
    const pick = <T>(all: readonly T[]): T | undefined => all[Math.floor(random() * all.length)]
    const engine = createEngine()
    const sources: { place: Place; id: string; rows: Map<string, number> }[] = []
    const pending: Promise<unknown>[] = []
    /** What may be refused: a source that is closed, a file that is written to. */
    const start = (call: Promise<unknown>): void => {
      pending.push(
        call.catch((error: Error) => {
          if (!['AbortError', 'ChangedOnDiskError'].includes(error.name) && !/no open/.test(error.message))
            throw error
        }),
      )
    }
    async function add(): Promise<void> {
      const made = place(random() < 0.5)
      const rows = new Map<string, number>()
      for (const name of ['a', 'b', 'c'].slice(0, 1 + Math.floor(random() * 3))) {
        rows.set(`t/${name}.db`, 1 + Math.floor(random() * 300))
        await made.write(`t/${name}.db`, rows.get(`t/${name}.db`) ?? 0)
      }
      made.before = async (path) => {
        if (random() < 0.1) await settle()
        if (random() < 0.03) throw new ChangedOnDiskError(path, 'written to')
      }
      const info = await made.open(engine).catch(() => undefined)
      if (info) sources.push({ place: made, id: info.id, rows })
    }
    await add()
    const ids = (): string[] =>
      sources.flatMap(({ id, rows }) => [...rows.keys()].map((path) => `${id}/${path}/${path.slice(2, -3)}`))
    const one = (): string =>
      random() < 0.3 ? combinedId([pick(ids()) ?? '', pick(ids()) ?? '']) : (pick(ids()) ?? '')
    for (let i = 0; i < 150; i++) {
      const source = pick(sources)
      const what = random()
      if (what < 0.05 && sources.length < 4) await add()
      else if (what < 0.3 && source) {
        const path = pick(['t/a.db', 't/b.db', 't/c.db', 't/d.db']) ?? ''
        // now and then another file in its place
        const rows =
          random() < 0.2
            ? 1 + Math.floor(random() * 50)
            : (source.rows.get(path) ?? 0) + 1 + Math.floor(random() * 200)
        source.rows.set(path, rows)
        await source.place.write(path, rows)
      } else if (what < 0.5 && source) start(engine.refresh({ source: source.id }))
      else if (what < 0.6) start(engine.watch(one()))
      else if (what < 0.7) start(engine.ask('catalogue', { project: one() }))
      else if (what < 0.75) start(engine.cancel(one()))
      else if (what < 0.8) start(engine.resume(one()))
      else if (what < 0.9) start(engine.ask('settled', { project: one() }))
      else if (what < 0.92 && source && sources.length > 1) {
        sources.splice(sources.indexOf(source), 1)
        start(engine.close(source.id))
      }
      if (random() < 0.3) await new Promise((resolve) => setTimeout(resolve))
    }
    await Promise.all(pending)
    for (const { place: here, id, rows } of sources) {
      here.before = () => {}
      const info = await engine.refresh({ source: id })
      expect(info.notices).toEqual([])
      for (const project of info.projects) {
        // what is on screen is read without being asked for again
        await engine.watch(project.id)
        const state = async () => (await engine.ask('catalogue', { project: project.id })).reading.state
        await expect.poll(state, { interval: 1, timeout: 10_000 }).not.toBe('reading')
        await engine.resume(project.id)
        expect([project.file, await rowsOf(engine, project.id)]).toEqual([
          project.file,
          rows.get(project.file),
        ])
        expect((await engine.ask('catalogue', { project: project.id })).reading.state).toBe('done')
      }
      expect(info.projects.map(({ file }) => file).sort()).toEqual([...rows.keys()].sort())
    }
  })
})

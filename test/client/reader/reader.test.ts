import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { serveEngine } from '../../../src/bridge/serve.ts'
import { Api, useReader } from '../../../src/client/reader/reader.ts'
import type { Catalogue, Reading } from '../../../src/model/catalogue.ts'
import { incomplete } from '../../../src/model/errors.ts'
import type { ProjectInfo, SourceInfo } from '../../../src/model/source.ts'
import { engineDouble } from '../../engine-double.ts'
import { makeBench } from '../setup.ts'

/*
 * Reading from another page: the package's end, over a port, with a made-up source behind it that tells what
 * it was asked.
 */

const asked: string[] = []
let started = 0
let ended = 0
let live: SourceInfo['live'] = 'engine'
/** Rows that were logged so far, and how reading them ends; taken over by the engine when somebody looks. */
let logged = 1
let rows = 1
let state: Reading['state'] = 'done'
let projects: string[] = ['demo']
/** Reading on helps. */
let mends = false
/** An answer that does not come. */
let waits = false

function sourceInfo(): SourceInfo {
  const all = projects.map(
    (name): ProjectInfo => ({ id: `s1/${name}`, name, source: 's1', file: `${name}.db`, bytes: 1 }),
  )
  return {
    id: 's1',
    name: 'x',
    bytes: 1,
    live,
    every: 1000,
    local: true,
    host: '',
    writable: true,
    projects: all,
    notices: [],
  }
}

function catalogue(): Catalogue {
  const run = {
    key: 'r',
    id: 'r',
    name: 'r',
    group: null,
    config: null,
    createdAt: '',
    rows,
    lastStep: rows - 1,
  }
  const reading: Reading = {
    state,
    bytes: 1,
    totalBytes: 2,
    rows,
    ...(state === 'failed' && { why: 'the line broke', totalRows: 30 }),
  }
  return { runs: [run], metrics: [], reading } as unknown as Catalogue // the rest is not looked at
}

const engine = engineDouble({
  async open() {
    asked.push('open')
    return sourceInfo()
  },
  async refresh({ source }) {
    asked.push(`refresh ${source}`)
    rows = logged
    return sourceInfo()
  },
  settled: async () => void asked.push('settled'),
  async resume() {
    asked.push('resume')
    if (mends) state = 'done'
  },
  catalogue: async () => catalogue(),
  csv: async () => new Blob(['run,run_id\n']),
  async history({ run, metrics }, { signal }) {
    asked.push(`history ${run} ${metrics}`)
    if (state === 'failed') throw incomplete('demo.db', catalogue().reading)
    if (waits)
      await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
    return {}
  },
})

afterEach(() => vi.unstubAllGlobals())

beforeEach(() => {
  makeBench()
  // an address is of the page that names it
  vi.stubGlobal('location', new URL('https://page.example/'))
  asked.length = 0
  started = 0
  ended = 0
  live = 'engine'
  logged = 1
  rows = 1
  state = 'done'
  projects = ['demo']
  mends = false
  waits = false
  useReader(() => {
    started++
    const { port1, port2 } = new MessageChannel()
    serveEngine(engine, port2)
    Reflect.get(port2, 'unref')?.call(port2)
    Reflect.get(port1, 'unref')?.call(port1)
    return {
      port: port1,
      lost: new Promise<Error>(() => {}),
      end() {
        ended++
        port1.close()
      },
    }
  })
})

test('a closed reader answers nothing, and starts no engine that nobody would end', async () => {
  const api = new Api()
  const [project] = await api.open('x.db')
  const [run] = (await project?.runs()) ?? []
  api.close()
  for (const question of [
    () => project?.runs(),
    () => run?.history(),
    () => api.open('y.db'),
    () => api.projects(),
    () => api.runs('demo'),
  ]) {
    await expect(question()).rejects.toMatchObject({ name: 'EngineClosedError' })
  }
  expect([started, ended]).toEqual([1, 1])
  // closing twice is no harm
  api.close()
  expect(ended).toBe(1)
})

test('what was asked before it was closed is refused as well', async () => {
  const api = new Api()
  const asking = api.open('x.db').catch((error: Error) => error.name)
  api.close()
  expect([await asking, started, ended]).toEqual(['EngineClosedError', 1, 1])
})

test('a live source is looked at again for its runs, its metrics and its rows', async () => {
  const api = new Api()
  const [project] = await api.open('x.db')
  logged = 5
  expect((await project?.runs())?.map((run) => run.rows)).toEqual([5])
  asked.length = 0
  await project?.metrics()
  await project?.csv('loss')
  expect(asked.filter((one) => one.startsWith('refresh'))).toEqual(['refresh s1', 'refresh s1'])
  api.close()
  // files that were given stay as they are
  live = false
  const other = new Api()
  const [still] = await other.open('y.db')
  logged = 9
  expect((await still?.runs())?.map((run) => run.rows)).toEqual([5])
  other.close()
})

test('projects that a live source has by now are there, those that are gone are not', async () => {
  const api = new Api()
  const [demo] = await api.open('x.db')
  projects = ['demo', 'new']
  expect((await api.projects()).map(({ name }) => name)).toEqual(['demo', 'new'])
  expect((await api.projects())[0]).toBe(demo)
  projects = ['new']
  expect((await api.projects()).map(({ name }) => name)).toEqual(['new'])
  api.close()
})

test('rows that could not be read are tried once more, and then it is said how many are missing, and why', async () => {
  const api = new Api()
  const [project] = await api.open('x.db')
  const [run] = (await project?.runs()) ?? []
  state = 'failed'
  for (const ask of [
    () => project?.runs(),
    () => project?.metrics(),
    () => project?.csv('loss'),
    () => run?.history(['loss']),
  ]) {
    asked.length = 0
    await expect(ask()).rejects.toMatchObject({
      name: 'IncompleteError',
      message: '1 of 30 rows read: the line broke',
    })
    expect(asked.filter((one) => one === 'resume')).toHaveLength(1)
  }
  mends = true
  expect(await run?.history(['loss'])).toEqual({})
  state = 'failed'
  expect((await project?.runs())?.length).toBe(1)
  api.close()
})

test('what takes long can be given up', async () => {
  const api = new Api()
  const [project] = await api.open('x.db')
  const [run] = (await project?.runs()) ?? []
  waits = true
  const abort = new AbortController()
  const asking = run?.history(undefined, { signal: abort.signal })
  abort.abort()
  await expect(asking).rejects.toMatchObject({ name: 'AbortError' })
  api.close()
})

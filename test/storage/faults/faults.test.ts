import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EngineApi, EngineEvent } from '../../../src/bridge/engine-api.ts'
import { createEngine } from '../../../src/engine/api.ts'
import * as errors from '../../../src/model/errors.ts'
import { patience } from '../../../src/storage/http/client.ts'
import { type Double, FAULTS, type Row, startDouble } from './double.ts'
import { database, ROWS, RUNS } from './files.ts'

/*
 * What goes wrong between a page and the host of its file, against everything that has to give all rows: each
 * gives all of them exactly, or an error and a notice that name the thing. Never a part, never another file's
 * rows among them.
 */

/**
 * Reading that did not end well is an error of who asks for all rows, and not the rows so far; false where
 * that is not so yet.
 */
const NEEDS_WHOLE = 'IncompleteError' in errors
const real = { ...patience }
let double: Double
/** All that is shown of the file, and of the one that takes its place. */
let wanted: string[]

beforeAll(async () => {
  Object.assign(patience, { say: 150, end: 600, hiccup: 5, second: 5 })
  const [file, other] = [await database(1), await database(2)]
  expect([file.length, file.length > 4e6]).toEqual([other.length, true])
  double = await startDouble(file, other)
  const second = await startDouble(other, file)
  wanted = [await all(double.url), await all(second.url)]
  await second.close()
  expect(wanted[0]?.length).toBeGreaterThan(500_000)
  expect(wanted[0]).not.toBe(wanted[1])
}, 60_000)
afterAll(async () => {
  Object.assign(patience, real)
  await double?.close()
})

type Ask = (engine: EngineApi, project: string, runs: string[]) => Promise<string>

/** Everything that has to give all rows, as text. */
const ASKS: Record<string, Ask> = {
  history: async (engine, project, runs) => {
    const found = await Promise.all(runs.map((run) => engine.ask('history', { project, run })))
    return JSON.stringify(
      found.map(({ loss }) => [
        [...(loss?.steps ?? [])],
        [...(loss?.values ?? [])],
        [...(loss?.times ?? [])],
      ]),
    )
  },
  table: async (engine, project, runs) =>
    JSON.stringify(await engine.ask('table', { project, metric: 'loss', runs, from: 0, count: 3 * ROWS })),
  csv: async (engine, project, runs) => (await engine.ask('csv', { project, metric: 'loss', runs })).text(),
  'export csv': async (engine, project) =>
    (await engine.ask('export', { project, form: 'csv', frontend: '' })).blob.text(),
  'export db': async (engine, project) =>
    Buffer.from(
      await (await engine.ask('export', { project, form: 'db', frontend: '' })).blob.arrayBuffer(),
    ).toString('latin1'),
}

interface Opened {
  engine: EngineApi
  id: string
  project: string
  runs: string[]
  events: EngineEvent[]
}

async function open(url: string, folder = false): Promise<Opened> {
  const engine = createEngine()
  const events: EngineEvent[] = []
  await engine.onEvent((event) => void events.push(event))
  const ref = folder
    ? { kind: 'address' as const, as: 'folder' as const, texts: [`${url}/files/`], base: url }
    : { kind: 'address' as const, as: 'db' as const, texts: [`${url}/run.db`], base: url }
  const { id, projects } = await engine.open(ref)
  const project = projects[0]?.id ?? ''
  const runs = (await engine.ask('catalogue', { project })).runs.map(({ key }) => key)
  // of a file whose first row did not come nobody knows its runs yet
  return { engine, id, project, events, runs: runs.length > 0 ? runs : RUNS }
}

async function all(url: string): Promise<string> {
  const { engine, project, runs } = await open(url)
  const texts: string[] = []
  for (const ask of Object.values(ASKS)) texts.push(await ask(engine, project, runs))
  return texts.join('\n\n')
}

async function outcome<T>(promise: Promise<T>): Promise<{ given: T } | { error: unknown }> {
  return promise.then(
    (given) => ({ given }),
    (error: unknown) => ({ error }),
  )
}

function words(error: unknown): string {
  expect(error).toBeInstanceOf(errors.TrackioError)
  return error instanceof Error ? error.message : ''
}

describe.each([false, true])('from a live folder: %s,', (folder) => {
  const rows = Object.entries(FAULTS).map(([name, row]): [string, Row['fault'], Row['result']] => [
    name,
    row.fault,
    folder ? (row.folder ?? row.result) : row.result,
  ])

  test.each(rows)('%s', async (_, fault, result) => {
    double.set(fault)
    const opened = await outcome(open(double.url, folder))
    if ('error' in opened) {
      expect(result).not.toBe('rows')
      expect(words(opened.error)).toMatch(result)
      return
    }
    const { engine, project, runs, events, id } = opened.given
    await engine.ask('settled', { project })
    const { notices } = await engine.ask('catalogue', { project })
    const said = [
      ...notices.map(({ text }) => text),
      ...events.flatMap((event) => (event.kind === 'changed' ? [event.notice.text] : [])),
    ]
    if (result !== 'rows') expect(said.join('\n')).toMatch(result)
    else expect(said).toEqual([])
    const texts: string[] = []
    for (const [name, ask] of Object.entries(ASKS)) {
      const answer = await outcome(ask(engine, project, runs))
      if (result === 'rows') {
        expect(answer, name).not.toHaveProperty('error')
        if ('given' in answer) texts.push(answer.given)
      } else if (name === 'export db' || NEEDS_WHOLE) {
        // who asks once more may get all of it: then it is all
        if ('error' in answer) expect(words(answer.error), name).toMatch(result)
        else expect(wanted.filter((text) => text.includes(answer.given)).length, `${name}: a part`).toBe(1)
      }
    }
    if (result === 'rows') expect(wanted.indexOf(texts.join('\n\n'))).toBeGreaterThanOrEqual(0)
    await engine.close(id)
  })
})

test.each(['replaced midway, ETag', 'replaced midway, no version'])(
  'a file that was %s has none of its rows left when it is read again',
  async (name) => {
    double.set(FAULTS[name]?.fault)
    const { engine, id, project } = await open(double.url)
    await engine.ask('settled', { project })
    expect((await engine.ask('catalogue', { project })).reading.state).toBe('failed')
    await engine.refresh({ source: id })
    await engine.ask('settled', { project })
    const [now] = (await engine.ask('catalogue', { project })).runs
    const { loss } = await engine.ask('history', { project, run: now?.key ?? '' })
    expect([loss?.values.length, loss?.values[0], loss?.values.at(-1)]).toEqual([
      ROWS,
      200_000,
      200_000 + 2 * ROWS - 2,
    ])
    await engine.close(id)
  },
)

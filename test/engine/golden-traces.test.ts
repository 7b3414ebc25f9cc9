import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { EngineApi } from '../../src/bridge/engine-api.ts'
import { messagesOf } from '../../src/compute/trace-messages.ts'
import { createEngine } from '../../src/engine/api.ts'
import type { Json } from '../../src/model/run.ts'
import { combinedId, type ProjectId } from '../../src/model/source.ts'
import type { TraceRows } from '../../src/model/trace.ts'
import { filesOf, fixtureFolders, namedFile, readFixture, timeOf } from './golden-fixtures.ts'
import { makeDatabase, startDouble } from './server-double.ts'

/*
 * Traces of every project of test/fixtures that holds some: of databases beside what Python's sqlite3 and json
 * read (test/make/traces.py), of Parquet beside what pyarrow read.
 */

interface Stored {
  id: string
  run_id: string | null
  run_name: string
  key: string
  trace_index: number | null
  step: number | null
  timestamp: string
  messages: Json
  metadata: Json
  spans: Json
}

const WANTED: Record<string, Record<string, Stored[]>> = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', 'fixtures', 'traces.json'), 'utf8'),
)

describe.each(Object.keys(WANTED))('%s', (folder) => {
  test('every trace is read with its run, step, time, messages, metadata and spans', async () => {
    const engine = createEngine()
    const source = await engine.open({ kind: 'files', name: 'drop', files: filesOf(folder), live: false })
    for (const [file, wanted] of Object.entries(WANTED[folder] ?? {}))
      await checkTraces(engine, source.projects.find((one) => one.file === file)?.id ?? '', wanted)
  })

  test('a server gives the same ones', async () => {
    const double = await startDouble()
    try {
      for (const { path, file } of readFixture(folder).files.filter(({ path }) => path.endsWith('.db')))
        double.projects.set(stemOf(path), await makeDatabase(new Uint8Array(await file.arrayBuffer())))
      const engine = createEngine()
      const source = await engine.open({
        kind: 'address',
        as: 'server',
        texts: [double.url],
        base: double.url,
      })
      for (const [file, wanted] of Object.entries(WANTED[folder] ?? {})) {
        const project = source.projects.find(({ name }) => name === stemOf(file))?.id
        if (project !== undefined) await checkTraces(engine, project, wanted)
      }
      engine.close(source.id)
    } finally {
      await double.stop()
    }
  })
})

describe.each(fixtureFolders('tables'))('%s', (folder) => {
  test('its Parquet files have every trace', async () => {
    const { projects } = readFixture(folder)
    const engine = createEngine()
    const source = await engine.open({
      kind: 'files',
      name: 'drop',
      files: filesOf(folder, /./),
      live: false,
    })
    for (const { project: name, runs = [] } of projects) {
      const wanted = runs.flatMap((run) =>
        (
          (run as { traces?: (Omit<Stored, 'run_id' | 'run_name'> & { index: number | null })[] }).traces ??
          []
        ).map((one): Stored => ({ ...one, trace_index: one.index, run_id: run.id, run_name: run.name })),
      )
      const found = source.projects.find((one) => one.name === name)
      if (found && wanted.length > 0) await checkTraces(engine, found.id, wanted)
    }
  })
})

test('fragments that no database has yet hold traces too, one or a list, with the steps that trackio will give them', async () => {
  const line = (more: object) =>
    JSON.stringify({
      ...{
        v: 1,
        kind: 'metric',
        project: 'p',
        run: 'r',
        run_id: 'i',
        timestamp: '2026-01-01T00:00:00+00:00',
      },
      ...more,
    })
  const trace = (text: string) => ({
    _type: 'trackio.trace',
    messages: [{ role: 'user', content: text }],
    metadata: {},
  })
  const text = [
    line({ step: 3, log_id: 'a', metrics: { loss: 1, chat: trace('one') } }),
    line({ step: null, log_id: 'b', metrics: { chat: [trace('two'), null, trace('three')] } }),
  ].join('\n')
  const engine = createEngine()
  const files = [namedFile('trackio/inbox/i/1.jsonl', `${text}\n`)]
  const source = await engine.open({ kind: 'files', name: 'drop', files, live: false })
  const message = (content: string): Json => [{ role: 'user', content }]
  const row = {
    ...{ run_id: 'i', run_name: 'r', key: 'chat' },
    timestamp: '2026-01-01T00:00:00+00:00',
    metadata: {},
    spans: [],
  }
  await checkTraces(engine, source.projects[0]?.id ?? '', [
    { ...row, id: 'i:a:chat', trace_index: null, step: 3, messages: message('one') },
    { ...row, id: 'i:b:chat:0', trace_index: 0, step: 0, messages: message('two') },
    { ...row, id: 'i:b:chat:2', trace_index: 2, step: 0, messages: message('three') },
  ])
})

test('several projects together have the traces of all, by their runs', async () => {
  const engine = createEngine()
  const source = await engine.open({ kind: 'files', name: 'drop', files: filesOf('v0.43.0'), live: false })
  const several = combinedId(source.projects.map(({ id }) => id).toReversed())
  await engine.ask('settled', { project: several })
  const list = await wholeList(engine, several)
  expect(list.run.length).toBeGreaterThan(4)
  const { runs } = await engine.ask('catalogue', { project: several })
  for (const { key, name } of list.runs) expect(runs.find((run) => run.key === key)?.name).toBe(name)
})

async function checkTraces(engine: EngineApi, project: ProjectId, wanted: readonly Stored[]): Promise<void> {
  await engine.ask('settled', { project })
  const { runs } = await engine.ask('catalogue', { project })
  const count = () => Promise.all(runs.map(({ key: run }) => engine.ask('countTraces', { project, run })))
  // told by whose they are, before any is read, and by those that were read
  const counted = await count()
  const list = await wholeList(engine, project)
  expect(list.run.length).toBe(wanted.length)
  expect(counted).toEqual(await count())
  expect(counted).toEqual(
    runs.map(({ key }) => list.run.reduce((sum, at) => sum + (list.runs[at]?.key === key ? 1 : 0), 0)),
  )
  for (const trace of wanted) {
    const found = await engine.ask('trace', { project, id: trace.id })
    expect(found, trace.id).toBeDefined()
    if (!found) continue
    expect(found.timestamp).toBe(trace.timestamp)
    for (const part of ['messages', 'metadata', 'spans'] as const)
      expect(JSON.parse(found[part])).toEqual(trace[part])
    const { at } = found
    const run = list.runs[list.run[at] ?? -1]
    expect(run?.name).toBe(trace.run_name)
    const listed = runs.find(({ key }) => key === run?.key)
    // a file that a newer release wrote on may name a run by an id that no other table knows: its name tells
    if (runs.some(({ id }) => id !== null && id === trace.run_id)) expect(listed?.id).toBe(trace.run_id)
    if (!run?.key) expect(runs.map(({ id }) => id)).not.toContain(trace.run_id)
    expect(list.step[at]).toBe(trace.step)
    expect(list.time[at]).toBeCloseTo(timeOf(trace.timestamp), 2)
    expect(list.keys[list.key[at] ?? -1]).toBe(trace.key)
    expect(list.index[at]).toBe(trace.trace_index ?? -1)
    const messages = messagesOf(trace.messages)
    expect(list.messages[at]).toBe(messages.length)
    for (const word of messages.flatMap(({ blocks }) => blocks.map(({ text }) => text)).filter(Boolean)) {
      const line = word.split('\n')[0] ?? ''
      const hits = await engine.ask('searchTraces', { project, text: line.toUpperCase() })
      expect([...hits.trace], line).toContain(at)
    }
  }
}

async function wholeList(engine: EngineApi, project: ProjectId): Promise<TraceRows> {
  for (;;) {
    const list = await engine.ask('traces', { project, from: 0, store: 0 })
    if (list.complete) return list
  }
}

function stemOf(path: string): string {
  return path.replace(/^.*\//, '').replace(/\.db$/, '')
}

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/api.ts'
import { readLines } from '../../src/engine/formats/fragments/fragments.ts'
import { alertsOf } from '../../src/engine/tables/alerts.ts'
import { combinedId } from '../../src/model/source.ts'
import { damagedAlerts } from './damaged-alerts.ts'
import { filesOf, namedFile } from './golden-fixtures.ts'

/*
 * Alerts of every database of test/fixtures that holds some, beside what Python's sqlite3 reads
 * (test/make/alerts.py).
 */

interface Stored {
  timestamp: string
  run_name: string
  run_id: string | null
  level: string
  title: string
  text: string | null
  step: number | null
  alert_id: string | null
}

const ALERTS: Record<string, Record<string, Stored[]>> = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', 'fixtures', 'alerts.json'), 'utf8'),
)

describe.each(Object.keys(ALERTS))('%s', (folder) => {
  test('every alert is read, newest first, and belongs to the run that logged it', async () => {
    const engine = createEngine()
    const source = await engine.open({ kind: 'files', name: 'drop', files: filesOf(folder), live: false })
    for (const [file, wanted] of Object.entries(ALERTS[folder] ?? {})) {
      const project = source.projects.find((one) => one.file === file)?.id ?? ''
      await engine.ask('settled', { project })
      const { alerts, notices } = await engine.ask('alerts', { project })
      expect(notices).toEqual([])
      expect(
        alerts.map(({ id, timestamp, stored, title, text, step, runName }) => ({
          id,
          timestamp,
          stored,
          title,
          text,
          step,
          runName,
        })),
      ).toEqual(
        wanted.map(({ alert_id, timestamp, level, title, text, step, run_name }) => ({
          ...{ id: alert_id, timestamp, stored: level, title, text, step, runName: run_name },
        })),
      )
      const { runs } = await engine.ask('catalogue', { project })
      for (const [i, alert] of alerts.entries()) {
        const run = runs.find(({ key }) => key === alert.run)
        const stored = wanted[i]
        expect(alert.level).toBe(stored?.level.toLowerCase())
        if (run)
          expect(run.id !== null && stored?.run_id ? run.id : run.name).toBe(
            run.id !== null && stored?.run_id ? stored.run_id : stored?.run_name,
          )
        else expect(runs.map(({ name }) => name)).not.toContain(stored?.run_name)
      }
    }
    expect(source.projects.length).toBeGreaterThan(0)
  })
})

test('several projects together have the alerts of all, by their runs', async () => {
  const engine = createEngine()
  const source = await engine.open({
    kind: 'files',
    name: 'drop',
    files: filesOf('mutated-0.36.0'),
    live: false,
  })
  const ids = source.projects.map(({ id }) => id)
  await engine.ask('settled', { project: combinedId(ids) })
  const { alerts } = await engine.ask('alerts', { project: combinedId(ids) })
  const { runs } = await engine.ask('catalogue', { project: combinedId(ids) })
  expect(alerts.length).toBe(4)
  expect(alerts.map(({ timestamp }) => timestamp)).toEqual(
    alerts
      .map(({ timestamp }) => timestamp)
      .sort()
      .reverse(),
  )
  expect(new Set(alerts.map(({ id }) => id)).size).toBe(4)
  for (const { run, runName } of alerts) expect(runs.find(({ key }) => key === run)?.name).toBe(runName)
})

test('a project without such a table has none', async () => {
  const engine = createEngine()
  const source = await engine.open({ kind: 'files', name: 'drop', files: filesOf('v0.1.1'), live: false })
  expect(await engine.ask('alerts', { project: source.projects[0]?.id ?? '' })).toEqual({
    alerts: [],
    notices: [],
  })
})

describe('alerts', () => {
  const columns = (row: Record<string, string | null>) =>
    Object.fromEntries(Object.entries(row).map(([name, text]) => [name, [text]]))
  const row = {
    id: '1',
    run_id: 'x',
    run_name: 'a',
    timestamp: '2026-01-01T00:00:00+00:00',
    level: 'WARN',
    title: 't',
    text: null,
    step: '5',
    alert_id: 'k',
  }
  const runs = [
    { key: 'x', id: 'x', name: 'b' },
    { key: 'y', id: 'y', name: 'a' },
  ]
  const one = (change: Partial<typeof row>, among: Parameters<typeof alertsOf>[1] = runs) =>
    alertsOf(
      { rows: 1, columns: columns({ ...row, ...change } as Record<string, string | null>), notices: [] },
      among,
    )[0]

  test('belong to the run of their id, else of their name, else to none', () => {
    expect(one({})).toMatchObject({ run: 'x', runName: 'b' })
    expect(one({ run_id: 'gone' })).toMatchObject({ run: undefined, runName: 'a' })
    expect(one({ run_id: null as never })).toMatchObject({ run: 'y', runName: 'a' })
    expect(one({}, [{ key: 'a', id: null, name: 'a' }])).toMatchObject({ run: 'a', runName: 'a' })
  })
  test('have a level whatever is stored, and a step where it is a number', () => {
    expect(one({})).toMatchObject({ level: 'warn', stored: 'WARN', step: 5 })
    expect(one({ level: 'fatal', step: null as never })).toMatchObject({
      level: 'warn',
      stored: 'fatal',
      step: null,
    })
  })
  test('of log fragments need a project and a run; title and level are filled in as trackio does', () => {
    const line = {
      v: 1,
      kind: 'alert',
      project: 'p',
      run: 'r',
      title: 'T',
      level: 'warn',
      step: 3,
      timestamp: 't',
      alert_id: 'k',
    }
    const bare = { ...line, title: undefined, level: undefined }
    const lines = [
      line,
      bare,
      { ...line, run: '' },
      { ...line, project: undefined },
      { ...line, kind: 'metric' },
    ]
    const { alerts } = readLines(new TextEncoder().encode(lines.map((one) => JSON.stringify(one)).join('\n')))
    const cells = {
      run_name: 'r',
      run_id: 'r',
      level: 'warn',
      title: 'T',
      timestamp: 't',
      text: null,
      step: '3',
      alert_id: 'k',
    }
    expect(alerts).toEqual([
      { project: 'p', cells },
      { project: 'p', cells: { ...cells, title: '', level: 'WARN' } },
    ])
  })
})

test('a static export that was made here gives the alerts back', async () => {
  const engine = createEngine()
  const source = await engine.open({ kind: 'files', name: 'drop', files: filesOf('v0.43.0'), live: false })
  const project = source.projects.find(({ file }) => file in (ALERTS['v0.43.0'] ?? {}))?.id ?? ''
  const { blob } = await engine.ask('export', { project, form: 'parquet', frontend: '' })
  const files = Object.entries(unzipSync(new Uint8Array(await blob.arrayBuffer()))).map(([path, bytes]) =>
    namedFile(path, new Uint8Array(bytes)),
  )
  const again = await engine.open({ kind: 'files', name: 'export', files, live: false })
  const copy = again.projects[0]?.id ?? ''
  await engine.ask('settled', { project: copy })
  const { alerts } = await engine.ask('alerts', { project })
  expect(alerts.length).toBe(4)
  expect(await engine.ask('alerts', { project: copy })).toEqual({ alerts, notices: [] })
  expect(await engine.ask('countBeside', { project: copy })).toContainEqual({ table: 'alerts', rows: 4 })
})

test('a damaged page of their table is told of, and the alerts on the others are there', async () => {
  const bytes = await damagedAlerts()
  const engine = createEngine()
  const file = new File([bytes], 'hot.db')
  const source = await engine.open({
    kind: 'files',
    name: 'drop',
    files: [{ path: 'hot.db', file }],
    live: false,
  })
  const project = source.projects[0]?.id ?? ''
  await engine.ask('settled', { project })
  const { alerts, notices } = await engine.ask('alerts', { project })
  expect(alerts.length).toBeGreaterThan(100)
  expect(alerts.length).toBeLessThan(500)
  expect(notices.map(({ level, subject }) => [level, subject])).toEqual([['warn', 'hot.db']])
  expect(notices[0]?.text).toMatch(
    /^damaged: of [\d,]+ alerts that can be read others may be missing: page \d+/,
  )
})

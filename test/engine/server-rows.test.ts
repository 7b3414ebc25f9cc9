import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/api.ts'
import { seriesOf } from '../../src/engine/columns/series-store.ts'
import {
  openServer,
  type ServerConnector,
  type ServerConnectorOptions,
} from '../../src/engine/connectors/served.ts'
import type { OpenDataset, ProjectReader } from '../../src/engine/formats/dataset.ts'
import { alertsOf } from '../../src/engine/tables/alerts.ts'
import { isAbort } from '../../src/model/errors.ts'
import { type ExpectedProject, fixtureFolders, numberOf, readFixture, spelled } from './golden-fixtures.ts'
import { logRow, makeDatabase, type ServerDouble, startDouble } from './server-double.ts'
import { sidesOf } from './sides.ts'

let double: ServerDouble
let connector: ServerConnector

beforeEach(async () => {
  double = await startDouble()
  connector = await openServer(double.url)
})
afterEach(() => double.stop())

function at(second: number): string {
  return new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString().replace('.000Z', '+00:00')
}

async function open(
  project: string,
  options?: ServerConnectorOptions,
): Promise<{ file: OpenDataset; reader: ProjectReader }> {
  if (options) connector = await openServer(double.url, options)
  const projectFiles = (await connector.look()).find(({ path }) => path === project)
  if (!projectFiles) throw new Error(`no project ${project}`)
  const file = await connector.open(projectFiles)
  const reader = file.projects[0]?.reader
  if (!reader) throw new Error('no reader')
  return { file, reader }
}

async function refresh(file: OpenDataset): Promise<'same' | 'more' | 'other'> {
  double.asked.length = 0
  const projectFiles = (await connector.look()).find(({ path }) => path === file.path)
  if (!projectFiles) throw new Error(`no project ${file.path}`)
  return file.refresh(projectFiles)
}

function points(reader: ProjectReader, run: string, metric: string): [number, number][] {
  const logged = reader.runs().find(({ name }) => name === run)
  const column = logged?.columns.metrics[reader.keys().byName.get(metric) ?? -1]
  if (!logged || !column) return []
  const { steps, values } = seriesOf(logged.columns, column)
  return Array.from(values, (value, i) => [steps[i] as number, value])
}

/** Queries for rows of metrics. */
const pages = (): string[] => double.asked.filter((sql) => /^SELECT rowid AS i.* FROM metrics /.test(sql))

// a server takes in its log and its inbox; here the databases alone are served, so those with either are left
// out
const folders = fixtureFolders('runs').filter(
  (folder) => !readFixture(folder).files.some(({ path }) => /-wal$|\.jsonl$/.test(path)),
)

describe.each(folders)('the databases of %s', (folder) => {
  test('are the same through a server', async () => {
    const fixture = readFixture(folder)
    for (const { path, file } of fixture.files) {
      const project = path.slice(path.lastIndexOf('/') + 1).replace(/\.db$/, '')
      if (fixture.projects.some((one) => one.file === `${project}.db`))
        double.projects.set(project, await makeDatabase(new Uint8Array(await file.arrayBuffer())))
    }
    const engine = createEngine()
    const local = await engine.open({ kind: 'files', name: 'drop', files: fixture.files, live: false })
    const countedLocally = async (name: string) => {
      const project = local.projects.find((one) => one.name === name)
      if (!project) return []
      await engine.ask('settled', { project: project.id })
      // what its runs used of other projects is told by the project, whatever it is read from
      return (await engine.ask('countBeside', { project: project.id })).filter(({ rows }) => rows !== 0)
    }
    const alertsLocally = async (name: string) => {
      const project = local.projects.find((one) => one.name === name)?.id
      return project === undefined ? [] : (await engine.ask('alerts', { project })).alerts
    }
    for (const projectFiles of await connector.look()) {
      const file = await connector.open(projectFiles)
      await file.read(() => {})
      expect(file.done()).toBe(true)
      const expected = fixture.projects.filter((one) => one.file === `${projectFiles.path}.db`)
      expect(file.projects.map(({ info }) => info.name).sort()).toEqual(
        expected.map(({ project }) => project).sort(),
      )
      for (const { info, reader } of file.projects) {
        const wanted = expected.find(({ project }) => project === info.name)
        if (wanted) check(reader, wanted)
        expect((await reader.countBeside?.()) ?? []).toEqual(await countedLocally(info.name))
        const table = await reader.tableRows?.('alerts')
        const runs = reader.runs().map(({ id, name }) => ({ key: id ?? name, id, name }))
        expect(table ? alertsOf(table, runs) : []).toEqual(await alertsLocally(info.name))
      }
    }
  })
})

test('alerts are read in as many pages as there are, whatever ids are left out', async () => {
  const db = await makeDatabase('0.43')
  logRow(db, { run: 'r', id: 'r', at: at(0), step: 0, values: '{"loss": 1}' })
  db.exec(
    'CREATE TABLE alerts (id INTEGER PRIMARY KEY, run_id TEXT, timestamp TEXT, run_name TEXT, title TEXT, level TEXT, step INTEGER)',
  )
  db.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12000)
    INSERT INTO alerts SELECT i * 3 - 9, 'r', '2026-01-01T00:00:00+00:00', 'r', 't' || i, 'warn', i FROM n`)
  double.projects.set('many', db)
  const { reader } = await open('many')
  const table = await reader.tableRows?.('alerts')
  expect(table?.columns.title).toEqual(Array.from({ length: 12000 }, (_, i) => `t${i + 1}`))
  expect(table?.columns.alert_id?.every((id) => id === null)).toBe(true)
})

function check(reader: ProjectReader, wanted: ExpectedProject): void {
  const keyed = (id: string | null, name: string): string => `${id} ${name}`
  const runs = new Map(reader.runs().map((run) => [keyed(run.id, run.name), run]))
  expect(
    [
      ...runs.keys(),
      ...sidesOf(reader, wanted.project)
        .listedOnly()
        .map((run) => keyed(run.id, run.name)),
    ].sort(),
  ).toEqual(wanted.runs.map((run) => keyed(run.id, run.name)).sort())
  for (const run of wanted.runs) {
    const logged = runs.get(keyed(run.id, run.name))
    if (!logged) continue
    const { firstTime, lastTime, firstStep, lastStep } = logged.span()
    expect([logged.rows, firstTime, lastTime]).toEqual([run.rows, run.created_at, run.last_timestamp ?? ''])
    expect([firstStep, lastStep]).toEqual([run.first_step ?? Number.NaN, run.last_step ?? Number.NaN])
    const side = sidesOf(reader).of(logged)
    expect({ ...side, config: side.config && spelled(side.config) }).toEqual({
      group: run.group,
      username: run.username,
      config: run.config,
    })
    const names = reader.keys().names
    const metrics = logged.columns.metrics.flatMap((column, key) => (column ? [names[key] as string] : []))
    expect(metrics.sort()).toEqual(Object.keys(run.metrics).sort())
    for (const [name, series] of Object.entries(run.metrics)) {
      const column = logged.columns.metrics[reader.keys().byName.get(name) ?? -1]
      if (!column) continue
      const got = seriesOf(logged.columns, column)
      const what = `${name} of ${run.name}`
      expect(Array.from(got.steps), what).toEqual(series.steps.map(numberOf))
      expect(Array.from(got.values), what).toEqual(series.values.map(numberOf))
    }
    const kinds = logged.kinds.flatMap((kinds, key) =>
      kinds ? [[names[key], { kinds: Object.fromEntries(kinds) }]] : [],
    )
    expect(Object.fromEntries(kinds)).toEqual(
      Object.fromEntries(Object.entries(run.other).map(([name, { kinds }]) => [name, { kinds }])),
    )
  }
}

describe('a project of an old server, whose rows have no run ids', () => {
  test('keeps its runs by name, and takes new rows', async () => {
    const db = await makeDatabase('0.23')
    double.projects.set('old', db)
    db.exec(`INSERT INTO configs (run_name, config, created_at) VALUES ('a', '{"lr":1,"_Group":"g"}', '')`)
    for (let step = 0; step < 3; step++)
      logRow(db, { run: 'a', at: at(step), step, values: `{"loss":${step}}` })
    const { file, reader } = await open('old')
    await file.read(() => {})
    logRow(db, { run: 'b', at: at(4), step: 0, values: '{"loss":"NaN"}' })
    expect(await refresh(file)).toBe('more')
    expect(reader.runs().map(({ id, name, rows }) => [id, name, rows])).toEqual([
      [null, 'a', 3],
      [null, 'b', 1],
    ])
    expect(points(reader, 'b', 'loss')).toEqual([[0, Number.NaN]])
    expect(sidesOf(reader).of(reader.runs()[0] ?? expect.fail('no run'))).toEqual({
      group: 'g',
      username: null,
      config: { lr: 1 },
    })
  })
})

describe('rows', () => {
  test('come in answers of a good size, none of them near what the server refuses', async () => {
    const db = await makeDatabase('0.43')
    double.projects.set('p', db)
    db.exec('BEGIN')
    for (let step = 0; step < 23_000; step++)
      logRow(db, { run: 'a', id: '1', at: at(0), step, values: `{"v":${step}}` })
    db.exec('COMMIT')
    const { file, reader } = await open('p')
    await file.read(() => {})
    expect(points(reader, 'a', 'v').every(([step, value]) => step === value)).toBe(true)
    expect(points(reader, 'a', 'v').length).toBe(23_000)
    const limits = pages().map((sql) => Number(/LIMIT (\d+)/.exec(sql)?.[1]))
    expect(Math.max(...limits)).toBeLessThanOrEqual(5000)
    expect(limits.length).toBeLessThan(10)
  })

  test('with long payloads come a few at a time', async () => {
    const db = await makeDatabase('0.43')
    double.projects.set('p', db)
    const long = 'é'.repeat(40_000)
    for (let step = 0; step < 600; step++)
      logRow(db, { run: 'a', id: '1', at: at(0), step, values: `{"v":${step},"text":"${long}"}` })
    const { file, reader } = await open('p')
    await file.read(() => {})
    expect(points(reader, 'a', 'v').length).toBe(600)
    // the first answer is a guess; then a megabyte at a time
    expect(
      pages()
        .slice(1)
        .map((sql) => Number(/LIMIT (\d+)/.exec(sql)?.[1])),
    ).toEqual(Array(14).fill(26))
  })

  test('that cannot be read are counted, and damaged ones spoil nobody else’s', async () => {
    const db = await makeDatabase('0.43')
    double.projects.set('p', db)
    const payloads = ['{"v":0}', '[1]', Uint8Array.of(0xff, 0xfe, 0x00, 0x61), '{"v":3,"é":1}', '{"v":']
    for (const [step, values] of payloads.entries())
      logRow(db, { run: 'a', id: '1', at: at(step), step, values })
    const { file, reader } = await open('p')
    await file.read(() => {})
    expect(points(reader, 'a', 'v')).toEqual([
      [0, 0],
      [3, 3],
    ])
    expect(reader.keys().names).toEqual(['v', 'é'])
    expect(reader.notices().map(({ text }) => text)).toEqual([
      '3 rows skipped: the payload is not a JSON object (id 2 of a, id 3 of a, id 5 of a)',
    ])
  })

  /** 100,000 rows of two runs. */
  async function large(): Promise<Awaited<ReturnType<typeof makeDatabase>>> {
    const db = await makeDatabase('0.43')
    double.projects.set('p', db)
    db.exec(`WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 99999)
      INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) SELECT i % 2, '${at(0)}', 'run ' || (i % 2), i, '{"v":' || i || '}' FROM n`)
    return db
  }

  test('of a large project are sampled first, all over it', async () => {
    await large()
    const { file, reader } = await open('p')
    const seen: [string, number, boolean][] = []
    await file.read((what) => {
      if (what === 'sample')
        seen.push([what, reader.samples().reduce((sum, run) => sum + run.rows, 0), reader.exact()])
    })
    expect(seen).toEqual([['sample', 1024, false]])
    expect(reader.samples()).toEqual([])
    expect(reader.runs().map(({ rows }) => rows)).toEqual([50_000, 50_000])
    expect(reader.exact()).toBe(true)
  })
})

describe('a large project of a server on another machine', () => {
  test('is a preview until it is asked for whole, and the preview follows', async () => {
    const db = await makeDatabase('0.43')
    double.projects.set('p', db)
    const more = (from: number, n: number): void =>
      void db.exec(`WITH RECURSIVE n(i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n WHERE i < ${from + n - 1})
        INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) SELECT 'a', '${at(0)}', 'a', i, '{"v":' || i || '}' FROM n`)
    more(0, 60_000)
    const { file, reader } = await open('p', { holdFrom: 1 << 20 })
    await file.read(() => {})
    expect([reader.reading().state, reader.exact(), reader.runs().length]).toEqual(['held', false, 0])
    expect(connector.received()).toBeLessThan(400_000)
    const { bytes, totalBytes } = reader.reading()
    expect(totalBytes).toBeGreaterThan(20 * bytes)

    more(60_000, 10)
    expect(await refresh(file)).toBe('same')
    more(60_010, 10_000)
    const version = reader.version()
    expect(await refresh(file)).toBe('more')
    expect(reader.version()).not.toBe(version)
    expect(reader.samples()[0]?.columns.steps.data[(reader.samples()[0]?.rows ?? 0) - 1]).toBe(70_009)

    await file.read(() => {}, true)
    expect([reader.reading().state, reader.exact(), points(reader, 'a', 'v').length]).toEqual([
      'done',
      true,
      70_010,
    ])
    more(70_010, 5)
    expect(await refresh(file)).toBe('more')
    expect(points(reader, 'a', 'v').length).toBe(70_015)
  })
})

describe('a refresh', () => {
  async function growing(
    rows = 10,
  ): Promise<{ db: Awaited<ReturnType<typeof makeDatabase>>; file: OpenDataset; reader: ProjectReader }> {
    const db = await makeDatabase('0.43')
    double.projects.set('p', db)
    for (const run of ['a', 'b']) {
      db.exec({
        sql: 'INSERT INTO configs (run_id, run_name, config, created_at) VALUES (?, ?, ?, ?)',
        bind: [run, run, `{"of":"${run}"}`, ''],
      })
      for (let step = 0; step < rows; step++)
        logRow(db, { run, id: run, at: at(step), step, values: `{"v":${step}}` })
    }
    const { file, reader } = await open('p')
    await file.read(() => {})
    return { db, file, reader }
  }

  test('asks one short question when nothing is new', async () => {
    const { file } = await growing()
    expect(await refresh(file)).toBe('same')
    expect(double.asked.length).toBe(2) // which projects there are, and how this one stands
  })

  test('asks for the new rows only, and puts late ones in their place', async () => {
    const { db, file, reader } = await growing()
    logRow(db, { run: 'a', id: 'a', at: at(4), step: 100, values: '{"v":0.5}' })
    logRow(db, { run: 'a', id: 'a', at: at(60), step: 101, values: '{"v":7,"w":1}' })
    const before = connector.received()
    expect(await refresh(file)).toBe('more')
    expect(connector.received() - before).toBeLessThan(2500)
    expect(pages().length).toBe(1)
    expect(points(reader, 'a', 'v').map(([step]) => step)).toEqual([0, 1, 2, 3, 4, 100, 5, 6, 7, 8, 9, 101])
    expect(points(reader, 'a', 'w')).toEqual([[101, 1]])
  })

  test('takes the config of a run that goes on', async () => {
    const { db, file, reader } = await growing()
    db.exec(
      `INSERT OR REPLACE INTO configs (run_id, run_name, config, created_at) VALUES ('a', 'a', '{"of":"later"}', '')`,
    )
    expect(await refresh(file)).toBe('more')
    expect(pages()).toEqual([])
    expect(reader.runs().map((run) => sidesOf(reader).of(run).config)).toEqual([{ of: 'later' }, { of: 'b' }])
  })

  test('lists runs that only an artifact link names', async () => {
    const { db, file, reader } = await growing()
    db.exec(
      `INSERT INTO run_artifact_links (run_id, run_name, direction, created_at) VALUES ('c', 'only linked', 'input', '${at(9)}')`,
    )
    expect(await refresh(file)).toBe('more')
    expect(
      sidesOf(reader)
        .listedOnly()
        .map(({ id, name, createdAt }) => [id, name, createdAt]),
    ).toEqual([['c', 'only linked', at(9)]])
  })

  test('goes on with a database that a newer release gave another table', async () => {
    const { db, file, reader } = await growing()
    db.exec(
      'CREATE TABLE external_run_artifact_links (id INTEGER PRIMARY KEY, run_id TEXT, run_name TEXT, created_at TEXT)',
    )
    db.exec(
      `INSERT INTO external_run_artifact_links (run_id, run_name, created_at) VALUES ('x', 'from elsewhere', '')`,
    )
    expect(await refresh(file)).toBe('more')
    expect(
      sidesOf(reader)
        .listedOnly()
        .map(({ name }) => name),
    ).toEqual(['from elsewhere'])
  })

  const changes: [string, string][] = [
    ['a run is deleted', `DELETE FROM metrics WHERE run_id = 'a'; DELETE FROM configs WHERE run_id = 'a'`],
    ['a run without a config is deleted', `DELETE FROM metrics WHERE run_id = 'a'`],
    ['the newest rows are deleted', `DELETE FROM metrics WHERE id > 15`],
    [
      'the newest rows are deleted and others logged',
      `DELETE FROM metrics WHERE id > 15; ${insertOf('b', 'b', 20)}`,
    ],
    ['a run is renamed', `${insertOf('renamed', 'a', 0)} ${deleteOf('a')}`],
    ['the last run is renamed', `${insertOf('renamed', 'b', 0)} ${deleteOf('b')}`],
    [
      'another file is put in its place',
      `UPDATE metrics SET run_name = 'other' WHERE id = 20; ${insertOf('b', 'b', 20)}`,
    ],
    ['its tables are made anew', 'ALTER TABLE metrics ADD COLUMN more TEXT'],
  ]
  test.each(changes)('tells that it is another project when %s', async (_, sql) => {
    const { db, file } = await growing()
    db.exec(sql)
    expect(await refresh(file)).toBe('other')
  })

  test('sees a deleted run of a large project at last even when nothing else tells, and a renamed one at once', async () => {
    const db = await makeDatabase('0.43')
    double.projects.set('p', db)
    const fill = (run: string, n: number): void =>
      void db.exec(`WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${n - 1})
        INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) SELECT '${run}', '${at(0)}', '${run}', i, '{"v":1}' FROM n`)
    fill('a', 100)
    fill('b', 60_000)
    fill('c', 100)
    const first = await open('p')
    await first.file.read(() => {})
    db.exec(`DELETE FROM metrics WHERE run_id = 'a'`)
    let looks = 0
    let outcome = 'same'
    while (outcome === 'same' && looks++ < 30) outcome = await refresh(first.file)
    expect(outcome).toBe('other')
    expect(looks).toBeGreaterThan(1)

    const { file } = await open('p')
    await file.read(() => {})
    expect(await refresh(file)).toBe('same')
    expect(double.asked.join()).not.toContain('COUNT(*) FROM metrics')
    db.exec(`INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) SELECT run_id, timestamp, 'renamed', step, metrics FROM metrics
      WHERE run_id = 'c'; DELETE FROM metrics WHERE run_name = 'c'`)
    expect(await refresh(file)).toBe('other')
  })

  function insertOf(name: string, id: string, from: number): string {
    return `INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) SELECT '${id}', timestamp, '${name}', step + ${from}, metrics FROM metrics WHERE run_id = '${id}';`
  }
  function deleteOf(name: string): string {
    return `DELETE FROM metrics WHERE run_name = '${name}'`
  }
})

describe('reading', () => {
  async function large(): Promise<{ file: OpenDataset; reader: ProjectReader }> {
    const db = await makeDatabase('0.43')
    double.projects.set('p', db)
    db.exec(`WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 19999)
      INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) SELECT '1', '${at(0)}', 'a', i, '{"v":' || i || '}' FROM n`)
    return open('p')
  }
  const complete = (reader: ProjectReader): void => {
    expect(points(reader, 'a', 'v').every(([step, value], i) => step === i && value === i)).toBe(true)
    expect([points(reader, 'a', 'v').length, reader.exact()]).toEqual([20_000, true])
  }

  test('that is paused goes on where it was', async () => {
    const { file, reader } = await large()
    let asked = 0
    double.intercept = (sql) => {
      if (/ FROM metrics WHERE rowid BETWEEN/.test(sql) && ++asked % 2 === 0) file.stop('pause')
      return undefined
    }
    let rounds = 0
    while (!file.done() && rounds++ < 20) await file.read(() => {})
    expect(rounds).toBeGreaterThan(2)
    complete(reader)
  })

  test('that is cancelled gives up the answer it waits for, and can be taken up again', async () => {
    const { file, reader } = await large()
    let asked = 0
    double.intercept = (sql) => {
      if (/ FROM metrics WHERE rowid BETWEEN/.test(sql) && ++asked === 3) file.stop('cancel')
      return undefined
    }
    await file.read(() => {})
    expect([file.done(), reader.reading().state]).toEqual([false, 'cancelled'])
    await file.read(() => {})
    complete(reader)
  })

  test('that was cancelled stays so at a look, and goes on up to what there is by then', async () => {
    const { file, reader } = await large()
    file.stop('cancel')
    expect(reader.reading().state).toBe('cancelled')
    const db = double.projects.get('p') ?? expect.fail('no database')
    logRow(db, { run: 'a', id: '1', at: at(1), step: 20_000, values: '{"v":20000}' })
    expect(await refresh(file)).toBe('same')
    expect([reader.reading().state, pages()]).toEqual(['cancelled', []])
    await file.read(() => {})
    expect([points(reader, 'a', 'v').length, reader.exact()]).toEqual([20_001, true])
  })

  test('that breaks off shows what was read, says so, and can be taken up again', async () => {
    const { file, reader } = await large()
    let asked = 0
    double.intercept = (sql) =>
      / FROM metrics WHERE rowid BETWEEN/.test(sql) && ++asked === 3 ? 'hang up' : undefined
    await expect(file.read(() => {})).rejects.toThrow('no answer from the server')
    expect(reader.reading().state).toBe('failed')
    expect(points(reader, 'a', 'v').length).toBeGreaterThan(0)
    expect(reader.notices()).toMatchObject([{ level: 'error', subject: 'p' }])
    await file.read(() => {})
    complete(reader)
    expect(reader.notices()).toEqual([])
  })

  test('live that breaks off for a moment leaves what was known as exact as it was', async () => {
    const { file, reader } = await large()
    await file.read(() => {})
    const db = double.projects.get('p') ?? expect.fail('no database')
    logRow(db, { run: 'a', id: '1', at: at(1), step: 20_000, values: '{"v":1}' })
    double.intercept = (sql) => (/ FROM metrics WHERE rowid BETWEEN/.test(sql) ? 'hang up' : undefined)
    await expect(refresh(file)).rejects.toThrow('no answer from the server')
    complete(reader)
    double.intercept = () => undefined
    expect(await refresh(file)).toBe('more')
    expect(points(reader, 'a', 'v').at(-1)).toEqual([20_000, 1])
  })
})

test('a project that the server cannot read fails by itself', async () => {
  double.projects.set('good', await makeDatabase('0.43'))
  double.projects.set('bad', await makeDatabase('0.43'))
  let first = true
  double.intercept = (asked) => {
    if (!asked.startsWith('SELECT name, sql') || !first) return undefined
    first = false
    return { status: 500, body: '{"error":"database disk image is malformed"}' }
  }
  const [bad, good] = await connector.look()
  if (!bad || !good) throw new Error('two projects')
  await expect(connector.open(bad)).rejects.toThrow('database disk image is malformed')
  const file = await connector.open(good)
  await file.read(() => {})
  expect(file.projects.map(({ info, reader }) => [info.name, reader.exact(), reader.runs().length])).toEqual([
    ['good', true, 0],
  ])
})

test('rows that are changed while they are read are said to be', async () => {
  const db = await makeDatabase('0.43')
  double.projects.set('p', db)
  for (let step = 0; step < 2000; step++)
    logRow(db, { run: 'a', id: 'a', at: at(0), step, values: '{"v":1}' })
  const { file } = await open('p')
  double.intercept = (sql) => {
    if (/ FROM metrics WHERE rowid BETWEEN/.test(sql)) file.stop('pause')
    return undefined
  }
  await file.read(() => {})
  expect(file.done()).toBe(false)
  double.intercept = () => undefined
  // the last row of the first page, and the page that was on its way is let go by a newer look
  db.exec(`UPDATE metrics SET run_name = 'b' WHERE id <= 250`)
  logRow(db, { run: 'c', id: 'c', at: at(0), step: 0, values: '{}' })
  expect(await refresh(file)).toBe('other')
})

test('a look can be given up', async () => {
  double.projects.set('p', await makeDatabase('0.43'))
  const controller = new AbortController()
  double.intercept = () => {
    controller.abort()
    return undefined
  }
  const reason = await connector.look({ signal: controller.signal }).catch((cause: unknown) => cause)
  expect(isAbort(reason)).toBe(true)
})

describe('an address', () => {
  const opened = async (
    version: object | null,
    intercept: ServerDouble['intercept'] = () => undefined,
  ): Promise<unknown> => {
    const other = await startDouble(version)
    other.intercept = intercept
    const outcome = await openServer(other.url).catch((cause: unknown) => cause)
    await other.stop()
    return outcome
  }

  test('of a gradio-era server is told from others, and what to do', async () => {
    const gradio: ServerDouble['intercept'] = (asked) =>
      asked === 'GET /gradio_api/info'
        ? { status: 200, body: '{"named_endpoints":{"/get_all_projects":{}},"unnamed_endpoints":{}}' }
        : { status: 404, body: '{"detail":"Not Found"}' }
    expect(await opened(null, gradio)).toMatchObject({
      name: 'TrackioError',
      message: expect.stringContaining('trackio 0.23 or older'),
      action: expect.stringContaining('open its .db file'),
    })
  })

  test('of a server of a later protocol says which', async () => {
    expect(await opened({ version: '2.0.0', api_version: 2 })).toMatchObject({
      message: 'trackio 2.0.0 speaks version 2 of its protocol, this page speaks version 1',
    })
  })

  test('of Trackio Lite itself, or of any other page, is no server', async () => {
    expect(await opened({ app: 'trackio-lite' })).toMatchObject({
      message: 'Trackio Lite itself, on a host without a trackio server',
    })
    expect(await opened(null)).toMatchObject({
      message: 'no trackio server: it answers with a page of its own',
    })
    expect(await opened(null, () => ({ status: 404, body: '' }))).toMatchObject({
      message: 'no trackio server: /version answers 404',
    })
  })

  test('where nothing answers says why another origin’s server may seem so', async () => {
    expect(await opened(null, () => 'hang up')).toMatchObject({
      message: expect.stringMatching(/^no answer from the server \(.+\)$/),
      action: expect.stringContaining('trackio show --frontend'),
    })
  })
})

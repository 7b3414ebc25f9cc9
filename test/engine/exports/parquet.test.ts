import { parquetMetadata, parquetRead, parquetSchema } from 'hyparquet'
import { describe, expect, test } from 'vitest'
import { seriesOf } from '../../../src/engine/columns/series-store.ts'
import type { LoggedRun, ProjectReader } from '../../../src/engine/formats/dataset.ts'
import { layoutOf } from '../../../src/engine/formats/layout.ts'
import type { ProjectFiles } from '../../../src/engine/formats/project-files.ts'
import { openDataset } from '../../../src/engine/formats/registry.ts'
import type { Json } from '../../../src/model/run.ts'
import { filesTree } from '../../../src/storage/files/files-tree.ts'
import { fixtureFolders } from '../golden-fixtures.ts'
import { sidesOf } from '../sides.ts'
import { memoryDatabase } from '../sqlite-files.ts'
import {
  databasesOf,
  type Exported,
  exported,
  type FixtureDatabase,
  openFixture,
  sourceOf,
} from './sources.ts'

// What pyarrow and trackio itself make of the same files: test/python/export.test.ts.

type Row = Record<string, unknown>

async function rowsOf({ files }: Exported, path: string): Promise<Row[]> {
  const file = await files.get(path)?.arrayBuffer()
  if (!file) return []
  const names = parquetSchema(parquetMetadata(file)).children.map(({ element }) => element.name)
  const rows: unknown[][] = []
  await parquetRead({ file, rowFormat: 'array', onComplete: (all) => void rows.push(...all) })
  return rows.map((cells) => {
    // a metric may be called `__proto__`, which hyparquet's own objects lose
    const row: Row = Object.create(null)
    names.forEach((name, c) => {
      row[name] = cells[c] ?? null
    })
    return row
  })
}

async function footerOf({ files }: Exported, path: string) {
  const blob = files.get(path)
  if (!blob) throw new Error(`no file ${path}`)
  return parquetMetadata(await blob.arrayBuffer())
}

async function projectsOf({
  files,
  projectFiles,
}: FixtureDatabase): Promise<{ name: string; reader: ProjectReader }[]> {
  const file = await openDataset(projectFiles, filesTree(files), {})
  await file.read(() => {})
  return file.projects.map(({ info, reader }) => ({ name: info.name, reader }))
}

/** A value of the file as a number that the engine would count as a point; undefined for anything else. */
function pointOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  // of a column that holds other values too, NaN is spelled
  return value === 'NaN' || value === 'Infinity' || value === '-Infinity' ? Number(value) : undefined
}

/** JSON text has no −0; that doubles keep it, Python checks. */
const same = (a: number, b: number | undefined): boolean => a === b || Object.is(a, b)

const isRun = (run: LoggedRun, row: Row): boolean =>
  row.run_name === run.name && (row.run_id === undefined || (row.run_id ?? null) === run.id)

/** By text, then id, as trackio orders rows. */
function inOrder(rows: Row[]): Row[] {
  const time = (row: Row): string => String(row.timestamp ?? '')
  const keyed = rows.map((row, i) => ({ row, i, time: time(row), id: Number(row.id ?? -1e300) }))
  return keyed
    .sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : a.id - b.id || a.i - b.i))
    .map(({ row }) => row)
}

describe.each(fixtureFolders('runs'))('%s', (folder) => {
  // tables whose columns have names in capitals, which trackio never made
  for (const fixture of databasesOf(folder).filter(({ project }) => project !== 'odd names')) {
    test(`${fixture.project}: the files hold every point that the database holds`, async () => {
      for (const { name, reader } of await projectsOf(fixture)) {
        const out = await exported(await openFixture(fixture), name)
        const rows = await rowsOf(out, 'metrics.parquet')
        const runs = reader.runs()
        expect(rows.length).toBe(runs.reduce((sum, run) => sum + run.rows, 0))
        const names = reader.keys().names
        const hidden = new Set(out.notices.flatMap(({ text }) => /^(\S+) is left out/.exec(text)?.[1] ?? []))
        for (const run of runs) {
          const own = inOrder(rows.filter((row) => isRun(run, row)))
          expect(own.length, run.name).toBe(run.rows)
          names.forEach((metric, key) => {
            const column = run.columns.metrics[key]
            if (!column || hidden.has(metric)) return
            const series = seriesOf(run.columns, column)
            const points = own.flatMap((row) => {
              const value = pointOf(row[metric])
              return value === undefined ? [] : [{ value, step: Number(row.step) }]
            })
            const wrong = points.findIndex(
              ({ value, step }, i) => !same(value, series.values[i]) || !same(step, series.steps[i]),
            )
            expect({ run: run.name, metric, points: points.length, wrong }).toEqual({
              run: run.name,
              metric,
              points: series.values.length,
              wrong: -1,
            })
          })
        }
      }
    })
  }
})

// the files of an export as a source: what people see after "publish here, open the result there"
describe.each(fixtureFolders('runs'))('%s, exported and opened again', (folder) => {
  for (const fixture of databasesOf(folder).filter(({ project }) => project !== 'odd names')) {
    test(`${fixture.project}: shows the same runs, metrics and configs`, async () => {
      for (const { name, reader } of await projectsOf(fixture)) {
        if (reader.runs().length === 0) continue
        const { files, notices } = await exported(await openFixture(fixture), name)
        const hidden = notices.flatMap(({ text }) => /^(\S+) is left out/.exec(text)?.[1] ?? [])
        const tree = filesTree(
          [...files].map(([path, blob]) => ({ path: `out/${path}`, file: new File([blob], path) })),
        )
        const units = await layoutOf(await tree.list(), { name, prefer: 'database' })
        expect(units).toMatchObject([{ format: 'parquet', path: 'out/metrics.parquet' }])
        const opened = await openDataset(units[0] as ProjectFiles, tree, {})
        await opened.read(() => {})
        const [again] = opened.projects
        await again?.reader.load?.(undefined)
        // foreign columns beside trackio's own look like keys in Parquet
        expect(
          again && describeProject(again.reader, folder === 'extra-odd-schema' ? ['index', 'note'] : []),
        ).toEqual(describeProject(reader, hidden))
      }
    })
  }
})

/**
 * Without members that are null: in Parquet they are not set, at any depth. At the top level trackio exports
 * "NaN" as a number.
 */
function set(value: Json): Json {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  if (Array.isArray(value)) return value.map(set)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) => (member === null ? [] : [[key, set(member)]])),
  )
}

/** Runs with configs and every point, as text where numbers may be NaN. */
function describeProject(reader: ProjectReader, hidden: string[]): unknown {
  const names = reader.keys().names
  const kinds =
    reader.others?.().map(({ name, kinds }) => [name, kinds] as const) ??
    names.map((name, key) => [name, kindsOf(reader, key)] as const)
  const others = Object.fromEntries(
    kinds.filter(([name, kinds]) => Object.keys(kinds).length > 0 && !hidden.includes(name)),
  )
  const runs = reader
    .runs()
    .map((run) => {
      const { firstTime, lastTime, firstStep, lastStep } = run.span()
      const series = names.flatMap((metric, key): [string, string][] => {
        const column = run.columns.metrics[key]
        if (!column || hidden.includes(metric)) return []
        const { steps, values, times } = seriesOf(run.columns, column)
        return [
          [
            metric,
            JSON.stringify([
              Array.from(steps, String),
              Array.from(values, String),
              Array.from(times, String),
            ]),
          ],
        ]
      })
      const { config, group, username } = sidesOf(reader).of(run)
      const metrics = Object.fromEntries(series.sort(([a], [b]) => (a < b ? -1 : 1)))
      return {
        id: run.id ?? run.name,
        name: run.name,
        rows: run.rows,
        firstTime,
        lastTime,
        firstStep,
        lastStep,
        // of a config, too: transformers has a run_name in it
        config: set(
          config && Object.fromEntries(Object.entries(config).filter(([key]) => !hidden.includes(key))),
        ),
        group,
        username,
        metrics,
      }
    })
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1))
  return { runs, others }
}

function kindsOf(reader: ProjectReader, key: number): Record<string, number> {
  const sum: Record<string, number> = {}
  for (const run of reader.runs())
    for (const [kind, n] of run.kinds[key] ?? []) sum[kind] = (sum[kind] ?? 0) + n
  return sum
}

test('runs.json lists the runs as trackio does, oldest first', async () => {
  const [, producer] = databasesOf('cross-0.43.0')
  const [consumer] = databasesOf('cross-0.43.0')
  for (const fixture of [consumer, producer]) {
    if (!fixture) throw new Error('no fixture')
    const [project] = await projectsOf(fixture)
    const out = await exported(await openFixture(fixture), fixture.project)
    const runs: { name: string; created_at: string; log_count: number; last_step: number | null }[] =
      JSON.parse((await out.files.get('runs.json')?.text()) ?? '')
    for (const run of project?.reader.runs() ?? []) {
      const span = run.span()
      expect(runs).toContainEqual({
        id: run.id,
        name: run.name,
        created_at: span.firstTime,
        last_step: span.lastStep,
        log_count: run.rows,
      })
    }
    const times = runs.map(({ created_at }) => created_at)
    expect(times).toEqual([...times].sort())
    // runs that only used another project's artifact logged nothing
    const silent = (project ? sidesOf(project.reader, project.name).listedOnly() : []).map(({ name }) => name)
    expect(runs.filter(({ log_count }) => log_count === 0).map(({ name }) => name)).toEqual(
      fixture === consumer ? expect.arrayContaining(silent) : [],
    )
  }
})

test('settings.json has the two keys of trackio, and what was chosen', async () => {
  const [fixture] = databasesOf('v0.43.0')
  if (!fixture) throw new Error('no fixture')
  const source = await openFixture(fixture)
  const plain = JSON.parse(
    (await (await exported(source, fixture.project)).files.get('settings.json')?.text()) ?? '',
  )
  expect(plain).toEqual({ color_palette: expect.arrayContaining(['#A8769B', '#06B6D4']), plot_order: [] })
  const settings = { color_palette: ['#000000'], plot_order: ['train/loss', 'eval/*'] }
  const chosen = JSON.parse(
    (await (await exported(source, fixture.project, { settings })).files.get('settings.json')?.text()) ?? '',
  )
  expect(chosen).toEqual(settings)
})

test("the Dataset's layout is named after the project and has no alerts", async () => {
  const [fixture] = databasesOf('v0.43.0')
  if (!fixture) throw new Error('no fixture')
  const source = await openFixture(fixture)
  const names = (files: Map<string, Blob>): string[] => [...files.keys()].sort()
  const p = fixture.project
  expect(names((await exported(source, p, { layout: 'dataset' })).files)).toEqual(
    [
      `${p}.parquet`,
      ...[
        'artifact_aliases',
        'artifact_versions',
        'artifacts',
        'configs',
        'run_artifact_links',
        'system',
        'traces',
      ].map((t) => `${p}_${t}.parquet`),
    ].sort(),
  )
  expect(names((await exported(source, p)).files)).toContain('aux/alerts.parquet')
  expect(names((await exported(source, p, { tables: ['metrics'] })).files)).toEqual(['metrics.parquet'])
})

describe('a table made for it', () => {
  async function made(
    payloads: string[],
    columns = 'id INTEGER PRIMARY KEY, run_id TEXT, timestamp TEXT, run_name TEXT, step INTEGER, metrics TEXT',
  ): Promise<Exported> {
    const { db, file, close } = await memoryDatabase()
    db.exec(`CREATE TABLE metrics (${columns})`)
    const step = columns.includes('step')
    payloads.forEach((payload, i) => {
      const bind = ['id', '2026-01-01T00:00:00+00:00', `run ${i % 2}`, payload]
      if (step)
        db.exec({
          sql: 'INSERT INTO metrics (run_id, timestamp, run_name, metrics, step) VALUES (?, ?, ?, ?, ?)',
          bind: [...bind, i],
        })
      else
        db.exec({
          sql: 'INSERT INTO metrics (timestamp, run_name, metrics) VALUES (?, ?, ?)',
          bind: bind.slice(1),
        })
    })
    const bytes = file().slice()
    close()
    return exported(await sourceOf(bytes), 'made')
  }

  test('the footer tells type and number of points of each metric', async () => {
    const out = await made([
      '{"loss":1.5,"n":1}',
      '{"n":2}',
      '{"loss":NaN,"n":9007199254740993,"none":null,"ok":true,"word":"x"}',
    ])
    const { schema, row_groups } = await footerOf(out, 'metrics.parquet')
    const types = Object.fromEntries(
      schema.slice(1).map(({ name, type, logical_type }) => [name, logical_type?.type ?? type]),
    )
    expect(types).toEqual({
      id: 'INT64',
      run_id: 'STRING',
      timestamp: 'STRING',
      run_name: 'STRING',
      step: 'INT64',
      loss: 'DOUBLE',
      n: 'INT64',
      none: 'NULL',
      ok: 'BOOLEAN',
      word: 'STRING',
    })
    const nulls = Object.fromEntries(
      row_groups.flatMap(({ columns }) =>
        columns.map(({ meta_data }) => [meta_data?.path_in_schema[0], meta_data?.statistics?.null_count]),
      ),
    )
    expect(nulls).toMatchObject({ step: 0n, loss: 1n, n: 0n, none: 3n, ok: 2n, word: 2n })
    expect(row_groups.flatMap(({ columns }) => columns.map(({ meta_data }) => meta_data?.codec))).toEqual(
      Array(10).fill('SNAPPY'),
    )
    const rows = await rowsOf(out, 'metrics.parquet')
    expect(rows.map(({ loss, n }) => [loss, n])).toEqual([
      [1.5, 1n],
      [null, 2n],
      [Number.NaN, 9007199254740993n],
    ])
  })

  test('columns of mixed types come back as what was logged, and it is said', async () => {
    const payloads = [
      '{"lr":"auto","t":{"_type":"trackio.table","_value":[{"a":1,"b":{}}]}}',
      '{"lr":0.1,"t":null}',
      '{"lr":"NaN"}',
      '{"lr":{"x":[1,"y"]}}',
    ]
    const out = await made(payloads)
    const rows = await rowsOf(out, 'metrics.parquet')
    expect(rows.map(({ lr }) => lr)).toEqual(['auto', 0.1, 'NaN', { x: [1, 'y'] }])
    expect(rows[0]?.t).toEqual({ _type: 'trackio.table', _value: [{ a: 1n, b: {} }] })
    expect(out.notices).toMatchObject([{ level: 'info', subject: 'metrics.parquet' }])
    expect(out.notices[0]?.text).toContain('lr (number, string, object); t._value.element.b (empty object)')
  })

  test('a key that is called like a column is left out, and a payload that is no object leaves its row', async () => {
    const out = await made(['{"step":7,"loss":1}', '[1]', 'broken'])
    expect((await rowsOf(out, 'metrics.parquet')).map(({ step, loss }) => [step, loss])).toEqual([
      [0n, 1n],
      [1n, null],
      [2n, null],
    ])
    expect(out.notices.map(({ text }) => text)).toEqual([
      'step is left out (1 value): it is called like a column of the table itself',
      '2 rows without values: the payload is not a JSON object',
    ])
  })

  test('rows of a time without steps get their place in the run', async () => {
    const out = await made(
      ['{"a":1}', '{"a":2}', '{"a":3}', '{"a":4}'],
      'id INTEGER PRIMARY KEY, timestamp TEXT, run_name TEXT, metrics TEXT',
    )
    expect((await rowsOf(out, 'metrics.parquet')).map(({ run_name, step }) => [run_name, step])).toEqual([
      ['run 0', 0n],
      ['run 1', 0n],
      ['run 0', 1n],
      ['run 1', 1n],
    ])
    expect(JSON.parse((await out.files.get('runs.json')?.text()) ?? '')).toMatchObject([
      { id: 'run 0', last_step: 1 },
      { id: 'run 1', last_step: 1 },
    ])
  })

  test('many rows are written group by group', async () => {
    const rows = 120_000
    const { db, file, close } = await memoryDatabase()
    db.exec(
      'CREATE TABLE metrics (id INTEGER PRIMARY KEY, run_id TEXT, timestamp TEXT, run_name TEXT, step INTEGER, metrics TEXT)',
    )
    db.exec(`WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows - 1})
      INSERT INTO metrics SELECT i + 1, 'r', '2026', 'run', i, '{"v":' || i || '.5' || CASE WHEN i = 60000 THEN ',"once":"x"' ELSE '' END || '}' FROM n`)
    const source = await sourceOf(file().slice())
    close()
    const seen: [string, number][] = []
    const out = await exported(source, 'made', {
      onProgress: (what, bytes, total) => seen.push([what, bytes / total]),
    })
    const { row_groups } = await footerOf(out, 'metrics.parquet')
    expect(row_groups.map(({ num_rows }) => Number(num_rows))).toEqual([50_000, 50_000, 20_000])
    const back = await rowsOf(out, 'metrics.parquet')
    expect(
      back.findIndex(
        (row, i) => row.v !== i + 0.5 || row.step !== BigInt(i) || row.once !== (i === 60_000 ? 'x' : null),
      ),
    ).toBe(-1)
    expect(seen.every(([what]) => what === 'metrics.parquet')).toBe(true)
    expect(Math.max(...seen.map(([, part]) => part))).toBeLessThanOrEqual(1)

    const abort = new AbortController()
    const given = exported(source, 'made', { signal: abort.signal, onProgress: () => abort.abort() })
    await expect(given).rejects.toMatchObject({ name: 'AbortError' })
  })

  test('a project behind a network is fetched once', async () => {
    const [fixture] = databasesOf('v0.36.0')
    if (!fixture) throw new Error('no fixture')
    const local = await openFixture(fixture)
    const image = local.image
    if (!image) throw new Error('empty')
    let loaded = 0
    const { db } = image
    const counted = {
      ...db,
      read: () => {
        throw new Error('no synchronous reading over a network')
      },
      load: (at: number, length: number) => {
        loaded += Math.min(length, db.size - at)
        return db.load(at, length)
      },
    }
    const out = await exported({ ...local, image: { ...image, db: counted }, remote: true }, fixture.project)
    expect(loaded).toBe(db.size)
    expect([...out.files.keys()]).toEqual([...(await exported(local, fixture.project)).files.keys()])
  })
})

test('what lies beside a damaged page is exported, and the page is named', async () => {
  const [fixture] = databasesOf('damaged-page')
  if (!fixture) throw new Error('no fixture')
  const [project] = await projectsOf(fixture)
  const out = await exported(await openFixture(fixture), fixture.project)
  expect((await rowsOf(out, 'metrics.parquet')).length).toBe(
    project?.reader.runs().reduce((sum, run) => sum + run.rows, 0),
  )
  expect(out.notices.map(({ text }) => text)).toEqual([
    expect.stringMatching(/^damaged: page \d+ .*the rows on the other pages are exported$/),
  ])
})

test('a row that is older than a column has the default of the column', async () => {
  const { db, file, close } = await memoryDatabase()
  db.exec(`CREATE TABLE traces (id TEXT PRIMARY KEY, messages TEXT NOT NULL);
    INSERT INTO traces VALUES ('old', '[]');
    ALTER TABLE traces ADD COLUMN spans TEXT NOT NULL DEFAULT '[]';
    INSERT INTO traces VALUES ('new', '[1]', '[2]')`)
  const bytes = file().slice()
  close()
  const out = await exported(await sourceOf(bytes), 'made')
  expect(await rowsOf(out, 'aux/traces.parquet')).toEqual([
    { id: 'old', messages: '[]', spans: '[]' },
    { id: 'new', messages: '[1]', spans: '[2]' },
  ])
})

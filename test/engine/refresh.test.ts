import { expect, test } from 'vitest'
import { createEngine } from '../../src/engine/api.ts'
import type { NamedFile, SourceInfo } from '../../src/model/source.ts'
import type { FrameQuery } from '../../src/model/view.ts'
import { memoryDatabase } from './sqlite-files.ts'

interface Growing {
  add(rows: [string, number][]): void
  /** A row of any run, with whatever it logged. */
  log(run: string, metrics: string): void
  exec(sql: string): void
  files(name: string): NamedFile[]
  close(): void
}

/** A metrics table with one row for each [timestamp, value]; its bytes after each call of `add`. */
async function growing(): Promise<Growing> {
  const { db, file, close } = await memoryDatabase(4096)
  db.exec(
    'CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp TEXT, run_name TEXT, step INTEGER, metrics TEXT)',
  )
  let step = 0
  let writes = 0
  return {
    add(rows) {
      for (const [time, value] of rows) {
        db.exec({
          sql: 'INSERT INTO metrics (timestamp, run_name, step, metrics) VALUES (?, ?, ?, ?)',
          bind: [time, 'run', step++, `{"v": ${value}}`],
        })
      }
      writes++
    },
    log(run, metrics) {
      db.exec({
        sql: 'INSERT INTO metrics (timestamp, run_name, step, metrics) VALUES (?, ?, ?, ?)',
        bind: [at(step), run, step++, metrics],
      })
      writes++
    },
    exec(sql) {
      db.exec(sql)
      writes++
    },
    files: (name) => [
      { path: `${name}.db`, file: new File([file().slice()], `${name}.db`, { lastModified: writes }) },
    ],
    close,
  }
}

function at(second: number): string {
  return `2026-01-01T00:00:${String(second).padStart(2, '0')}+00:00`
}

test('rows that come live with earlier times are put in their place, as often as they come', async () => {
  const source = await growing()
  const engine = createEngine()
  const values = async () => [...((await engine.ask('history', { project: id, run: 'run' })).v?.values ?? [])]
  source.add([
    [at(10), 1],
    [at(20), 2],
  ])
  const info = await engine.open({ kind: 'files', name: 'live', files: source.files('live'), live: true })
  const id = info.projects[0]?.id ?? ''
  expect(await values()).toEqual([1, 2])
  source.add([[at(15), 1.5]])
  await engine.refresh({ source: info.id, files: source.files('live') })
  expect(await values()).toEqual([1, 1.5, 2])
  source.add([
    [at(5), 0.5],
    [at(30), 3],
  ])
  await engine.refresh({ source: info.id, files: source.files('live') })
  expect(await values()).toEqual([0.5, 1, 1.5, 2, 3])
  source.close()
})

test('two sources that are refreshed at once, and a project looked at meanwhile, all end with every row', async () => {
  const engine = createEngine()
  const sources = [await growing(), await growing()]
  const infos: SourceInfo[] = []
  for (const [i, source] of sources.entries()) {
    source.add([[at(1), 1]])
    infos.push(await engine.open({ kind: 'files', name: `s${i}`, files: source.files(`s${i}`), live: true }))
  }
  for (const source of sources)
    source.add(Array.from({ length: 20_000 }, (_, i): [string, number] => [at(2), i]))
  const refreshes = sources.map((source, i) =>
    engine.refresh({ source: infos[i]?.id ?? '', files: source.files(`s${i}`) }),
  )
  for (const info of infos) await engine.watch(info.projects[0]?.id ?? '')
  await Promise.all(refreshes)
  for (const info of infos) {
    const { rows, exact } = await engine.ask('catalogue', { project: info.projects[0]?.id ?? '' })
    expect([rows, exact]).toEqual([20_001, true])
  }
  for (const source of sources) source.close()
})

test('a frame that is asked for only if it is new comes where one of its lines has more points, and nowhere else', async () => {
  const engine = createEngine()
  const source = await growing()
  for (const run of ['a', 'b']) source.log(run, '{"loss": 1, "acc": 2}')
  const info = await engine.open({ kind: 'files', name: 'x', files: source.files('x'), live: true })
  const project = info.projects[0]?.id ?? ''
  const query = (metric: string, runs: string[], x: FrameQuery['x'] = { kind: 'step' }): FrameQuery => ({
    project,
    metric,
    runs,
    x,
    xScale: 'linear',
    yScale: 'linear',
    range: { kind: 'robust' },
    smoothing: { kind: 'mean', width: 10, factor: 1 },
    raw: true,
    width: 100,
  })
  const queries = {
    loss: query('loss', ['a', 'b']),
    acc: query('acc', ['a', 'b']),
    'loss of b': query('loss', ['b']),
    'acc over loss': query('acc', ['a', 'b'], { kind: 'metric', name: 'loss' }),
  }
  const shown = new Map<string, string>()
  for (const [name, asked] of Object.entries(queries))
    shown.set(name, (await engine.ask('frame', asked)).version)
  const renewed = async (): Promise<string[]> => {
    const names: string[] = []
    for (const [name, asked] of Object.entries(queries)) {
      const frame = await engine.ask('newFrame', { frame: asked, version: shown.get(name) ?? '' })
      if (frame) {
        names.push(name)
        shown.set(name, frame.version)
      }
    }
    return names
  }
  expect(await renewed()).toEqual([])
  source.log('a', '{"loss": 0.5}')
  await engine.refresh({ source: info.id, files: source.files('x') })
  expect(await renewed()).toEqual(['loss', 'acc over loss'])
  source.log('b', '{"acc": 3}')
  await engine.refresh({ source: info.id, files: source.files('x') })
  expect(await renewed()).toEqual(['acc', 'acc over loss'])
  source.log('c', '{"loss": 9, "acc": 9}')
  await engine.refresh({ source: info.id, files: source.files('x') })
  expect(await renewed()).toEqual([])
  source.close()
})

test('what is drawn of a run that grows is what would be drawn of all of it at once', async () => {
  const source = await growing()
  const live = createEngine()
  const value = (i: number): number => (i % 97 === 13 ? 40 : Math.sin(i / 30))
  const rows = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, i): [string, number] => [
      `2026-01-01T00:00:00.${String(from + i).padStart(6, '0')}+00:00`,
      value(from + i),
    ])
  source.add(rows(0, 2500))
  const info = await live.open({ kind: 'files', name: 'x', files: source.files('x'), live: true })
  const project = info.projects[0]?.id ?? ''
  const queries = (['mean', 'median', 'gaussian', 'ema', 'time-ema'] as const).flatMap((kind) =>
    ([{ kind: 'step' }, { kind: 'relative' }] as const).map(
      (x): FrameQuery => ({
        project,
        metric: 'v',
        runs: ['run'],
        x,
        xScale: 'linear',
        yScale: 'linear',
        range: { kind: 'robust' },
        smoothing: { kind, width: 10, factor: 1 },
        raw: true,
        width: 300,
      }),
    ),
  )
  for (const [from, to] of [
    [2500, 2503],
    [2503, 2600],
    [2600, 6000],
  ] as const) {
    for (const query of queries) await live.ask('frame', query)
    source.add(rows(from, to))
    await live.refresh({ source: info.id, files: source.files('x') })
    // opened anew it has another id, but the rest is the same
    const fresh = createEngine()
    const again = await fresh.open({ kind: 'files', name: 'x', files: source.files('x'), live: true })
    for (const query of queries) {
      const { version: _, ...seen } = await live.ask('frame', query)
      const { version: __, ...wanted } = await fresh.ask('frame', {
        ...query,
        project: again.projects[0]?.id ?? '',
      })
      expect(seen, `${query.smoothing.kind} over ${query.x.kind}, ${to} rows`).toEqual(wanted)
    }
  }
  source.close()
})

test('a project that is looked at again never counts as half read', async () => {
  const engine = createEngine()
  const source = await growing()
  source.add([[at(1), 1]])
  const info = await engine.open({ kind: 'files', name: 'x', files: source.files('x'), live: true })
  const id = info.projects[0]?.id ?? ''
  source.add(Array.from({ length: 20_000 }, (_, i): [string, number] => [at(2), i]))
  let going = true
  const refresh = engine.refresh({ source: info.id, files: source.files('x') }).finally(() => {
    going = false
  })
  const seen = new Set<string>()
  while (going) {
    const { exact, reading } = await engine.ask('catalogue', { project: id })
    seen.add(`${exact} ${reading.state}`)
    await new Promise((resolve) => setTimeout(resolve))
  }
  await refresh
  expect([...seen]).toEqual(['true done'])
  source.close()
})

test('configs that come or are replaced while a project is live are seen, whatever the other tables of a file do', async () => {
  const engine = createEngine()
  const source = await growing()
  // without AUTOINCREMENT the id of a last row that is replaced is given again
  source.exec('CREATE TABLE configs (id INTEGER PRIMARY KEY, run_name TEXT UNIQUE, config TEXT)')
  const config = (run: string, lr: number) =>
    source.exec(`INSERT OR REPLACE INTO configs (run_name, config) VALUES ('${run}', '{"lr": ${lr}}')`)
  for (const [i, run] of ['a', 'b', 'c'].entries()) {
    source.log(run, '{"loss": 1}')
    config(run, i)
  }
  const info = await engine.open({ kind: 'files', name: 'x', files: source.files('x'), live: true })
  const seen = async (): Promise<Record<string, unknown>> => {
    source.log('a', '{"loss": 2}')
    await engine.refresh({ source: info.id, files: source.files('x') })
    const { runs } = await engine.ask('catalogue', { project: info.projects[0]?.id ?? '' })
    return Object.fromEntries(runs.map(({ name, config }) => [name, config?.lr]))
  }
  expect(await seen()).toEqual({ a: 0, b: 1, c: 2 })
  config('c', 7)
  expect(await seen()).toEqual({ a: 0, b: 1, c: 7 })
  config('a', 8)
  source.log('d', '{"loss": 1}')
  config('d', 9)
  expect(await seen()).toEqual({ a: 8, b: 1, c: 7, d: 9 })
  source.exec('DROP TABLE configs')
  source.exec('CREATE TABLE filler (x)')
  source.exec('CREATE TABLE configs (id INTEGER PRIMARY KEY, run_name TEXT UNIQUE, config TEXT)')
  config('b', 3)
  expect(await seen()).toEqual({ a: undefined, b: 3, c: undefined, d: undefined })
  source.close()
})

test('a run that is deleted or renamed while nothing is logged is noticed at the next look', async () => {
  const engine = createEngine()
  const source = await growing()
  for (const run of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) source.log(run, '{"loss": 1}')
  const info = await engine.open({ kind: 'files', name: 'x', files: source.files('x'), live: true })
  const names = async (): Promise<string[]> => {
    await engine.refresh({ source: info.id, files: source.files('x') })
    return (await engine.ask('catalogue', { project: info.projects[0]?.id ?? '' })).runs.map(
      ({ name }) => name,
    )
  }
  source.exec("DELETE FROM metrics WHERE run_name = 'g'")
  expect(await names()).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'h'])
  source.exec("UPDATE metrics SET run_name = 'z' WHERE run_name = 'f'")
  expect(await names()).toEqual(['a', 'b', 'c', 'd', 'e', 'z', 'h'])
  source.close()
})

test('a source whose opening was given up is not kept', async () => {
  const engine = createEngine()
  const source = await growing()
  source.add([[at(1), 1]])
  const controller = new AbortController()
  const events: string[] = []
  await engine.onEvent(({ kind }) => events.push(kind))
  const opening = engine.open(
    { kind: 'files', name: 'x', files: source.files('x'), live: false },
    { signal: controller.signal, onProgress: () => setTimeout(() => controller.abort()) },
  )
  // either the abort is seen, or the file was read before it came
  const outcome = await opening.then(
    () => 'opened',
    (error: Error) => error.name,
  )
  expect(['AbortError', 'opened']).toContain(outcome)
  if (outcome === 'AbortError')
    await expect(engine.ask('catalogue', { project: 's1/x.db/x' })).rejects.toThrow('no open project')
  source.close()
})

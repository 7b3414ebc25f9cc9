import { describe, expect, test } from 'vitest'
import type { EngineApi } from '../../src/bridge/engine-api.ts'
import { createEngine } from '../../src/engine/api.ts'
import { FREED_PARTS, MEMORY_PARTS, type Memory } from '../../src/model/memory.ts'
import { combinedId, type ProjectId } from '../../src/model/source.ts'
import { filesOf, namedFile } from './golden-fixtures.ts'
import { ask, askAt } from './made-project.ts'

/*
 * What the engine says that it holds: the sum of its parts, less of it once it was let go of, and the same
 * answers before and after.
 */

/** From 2,000 points on, thinned lines are kept. */
const ROWS = 3000
const encode = (row: object): string => `${JSON.stringify(row)}\n`

/** Lines of a run with metrics, a table, histograms and traces. */
function lines(run: string, rows = ROWS): string {
  return Array.from({ length: rows }, (_, step) =>
    encode({
      ...{ kind: 'metric', project: 'made', run, run_id: run, step, log_id: `${run}${step}` },
      timestamp: new Date(1.77e12 + step * 1000).toISOString().replace('Z', '+00:00'),
      metrics: {
        loss: 1 / (step + 1),
        ...(step % 1000 === 0 && {
          table: { _type: 'trackio.table', _value: [{ a: step, text: `row ${step}` }] },
          grads: { _type: 'trackio.histogram', bins: [0, 1, 2], values: [step, 1] },
        }),
      },
    }),
  ).join('')
}

async function opened(engine: EngineApi, name: string, text: string): Promise<ProjectId> {
  const files = [namedFile('inbox/w/1.jsonl', text)]
  const source = await engine.open({ kind: 'files', name, files, live: false })
  const project = source.projects[0]?.id ?? ''
  await engine.ask('settled', { project })
  return project
}

/** Of what is open: caches of other engines of this thread count as closed. */
const sum = ({ projects }: Memory): number =>
  projects.reduce((all, { bytes }) => all + MEMORY_PARTS.reduce((some, part) => some + bytes[part], 0), 0)

/** Every question whose answer may be kept for the next time. */
async function askAll(engine: EngineApi, project: ProjectId, runs = ['one', 'two']): Promise<unknown[]> {
  const frame = {
    ...ask(runs, { metric: 'loss', smoothing: { kind: 'mean', width: 10, factor: 1 }, area: true }),
    project,
  }
  const table = { project, key: 'table', runs, filters: [], order: undefined, find: '' }
  return [
    await engine.ask('frame', frame),
    await engine.ask('frame', { ...frame, x: { kind: 'relative' } }),
    await engine.ask('frame', { ...frame, metric: 'p50 of grads' }),
    await engine.ask('probe', { ...askAt(10, runs, { metric: 'loss', x: { kind: 'relative' } }), project }),
    await engine.ask('stats', { project }),
    await engine.ask('table', { project, metric: 'loss', runs, from: 0, count: 100 }),
    await engine.ask('history', { project, run: runs[0] ?? '' }),
    await engine.ask('histograms', { project, key: 'grads', runs }),
    await engine.ask('tableRows', {
      ...table,
      columns: ['@step', '.a', '.text'],
      from: 0,
      count: 50,
      most: 100,
    }),
    await engine.ask('tableSummary', { ...table, columns: ['.a', '.text'] }),
  ]
}

/** Without what tells one making from the next. */
function plain(answers: unknown[]): string {
  return JSON.stringify(answers, (key, value: unknown) =>
    key === 'version' || key === 'content' || key === 'took'
      ? undefined
      : ArrayBuffer.isView(value)
        ? Array.from(value as Float64Array, String)
        : value,
  )
}

describe('memory', () => {
  test('nothing is held where nothing is open', async () => {
    const engine = createEngine()
    expect(await engine.ask('memory')).toMatchObject({ projects: [] })
  })

  test('is the sum of its parts, which grow with what is asked', async () => {
    const engine = createEngine()
    const project = await opened(engine, 'first', lines('one') + lines('two'))
    const before = await engine.ask('memory')
    const [held] = before.projects
    expect(held).toMatchObject({ id: project, bytes: { charts: 0, tables: 0, histograms: 0, traces: 0 } })
    // steps, times and one metric of two runs, eight bytes each at least
    expect(held?.bytes.columns).toBeGreaterThanOrEqual(2 * 3 * ROWS * 8)
    expect(held?.bytes.columns).toBeLessThan(2 * 4 * ROWS * 8)
    await askAll(engine, project)
    const after = await engine.ask('memory')
    for (const part of ['columns', 'charts', 'tables', 'histograms'] as const)
      expect(after.projects[0]?.bytes[part], part).toBeGreaterThan(held?.bytes[part] ?? 0)
    // smoothed values and relative times of both runs
    expect(after.projects[0]?.bytes.charts).toBeGreaterThanOrEqual(2 * 2 * ROWS * 8)
    expect(sum(after)).toBeGreaterThan(sum(before))
  })

  test('that is let go of is less, and every answer stays as it was', async () => {
    const engine = createEngine()
    const first = await opened(engine, 'first', lines('one') + lines('two'))
    const second = await opened(engine, 'second', lines('one') + lines('two'))
    const answers = [plain(await askAll(engine, first)), plain(await askAll(engine, second))]
    const before = await engine.ask('memory')
    await engine.ask('freeMemory', { project: first })
    const one = await engine.ask('memory')
    const of = (memory: Memory, id: ProjectId) => memory.projects.find((project) => project.id === id)?.bytes
    for (const part of FREED_PARTS) expect(of(one, first)?.[part], part).toBe(0)
    expect(of(one, first)?.columns).toBe(of(before, first)?.columns)
    expect(of(one, second)).toEqual(of(before, second))
    expect(sum(before) - sum(one)).toBe(
      FREED_PARTS.reduce((all, part) => all + (of(before, first)?.[part] ?? 0), 0),
    )
    expect(plain(await askAll(engine, first))).toBe(answers[0])
    await engine.ask('freeMemory', {})
    const none = await engine.ask('memory')
    for (const { bytes } of none.projects) for (const part of FREED_PARTS) expect(bytes[part], part).toBe(0)
    expect(none.left).toBe(0)
    expect(plain(await askAll(engine, first))).toBe(answers[0])
    expect(plain(await askAll(engine, second))).toBe(answers[1])
    // it is held again, as much as before
    expect(sum(await engine.ask('memory'))).toBe(sum(before))
  })

  test('of several projects together is told once, under both names', async () => {
    const engine = createEngine()
    const ids = [
      await opened(engine, 'first', lines('one') + lines('two')),
      await opened(engine, 'second', lines('one') + lines('two')),
    ]
    const together = combinedId(ids)
    const catalogue = await engine.ask('catalogue', { project: together })
    const keys = catalogue.runs.map(({ key }) => key)
    const answers = plain(await askAll(engine, together, keys))
    const memory = await engine.ask('memory')
    expect(memory.projects.map(({ id }) => id)).toEqual([...ids, together])
    const [one, two, both] = memory.projects
    // lines are those of the columns, which belong to one of them each; percentiles, areas and tables are of both
    expect(both?.bytes.columns).toBeLessThan(1000)
    expect(both?.bytes.charts).toBeLessThan(one?.bytes.charts ?? 0)
    expect(both?.bytes.tables).toBeGreaterThan(0)
    expect(one?.bytes.charts).toBe(two?.bytes.charts)
    await engine.ask('freeMemory', {})
    expect(plain(await askAll(engine, together, keys))).toBe(answers)
  })

  test('of a source that was closed is gone, or told apart', async () => {
    const engine = createEngine()
    const files = [namedFile('inbox/w/1.jsonl', lines('one') + lines('two'))]
    const source = await engine.open({ kind: 'files', name: 'first', files, live: false })
    const project = source.projects[0]?.id ?? ''
    await engine.ask('settled', { project })
    await askAll(engine, project)
    const before = await engine.ask('memory')
    await engine.close(source.id)
    const after = await engine.ask('memory')
    expect(after.projects).toEqual([])
    expect(after.left).toBeLessThanOrEqual(before.left + (before.projects[0]?.bytes.charts ?? 0))
    await engine.ask('freeMemory', {})
    expect((await engine.ask('memory')).left).toBe(0)
  })

  test('of pages of a database is told and let go of; rows are read again where they lie', async () => {
    const engine = createEngine()
    const files = filesOf('v0.43.0', /\.db(-wal)?(\.gz)?$/)
    const source = await engine.open({ kind: 'files', name: 'drop', files, live: false })
    for (const { id } of source.projects) {
      await engine.ask('settled', { project: id })
      const { runs } = await engine.ask('catalogue', { project: id })
      const read = async () =>
        JSON.stringify(
          await Promise.all(
            runs.map(({ key }) =>
              engine.ask('runRows', { project: id, run: key, keys: ['loss'], from: 0, count: 5 }),
            ),
          ),
        )
      const rows = await read()
      const traces = await engine.ask('traces', { project: id, from: 0, store: 0 })
      await engine.ask('traceSeries', { project: id })
      await engine.ask('system', { project: id })
      const of = async () => (await engine.ask('memory')).projects.find((one) => one.id === id)?.bytes
      const before = await of()
      if (runs.length === 0) continue
      expect(before?.pages, id).toBeGreaterThan(0)
      if (traces.time.length > 0) expect(before?.traces).toBeGreaterThan(0)
      await engine.ask('freeMemory', { project: id })
      expect((await of())?.pages, id).toBeLessThan(before?.pages ?? 0)
      // traces stay: they are what was read
      expect((await of())?.traces).toBe(before?.traces)
      expect(await read()).toBe(rows)
    }
  })
})

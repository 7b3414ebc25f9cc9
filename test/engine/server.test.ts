import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { seriesOf } from '../../src/engine/columns/series-store.ts'
import { openServer, type ServerConnector } from '../../src/engine/connectors/served.ts'
import type { LoggedRun, OpenDataset, ProjectReader } from '../../src/engine/formats/dataset.ts'
import { type ServerFiles, serverFiles } from '../../src/engine/formats/trackio-server/server-files.ts'
import { AccessError, TrackioError } from '../../src/model/errors.ts'
import {
  f64,
  type Logger,
  pythonMissing,
  type RealServer,
  startLogger,
  startServer,
  TRACKIO,
  trackioPython,
} from '../python/python.ts'
import { makeRandom, makeRandomDouble } from '../random.ts'
import { sidesOf } from './sides.ts'

/*
 * The real trackio server, while the real trackio logs: what the connector reads is what Python was given,
 * bit for bit.
 */

describe.skipIf(pythonMissing)('a live trackio server', { timeout: 60_000 }, () => {
  let folder = ''
  let server: RealServer
  let logger: Logger

  beforeAll(async () => {
    await trackioPython()
    folder = mkdtempSync(join(tmpdir(), 'trackio-lite-server-'))
    server = await startServer(join(folder, 'trackio'))
    logger = await startLogger(join(folder, 'trackio'))
  }, 300_000)
  afterAll(async () => {
    await logger?.stop()
    await server?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Opens a project as the engine does: a look, then all rows. */
  async function openProject(
    connector: ServerConnector,
    name: string,
  ): Promise<{ file: OpenDataset; reader: ProjectReader }> {
    const file = await connector.open(await unitOf(connector, name))
    await file.read(() => {})
    const reader = file.projects[0]?.reader
    if (!reader) throw new Error('no project')
    expect(reader.notices()).toEqual([])
    return { file, reader }
  }

  /** Rows of a query, asked without the connector. */
  async function ask(project: string, query: string): Promise<Record<string, unknown>[]> {
    const answer = await fetch(`${server.url}api/query_project`, {
      method: 'POST',
      body: JSON.stringify({ project, query }),
    })
    return (await answer.json()).data.rows
  }

  test('gives every value as it was logged, to the bit', async () => {
    const random = makeRandom(11)
    const double = makeRandomDouble(random)
    const special = [
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      -0,
      5e-324,
      1.7976931348623157e308,
      0.1 + 0.2,
      1e22,
      1,
    ]
    const values = [...special, ...Array.from({ length: 60 }, double)]
    await logger.init({
      project: 'exact values',
      name: 'a run ✓',
      config: { lr: 0.001, nested: { betas: [0.9, 0.999] } },
      group: 'g',
    })
    for (const [step, value] of values.entries()) {
      await logger.log(
        { 'train/loss': f64(value), odd: step % 2 ? f64(value) : { $int: String(step) } },
        step * 3 - 5,
      )
    }
    await logger.log({
      big: { $int: '18446744073709551615' },
      nested: { a: [f64(Number.NaN)] },
      text: 'x',
      on: true,
      none: null,
    })
    await logger.flush()

    const connector = await openServer(server.url)
    expect(connector.version).toBe(TRACKIO)
    const { reader } = await openProject(connector, 'exactvalues')
    expect(reader.exact()).toBe(true)
    const run = runNamed(reader, 'a run ✓')
    expect(run.id).toMatch(/^[0-9a-f]{32}$/)
    expect(pointsOf(reader, run, 'train/loss')).toEqual(values.map((value, i) => [i * 3 - 5, bits(value)]))
    expect(pointsOf(reader, run, 'odd').map(([, value]) => value)).toEqual(
      values.map((value, i) => bits(i % 2 ? value : i)),
    )
    expect(pointsOf(reader, run, 'big')).toEqual([[values.length * 3 - 7, bits(2 ** 64)]])
    expect(kindsOf(reader, run)).toEqual({ nested: { dict: 1 }, text: { string: 1 }, on: { bool: 1 } })
    expect(sidesOf(reader).of(run)).toEqual({
      group: 'g',
      username: null,
      config: { lr: 0.001, nested: { betas: [0.9, 0.999] } },
    })
  })

  test('carries only new rows once a project is open, and new runs with them', async () => {
    await logger.init({ project: 'growing', name: 'first' })
    for (let step = 0; step < 2000; step++)
      await logger.log({ loss: f64(1 / (step + 1)), note: 'x'.repeat(100) })
    await logger.flush()
    const connector = await openServer(server.url)
    const { file, reader } = await openProject(connector, 'growing')
    const whole = connector.received()

    await logger.log({ loss: f64(42.5) })
    await logger.flush()
    const projectFiles = await unitOf(connector, 'growing')
    expect(await file.refresh(projectFiles)).toBe('more')
    expect(pointsOf(reader, runNamed(reader, 'first'), 'loss').at(-1)).toEqual([2000, bits(42.5)])
    expect(await file.refresh(projectFiles)).toBe('same')
    const tick = connector.received() - whole
    expect(tick).toBeLessThan(2500)

    await logger.init({ project: 'growing', name: 'second', config: { lr: 2 } })
    await logger.log({ loss: f64(7), other: 1 })
    await logger.flush()
    expect(await file.refresh(await unitOf(connector, 'growing'))).toBe('more')
    expect(reader.runs().map(({ name, rows }) => [name, rows])).toEqual([
      ['first', 2001],
      ['second', 1],
    ])
    expect(sidesOf(reader).of(runNamed(reader, 'second')).config).toEqual({ lr: 2 })
    expect(whole).toBeGreaterThan(tick * 5)
  })

  test('renames and deletes a run for those who have the write token, and for nobody else', async () => {
    for (const name of ['keeps', 'goes', 'keeps']) {
      await logger.init({ project: 'changing', name, config: { of: name } })
      for (let step = 0; step < 4; step++) await logger.log({ loss: step }, step)
    }
    await logger.finish()
    await logger.flush()
    const stranger = await openServer(server.url)
    expect(await stranger.writable()).toBe(false)
    const theirs = await openProject(stranger, 'changing')
    const [first, second, third] = theirs.reader.runs().map(({ id, name }) => ({ id, name })) as [
      Named,
      Named,
      Named,
    ]
    const refused = theirs.file.renameRun?.('changing', first, 'new')
    await expect(refused).rejects.toThrow(AccessError)
    await expect(refused).rejects.toMatchObject({ action: expect.stringContaining('?write_token=') })
    await expect(theirs.file.deleteRun?.('changing', first)).rejects.toThrow(AccessError)

    // the address as trackio prints it carries the token
    for (const connector of [
      await openServer(server.address),
      await openServer(server.url, { token: () => server.token }),
    ])
      expect(await connector.writable()).toBe(true)
    const owner = await openServer(server.address)
    const { file } = await openProject(owner, 'changing')
    await file.renameRun?.('changing', third, '  renamed ')
    expect(await file.refresh(await unitOf(owner, 'changing'))).toBe('other')
    const renamed = await openProject(owner, 'changing')
    expect(renamed.reader.runs().map(({ id, name, rows }) => [id, name, rows])).toEqual([
      [first.id, 'keeps', 4],
      [second.id, 'goes', 4],
      [third.id, 'renamed', 4],
    ])
    expect(sidesOf(renamed.reader).of(runNamed(renamed.reader, 'renamed')).config).toEqual({ of: 'keeps' })

    await renamed.file.deleteRun?.('changing', second)
    expect(await renamed.file.refresh(await unitOf(owner, 'changing'))).toBe('other')
    const { reader } = await openProject(owner, 'changing')
    expect(reader.runs().map(({ name }) => name)).toEqual(['keeps', 'renamed'])
    // its config went with it, which it does not when a run is deleted by its name
    expect(await ask('changing', 'SELECT run_name FROM configs ORDER BY id')).toEqual([
      { run_name: 'keeps' },
      { run_name: 'renamed' },
    ])
    await expect(file.renameRun?.('changing', third, ' ')).rejects.toThrow(TrackioError)
  })

  test('hands out the pictures that were logged', async () => {
    await logger.init({ project: 'pictures 100%', name: 'a/b %41' })
    await logger.log({ picture: { $image: [2, 3] } }, 7)
    await logger.flush()
    const connector = await openServer(server.url)
    const { file } = await openProject(connector, 'pictures100')
    const [row] = await ask('pictures100', 'SELECT CAST(metrics AS TEXT) AS m FROM metrics')
    const path: string = JSON.parse(String(row?.m)).picture.file_path
    const blob = await file.media?.(path)
    expect(blob?.type).toBe('image/png')
    const [name, width, height] = await describePng(blob)
    expect([name, width, height]).toEqual(['PNG', 2, 3])
    expect(await file.media?.(path.replace('.png', '-gone.png'))).toBeUndefined()
    expect(await file.media?.('../secret.txt')).toBeUndefined()
  })

  test('lists all its projects, and looks only at those that are asked for', async () => {
    await logger.init({ project: 'one more', name: 'x' })
    await logger.log({ loss: 1 })
    await logger.flush()
    const connector = await openServer(server.url)
    const names = ['changing', 'exactvalues', 'growing', 'onemore', 'pictures100']
    expect(await connector.look()).toEqual(names.map((name) => serverFiles(name, '')))
    for (const name of ['growing', 'onemore']) await openProject(connector, name)
    const units = await connector.look()
    expect(units.filter(({ stamp }) => stamp !== '').map(({ path }) => path)).toEqual(['growing', 'onemore'])
    await logger.log({ loss: 2 })
    await logger.flush()
    expect(await connector.look({ only: new Set(['growing']) })).toEqual(units)
    const fresh = await connector.look()
    expect(
      fresh.filter((projectFiles, i) => projectFiles.stamp !== units[i]?.stamp).map(({ path }) => path),
    ).toEqual(['onemore'])
  })
})

type Named = Pick<LoggedRun, 'id' | 'name'>

async function unitOf(connector: ServerConnector, name: string): Promise<ServerFiles> {
  return (await connector.look()).find(({ path }) => path === name) ?? expect.fail(`no project ${name}`)
}

function runNamed(reader: ProjectReader, name: string): LoggedRun {
  return reader.runs().find((run) => run.name === name) ?? expect.fail(`no run ${name}`)
}

/** Steps, and values by their bits. */
function pointsOf(reader: ProjectReader, run: LoggedRun, metric: string): [number, string][] {
  const column = run.columns.metrics[reader.keys().byName.get(metric) ?? -1]
  if (!column) return []
  const { steps, values } = seriesOf(run.columns, column)
  return Array.from(values, (value, i) => [steps[i] as number, bits(value)])
}

function bits(value: number): string {
  return Object.is(value, Number.NaN) ? 'NaN' : f64(value).$f64
}

function kindsOf(reader: ProjectReader, run: LoggedRun): Record<string, Record<string, number>> {
  return Object.fromEntries(
    run.kinds.flatMap((kinds, key) => (kinds ? [[reader.keys().names[key], Object.fromEntries(kinds)]] : [])),
  )
}

async function describePng(blob: Blob | undefined): Promise<[string, number, number]> {
  const view = new DataView((await blob?.arrayBuffer()) ?? new ArrayBuffer(32))
  return [
    String.fromCharCode(view.getUint8(1), view.getUint8(2), view.getUint8(3)),
    view.getUint32(16),
    view.getUint32(20),
  ]
}

import { beforeAll, describe, expect, it } from 'vitest'
import type { OpenDataset, ProjectReader } from '../../../../src/engine/formats/dataset.ts'
import { openParquet } from '../../../../src/engine/formats/parquet/parquet-file.ts'
import { type Budget, LIMITS } from '../../../../src/engine/formats/parquet/plan.ts'
import { makeProject, type Project } from '../../../../src/engine/projects/project.ts'
import { frameOf } from '../../../../src/engine/questions/frame.ts'
import type { FrameQuery } from '../../../../src/model/view.ts'
import { makeRandom } from '../../../random.ts'
import { type CountedTree, countedTree } from '../../../storage/counted-tree.ts'
import { doubles, type MadeOptions, made } from './made-table.ts'
import { unitOf } from './parquet-files.ts'

/*
 * 120,000 rows of 40 runs, two side by side and one pair after the other, 8 MB: dense metrics in pages of
 * 2,000 rows, a sparse one, one that a single run logged, one of few different values (so with a dictionary)
 * and one of integers.
 */

const RUNS = 40
const ROWS = 120_000
const PAIR = ROWS / (RUNS / 2)
const DENSE = 6

const runAt = (row: number): number => Math.floor(row / PAIR) * 2 + (row % 2)
const stepAt = (row: number): number => Math.floor((row % PAIR) / 2)

function table(
  options: { offsetIndex?: boolean } = {},
  cut: MadeOptions = { rowGroupSize: 40_000, pageSize: 16_000 },
): Uint8Array<ArrayBuffer> {
  const random = makeRandom(9)
  const each = <T>(of: (row: number) => T): T[] => Array.from({ length: ROWS }, (_, row) => of(row))
  const columns = [
    { name: 'id', type: 'INT64' as const, data: each((row) => BigInt(row + 1)) },
    { name: 'run_id', type: 'STRING' as const, data: each((row) => `id of ${runAt(row)}`) },
    {
      name: 'timestamp',
      type: 'STRING' as const,
      data: each((row) => new Date(Date.UTC(2026, 0, 1) + row * 997).toISOString().replace('Z', '000+00:00')),
    },
    { name: 'run_name', type: 'STRING' as const, data: each((row) => `run ${runAt(row)}`) },
    { name: 'step', type: 'INT64' as const, data: each((row) => BigInt(stepAt(row))) },
    ...Array.from({ length: DENSE }, (_, m) =>
      doubles(
        `dense/${m}`,
        each((row) => m + Math.exp(-stepAt(row) / 2000) + random() / 100),
      ),
    ),
    doubles(
      'sparse',
      each((row) => (stepAt(row) % 100 === 99 ? row + 0.5 : null)),
    ),
    doubles(
      'of one run',
      each((row) => (runAt(row) === 17 ? row / 3 : null)),
    ),
    doubles(
      'rounded',
      each(() => Math.floor(random() * 50) / 100),
    ),
    { name: 'tokens', type: 'INT64' as const, data: each((row) => BigInt(stepAt(row)) * 4096n) },
  ]
  return made(
    columns.map((column) => ({ ...column, ...options })),
    cut,
  )
}

let bytes: Uint8Array<ArrayBuffer>
beforeAll(() => {
  bytes = table()
})

/** Pages here are a tenth of those of real files, and so is what is read along between two of them. */
const LIMITS_HERE = { ...LIMITS, gap: LIMITS.gap / 10 }

interface Opened {
  tree: CountedTree
  file: OpenDataset
  reader: ProjectReader
  project: Project
}

/** `budget`: as of a file behind a network; undefined as of one on this machine. */
async function open(
  data: Uint8Array<ArrayBuffer>,
  budget: Budget | undefined,
  before?: () => Promise<void>,
): Promise<Opened> {
  const tree = await countedTree([{ path: 'made.parquet', file: new File([data], 'made.parquet') }], before)
  const file = await openParquet(unitOf(tree), tree, { budget, limits: LIMITS_HERE })
  const [only] = file.projects
  if (!only) throw new Error('no project')
  return {
    tree,
    file,
    reader: only.reader,
    project: makeProject({ ...only.info, id: 'p', source: 's' }, only.reader),
  }
}

/** Values by step and time, of each run that has any. */
function pointsOf(project: Project, metric: string): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const { key } of project.catalogue().runs) {
    const run = project.run(key)
    const series = run && project.series(run, metric)
    if (series)
      found.set(
        key,
        Array.from(series.values, (value, i) => `${series.steps[i]} ${series.times[i]} ${value}`),
      )
  }
  return found
}

const METRICS = [
  ...Array.from({ length: DENSE }, (_, m) => `dense/${m}`),
  'sparse',
  'of one run',
  'rounded',
  'tokens',
]

describe('a large file behind a network', () => {
  let held: Opened
  let exact: Opened

  // what makes a file as small as this a large one
  const HOLD = { first: 1 << 18, screen: 1 << 20 }
  beforeAll(async () => {
    exact = await open(bytes, undefined)
    await exact.file.read(() => {})
    await exact.reader.load?.(METRICS)
    held = await open(bytes, HOLD)
    await held.file.read(() => {})
  })

  it('is held once it is known whose the rows are, and says so', () => {
    const { reader } = held
    expect(reader.reading()).toEqual({
      state: 'held',
      bytes: 0,
      totalBytes: bytes.length,
      rows: 0,
      totalRows: ROWS,
    })
    expect([reader.exact(), held.file.done()]).toEqual([false, false])
    const { runs, metrics } = held.project.catalogue()
    const known = exact.project.catalogue()
    expect(runs.map(({ name, rows }) => [name, rows])).toEqual(
      known.runs.map(({ name, rows }) => [name, rows]),
    )
    expect(metrics.map(({ name, points, integer }) => [name, points, integer])).toEqual(
      known.metrics.map(({ name, points, integer }) => [name, points, integer]),
    )
  })

  it.each(METRICS)('shows samples of %s that were logged so, in order', async (metric) => {
    await held.reader.load?.([metric])
    const sampled = pointsOf(held.project, metric)
    const all = pointsOf(exact.project, metric)
    for (const [run, points] of sampled) {
      const logged = new Map(all.get(run)?.map((point, i) => [point, i]))
      const places = points.map((point) => logged.get(point) ?? -1)
      expect(
        places.every((place, i) => place > (places[i - 1] ?? -1)),
        run,
      ).toBe(true)
    }
    // nearly all runs, and those that have the metric at all
    expect(sampled.size).toBeGreaterThanOrEqual(Math.ceil(all.size * 0.8))
  })

  it('costs little: the rows of the sample, and a few kB a page of each metric', async () => {
    const { tree, file, reader } = await open(bytes, HOLD)
    const spent = async (what: () => Promise<unknown>): Promise<number> => {
      const before = tree.bytesOf()
      await what()
      return tree.bytesOf() - before
    }
    const rows = await spent(() => file.read(() => {}))
    // a file as small as this has a third of its rows in the sample
    expect(rows).toBeLessThan(exact.reader.reading().totalBytes)
    const one = await spent(async () => reader.load?.(['dense/1']))
    expect(one).toBeGreaterThan(48 * 768 * 8 * 0.8)
    expect(one).toBeLessThan(48 * 8000)
    // the pages of all dense metrics begin at the same rows
    expect(await spent(async () => reader.load?.(['dense/2']))).toBe(one)
    expect(await spent(async () => reader.load?.(['dense/2', 'no such']))).toBe(0)
    expect(
      await spent(async () => Promise.all([reader.load?.(['dense/3']), reader.load?.(['dense/3'])])),
    ).toBe(one)
  })

  it('draws one metric over another in rows that have both', async () => {
    const { project, reader, file } = await open(bytes, HOLD)
    await file.read(() => {})
    await reader.load?.(['dense/0', 'tokens'])
    await reader.load?.(['tokens'])
    const runs = project.catalogue().runs.map(({ key }) => key)
    const query: FrameQuery = {
      project: 'p',
      metric: 'dense/0',
      runs,
      x: { kind: 'metric', name: 'tokens' },
      xScale: 'linear',
      yScale: 'linear',
      range: { kind: 'full' },
      smoothing: { kind: 'mean', width: 0, factor: 1 },
      raw: false,
      width: 400,
    }
    const frame = frameOf(project, query)
    expect(frame.fidelity.kind).toBe('preview')
    expect(frame.ends.length).toBeGreaterThan(RUNS * 0.8)
    frame.ends.forEach((_, i) => {
      for (let at = frame.main.starts[i] ?? 0; at < (frame.main.starts[i + 1] ?? 0); at++) {
        const step = (frame.main.xs[at] ?? Number.NaN) / 4096
        expect(Math.abs((frame.main.ys[at] ?? Number.NaN) - Math.exp(-step / 2000))).toBeLessThan(0.011)
      }
    })
    const own = frameOf(project, { ...query, metric: 'tokens', x: { kind: 'step' } })
    expect(own.ends.length).toBeGreaterThan(0)
  })

  it('is read whole when somebody asks, and is then as if it had been from the start', async () => {
    const { project, reader, file } = await open(bytes, HOLD)
    const told: string[] = []
    await file.read((what) => told.push(what))
    await reader.load?.(['dense/0'])
    const preview = pointsOf(project, 'dense/0')
    expect(told[0]).toBe('sample')
    await file.read(() => {}, true)
    expect([reader.exact(), file.done(), reader.samples()]).toEqual([true, true, []])
    await reader.load?.(['dense/0'])
    const all = pointsOf(project, 'dense/0')
    expect(all).toEqual(pointsOf(exact.project, 'dense/0'))
    expect([...preview.values()].flat().length).toBeLessThan([...all.values()].flat().length / 3)
  })

  it('that is no larger than what a look may cost is read after its first picture', async () => {
    const { project, reader, file } = await open(bytes, { ...HOLD, screen: 1 << 30 })
    const seen: (string | boolean)[] = []
    let first: Promise<void> | undefined
    await file.read((what) => {
      seen.push(what, reader.exact())
      first ??= reader
        .load?.(['dense/0'])
        .then(() => void seen.push(pointsOf(project, 'dense/0').size > 0, reader.exact()))
    })
    await first
    expect(seen.slice(0, 2)).toEqual(['sample', false])
    expect(reader.exact()).toBe(true)
    await reader.load?.(['dense/0'])
    expect(pointsOf(project, 'dense/0')).toEqual(pointsOf(exact.project, 'dense/0'))
  })

  it('whose sample is paused, or fails for want of a network, is sampled again', async () => {
    let fail: Error | undefined
    let stop = (): void => {}
    const { reader, file, project } = await open(bytes, HOLD, async () => {
      stop()
      if (fail) throw fail
    })
    stop = () => file.stop('pause')
    await file.read(() => {})
    expect(reader.reading().state).toBe('reading')
    stop = () => {}
    fail = new Error('no network')
    await expect(file.read(() => {})).rejects.toThrow('no network')
    expect(reader.reading().state).toBe('failed')
    fail = undefined
    await file.read(() => {})
    expect(reader.reading().state).toBe('held')
    expect(project.catalogue().runs.map(({ rows }) => rows)).toEqual(
      exact.project.catalogue().runs.map(({ rows }) => rows),
    )
    fail = new Error('no network')
    await expect(reader.load?.(['dense/0'])).rejects.toThrow('no network')
    fail = undefined
    await reader.load?.(['dense/0'])
    expect(pointsOf(project, 'dense/0').size).toBeGreaterThan(RUNS * 0.8)
  })

  it('in row groups of a page each, as our own exports are, is sampled too', async () => {
    const { reader, file, project, tree } = await open(table({}, { rowGroupSize: 2000 }), HOLD)
    await file.read(() => {})
    expect(reader.reading().state).toBe('held')
    const before = tree.bytesOf()
    await reader.load?.(['dense/0'])
    expect(tree.bytesOf() - before).toBeLessThan(48 * 8000)
    expect(pointsOf(project, 'dense/0').size).toBeGreaterThan(RUNS * 0.8)
    expect(project.catalogue().runs.map(({ rows }) => rows)).toEqual(
      exact.project.catalogue().runs.map(({ rows }) => rows),
    )
  })

  it('of which nothing tells where its pages are is read as it is', async () => {
    const { reader, file } = await open(table({ offsetIndex: false }), HOLD)
    await file.read(() => {})
    expect([reader.exact(), reader.samples()]).toEqual([true, []])
  })

  it('whose index of pages is garbled is read as it is', async () => {
    const { tree } = await open(bytes, HOLD)
    const opened = await openParquet(unitOf(tree), tree, {})
    await opened.read(() => {})
    const data = bytes.slice()
    // the indexes lie between the last chunk and the footer
    const footer = new DataView(data.buffer).getUint32(data.length - 8, true)
    data.fill(0xff, data.length - 8 - footer - 4000, data.length - 8 - footer)
    const { reader, file } = await open(data, HOLD)
    await file.read(() => {})
    expect(reader.exact()).toBe(true)
  })
})

it('a file of this machine is never sampled', async () => {
  const { reader, file } = await open(bytes, undefined)
  await file.read(() => {})
  expect([reader.exact(), reader.samples()]).toEqual([true, []])
})

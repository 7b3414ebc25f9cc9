import { beforeAll, describe, expect, it } from 'vitest'
import type { OpenDataset, ProjectReader } from '../../../../src/engine/formats/dataset.ts'
import { openParquet } from '../../../../src/engine/formats/parquet/parquet-file.ts'
import { makeRandom } from '../../../random.ts'
import { type CountedTree, countedTree } from '../../../storage/counted-tree.ts'
import { doubles, made, structure } from './made-table.ts'
import { unitOf } from './parquet-files.ts'

/*
 * 100,000 rows with 30 metrics of random numbers, 24 MB: what is not looked at is not read.
 */

const ROWS = 100_000
const METRICS = 30
const KB = 1024

let tree: CountedTree
let file: OpenDataset
let reader: ProjectReader
let size: number

// once for both: three million random numbers
let columns: Parameters<typeof made>[0]
beforeAll(() => {
  const random = makeRandom(1)
  const metrics = Array.from({ length: METRICS }, (_, m) =>
    doubles(
      `m/${m}`,
      Array.from({ length: ROWS }, () => random()),
      'UNCOMPRESSED',
    ),
  )
  const texts = {
    name: 'text',
    type: 'STRING' as const,
    data: Array.from({ length: ROWS }, (_, i) => `text ${i} ${random()}`),
  }
  columns = [...structure(ROWS), texts, ...metrics]
})

async function spent(what: () => Promise<unknown>): Promise<{ bytes: number; requests: number }> {
  const [bytes, requests] = [tree.bytesOf(), tree.requests()]
  await what()
  return { bytes: tree.bytesOf() - bytes, requests: tree.requests() - requests }
}

describe.each([
  ['one row group', ROWS],
  ['five row groups', ROWS / 5],
])('%s', (_, rowGroupSize) => {
  const groups = ROWS / rowGroupSize

  beforeAll(async () => {
    const bytes = made(columns, { rowGroupSize })
    size = bytes.length
    tree = await countedTree([{ path: 'made.parquet', file: new File([bytes], 'made.parquet') }])
  }, 120_000)

  it('opening reads the footer alone, in one request', async () => {
    const cost = await spent(async () => {
      file = await openParquet(unitOf(tree), tree)
    })
    expect(cost).toEqual({ bytes: 64 * KB, requests: 1 })
    reader = (file.projects[0] as { reader: ProjectReader }).reader
    expect(reader.runs()).toEqual([])
  })

  it('reading the rows costs the columns that all rows share, a thirtieth of the file', async () => {
    const cost = await spent(() => file.read(() => {}))
    // timestamps are most of it: 29 bytes each, packed to about 5
    expect(cost.bytes).toBeLessThan(size / 30)
    expect(cost.requests).toBeLessThanOrEqual(groups)
    expect(reader.reading()).toEqual({
      state: 'done',
      bytes: reader.reading().totalBytes,
      totalBytes: reader.reading().totalBytes,
      rows: ROWS,
      totalRows: ROWS,
    })
    expect(reader.reading().totalBytes).toBeLessThanOrEqual(cost.bytes)
    expect(reader.unread?.().map(({ points }) => points)).toEqual(Array.from({ length: METRICS }, () => ROWS))
  })

  it('a metric costs its own column, eight bytes a value', async () => {
    const cost = await spent(async () => reader.load?.(['m/3']))
    expect(cost.requests).toBe(groups)
    expect(cost.bytes).toBeGreaterThanOrEqual(ROWS * 8)
    expect(cost.bytes).toBeLessThan(ROWS * 8 * 1.01)
    expect(cost.bytes).toBeLessThan(size / METRICS)
  })

  it('a second look costs nothing, nor does a name that does not exist', async () => {
    expect(await spent(async () => reader.load?.(['m/3', 'no such']))).toEqual({ bytes: 0, requests: 0 })
  })

  it('neighbours share requests, of up to 8 MB', async () => {
    const names = Array.from({ length: 10 }, (_, m) => `m/${m + 10}`)
    const cost = await spent(async () => reader.load?.(names))
    expect(cost.requests).toBe(groups)
    expect(cost.bytes).toBeLessThan(ROWS * 8 * 10 * 1.01)
  })

  it('asking for all of them reads only what is missing', async () => {
    const cost = await spent(async () => reader.load?.(undefined))
    expect(cost.bytes).toBeLessThan(ROWS * 8 * (METRICS - 11) * 1.01)
    expect(tree.bytesOf()).toBeLessThan(size * 0.99)
  })
})

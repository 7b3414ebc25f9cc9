import { describe, expect, it } from 'vitest'
import type { OpenDataset, ProjectReader } from '../../../../src/engine/formats/dataset.ts'
import { openParquet } from '../../../../src/engine/formats/parquet/parquet-file.ts'
import { LIMITS, type Limits } from '../../../../src/engine/formats/parquet/plan.ts'
import { type CountedTree, countedTree } from '../../../storage/counted-tree.ts'
import { doubles, made, structure } from './made-table.ts'
import { unitOf } from './parquet-files.ts'

const ROWS = 4000
// nothing is joined, so that each chunk is a request of its own
const APART: Limits = { ...LIMITS, tail: 1024, gap: 0, most: 1 << 20, ahead: 1 }
const NAMES = ['x', 'y', 'z']

function table(rowGroupSize: number): Uint8Array<ArrayBuffer> {
  const metrics = NAMES.map((name, m) =>
    doubles(
      name,
      Array.from({ length: ROWS }, (_, i) => (i % (m + 2) === 0 ? i + m / 8 : null)),
      'UNCOMPRESSED',
    ),
  )
  return made([...structure(ROWS), ...metrics], { rowGroupSize })
}

/** A tree whose answers wait while `hold` is set. */
async function slowTree(bytes: Uint8Array<ArrayBuffer>): Promise<{
  tree: CountedTree
  hold(): () => void
  fail(error: Error | undefined): void
  onRequest(call: () => void): void
}> {
  let call = (): void => {}
  let gate: Promise<void> | undefined
  let failure: Error | undefined
  const tree = await countedTree(
    [{ path: 'made.parquet', file: new File([bytes], 'made.parquet') }],
    async () => {
      call()
      await gate
      if (failure) throw failure
    },
  )
  return {
    tree,
    hold() {
      let open = (): void => {}
      gate = new Promise((resolve) => {
        open = resolve
      })
      return () => {
        gate = undefined
        open()
      }
    },
    fail(error) {
      failure = error
    },
    onRequest(each) {
      call = each
    },
  }
}

type Loads = ProjectReader & {
  load: NonNullable<ProjectReader['load']>
  unread: NonNullable<ProjectReader['unread']>
}

function readerOf(file: OpenDataset): Loads {
  const reader = file.projects[0]?.reader
  if (!reader?.load || !reader.unread) throw new Error('a reader without load')
  return reader as Loads
}

/** Names of the metrics that are ready. */
function ready(reader: ProjectReader): string[] {
  const keys = new Set(
    reader.runs().flatMap((run) => run.columns.metrics.flatMap((column, key) => (column ? [key] : []))),
  )
  return reader.keys().names.filter((_, key) => keys.has(key))
}

function chunkBytes(tree: CountedTree): number {
  return tree.bytesOf('made.parquet')
}

describe('loading metrics', () => {
  it('reads a column once for all who ask at the same time', async () => {
    const { tree } = await slowTree(table(1000))
    const file = await openParquet(unitOf(tree), tree, { limits: APART })
    await file.read(() => {})
    const reader = readerOf(file)
    const before = tree.requests()
    await Promise.all([reader.load(['x']), reader.load(['x', 'y']), reader.load(['y', 'x'])])
    expect(tree.requests() - before).toBe(2 * 4)
    expect(ready(reader)).toEqual(['x', 'y'])
  })

  it('reads what was asked for first before anything else, and then the rest together', async () => {
    const { tree } = await slowTree(table(1000))
    const file = await openParquet(unitOf(tree), tree, { limits: APART })
    await file.read(() => {})
    const reader = readerOf(file)
    const before = tree.requests()
    const first = reader.load(['x']).then(() => [tree.requests() - before, ready(reader)])
    const others = ['y', 'z'].map((name) => reader.load([name]))
    expect(await first).toEqual([4, ['x']])
    await Promise.all(others)
    // of each row group, the two columns in one request
    expect(tree.requests() - before).toBe(4 + 4)
    expect(ready(reader)).toEqual(NAMES)
  })

  it('reads the rows first, if nobody did', async () => {
    const { tree } = await slowTree(table(1000))
    const reader = readerOf(await openParquet(unitOf(tree), tree))
    await reader.load(['y'])
    expect(reader.exact()).toBe(true)
    expect(reader.runs().map(({ rows }) => rows)).toEqual([ROWS / 2, ROWS / 2])
    expect(ready(reader)).toEqual(['y'])
  })

  it('lets go at once when it is aborted, and stops asking when nobody waits', async () => {
    const { tree, hold } = await slowTree(table(500))
    const file = await openParquet(unitOf(tree), tree, { limits: APART })
    await file.read(() => {})
    const reader = readerOf(file)
    const before = tree.requests()
    const release = hold()
    const controller = new AbortController()
    const asked = reader.load(['x'], controller.signal)
    controller.abort()
    await expect(asked).rejects.toMatchObject({ name: 'AbortError' })
    release()
    // a look at something else goes through the same queue of events
    await reader.load(['y'])
    expect(tree.requests() - before).toBeLessThanOrEqual(8 + 1)
    expect(ready(reader)).toEqual(['y'])
    await reader.load(['x'])
    expect(ready(reader)).toEqual(['x', 'y'])
  })

  it('stops within a long column, between two of its pieces', async () => {
    const { tree, onRequest } = await slowTree(table(ROWS))
    const file = await openParquet(unitOf(tree), tree, { limits: { ...APART, most: 1000 } })
    await file.read(() => {})
    const controller = new AbortController()
    let pieces = 0
    onRequest(() => {
      if (++pieces === 3) controller.abort()
    })
    // x has 2000 doubles, so 16 pieces and more
    await expect(readerOf(file).load(['x'], controller.signal)).rejects.toMatchObject({ name: 'AbortError' })
    await readerOf(file).load(['y'])
    const ofY = Math.ceil(((ROWS / 3) * 8) / 1000)
    expect(pieces).toBeLessThan(ofY + 8)
  })

  it('goes on with a column that somebody else asked for, when its neighbour is given up', async () => {
    const { tree, onRequest } = await slowTree(table(ROWS))
    const file = await openParquet(unitOf(tree), tree, { limits: { ...APART, most: 1000 } })
    await file.read(() => {})
    const reader = readerOf(file)
    const controller = new AbortController()
    let pieces = 0
    onRequest(() => {
      if (++pieces === 3) controller.abort()
    })
    const both = reader.load(['x', 'z'], controller.signal)
    const one = reader.load(['z'])
    await expect(both).rejects.toMatchObject({ name: 'AbortError' })
    await one
    expect(ready(reader)).toEqual(['z'])
  })

  it('goes on for the others when one of those who wait gives up', async () => {
    const { tree, hold } = await slowTree(table(1000))
    const file = await openParquet(unitOf(tree), tree, { limits: APART })
    await file.read(() => {})
    const reader = readerOf(file)
    const before = tree.requests()
    const release = hold()
    const controller = new AbortController()
    const first = reader.load(['x'], controller.signal)
    const second = reader.load(['x'])
    controller.abort()
    await expect(first).rejects.toMatchObject({ name: 'AbortError' })
    release()
    await second
    expect(tree.requests() - before).toBe(4)
    expect(ready(reader)).toEqual(['x'])
  })

  it('is refused by a signal that was aborted before, at no cost', async () => {
    const { tree } = await slowTree(table(1000))
    const file = await openParquet(unitOf(tree), tree)
    await file.read(() => {})
    const before = tree.requests()
    await expect(readerOf(file).load(['x'], AbortSignal.abort())).rejects.toMatchObject({
      name: 'AbortError',
    })
    expect(tree.requests()).toBe(before)
  })

  it('keeps what came when a request fails, and tries the rest again when asked again', async () => {
    const { tree, fail } = await slowTree(table(ROWS))
    const file = await openParquet(unitOf(tree), tree, { limits: APART })
    await file.read(() => {})
    const reader = readerOf(file)
    await reader.load(['x'])
    fail(new Error('no network'))
    await expect(reader.load(['x', 'y'])).rejects.toThrow('no network')
    expect(ready(reader)).toEqual(['x'])
    fail(undefined)
    await reader.load(['y', 'x'])
    expect(ready(reader)).toEqual(['x', 'y'])
  })

  it('shows the neighbours of a damaged column, and names that one', async () => {
    const bytes = table(ROWS)
    const clean = await countedTree([{ path: 'made.parquet', file: new File([bytes], 'made.parquet') }])
    const probe = await openParquet(unitOf(clean), clean, { limits: APART })
    await probe.read(() => {})
    await readerOf(probe).load(['y'])
    const [offset = 0] = clean.opened.get('made.parquet')?.loads.at(-1) ?? []
    bytes.fill(0xff, offset, offset + 40)
    const { tree } = await slowTree(bytes)
    const file = await openParquet(unitOf(tree), tree)
    await file.read(() => {})
    const reader = readerOf(file)
    await expect(reader.load(['x', 'y', 'z'])).rejects.toThrow(/^y cannot be read: /)
    expect(ready(reader)).toEqual(['x', 'z'])
    expect(reader.unread().map(({ name }) => name)).toEqual(NAMES)
  })

  it('counts a version each time something becomes ready', async () => {
    const { tree } = await slowTree(table(1000))
    const file = await openParquet(unitOf(tree), tree)
    const reader = readerOf(file)
    const seen = [reader.version()]
    await file.read(() => {})
    seen.push(reader.version())
    await reader.load(['z'])
    seen.push(reader.version())
    await reader.load(['z'])
    expect(seen[0]).toBeLessThan(seen[1] ?? 0)
    expect(seen[1]).toBeLessThan(seen[2] ?? 0)
    expect(reader.version()).toBe(seen[2])
  })
})

describe('reading rows', () => {
  it('is one reading, whoever asks', async () => {
    const { tree } = await slowTree(table(1000))
    const file = await openParquet(unitOf(tree), tree)
    await Promise.all([file.read(() => {}), file.read(() => {}), readerOf(file).load([])])
    const bytes = chunkBytes(tree)
    await file.read(() => {})
    expect(chunkBytes(tree)).toBe(bytes)
    expect(readerOf(file).reading().rows).toBe(ROWS)
  })

  it('pauses between row groups and goes on where it was', async () => {
    const { tree, hold } = await slowTree(table(500))
    const file = await openParquet(unitOf(tree), tree, { limits: APART })
    const release = hold()
    const reading = file.read(() => {})
    file.stop('pause')
    release()
    await reading
    const reader = readerOf(file)
    expect({ exact: reader.exact(), done: file.done(), state: reader.reading().state }).toEqual({
      exact: false,
      done: false,
      state: 'reading',
    })
    await file.read(() => {})
    expect(reader.reading()).toMatchObject({ state: 'done', rows: ROWS })
    await reader.load(['x'])
    expect(reader.unread()[0]).toMatchObject({ points: ROWS / 2, mostInOneRun: ROWS / 2 })
  })

  it('that was cancelled gives metrics for the rows that were read, and all of them once it is resumed', async () => {
    const { tree, onRequest } = await slowTree(table(500))
    const file = await openParquet(unitOf(tree), tree, { limits: { ...APART, gap: 4096 } })
    const reader = readerOf(file)
    let groups = 0
    onRequest(() => {
      if (++groups === 4) file.stop('cancel')
    })
    await file.read(() => {})
    const { rows, state } = reader.reading()
    expect({ rows, state }).toEqual({ rows: 1500, state: 'cancelled' })
    await reader.load(['y'])
    const points = reader.runs().reduce((sum, run) => sum + (run.columns.metrics[1]?.length ?? 0), 0)
    expect(points).toBe(Math.ceil(rows / 3))
    await file.read(() => {})
    expect(ready(reader)).toEqual([])
    await reader.load(['y'])
    expect(reader.unread()[1]).toMatchObject({ name: 'y', points: Math.ceil(ROWS / 3) })
  })

  it('that fails says so, and can be tried again', async () => {
    const { tree, fail } = await slowTree(table(500))
    const file = await openParquet(unitOf(tree), tree, { limits: APART })
    const reader = readerOf(file)
    fail(new Error('no network'))
    await expect(file.read(() => {})).rejects.toThrow('no network')
    expect(reader.reading().state).toBe('failed')
    expect(reader.notices().at(-1)).toMatchObject({ level: 'error', text: 'no network' })
    fail(undefined)
    await file.read(() => {})
    expect(reader.reading()).toMatchObject({ state: 'done', rows: ROWS })
    expect(reader.notices().filter(({ level }) => level === 'error')).toEqual([])
  })
})

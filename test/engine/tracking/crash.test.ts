import { expect, test } from 'vitest'
import { makeLocalStore } from '../../../src/engine/tracking/local-store.ts'
import type { Batch } from '../../../src/model/tracking.ts'
import { memoryFile } from '../../../src/storage/opfs/sync-file.ts'
import { memoryTree, type WriteTree } from '../../../src/storage/opfs/write-tree.ts'
import { makeRandom } from '../../random.ts'
import { openCopy } from './copy.ts'

// Real kills of a real tab are in test/browser/tracking-kills.test.ts; here a process ends at every single
// write.

type Change = { path: string; at: number; bytes: Uint8Array } | { path: string; size: number }

test('wherever the process ends, the database is whole: every acknowledged row, no row twice', async () => {
  const changes: Change[] = []
  const store = makeLocalStore(recorded(memoryTree(), changes))
  const random = makeRandom(5)
  /** Rows that were acknowledged, and how many changes had been made by then. */
  const acknowledged: { rows: number; after: number }[] = [{ rows: 0, after: 0 }]
  let rows = 0
  for (let i = 0; i < 30; i++) {
    const count = 1 + Math.floor(random() * 40)
    const batch = batchOf(rows, count)
    await store.write(batch)
    // sent again, as by a tab that lost its owner
    if (i % 4 === 0) await store.write(batch)
    rows += count
    acknowledged.push({ rows, after: changes.length })
    if (i % 7 === 3) await store.checkpoint('demo')
  }

  let trials = 0
  for (let end = 0; end <= changes.length; end++) {
    for (const torn of [0, random(), random()]) {
      const files = replay(changes, end, torn)
      const found = makeLocalStore(files)
      // whoever opens it next writes at once
      await found.write({
        ...batchOf(0, 1, 'f'.repeat(20)),
        run: { project: 'demo', id: 'other', name: 'other' },
      })
      const db = await openCopy(await found.exportDatabase('demo'))
      expect(db.rows('PRAGMA integrity_check'), `after ${end} changes`).toEqual([['ok']])
      const steps = db
        .rows("SELECT step FROM metrics WHERE run_id <> 'other' ORDER BY id")
        .map(([step]) => step)
      db.close()
      const least = acknowledged.findLast(({ after }) => after <= end)?.rows ?? 0
      const most = acknowledged.find(({ after }) => after >= end)?.rows ?? rows
      // a batch is there whole or not at all
      expect([least, most], `after ${end} changes`).toContain(steps.length)
      expect(steps).toEqual(steps.map((_, step) => step))
      trials++
    }
  }
  expect(trials).toBeGreaterThan(200)
})

function batchOf(first: number, count: number, ids = '0123456789abcdef0123'): Batch {
  const steps = Array.from({ length: count }, (_, i) => first + i)
  return {
    run: { project: 'demo', id: 'a'.repeat(32), name: 'run' },
    space: null,
    rows: {
      ids,
      first,
      times: Float64Array.from(steps, (step) => 1.8e12 + step),
      steps: Float64Array.from(steps),
      payloads: steps
        .map((step) => `{"loss":${1 / (step + 1)},"text":"${'x'.repeat(step % 300)}"}`)
        .join('\n'),
    },
  }
}

function recorded(tree: WriteTree, changes: Change[]): WriteTree {
  return {
    ...tree,
    async open(path) {
      const file = await tree.open(path)
      return {
        get size() {
          return file.size
        },
        read: (target, offset) => file.read(target, offset),
        write(source, offset) {
          changes.push({ path, at: offset, bytes: source.slice() })
          file.write(source, offset)
        },
        truncate(size) {
          changes.push({ path, size })
          file.truncate(size)
        },
        flush: () => file.flush(),
        close: () => file.close(),
      }
    },
  }
}

/** The folder as it was after so many changes; `torn`: with this share of the next one. */
function replay(changes: Change[], end: number, torn: number): WriteTree {
  const files = new Map<string, ReturnType<typeof memoryFile>>()
  const file = (path: string) => files.get(path) ?? files.set(path, memoryFile()).get(path) ?? memoryFile()
  for (const change of changes.slice(0, end)) {
    if ('size' in change) file(change.path).truncate(change.size)
    else file(change.path).write(change.bytes, change.at)
  }
  const next = changes[end]
  if (next && 'bytes' in next)
    file(next.path).write(next.bytes.subarray(0, Math.floor(next.bytes.length * torn)), next.at)
  const tree = memoryTree()
  return { ...tree, open: async (path) => file(path), size: async (path) => files.get(path)?.size }
}

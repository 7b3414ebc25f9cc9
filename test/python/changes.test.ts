import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { changeCopy } from '../../src/engine/tracking/change-copy.ts'
import { deleteRunsIn, renameRunIn } from '../../src/engine/tracking/change-runs.ts'
import { copyRuns, leaveRuns } from '../../src/engine/tracking/move-runs.ts'
import { runTablesOf } from '../../src/engine/tracking/run-tables.ts'
import type { WritableDatabase } from '../../src/engine/tracking/writable.ts'
import { memoryFile, type SyncFile } from '../../src/storage/opfs/sync-file.ts'
import { filesOf } from '../engine/golden-fixtures.ts'
import { pythonMissing, talk } from './python.ts'

/* Databases of old and new releases with runs renamed, deleted and moved, as trackio 0.43 reads them afterwards. */

interface ReadRun {
  id: string | null
  name: string
  [what: string]: unknown
}

interface Read {
  [project: string]: { runs: ReadRun[]; alerts: unknown[]; artifacts: unknown[] }
}

const CASES: [folder: string, file?: string][] = [
  ['v0.5.3'],
  ['v0.23.0'],
  ['mixed-0.23.0-0.36.0'],
  ['migrated-0.23.0-0.36.0-0.43.0'],
  ['v0.36.0'],
  ['v0.43.0'],
  ['cross-0.43.0', 'consumer.db'],
  ['cross-0.43.0', 'producer.db'],
]

describe.skipIf(pythonMissing)('trackio reads what was changed here', () => {
  test.each(CASES)('%s %s', { timeout: 240_000 }, async (folder, wanted = '') => {
    const files = filesOf(folder).filter(({ path }) => path.endsWith('.db'))
    const found = files.find(({ path }) => path.endsWith(wanted))
    if (!found) throw new Error(`no database in ${folder}`)
    const bytes = new Uint8Array(await found.file.arrayBuffer())
    const name = found.path.slice(found.path.lastIndexOf('/') + 1)
    const project = name.replace(/\.db$/, '')
    const edit = async (act: (db: WritableDatabase) => void): Promise<SyncFile> => {
      const copy = memoryFile()
      copy.write(bytes, 0)
      await changeCopy(name, copy, act)
      return copy
    }
    const before = (await readBy({ [name]: bytes }))[project]
    const [run] = before?.runs.filter(({ logs }) => Array.isArray(logs) && logs.length > 0) ?? []
    if (!before || !run) throw new Error(`trackio finds no run in ${folder}`)
    // what it reads has an id that it made up just now where the file has none
    const hasIds = await edit(() => {}).then(async (copy) => {
      let ids = false
      await changeCopy(name, copy, (db) => (ids = runTablesOf(db, project).hasIds))
      return ids
    })
    const ref = { key: run.id ?? run.name, id: hasIds ? run.id : null, name: run.name }

    const renamed = await edit((db) =>
      renameRunIn(db, runTablesOf(db, project), project, ref, 'renamed here'),
    )
    const afterRename = (await readBy({ [name]: bytesOf(renamed) }))[project]
    expect(comparable(afterRename?.runs ?? [])).toEqual(
      comparable(before.runs).map((one, i) =>
        before.runs[i] === run ? { ...one, name: 'renamed here' } : one,
      ),
    )
    expect(afterRename?.alerts.length).toBe(before.alerts.length)

    const deleted = await edit((db) => deleteRunsIn(db, runTablesOf(db, project), [ref]))
    const afterDelete = (await readBy({ [name]: bytesOf(deleted) }))[project]
    expect(comparable(afterDelete?.runs ?? [])).toEqual(comparable(before.runs.filter((one) => one !== run)))
    const own = (run.alerts as unknown[]).length
    expect(afterDelete?.alerts.length).toBe(before.alerts.length - own)
  })

  test('a run that moved is whole in its new project, and lineage leads from one to the other', {
    timeout: 120_000,
  }, async () => {
    const files = new Map(filesOf('cross-0.43.0').map(({ path, file }) => [path, file]))
    const open = async (name: string): Promise<SyncFile> => {
      const copy = memoryFile()
      copy.write(new Uint8Array((await files.get(name)?.arrayBuffer()) ?? []), 0)
      return copy
    }
    const [from, to] = [await open('producer.db'), await open('consumer.db')]
    const before = await readBy({ 'producer.db': bytesOf(from), 'consumer.db': bytesOf(to) })
    const [run] = before.producer?.runs.filter(({ logs }) => (logs as unknown[]).length > 0) ?? []
    if (!run) throw new Error('no run')
    const ref = { key: run.id ?? '', id: run.id, name: run.name }
    await changeCopy('producer.db', from, async (source) => {
      const one = { db: source, tables: runTablesOf(source, 'producer'), project: 'producer' }
      await changeCopy('consumer.db', to, (target) => {
        const other = { db: target, tables: runTablesOf(target, 'consumer'), project: 'consumer' }
        copyRuns(one, other, [ref], 'question', () => undefined)
      })
      leaveRuns(one, [ref], 'consumer')
    })
    const after = await readBy({ 'producer.db': bytesOf(from), 'consumer.db': bytesOf(to) })
    expect(after.producer?.runs.map(({ id }) => id)).not.toContain(run.id)
    const moved = after.consumer?.runs.find(({ id }) => id === run.id)
    if (!moved) throw new Error('it is not there')
    const { artifacts, ...rest } = moved
    const { artifacts: had, ...whole } = run
    expect(rest).toEqual(whole)
    const names = (list: unknown): unknown[] =>
      ['input', 'output', 'inputs', 'outputs'].flatMap((direction) =>
        ((Object(list)[direction] ?? []) as { name?: string; artifact?: string }[]).map(
          (one) => one.name ?? one.artifact,
        ),
      )
    expect(names(artifacts)).toEqual(names(had))
  })
})

function comparable(runs: readonly ReadRun[]): object[] {
  return runs.map(({ id: _, traces, alerts, ...rest }) => ({
    ...rest,
    traces: (traces as object[]).map((trace) => ({ ...trace, run: '', run_id: '' })),
    alerts: (alerts as object[]).map((alert) => ({ ...alert, run: '' })),
  }))
}

function bytesOf(file: SyncFile): Uint8Array {
  const bytes = new Uint8Array(file.size)
  file.read(bytes, 0)
  return bytes
}

async function readBy(files: Record<string, Uint8Array>): Promise<Read> {
  const root = mkdtempSync(join(tmpdir(), 'changes-'))
  try {
    const folder = join(root, 'trackio')
    mkdirSync(folder)
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes)
    const { ask, stop } = await talk('read_runs.py', [], folder)
    const answer = (await ask()) as unknown as Read
    await stop()
    return answer
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/api.ts'
import { changeCopy } from '../../../src/engine/tracking/change-copy.ts'
import { deleteRunsIn, renameRunIn } from '../../../src/engine/tracking/change-runs.ts'
import { runTablesOf } from '../../../src/engine/tracking/run-tables.ts'
import type { ChangedRun, StoredChange } from '../../../src/model/change.ts'
import { systemOf } from '../../../src/model/source.ts'
import { memoryFile } from '../../../src/storage/opfs/sync-file.ts'
import { filesOf } from '../golden-fixtures.ts'

/*
 * What is shown while a change waits is what is shown once it is made: both are asked for everything, the one with
 * the change laid over, the other of a file that was changed.
 */

const CASES: [folder: string, file: string][] = [
  ['v0.5.3', 'LLMfinetune.db'],
  ['v0.23.0', 'sweep202603.db'],
  ['mixed-0.23.0-0.36.0', 'sweep202603.db'],
  ['migrated-0.23.0-0.36.0-0.43.0', 'sweep202603.db'],
  ['v0.36.0', 'pointcloudsév2.db'],
  ['cross-0.43.0', 'producer.db'],
  ['cross-0.43.0', 'consumer.db'],
  ['extra-0.0.19', 'preéxv10.db'],
]

async function shown(
  file: File,
  changes?: (runs: ChangedRun[]) => StoredChange[],
): Promise<{ name: string; [what: string]: unknown }> {
  const engine = createEngine()
  const source = await engine.open({
    kind: 'files',
    name: file.name,
    files: [{ path: file.name, file }],
    live: false,
  })
  const [info] = source.projects
  if (!info) throw new Error('no project')
  const project = info.id
  await engine.ask('settled', { project })
  // what was asked for before is not what is shown then
  for (const kind of ['catalogue', 'alerts', 'values', 'system'] as const) await engine.ask(kind, { project })
  await engine.ask('traces', { project, from: 0, store: 0 })
  const runs = (await engine.ask('catalogue', { project })).runs
  if (changes)
    await engine.ask('hold', {
      project,
      changes: changes(runs.map(({ key, id, name }) => ({ key, id, name }))),
    })
  const { runs: listed, metrics, others } = await engine.ask('catalogue', { project })
  const history: object[] = []
  for (const { key } of listed) {
    history.push(await engine.ask('history', { project, run: key }))
    history.push(
      await engine.ask('runRows', {
        project,
        run: key,
        keys: metrics.map(({ name }) => name),
        from: 0,
        count: 5,
      }),
    )
    history.push(await engine.ask('runBeside', { project, run: key }))
  }
  const system = await engine.ask('system', { project })
  const samples: object[] = []
  for (const run of system.runs)
    samples.push(await engine.ask('history', { project: systemOf(project), run: run.key }).catch(() => ({})))
  const { store: _, ...traces } = await engine.ask('traces', { project, from: 0, store: 0 })
  const found = {
    name: info.name,
    listed,
    metrics,
    others,
    history,
    system: system.runs,
    samples,
    traces,
    alerts: (await engine.ask('alerts', { project })).alerts,
    values: (await engine.ask('values', { project })).runs,
  }
  await engine.close(source.id)
  return found
}

async function changed(
  file: File,
  part: string,
  act: (...of: [Parameters<typeof runTablesOf>[0], ReturnType<typeof runTablesOf>]) => void,
): Promise<File> {
  const copy = memoryFile()
  copy.write(new Uint8Array(await file.arrayBuffer()), 0)
  const stem = file.name.replace(/\.db$/, '')
  await changeCopy(file.name, copy, (db) => act(db, runTablesOf(db, stem, part)))
  const bytes = new Uint8Array(copy.size)
  copy.read(bytes, 0)
  return new File([bytes], file.name)
}

test('no copy is made of files in which what is shown as deleted still stands', async () => {
  const files = filesOf('cross-0.43.0').filter(({ path }) => path === 'producer.db')
  const engine = createEngine()
  const source = await engine.open({ kind: 'files', name: 'producer.db', files, live: false })
  const project = source.projects[0]?.id ?? ''
  const [run] = (await engine.ask('catalogue', { project })).runs
  const changes: StoredChange[] = [{ kind: 'delete', runs: [run as ChangedRun] }]
  const frontend = ''
  await engine.ask('hold', { project, changes })
  await expect(engine.ask('export', { project, form: 'db', frontend })).rejects.toThrow('can still be undone')
  await engine.ask('export', { project, form: 'csv', frontend })
  await engine.ask('hold', { project, changes: [] })
  expect((await engine.ask('export', { project, form: 'db', frontend })).blob.size).toBeGreaterThan(1000)
})

describe.each(CASES)('%s, %s', (folder, name) => {
  test('shows with a change laid over it what it shows once it is changed', async () => {
    const file = filesOf(folder).find(({ path }) => path.normalize() === name.normalize())?.file
    if (!file) throw new Error(`no ${name}: ${filesOf(folder).map(({ path }) => path)}`)
    const refs: ChangedRun[] = []
    const whole = await shown(file, (runs) => {
      refs.push(...runs)
      return []
    })
    const part = whole.name
    expect(whole).toEqual(await shown(file))
    const [first, second] = refs
    if (!first || !second) throw new Error('fewer than two runs')

    const deleted = await changed(file, part, (db, tables) => void deleteRunsIn(db, tables, [first]))
    expect(await shown(file, () => [{ kind: 'delete', runs: [first] }])).toEqual(await shown(deleted))

    const renamed = await changed(
      file,
      part,
      (db, tables) => void renameRunIn(db, tables, name, second, 'other name'),
    )
    const rename: StoredChange = { kind: 'rename', runs: [second], name: 'other name' }
    expect(await shown(file, () => [rename])).toEqual(await shown(renamed))

    // asked for one after the other, of a run as it was then called
    const then = { ...second, name: 'other name', ...(second.id === null && { key: 'other name' }) }
    const both = await changed(renamed, part, (db, tables) => void deleteRunsIn(db, tables, [then]))
    expect(await shown(file, () => [rename, { kind: 'delete', runs: [then] }])).toEqual(await shown(both))
  })
})

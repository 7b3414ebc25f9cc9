import { expect, test } from 'vitest'
import { createEngine } from '../../src/engine/api.ts'
import type { NamedFile, SourceInfo } from '../../src/model/source.ts'
import { memoryDatabase } from './sqlite-files.ts'

/** A metrics table with one row for each [timestamp, value]; its bytes after each call of `add`. */
async function growing(): Promise<{ add(rows: [string, number][]): void; files(name: string): NamedFile[]; close(): void }> {
  const { db, file, close } = await memoryDatabase(4096)
  db.exec('CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp TEXT, run_name TEXT, step INTEGER, metrics TEXT)')
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
    files: (name) => [{ path: `${name}.db`, file: new File([file().slice()], `${name}.db`, { lastModified: writes }) }],
    close,
  }
}

function at(second: number): string {
  return `2026-01-01T00:00:${String(second).padStart(2, '0')}+00:00`
}

test('rows that come live with earlier times are put in their place, as often as they come', async () => {
  const source = await growing()
  const engine = createEngine()
  const values = async () => [...((await engine.history(id, 'run')).v?.values ?? [])]
  source.add([
    [at(10), 1],
    [at(20), 2],
  ])
  const info = await engine.open({ kind: 'files', name: 'live', files: source.files('live'), live: true })
  const id = info.projects[0]?.id ?? ''
  expect(await values()).toEqual([1, 2])
  source.add([[at(15), 1.5]])
  await engine.refresh(info.id, source.files('live'))
  expect(await values()).toEqual([1, 1.5, 2])
  source.add([
    [at(5), 0.5],
    [at(30), 3],
  ])
  await engine.refresh(info.id, source.files('live'))
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
  for (const source of sources) source.add(Array.from({ length: 20_000 }, (_, i): [string, number] => [at(2), i]))
  const refreshes = sources.map((source, i) => engine.refresh(infos[i]?.id ?? '', source.files(`s${i}`)))
  for (const info of infos) await engine.watch(info.projects[0]?.id ?? '')
  await Promise.all(refreshes)
  for (const info of infos) {
    const { rows, exact } = await engine.catalogue(info.projects[0]?.id ?? '')
    expect([rows, exact]).toEqual([20_001, true])
  }
  for (const source of sources) source.close()
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
  if (outcome === 'AbortError') await expect(engine.catalogue('s1/x.db/x')).rejects.toThrow('no open project')
  source.close()
})

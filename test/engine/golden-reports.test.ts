import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/api.ts'
import { MARKDOWN, type ReportHits } from '../../src/model/report.ts'
import type { ValuePlace } from '../../src/model/typed-values.ts'
import { reportsDatabase } from '../browser/reports-project.ts'
import { filesOf, namedFile } from './golden-fixtures.ts'

/* Logged texts of the databases of test/fixtures beside what Python tells of them (test/make/reports.py). */

interface Wanted {
  sha256: string
  reports: {
    run: string
    key: string
    step: number
    title: string
    words: number
    letters: number
    says: Record<string, number>
  }[]
}

const WANTED: Record<string, Record<string, Wanted>> = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', 'fixtures', 'reports.json'), 'utf8'),
)

async function open(files: Parameters<ReturnType<typeof createEngine>['open']>[0]) {
  const engine = createEngine()
  const source = await engine.open(files)
  async function placesOf(project: string): Promise<ValuePlace[]> {
    await engine.ask('settled', { project })
    const { runs, keys, run, key, row } = await engine.ask('values', { project, kinds: [MARKDOWN] })
    return Array.from(run, (r, i) => ({
      run: runs[r] as string,
      key: keys[key[i] as number] as string,
      row: row[i] as number,
    }))
  }
  return { engine, source, placesOf }
}

describe.each(Object.keys(WANTED))('%s', (folder) => {
  test('titles, lengths and what is found are those of Python', async () => {
    const files = filesOf(folder, /\.db(-wal)?(\.gz)?$/)
    const { engine, source, placesOf } = await open({ kind: 'files', name: 'drop', files, live: false })
    for (const [file, { reports, sha256 }] of Object.entries(WANTED[folder] ?? {})) {
      const project = source.projects.find((one) => one.file === file)?.id ?? ''
      const at = await placesOf(project)
      const { runs } = await engine.ask('catalogue', { project })
      const nameOf = (key: string): string | undefined => runs.find((one) => one.key === key)?.name
      expect(at.map(({ run, key }) => [nameOf(run), key])).toEqual(reports.map(({ run, key }) => [run, key]))
      expect(await engine.ask('reportHeads', { project, at })).toEqual(
        reports.map(({ title, words, letters }) => ({ title, words, letters, odd: undefined })),
      )
      for (const text of Object.keys(reports[0]?.says ?? {})) {
        const { hits, searched } = await engine.ask('searchReports', { project, at, text })
        expect([...hits], text).toEqual(reports.map(({ says }) => says[text]))
        expect(searched).toBe(reports.length)
      }
      const stems = await engine.ask('fileHashes', { project })
      expect(stems.map((one) => one.sha256)).toEqual([sha256])
    }
  })
})

test('a change is counted in words, and a value that is no text says so', async () => {
  const { memoryDatabase } = await import('./sqlite-files.ts')
  const { db, file, close } = await memoryDatabase()
  db.exec(`CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, timestamp TEXT NOT NULL,
    run_name TEXT NOT NULL, step INTEGER NOT NULL, metrics TEXT NOT NULL, log_id TEXT, space_id TEXT)`)
  const values = ['at step 800 it is 0.741', 'at step 1,200 it is far better: 0.771', null, 12, '']
  for (const [step, _value] of values.entries())
    db.exec({
      sql: 'INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) VALUES (?, ?, ?, ?, ?)',
      bind: [
        ...['id', '2026-01-01T00:00:00+00:00', 'run', step],
        JSON.stringify({ note: { _type: MARKDOWN, _value } }),
      ],
    })
  const files = [namedFile('notes.db', new Uint8Array(file()))]
  close()
  const { engine, source, placesOf } = await open({ kind: 'files', name: 'drop', files, live: false })
  const project = source.projects[0]?.id ?? ''
  const at = await placesOf(project)
  const [first, second] = at as [ValuePlace, ValuePlace]
  // 800 → 1,200 (two words of digits), far, better, 0.741 → 0.771
  expect(await engine.ask('reportChanges', { project, pairs: [[first, second]] })).toEqual([
    { added: 5, removed: 2, replaced: false },
  ])
  const heads = await engine.ask('reportHeads', { project, at: [...at, { run: 'id', key: 'note', row: 99 }] })
  expect(heads.map(({ title, odd }) => [title, odd])).toEqual([
    ['at step 800 it is 0.741', undefined],
    ['at step 1,200 it is far better: 0.771', undefined],
    ['', 'it holds no text'],
    ['', 'it holds no text'],
    ['', undefined],
    ['', 'the row is not found any more'],
  ])
})

test('a search of many texts tells how far it is, and ends when it is given up', async () => {
  const many = Array.from({ length: 400 }, (_, i) => ({
    ...{ run: 'grpo-s0', step: i, key: 'log' },
    text: `# ${i}\n\n${'words and more of them\n'.repeat(2000)}${i === 7 ? 'a Needle' : ''}`,
  }))
  const files = [namedFile('many.db', await reportsDatabase(many))]
  const { engine, source, placesOf } = await open({ kind: 'files', name: 'drop', files, live: false })
  const project = source.projects[0]?.id ?? ''
  const at = (await placesOf(project)).filter(({ key }) => key === 'log')
  const told: ReportHits[] = []
  const found = await engine.ask(
    'searchReports',
    { project, at, text: 'needle' },
    { onProgress: (now) => told.push(now) },
  )
  expect([...found.hits].reduce((sum, n) => sum + n, 0)).toBe(1)
  expect(found.hits[7]).toBe(1)
  for (const [i, now] of told.entries()) expect(now.searched).toBeGreaterThan(told[i - 1]?.searched ?? 0)
  const abort = new AbortController()
  const search = engine.ask('searchReports', { project, at, text: 'words' }, { signal: abort.signal })
  abort.abort()
  await expect(search).rejects.toMatchObject({ name: 'AbortError' })
})

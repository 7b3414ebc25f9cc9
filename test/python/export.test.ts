import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exportDatabase } from '../../src/engine/exports/database-file.ts'
import { openDataset } from '../../src/engine/formats/registry.ts'
import { filesTree } from '../../src/storage/files/files-tree.ts'
import { databasesOf, exported, type FixtureDatabase, openFixture } from '../engine/exports/sources.ts'
import { fixtureFolders } from '../engine/golden-fixtures.ts'
import { pythonMissing, type Talk, talk } from './python.ts'

// Every database of the fixtures, exported here and read by sqlite3, pyarrow and trackio's own code.

/** Where trackio's own export or import ends with an error. */
const CANNOT = [
  /JSONDecodeError/, // bare NaN of releases up to 0.4.0, which orjson refuses
  /Arrow(Invalid|TypeError)/, // values of several types under one key
  /several projects in one file/,
  /import: IntegrityError: NOT NULL constraint failed: metrics\.run_id/, // before 0.24 rows had no run_id
]

describe.skipIf(pythonMissing)('exports read by Python', () => {
  let folder = ''
  let checker: Talk
  let places = 0
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'trackio-lite-export-'))
    checker = await talk('check_export.py', [], join(folder, 'trackio'))
  }, 300_000)
  afterAll(async () => {
    await checker?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  test.each(fixtureFolders('runs'))(
    '%s: the .db holds the same, the Parquet files hold what trackio exports, and trackio imports them',
    async (name) => {
      for (const fixture of databasesOf(name)) {
        for (const project of await projectsOf(fixture)) {
          const place = join(folder, name, String(places++))
          const original = await writeOut(fixture, project, place)
          const answer = await checker.ask(JSON.stringify({ original, folder: place, project }))
          expect({ project, differs: answer.differs }).toEqual({ project, differs: [] })
          expect(answer.checked).toBeGreaterThan(10)
          // what trackio cannot do with the same database is no surprise
          const cannot = Array.isArray(answer.upstream_cannot) ? answer.upstream_cannot.map(String) : []
          expect(cannot.filter((one) => !CANNOT.some((reason) => reason.test(one)))).toEqual([])
        }
      }
    },
  )
})

async function projectsOf({ files, projectFiles }: FixtureDatabase): Promise<string[]> {
  const file = await openDataset(projectFiles, filesTree(files), {})
  await file.read(() => {})
  return file.projects.map(({ info }) => info.name)
}

/** Writes the original and its exports to a folder; gives the path of the original. */
async function writeOut(fixture: FixtureDatabase, project: string, place: string): Promise<string> {
  const write = async (path: string, blob: Blob): Promise<void> => {
    mkdirSync(dirname(join(place, path)), { recursive: true })
    writeFileSync(join(place, path), new Uint8Array(await blob.arrayBuffer()))
  }
  for (const { path, file } of fixture.files) {
    if (path === fixture.projectFiles.path) await write('original.db', file)
    if (path === `${fixture.projectFiles.path}-wal`) await write('original.db-wal', file)
  }
  const source = await openFixture(fixture)
  await write('folded.db', await exportDatabase(source))
  for (const layout of ['static', 'dataset'] as const) {
    mkdirSync(join(place, layout), { recursive: true })
    for (const [path, blob] of (await exported(source, project, { layout })).files)
      await write(join(layout, path), blob)
  }
  return join(place, 'original.db')
}

import { expect, test } from 'vitest'
import { exportFiles } from '../../../src/engine/exports/companion-files.ts'
import type { InboxFiles } from '../../../src/engine/formats/fragments/inbox-files.ts'
import type { ParquetFiles } from '../../../src/engine/formats/parquet/parquet-files.ts'
import type { DatabaseFiles } from '../../../src/engine/formats/sqlite/database-files.ts'
import { filesTree } from '../../../src/storage/files/files-tree.ts'
import { namedFile } from '../golden-fixtures.ts'

const paths = [
  'trackio/media/myproj/run 1/3/a.png',
  'trackio/media/my proj/old/0/b.png',
  'trackio/media/my/proj/older/0/c.png',
  'trackio/media/myproj/files/cfg/x.yaml',
  'trackio/media/other/run/0/d.png',
  'trackio/artifacts/myproj/blobs/sha256/ab/abcd',
  'trackio/artifacts/myproj/blobs/sha256/ab/abcd.partial.1',
  'trackio/artifacts/other/blobs/sha256/ab/abcd',
  'elsewhere/media/myproj/e.png',
]
const tree = filesTree(paths.map((path) => namedFile(path, path)))
const entry = { path: '', size: 1, stamp: '' }

async function exportedFiles(
  projectFiles: DatabaseFiles | ParquetFiles | InboxFiles,
  project = 'myproj',
): Promise<Record<string, string>> {
  const files: Record<string, string> = {}
  await exportFiles({ tree, files: projectFiles, project }, async (path, blob) => {
    files[path] = await blob.text()
  })
  return files
}

test("a static export has a project's media and artifacts without its folder, whatever spelling of the name that has", async () => {
  const path = 'trackio/myproj.db'
  const projectFiles: DatabaseFiles = {
    format: 'database',
    path,
    project: 'myproj',
    db: entry,
    wal: undefined,
    inbox: [],
    folderSeen: true,
    media: 'trackio/media/',
  }
  expect(await exportedFiles(projectFiles)).toEqual({
    'media/run 1/3/a.png': paths[0],
    'media/old/0/b.png': paths[1],
    'media/older/0/c.png': paths[2],
    'media/files/cfg/x.yaml': paths[3],
    'artifacts/blobs/sha256/ab/abcd': paths[5],
  })
})

test('those of a static export are all its own', async () => {
  const of = (strip: string[]): ParquetFiles => ({
    format: 'parquet',
    path: 'elsewhere/metrics.parquet',
    project: 'any',
    tables: {},
    runs: undefined,
    media: 'elsewhere/media/',
    strip,
  })
  expect(await exportedFiles(of(['any/']))).toEqual({ 'media/myproj/e.png': paths[8] })
  expect(await exportedFiles(of([]))).toEqual({})
})

test('log fragments of several projects give each its own', async () => {
  const inbox: InboxFiles = {
    format: 'fragments',
    path: 'trackio/inbox',
    project: undefined,
    inbox: [],
    media: 'trackio/media/',
    elsewhere: [],
  }
  expect(await exportedFiles(inbox, 'other')).toEqual({
    'media/run/0/d.png': paths[4],
    'artifacts/blobs/sha256/ab/abcd': paths[7],
  })
})

import { exportParquet, type ParquetOptions } from '../../../src/engine/exports/parquet.ts'
import type { DatabaseFiles } from '../../../src/engine/formats/sqlite/database-files.ts'
import type { DatabaseSource } from '../../../src/engine/formats/sqlite/database-source.ts'
import { openSource } from '../../../src/engine/formats/sqlite/database-source.ts'
import type { NamedFile, Notice } from '../../../src/model/source.ts'
import { filesTree } from '../../../src/storage/files/files-tree.ts'
import type { TreeEntry } from '../../../src/storage/tree.ts'
import { filesOf, namedFile } from '../golden-fixtures.ts'

/** A database among files, with its write-ahead log. */
export function unitOf(files: NamedFile[], path: string): DatabaseFiles {
  const entry = (name: string): TreeEntry | undefined => {
    const found = files.find((one) => one.path === name)
    return found && { path: name, size: found.file.size, stamp: '' }
  }
  const db = entry(path)
  if (!db) throw new Error(`no file ${path}`)
  return {
    format: 'database',
    path,
    project: stem(path),
    db,
    wal: entry(`${path}-wal`),
    inbox: [],
    folderSeen: true,
    media: 'media/',
  }
}

export interface FixtureDatabase {
  folder: string
  /** As trackio lists it. */
  project: string
  files: NamedFile[]
  projectFiles: DatabaseFiles
}

/** Every database of a folder of test/fixtures. */
export function databasesOf(folder: string): FixtureDatabase[] {
  const files = filesOf(folder)
  return files
    .filter(({ path }) => path.endsWith('.db'))
    .map(({ path }) => ({ folder, project: stem(path), files, projectFiles: unitOf(files, path) }))
}

function stem(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.db$/, '')
}

export function openFixture({ files, projectFiles }: FixtureDatabase): Promise<DatabaseSource> {
  return openSource(projectFiles, filesTree(files))
}

/** A database in memory as a source. */
export function sourceOf(bytes: Uint8Array<ArrayBuffer>): Promise<DatabaseSource> {
  const files = [namedFile('made.db', bytes)]
  return openSource(unitOf(files, 'made.db'), filesTree(files))
}

export interface Exported {
  files: Map<string, Blob>
  notices: Notice[]
}

export async function exported(
  source: DatabaseSource,
  project: string,
  options?: ParquetOptions,
): Promise<Exported> {
  const files = new Map<string, Blob>()
  const notices = await exportParquet(source, project, (path, blob) => void files.set(path, blob), options)
  return { files, notices }
}

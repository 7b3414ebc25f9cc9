import { describe, expect, test } from 'vitest'
import { openSource, pairFiles } from '../../src/engine/open.ts'
import { TrackioError } from '../../src/model/errors.ts'
import type { NamedFile } from '../../src/model/source.ts'

function named(...paths: string[]): NamedFile[] {
  return paths.map((path) => ({ path, file: new File([path], path.split('/').at(-1) ?? path) }))
}

/** `database` or `database + log`, in the order they are opened. */
function pairs(...paths: string[]): string[] {
  return pairFiles(named(...paths)).map(({ path, wal }) => (wal ? `${path} + ${wal.path}` : path))
}

describe('databases among files', () => {
  test('are those that end in .db, .sqlite or .sqlite3, in the order of their names', () => {
    expect(pairs('b.db', 'c.sqlite3', 'a.sqlite', 'D.DB', 'notes.txt', 'x.db.bak', 'x.lock')).toEqual([
      'D.DB',
      'a.sqlite',
      'b.db',
      'c.sqlite3',
    ])
  })
  test('each have the log that stands beside them', () => {
    expect(pairs('a.db-wal', 'a.db', 'b.db', 'a.db-shm', 'c.db-wal')).toEqual(['a.db + a.db-wal', 'b.db'])
    expect(pairs('x/a.db', 'a.db-wal', 'x/a.db-wal')).toEqual(['x/a.db + x/a.db-wal'])
    expect(pairs('x/a.db', 'y/a.db-wal', 'y/a.db')).toEqual(['x/a.db', 'y/a.db + y/a.db-wal'])
  })
  test('of a folder know that it was seen whole, so a log that is not there does not exist', () => {
    expect(pairFiles(named('a.db'))[0]?.folderSeen).toBe(false)
    expect(pairFiles(named('trackio/a.db'))[0]?.folderSeen).toBe(true)
  })
  test('below trackio’s folder are no projects', () => {
    expect(pairs('trackio/a.db', 'trackio/b.db', 'trackio/registry/cache.db', 'trackio/media/a/x.db')).toEqual([
      'trackio/a.db',
      'trackio/b.db',
    ])
    // a folder around trackio’s: the topmost that holds databases counts
    expect(pairs('hf/trackio/a.db', 'hf/trackio/deep/er/b.db')).toEqual(['hf/trackio/a.db'])
  })
  test('of several folders are all projects, at whatever depth', () => {
    expect(pairs('x/a.db', 'y/deep/b.db')).toEqual(['x/a.db', 'y/deep/b.db'])
  })
  test('dropped beside a folder do not hide what the folder holds', () => {
    expect(pairs('loose.db', 'trackio/a.db', 'trackio/b.db')).toEqual(['loose.db', 'trackio/a.db', 'trackio/b.db'])
  })
  test('may be one file of any name, with its sidecars', () => {
    expect(pairs('download')).toEqual(['download'])
    expect(pairs('download', 'download-wal', 'download-shm')).toEqual(['download + download-wal'])
    expect(pairs('a.txt', 'b.txt')).toEqual([])
    expect(pairs('a.db-wal')).toEqual([])
    expect(pairs()).toEqual([])
  })
  test('with odd names are databases all the same', () => {
    expect(pairs('copy (2) of #1.db', 'pre é x.db', '.db')).toEqual(['.db', 'copy (2) of #1.db', 'pre é x.db'])
  })
})

describe('nothing to open', () => {
  const reason = async (...paths: string[]): Promise<unknown> =>
    openSource({ kind: 'files', name: 'drop', files: named(...paths), live: false }, {}).catch((cause: unknown) => cause)

  test('is an error that names what was given and what to do', async () => {
    expect(await reason('a.db-wal')).toMatchObject({ name: 'TrackioError', subject: 'a.db-wal', action: 'Drop a.db together with it.' })
    expect(await reason('a.txt', 'b.csv')).toMatchObject({
      name: 'TrackioError',
      subject: 'a.txt, b.csv',
      message: 'no .db file among 2 files',
    })
    expect(await reason()).toBeInstanceOf(TrackioError)
  })
  test('is also a file that is no database, told by its first bytes', async () => {
    expect(await reason('hello.db')).toMatchObject({
      subject: 'hello.db',
      message: 'not an SQLite database: it starts with the bytes 68 65 6c 6c 6f 2e 64 62',
    })
  })
})

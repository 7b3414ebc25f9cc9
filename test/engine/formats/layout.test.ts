import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/api.ts'
import { layoutOf } from '../../../src/engine/formats/layout.ts'
import { isParquet } from '../../../src/engine/formats/parquet/parquet-files.ts'
import type { ProjectFiles } from '../../../src/engine/formats/project-files.ts'
import { stampOf } from '../../../src/engine/formats/registry.ts'
import { type DatabaseFiles, isDatabase } from '../../../src/engine/formats/sqlite/database-files.ts'
import { TrackioError } from '../../../src/model/errors.ts'
import type { NamedFile } from '../../../src/model/source.ts'
import type { TreeEntry } from '../../../src/storage/tree.ts'

function named(...paths: string[]): NamedFile[] {
  return paths.map((path) => ({ path, file: new File([path], path.split('/').at(-1) ?? path) }))
}

function entries(...paths: string[]): TreeEntry[] {
  return paths.map((path) => ({ path, size: 1, stamp: path }))
}

function claimed(prefer: 'database' | 'parquet', ...paths: string[]): Promise<ProjectFiles[]> {
  return layoutOf(entries(...paths), { name: 'opened', prefer })
}

async function databases(...paths: string[]): Promise<DatabaseFiles[]> {
  return (await claimed('database', ...paths)).filter(isDatabase)
}

/** `database` or `database + log`, in the order they are opened. */
async function pairs(...paths: string[]): Promise<string[]> {
  return (await databases(...paths)).map(({ path, wal }) => (wal ? `${path} + ${wal.path}` : path))
}

describe('databases among files', () => {
  test('are those that end in .db, .sqlite or .sqlite3, in the order of their names', async () => {
    expect(await pairs('b.db', 'c.sqlite3', 'a.sqlite', 'D.DB', 'notes.txt', 'x.db.bak', 'x.lock')).toEqual([
      'D.DB',
      'a.sqlite',
      'b.db',
      'c.sqlite3',
    ])
  })
  test('each have the log that stands beside them', async () => {
    expect(await pairs('a.db-wal', 'a.db', 'b.db', 'a.db-shm', 'c.db-wal')).toEqual([
      'a.db + a.db-wal',
      'b.db',
    ])
    expect(await pairs('x/a.db', 'a.db-wal', 'x/a.db-wal')).toEqual(['x/a.db + x/a.db-wal'])
    expect(await pairs('x/a.db', 'y/a.db-wal', 'y/a.db')).toEqual(['x/a.db', 'y/a.db + y/a.db-wal'])
  })
  test('of a folder know that it was seen whole, so a log that is not there does not exist', async () => {
    expect((await databases('a.db'))[0]?.folderSeen).toBe(false)
    expect((await databases('trackio/a.db'))[0]?.folderSeen).toBe(true)
  })
  test('below trackio’s folder are no projects', async () => {
    expect(
      await pairs('trackio/a.db', 'trackio/b.db', 'trackio/registry/cache.db', 'trackio/media/a/x.db'),
    ).toEqual(['trackio/a.db', 'trackio/b.db'])
    // a folder around trackio’s: the topmost that holds databases counts
    expect(await pairs('hf/trackio/a.db', 'hf/trackio/deep/er/b.db')).toEqual(['hf/trackio/a.db'])
  })
  test('of several folders are all projects, at whatever depth', async () => {
    expect(await pairs('x/a.db', 'y/deep/b.db')).toEqual(['x/a.db', 'y/deep/b.db'])
  })
  test('dropped beside a folder do not hide what the folder holds', async () => {
    expect(await pairs('loose.db', 'trackio/a.db', 'trackio/b.db')).toEqual([
      'loose.db',
      'trackio/a.db',
      'trackio/b.db',
    ])
  })
  test('may be one file of any name, with its sidecars', async () => {
    expect(await pairs('download')).toEqual(['download'])
    expect(await pairs('download', 'download-wal', 'download-shm')).toEqual(['download + download-wal'])
    expect(await pairs('a.txt', 'b.txt')).toEqual([])
    expect(await pairs('a.db-wal')).toEqual([])
    expect(await pairs()).toEqual([])
  })
  test('with odd names are databases all the same', async () => {
    expect(await pairs('copy (2) of #1.db', 'pre é x.db', '.db')).toEqual([
      '.db',
      'copy (2) of #1.db',
      'pre é x.db',
    ])
  })
})

describe('what else a listing holds', () => {
  /** `kind path (tables)` */
  const words = (found: ProjectFiles[]): string[] =>
    found.map((projectFiles) => {
      if (isParquet(projectFiles))
        return `${projectFiles.project}: ${Object.entries(projectFiles.tables)
          .map(([table, { path }]) => `${table}=${path}`)
          .join(' ')}`
      return `${projectFiles.format} ${projectFiles.path}`
    })

  test('is a static export, told by what stands beside metrics.parquet', async () => {
    const paths = [
      'metrics.parquet',
      'aux/configs.parquet',
      'aux/system_metrics.parquet',
      'runs.json',
      'settings.json',
      'media/files/a.db',
    ]
    expect(words(await claimed('parquet', ...paths))).toEqual([
      'opened: metrics=metrics.parquet system=aux/system_metrics.parquet configs=aux/configs.parquet',
    ])
    expect(words(await claimed('parquet', 'runs.json', 'settings.json'))).toEqual(['opened: '])
    expect(words(await claimed('parquet', 'x/metrics.parquet', 'x/runs.json'))).toEqual([
      'x: metrics=x/metrics.parquet',
    ])
  })
  test('is a scheduler’s Dataset, in which stale databases are left alone', async () => {
    const paths = ['a.db', 'a.parquet', 'a_configs.parquet', 'b.db', 'README.md', 'media/a/r/0/x.png']
    expect(words(await claimed('parquet', ...paths))).toEqual([
      'database b.db',
      'a: metrics=a.parquet configs=a_configs.parquet',
    ])
    expect(words(await claimed('database', ...paths))).toEqual(['database a.db', 'database b.db'])
  })
  test('is a live bucket: databases with the inbox beside them, without copies made before upgrades', async () => {
    const found = await claimed(
      'database',
      'trackio/p.db',
      'trackio/inbox/aa/00000001.jsonl',
      'trackio/inbox/aa/00000000.jsonl',
      'trackio/media/p/r/0/x.png',
      'trackio-backups/1-to-2-x/p.db',
      'traces/p/r/1.jsonl',
      'metrics.parquet',
      'runs.json',
    )
    expect(words(found)).toEqual([
      'database trackio/p.db',
      'opened: metrics=metrics.parquet',
      'fragments trackio/inbox',
    ])
    expect(found[0]).toMatchObject({
      media: 'trackio/media/',
      inbox: [{ path: 'trackio/inbox/aa/00000000.jsonl' }, {}],
    })
    expect(found[2]).toMatchObject({ elsewhere: ['p'] })
  })
  test('are fragments alone', async () => {
    expect(words(await claimed('database', 'trackio/inbox/aa/00000000.jsonl'))).toEqual([
      'fragments trackio/inbox',
    ])
    expect(words(await claimed('database', 'copied.jsonl'))).toEqual(['fragments inbox'])
  })
  test('differs when any file of a project does', async () => {
    const [before] = await claimed('database', 'a.db', 'a.db-wal')
    const [after] = await layoutOf([...entries('a.db'), { path: 'a.db-wal', size: 2, stamp: 'later' }], {
      name: '',
      prefer: 'database',
    })
    expect(before && stampOf(before)).not.toBe(after && stampOf(after))
  })
})

describe('ten thousand files', () => {
  /** How often a path is looked at, for each file. */
  async function looks(prefer: 'database' | 'parquet', paths: string[]): Promise<number> {
    let count = 0
    const files = paths.map((path) => ({
      get path() {
        count++
        return path
      },
      size: 1,
      stamp: '1',
    }))
    const found = await layoutOf(files, { name: 'x', prefer })
    for (const projectFiles of found) stampOf(projectFiles)
    expect(found.length).toBeGreaterThan(300)
    return count / paths.length
  }
  const many = <T>(count: number, make: (i: number) => T): T[] =>
    Array.from({ length: count }, (_, i) => make(i))

  test.each([
    ['databases', many(10_000, (i) => `t/p${i}.db`)],
    ['databases in folders within folders', many(10_000, (i) => `a/b${i % 70}/p${i}.db`)],
    [
      'an inbox beside databases',
      [...many(500, (i) => `t/p${i}.db`), ...many(9500, (i) => `t/inbox/${i % 50}/${i}.jsonl`)],
    ],
    [
      'a Dataset',
      many(2500, (i) => [
        `p${i}.parquet`,
        `p${i}_system.parquet`,
        `p${i}_configs.parquet`,
        `p${i}_traces.parquet`,
      ]).flat(),
    ],
    ['a Dataset with its databases', many(5000, (i) => [`t/p${i}.parquet`, `t/p${i}.db`]).flat()],
    [
      'static exports',
      many(3333, (i) => [`t${i}/metrics.parquet`, `t${i}/runs.json`, `t${i}/aux/configs.parquet`]).flat(),
    ],
  ])('%s are laid out by looking at each some dozen times', async (_, paths) => {
    for (const prefer of ['database', 'parquet'] as const) expect(await looks(prefer, paths)).toBeLessThan(40)
  })
})

describe('nothing to open', () => {
  const reason = async (...paths: string[]): Promise<unknown> =>
    createEngine()
      .open({ kind: 'files', name: 'drop', files: named(...paths), live: false })
      .catch((cause: unknown) => cause)

  test('is an error that names what was given and what to do', async () => {
    expect(await reason('a.db-wal')).toMatchObject({
      name: 'TrackioError',
      subject: 'a.db-wal',
      action: 'Drop a.db together with it.',
    })
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

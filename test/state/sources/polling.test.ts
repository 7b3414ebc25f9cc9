import { createRoot } from 'solid-js'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ChangedOnDiskError, TrackioError } from '../../../src/model/errors.ts'
import type { NamedFile, SourceInfo } from '../../../src/model/source.ts'
import type { Given } from '../../../src/state/sources/file-input.ts'
import { createFollower, type Follower } from '../../../src/state/sources/polling.ts'

beforeEach(() => void vi.stubGlobal('document', { hidden: false }))
afterEach(() => vi.unstubAllGlobals())

const file = (path: string, at = 1): NamedFile => ({
  path,
  file: new File([path], path, { lastModified: at }),
})

/** A source of files on disk, followed by hand. */
function followed(projects: string[], files: NamedFile[]) {
  const disk = { files }
  const looks: string[][] = []
  const stale: (string | undefined)[] = []
  let fails: Error | undefined
  const info: SourceInfo = {
    id: 's1',
    name: 'trackio',
    bytes: 1,
    live: 'page',
    every: 1000,
    local: true,
    host: '',
    writable: false,
    projects: projects.map((path) => ({ id: path, name: path, source: 's1', file: path, bytes: 1 })),
    notices: [],
  }
  const given: Given = { name: 'trackio', kind: 'folder', files, list: async () => disk.files }
  const { follower, dispose } = createRoot((end): { follower: Follower; dispose(): void } => ({
    follower: createFollower({
      async look(_, fresh) {
        looks.push(fresh?.files.map(({ path }) => path) ?? [])
        if (fails) throw fails
      },
      onStale: (_, why) => void stale.push(why),
    }),
    dispose: end,
  }))
  follower.add(info, given)
  return {
    follower,
    disk,
    looks,
    stale,
    dispose,
    fail: (error: Error | undefined) => (fails = error),
    look: () => follower.look('s1'),
  }
}

describe('a folder that is followed', () => {
  test('is looked at when something in it changed, and only then', async () => {
    const { disk, looks, look, dispose } = followed(['t/a.db'], [file('t/a.db')])
    await look()
    expect(looks).toEqual([])
    disk.files = [file('t/a.db', 2), file('t/b.db')]
    await look()
    await look()
    expect(looks).toEqual([['t/a.db', 't/b.db']])
    dispose()
  })

  test('is followed when it holds log fragments alone, which are many files and one project', async () => {
    const { disk, looks, stale, look, dispose } = followed(['t/inbox'], [file('t/inbox/w/0.jsonl')])
    disk.files = [...disk.files, file('t/inbox/w/1.jsonl')]
    await look()
    expect([looks.length, stale.at(-1)]).toEqual([1, undefined])
    // trackio has put some of them into a database
    disk.files = [file('t/inbox/w/1.jsonl'), file('t/p.db')]
    await look()
    expect([looks.length, stale.at(-1)]).toEqual([2, undefined])
    dispose()
  })

  test('goes on being followed when one of its projects is deleted', async () => {
    const { disk, looks, stale, look, dispose } = followed(
      ['t/a.db', 't/b.db'],
      [file('t/a.db'), file('t/b.db')],
    )
    disk.files = [file('t/b.db', 2)]
    await look()
    expect([looks, stale.at(-1)]).toEqual([[['t/b.db']], undefined])
    dispose()
  })

  test('of which nothing is left stays as it was read, and says so', async () => {
    const { disk, looks, stale, look, dispose } = followed(['t/a.db'], [file('t/a.db'), file('t/a.db-wal')])
    disk.files = []
    await look()
    expect([looks, stale.at(-1)]).toEqual([[], 't/a.db is no longer there; what was read of it stays'])
    disk.files = [file('t/a.db')]
    await look()
    expect([looks.length, stale.at(-1)]).toEqual([1, undefined])
    dispose()
  })

  test('that could not be read is read at the next look, though nothing changed since', async () => {
    const { disk, looks, stale, fail, look, dispose } = followed(['t/a.db'], [file('t/a.db')])
    disk.files = [file('t/a.db', 2)]
    fail(new TrackioError('t/a.db', 'broken', ''))
    await look()
    expect(stale.at(-1)).toMatch(/^broken, retry in 2 s$/)
    fail(undefined)
    await look()
    expect([looks.length, stale.at(-1)]).toEqual([2, undefined])
    dispose()
  })

  test('that is being written is looked at again without a word, a few times', async () => {
    const { disk, looks, stale, fail, look, dispose } = followed(['t/a.db'], [file('t/a.db')])
    disk.files = [file('t/a.db', 2)]
    fail(new ChangedOnDiskError('t/a.db', 'written to'))
    for (let i = 0; i < 4; i++) await look()
    expect([looks.length, stale]).toEqual([4, []])
    await look()
    expect(stale.at(-1)).toMatch(/^written to, retry/)
    dispose()
  })
})

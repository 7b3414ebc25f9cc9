import { expect, test } from 'vitest'
import type { NamedFile } from '../../../src/model/source.ts'
import { restOf } from '../../../src/state/sources/given-files.ts'
import type { OpenSource } from '../../../src/state/sources/source-list.ts'

/** A folder that somebody gave, with one project of it open. `entered`: folders that were looked into. */
function given(name: string, file: string, paths: string[]) {
  const entered: string[] = []
  const source = {
    info: { projects: [{ id: 'p', name, file, source: 's', bytes: 1 }] },
    async below(folder: string, enter: (path: string) => boolean): Promise<NamedFile[]> {
      const isEntered = (path: string): boolean => {
        const parts = path.slice(folder.length).split('/').slice(0, -1)
        return parts.every((_, i) => {
          const within = parts.slice(0, i + 1).join('/')
          const yes = enter(within)
          if (yes) entered.push(folder + within)
          return yes
        })
      }
      return paths
        .filter((path) => path.startsWith(folder) && isEntered(path))
        .map((path) => ({ path, file: new File([], path) }))
    },
  }
  return { sources: [source as unknown as OpenSource], entered }
}

const rest = async ({ sources }: ReturnType<typeof given>, signal = new AbortController().signal) =>
  (await restOf(sources, () => true, signal)).map(({ path }) => path)

test('what lies beside a project is its own: folders of others are not looked into', async () => {
  const own = [
    't/media/myproj/run/0/a.png',
    't/media/my proj/run/0/old.png',
    't/artifacts/myproj/blobs/sha256/ab/abcd',
  ]
  const folder = given('myproj', 't/myproj.db', [...own, 't/media/other/run/0/b.png', 't/artifacts/other/x'])
  expect(await rest(folder)).toEqual(own)
  expect(folder.entered.filter((path) => path.includes('other'))).toEqual([])
})

test('a static export has one project, and no folder for it', async () => {
  const paths = ['e/media/run/0/a.png', 'e/artifacts/blobs/sha256/ab/abcd']
  expect(await rest(given('e', 'e/metrics.parquet', paths))).toEqual(paths)
})

test('whoever gives up waits for no folder more', async () => {
  const abort = new AbortController()
  abort.abort()
  const folder = given('p', 't/p.db', ['t/media/p/run/0/a.png'])
  await expect(rest(folder, abort.signal)).rejects.toThrow(/abort/i)
  expect(folder.entered).toEqual([])
})

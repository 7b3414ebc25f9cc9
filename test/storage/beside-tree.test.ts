import { expect, test } from 'vitest'
import { withBeside } from '../../src/storage/files/beside-tree.ts'
import { filesTree } from '../../src/storage/files/files-tree.ts'
import { namedFile } from '../engine/golden-fixtures.ts'

test('of a file that both have, entry and content are of the same one: that of the tree', async () => {
  const tree = withBeside(filesTree([namedFile('a', 'own'), namedFile('b', 'own too')]), [
    namedFile('a', 'given'),
    namedFile('media/c', 'beside'),
  ])
  expect((await tree.list()).map(({ path, size }) => [path, size])).toEqual([
    ['a', 3],
    ['b', 7],
    ['media/c', 6],
  ])
  for (const [path, text] of [
    ['a', 'own'],
    ['media/c', 'beside'],
  ] as const) {
    expect((await tree.find(path))?.size).toBe(text.length)
    expect(await (await tree.blob(path)).text()).toBe(text)
    expect((await tree.bytes(path)).size).toBe(text.length)
  }
})

import { expect, test } from 'vitest'
import { diffManifests } from '../../src/compute/manifest-diff.ts'
import type { ManifestEntry } from '../../src/model/artifact.ts'

const file = (path: string, digest: string, bytes: number, ref: string | null = null): ManifestEntry => ({
  ...{ path, digest, bytes, ref },
})

test('each path is changed, added, removed or the same, and so are its bytes', () => {
  const before = [file('b', 'x', 10), file('c', 'y', 20), file('gone', 'z', 40)]
  const now = [file('c', 'y', 20), file('b', 'w', 12), file('new', 'v', 80), file('a', 'u', 160)]
  const { lines, counts, bytes, shared, files } = diffManifests(now, before)
  expect(lines.map(({ sign, path }) => `${sign} ${path}`)).toEqual([
    'changed b',
    'added a',
    'added new',
    'removed gone',
    'same c',
  ])
  expect(counts).toEqual({ changed: 1, added: 2, removed: 1, same: 1 })
  // added 80 + 160
  expect(bytes).toEqual({ changed: 12, added: 240, removed: 40, same: 20 })
  // of 20 + 12 + 80 + 160 bytes only those of c are in both
  expect([shared, files]).toEqual([20, 272])
})

test('a file under another name is added, and its content is the one that was there', () => {
  const { lines, shared } = diffManifests([file('new', 'x', 10)], [file('old', 'x', 10)])
  expect(lines.map(({ sign, from }) => [sign, from])).toEqual([
    ['added', 'old'],
    ['removed', undefined],
  ])
  expect(shared).toBe(10)
})

test('a reference is the same while it leads to the same version, and never shares content', () => {
  const before = [file('r', 'etag', 5, 's3://b/k'), file('s', 'etag', 5, 's3://b/s'), file('t', 'd', 5)]
  const now = [
    file('r', 'etag', 5, 's3://b/k'),
    file('s', 'other', 5, 's3://b/s'),
    file('t', 'd', 5, 'f://t'),
  ]
  const { lines, shared, files } = diffManifests(now, before)
  expect(lines.map(({ sign, path }) => `${sign} ${path}`)).toEqual(['changed s', 'changed t', 'same r'])
  expect([shared, files]).toEqual([0, 0])
})

test('beside nothing every line stands without a sign, by path', () => {
  const { lines, counts } = diffManifests([file('b', 'x', 1), file('a', 'y', 1)], undefined)
  expect(lines.map(({ sign, path }) => [sign, path])).toEqual([
    [undefined, 'a'],
    [undefined, 'b'],
  ])
  expect(counts).toEqual({ changed: 0, added: 0, removed: 0, same: 0 })
})

import { createRoot } from 'solid-js'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createThumbnails, type Thumbnail, type Thumbnails } from '../../../src/state/pages/thumbnails.ts'

/* A double of the browser's decoder: pictures of 8 × 8 pixels, 256 bytes each, that know whether they were closed. */

const PIXELS = 8 * 8 * 4
/** So many are decoded before the first of them is there. */
let together = 1
let arrived: (() => void)[] = []
let made: { width: number; height: number; closed: boolean; close(): void }[] = []

beforeEach(() => {
  made = []
  together = 1
  arrived = []
  vi.stubGlobal('createImageBitmap', async () => {
    const bitmap = {
      ...{ width: 8, height: 8, closed: false },
      close() {
        this.closed = true
      },
    }
    made.push(bitmap)
    await new Promise<void>((resolve) => {
      arrived.push(resolve)
      if (made.length >= together) for (const go of arrived.splice(0)) go()
    })
    return bitmap
  })
})
afterEach(() => vi.unstubAllGlobals())

async function shown(thumbnails: Thumbnails, paths: readonly string[]): Promise<Thumbnail[]> {
  const found: Thumbnail[] = []
  for (const path of paths)
    thumbnails.want(path, 64, (thumbnail) => {
      if (thumbnail.state === 'ready') expect(Reflect.get(thumbnail.bitmap, 'closed')).toBe(false)
      found.push(thumbnail)
    })
  await thumbnails.idle()
  return found
}

function setUp(file: (path: string) => string | undefined, limit?: number) {
  return createRoot((dispose) => {
    const read = async (path: string) => {
      const text = file(path)
      return text === undefined ? undefined : new Blob([text])
    }
    return { thumbnails: createThumbnails(read, limit), dispose }
  })
}

test('equal bytes that are wanted at once are held once, and counted once', async () => {
  const { thumbnails, dispose } = setUp(() => 'the same')
  together = 4
  const found = await shown(thumbnails, ['a.png', 'b.png', 'c.png', 'd.png', 'e.png'])
  expect(found.map(({ state }) => state)).toEqual(Array(5).fill('ready'))
  expect(new Set(['a.png', 'e.png'].map((path) => thumbnails.known(path)?.digest)).size).toBe(1)
  expect(thumbnails.held()).toBe(PIXELS)
  expect(made.filter(({ closed }) => !closed).length).toBe(1)
  dispose()
  expect(made.every(({ closed }) => closed)).toBe(true)
})

test('no more than the limit is held: the longest unused goes, and is decoded anew when it is wanted', async () => {
  const { thumbnails, dispose } = setUp((path) => path, 3 * PIXELS)
  for (const path of ['a.png', 'b.png', 'c.png', 'a.png', 'd.png']) await shown(thumbnails, [path])
  expect(thumbnails.held()).toBe(3 * PIXELS)
  expect(made.length).toBe(4)
  await shown(thumbnails, ['a.png', 'c.png', 'd.png'])
  // b went: each of the others was used after it
  expect(made.length).toBe(4)
  await shown(thumbnails, ['b.png'])
  expect(made.length).toBe(5)
  expect(made.filter(({ closed }) => !closed).length).toBe(3)
  dispose()
})

test('a file that is not there is missing, and one that is given up is not decoded', async () => {
  const { thumbnails, dispose } = setUp((path) => (path === 'lost.png' ? undefined : path))
  expect(await shown(thumbnails, ['lost.png'])).toEqual([{ state: 'missing' }])
  expect(thumbnails.known('lost.png')?.missing).toBe(true)
  const stop = thumbnails.want('a.png', 64, () => expect.unreachable('it was given up'))
  stop()
  await thumbnails.idle()
  expect(thumbnails.pending()).toBe(0)
  expect(made.length).toBe(0)
  dispose()
})

import { createRoot } from 'solid-js'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createThumbnails, type Thumbnail } from '../../../src/state/pages/thumbnails.ts'

/** A bitmap of a file whose PNG head tells `width` and `height`, as a browser would scale it. */
class Bitmap {
  closed = false
  constructor(
    readonly width: number,
    readonly height: number,
  ) {}
  close(): void {
    this.closed = true
  }
}

let made: Bitmap[] = []
let decoding: (() => void)[] = []
/** Decoding waits until the test lets it go on. */
let held = false
/** The browser turns the picture by its Exif. */
let turned = false

/** The head of a PNG is all that is read here; `salt` makes files differ. */
function png(width: number, height: number, salt = 0): Blob {
  const bytes = new Uint8Array(40)
  bytes.set([0x89, 0x50, 0x4e, 0x47])
  const view = new DataView(bytes.buffer)
  view.setUint32(16, width)
  view.setUint32(20, height)
  view.setUint32(30, salt)
  return new Blob([bytes])
}

beforeEach(() => {
  made = []
  decoding = []
  held = false
  turned = false
  vi.stubGlobal('createImageBitmap', async (blob: Blob, options: ImageBitmapOptions = {}) => {
    if (held) await new Promise<void>((resolve) => decoding.push(resolve))
    const view = new DataView(await blob.arrayBuffer())
    if (view.byteLength < 24)
      throw new DOMException('The source image could not be decoded.', 'InvalidStateError')
    let [width, height] = [view.getUint32(16), view.getUint32(20)]
    if (turned) [width, height] = [height, width]
    const scale =
      options.resizeWidth !== undefined
        ? options.resizeWidth / width
        : options.resizeHeight !== undefined
          ? options.resizeHeight / height
          : 1
    const bitmap = new Bitmap(Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)))
    made.push(bitmap)
    return bitmap
  })
})
afterEach(() => void vi.unstubAllGlobals())

function setUp(files: Record<string, Blob>, limit?: number) {
  return createRoot((dispose) => {
    const asked: string[] = []
    const aborted: string[] = []
    const thumbnails = createThumbnails(async (path, signal) => {
      asked.push(path)
      signal.addEventListener('abort', () => aborted.push(path))
      await Promise.resolve()
      signal.throwIfAborted()
      return files[path]
    }, limit)
    const shown: Record<string, Thumbnail> = {}
    const want = (path: string, px = 100) =>
      thumbnails.want(path, px, (thumbnail) => {
        shown[path] = thumbnail
      })
    return { thumbnails, want, shown, asked, aborted, dispose }
  })
}

function sizeOf(thumbnail: Thumbnail | undefined) {
  if (thumbnail?.state !== 'ready') return thumbnail?.state
  const { bitmap, size } = thumbnail
  return [bitmap.width, bitmap.height, size.width, size.height]
}

test('a picture is made small, never larger than it is, and its own size is told', async () => {
  const { thumbnails, want, shown } = setUp({ a: png(400, 200), b: png(30, 90), c: png(200, 400, 1) })
  want('a')
  want('b')
  want('c')
  await thumbnails.idle()
  expect(sizeOf(shown.a)).toEqual([100, 50, 400, 200])
  expect(sizeOf(shown.b)).toEqual([30, 90, 30, 90])
  expect(sizeOf(shown.c)).toEqual([50, 100, 200, 400])
  expect(thumbnails.known('a')?.size).toEqual({ width: 400, height: 200 })
})

test('one that is nearly square has its own size, also where its small picture is a square', async () => {
  const { thumbnails, want, shown } = setUp({ a: png(1001, 1000) })
  want('a')
  await thumbnails.idle()
  expect(sizeOf(shown.a)).toEqual([100, 100, 1001, 1000])
})

test('a photograph that lies on its side has the size that it is seen at', async () => {
  turned = true
  const { thumbnails, want, shown } = setUp({ a: png(90, 60) })
  want('a')
  await thumbnails.idle()
  expect(sizeOf(shown.a)).toEqual([60, 90, 60, 90])
})

test('files of the same bytes are decoded and held once, also where they are wanted at once', async () => {
  const { thumbnails, want, shown } = setUp({
    a: png(100, 50),
    b: png(100, 50),
    c: png(100, 50),
    d: png(100, 50),
  })
  const digest = vi.spyOn(crypto.subtle, 'digest')
  held = true
  for (const path of ['a', 'b', 'c', 'd']) want(path)
  await vi.waitFor(() => {
    expect(digest.mock.settledResults.map(({ type }) => type)).toEqual(Array(4).fill('fulfilled'))
    expect(decoding.length).toBeGreaterThan(0)
  })
  held = false
  for (const go of decoding) go()
  await thumbnails.idle()
  digest.mockRestore()
  expect([made.length, thumbnails.held()]).toEqual([1, 100 * 50 * 4])
  const bitmaps = Object.values(shown).map((one) => (one.state === 'ready' ? one.bitmap : undefined))
  expect([bitmaps.length, new Set(bitmaps).size]).toEqual([4, 1])
  const digests = ['a', 'b', 'c', 'd'].map((path) => thumbnails.known(path)?.digest)
  expect([new Set(digests).size, digests[0]?.length]).toEqual([1, 64])
})

test('one of several that is given up leaves the others their picture', async () => {
  const { thumbnails, want, shown } = setUp({ a: png(100, 50), b: png(100, 50) })
  held = true
  const giveUp = want('a')
  want('b')
  await vi.waitFor(() => expect(decoding.length).toBeGreaterThan(0))
  giveUp()
  held = false
  for (const go of decoding) go()
  await thumbnails.idle()
  expect([shown.a, sizeOf(shown.b)]).toEqual([undefined, [100, 50, 100, 50]])
  expect(made.map(({ closed }) => closed)).toEqual([false])
})

test('what is held is shown at once', async () => {
  const { thumbnails, want, shown, asked } = setUp({ a: png(100, 50) })
  want('a')
  await thumbnails.idle()
  delete shown.a
  want('a')
  expect(sizeOf(shown.a)).toEqual([100, 50, 100, 50])
  expect(asked).toEqual(['a'])
})

test('at most four at once, and what was wanted last comes first', async () => {
  const files = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`f${i}`, png(10, 10, i)]))
  const { thumbnails, want, asked } = setUp(files)
  held = true
  for (const path of Object.keys(files)) want(path)
  expect(thumbnails.pending()).toBe(9)
  await vi.waitFor(() => expect(decoding.length).toBe(4))
  expect(asked).toEqual(['f8', 'f7', 'f6', 'f5'])
  held = false
  for (const go of decoding) go()
  await thumbnails.idle()
  expect([asked.length, thumbnails.pending()]).toEqual([9, 0])
})

test('what nobody wants any more is not read', async () => {
  const { thumbnails, want, asked, aborted, shown } = setUp({ a: png(10, 10), b: png(10, 10, 1) })
  want('a')()
  await thumbnails.idle()
  expect(asked).toEqual([])
  held = true
  const giveUp = want('b')
  await vi.waitFor(() => expect(decoding.length).toBe(1))
  giveUp()
  await thumbnails.idle()
  for (const go of decoding) go()
  await vi.waitFor(() => expect(made.length).toBe(1))
  expect([asked, aborted, shown]).toEqual([['b'], ['b'], {}])
})

test('wanted by two, it goes on when one gives it up', async () => {
  const { thumbnails, want, shown } = setUp({ a: png(10, 10) })
  const first = want('a')
  let second: Thumbnail | undefined
  thumbnails.want('a', 100, (thumbnail) => {
    second = thumbnail
  })
  first()
  await thumbnails.idle()
  expect([shown.a, second?.state]).toEqual([undefined, 'ready'])
})

test('a file that is lost, one that is no picture, one of too many pixels: each is said', async () => {
  const { thumbnails, want, shown } = setUp({ odd: new Blob(['no picture']), huge: png(20_000, 20_000) })
  want('lost')
  want('odd')
  want('huge')
  await thumbnails.idle()
  expect(shown).toEqual({
    lost: { state: 'missing' },
    odd: { state: 'failed', why: 'the file is no picture that this browser can decode' },
    huge: { state: 'failed', why: '20000 × 20000 pixels are too many for a small picture' },
  })
  expect([thumbnails.known('lost')?.missing, made.length]).toEqual([true, 0])
})

test('of what is held the longest unused goes when there is too much, and is made again when wanted', async () => {
  const files = Object.fromEntries(['a', 'b', 'c', 'd'].map((path, i) => [path, png(10, 10, i)]))
  const { thumbnails, want, asked } = setUp(files, 3 * 400)
  for (const path of ['a', 'b', 'c']) {
    want(path)
    await thumbnails.idle()
  }
  want('a')
  want('d')
  await thumbnails.idle()
  expect(made.map(({ closed }) => closed)).toEqual([false, true, false, false])
  expect(thumbnails.held()).toBe(1200)
  want('b')
  await thumbnails.idle()
  expect(asked).toEqual(['a', 'b', 'c', 'd', 'b'])
  expect(thumbnails.held()).toBe(1200)
})

test('with the page all bitmaps are freed, also the one that comes too late', async () => {
  const { thumbnails, want, dispose } = setUp({ a: png(10, 10), b: png(10, 10, 1) })
  want('a')
  await thumbnails.idle()
  held = true
  want('b')
  await vi.waitFor(() => expect(decoding.length).toBe(1))
  dispose()
  for (const go of decoding) go()
  await vi.waitFor(() => expect(made.map(({ closed }) => closed)).toEqual([true, true]))
})

import { createRoot, createSignal } from 'solid-js'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createFullPicture } from '../../../src/state/pages/full-pictures.ts'

let made: { name: string; closed: boolean }[] = []

beforeEach(() => {
  made = []
  vi.stubGlobal('createImageBitmap', async (blob: Blob) => {
    const name = await blob.text()
    if (name === 'odd') throw new DOMException('The source image could not be decoded.', 'InvalidStateError')
    const one = { name, closed: false, close: () => void Object.assign(one, { closed: true }) }
    made.push(one)
    return one
  })
})
afterEach(() => void vi.unstubAllGlobals())

function setUp(first: string | undefined) {
  return createRoot((dispose) => {
    const [path, setPath] = createSignal(first)
    const waiting = new Map<string, (blob: Blob | undefined) => void>()
    const busy: boolean[] = []
    const picture = createFullPicture(
      path,
      (name) => new Promise((resolve) => waiting.set(name, resolve)),
      (on) => void busy.push(on),
    )
    const answer = async (name: string, ...given: [(Blob | undefined)?]) => {
      await vi.waitFor(() => expect(waiting.has(name)).toBe(true))
      waiting.get(name)?.(given.length > 0 ? given[0] : new Blob([name]))
    }
    return { picture, setPath, answer, busy, dispose }
  })
}

test('the one before stays until the next is here, and is freed then', async () => {
  const { picture, setPath, answer } = setUp('a')
  expect(picture().state).toBe('loading')
  await answer('a')
  await vi.waitFor(() => expect(picture()).toMatchObject({ state: 'ready', path: 'a', bytes: 1 }))
  setPath('b')
  expect([picture(), made[0]?.closed]).toMatchObject([{ state: 'ready', path: 'a' }, false])
  await answer('b')
  await vi.waitFor(() => expect(picture()).toMatchObject({ state: 'ready', path: 'b' }))
  expect(made.map(({ closed }) => closed)).toEqual([true, false])
})

test('one that comes after another was asked for is never shown, and is freed', async () => {
  const { picture, setPath, answer } = setUp('slow')
  setPath('b')
  await answer('b')
  await vi.waitFor(() => expect(picture()).toMatchObject({ path: 'b' }))
  await answer('slow')
  await vi.waitFor(() => expect(made.every(({ name, closed }) => closed === (name === 'slow'))).toBe(true))
  expect(picture()).toMatchObject({ state: 'ready', path: 'b' })
})

test('a file that is lost, and one that is no picture, are said and free what stood there', async () => {
  const { picture, setPath, answer } = setUp('a')
  await answer('a')
  await vi.waitFor(() => expect(picture().state).toBe('ready'))
  setPath('lost')
  await answer('lost', undefined)
  await vi.waitFor(() => expect(picture()).toEqual({ state: 'missing', path: 'lost' }))
  expect(made[0]?.closed).toBe(true)
  setPath('odd')
  await answer('odd')
  const why = 'the file is no picture that this browser can decode'
  await vi.waitFor(() => expect(picture()).toEqual({ state: 'failed', path: 'odd', why }))
})

test('one of too many pixels is not decoded', async () => {
  const { picture, answer } = setUp('huge')
  const bytes = new Uint8Array(24)
  bytes.set([0x89, 0x50, 0x4e, 0x47])
  new DataView(bytes.buffer).setUint32(16, 20_000)
  new DataView(bytes.buffer).setUint32(20, 20_000)
  await answer('huge', new Blob([bytes]))
  const why = '20000 × 20000 pixels are too many to be decoded here'
  await vi.waitFor(() => expect(picture()).toEqual({ state: 'failed', path: 'huge', why }))
  expect(made).toEqual([])
})

test('it is busy while one is on its way, and with its owner the picture is freed', async () => {
  const { picture, setPath, answer, busy, dispose } = setUp('a')
  await answer('a')
  await vi.waitFor(() => expect(picture().state).toBe('ready'))
  await vi.waitFor(() => expect(busy).toEqual([true, false]))
  setPath('b')
  expect(busy.at(-1)).toBe(true)
  dispose()
  expect([busy.at(-1), made[0]?.closed]).toEqual([false, true])
})

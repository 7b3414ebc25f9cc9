import { expect, test } from 'vitest'
import { encodeGif } from '../../src/client/values/gif.ts'
import { gifTimes, playedTime } from '../../src/compute/gif-times.ts'

test('the time of every picture of a GIF is read, of one that is cut off those that are whole', async () => {
  const frames = Array.from({ length: 700 }, (_, i) => Uint8Array.from({ length: 16 }, () => i % 256))
  const blob = await encodeGif(frames, 2, 2, 30)
  const bytes = new Uint8Array(await blob.arrayBuffer())
  const times = gifTimes(bytes)
  expect(times.length).toBe(700)
  // 30 a second: 3, 4 and 3 hundredths, so that the whole lasts as long as it should
  expect(times.slice(0, 3)).toEqual([3, 4, 3])
  expect(times.reduce((sum, one) => sum + one, 0)).toBe(Math.round(70_000 / 30))
  expect(gifTimes(bytes.subarray(0, bytes.length - 5)).length).toBe(699)
  expect(gifTimes(bytes.subarray(0, 5))).toEqual([])
  expect(gifTimes(new TextEncoder().encode('no GIF at all, but long enough'))).toEqual([])
})

test('pictures that are to stand for no time are played as browsers play them', () => {
  expect([0, 1, 2, 7].map(playedTime)).toEqual([0.1, 0.1, 0.02, 0.07])
})

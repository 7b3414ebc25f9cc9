import { expect, test } from 'vitest'
import {
  addDifference,
  differenceNumbers,
  drawAbsolute,
  drawSigned,
  noDifference,
} from '../../src/compute/image-difference.ts'
import { makeRandom } from '../random.ts'

const rgba = (...pixels: [number, number, number][]) =>
  Uint8ClampedArray.from(pixels.flatMap(([r, g, b]) => [r, g, b, 255]))

test('numbers are those of all channels of all pixels, however the pictures are cut into bands', () => {
  const random = makeRandom(7)
  for (let round = 0; round < 50; round++) {
    const pixels = 1 + Math.floor(random() * 40)
    const make = () =>
      rgba(
        ...Array.from({ length: pixels }, (): [number, number, number] => [
          Math.floor(random() * 256),
          Math.floor(random() * 256),
          Math.floor(random() * (random() < 0.5 ? 1 : 256)),
        ]),
      )
    const [a, b] = [make(), round % 7 === 0 ? undefined : make()]
    const other = b ?? a.slice()
    const sums = noDifference()
    const cut = 4 * Math.floor(random() * (pixels + 1))
    addDifference(sums, a.subarray(0, cut), other.subarray(0, cut))
    addDifference(sums, a.subarray(cut), other.subarray(cut))
    const found = differenceNumbers(sums)
    const errors = [...a].flatMap((value, i) => (i % 4 === 3 ? [] : (other[i] as number) - value))
    const mean = (of: number[]) => of.reduce((sum, e) => sum + e, 0) / of.length
    expect(found.mean).toBeCloseTo(mean(errors.map(Math.abs)), 9)
    expect(found.rms).toBeCloseTo(Math.sqrt(mean(errors.map((e) => e * e))), 9)
    expect(found.bias).toBeCloseTo(mean(errors), 9)
    expect(found.largest).toBe(Math.max(...errors.map(Math.abs)))
    const each = Array.from({ length: pixels }, (_, p) =>
      Math.max(...errors.slice(3 * p, 3 * p + 3).map(Math.abs)),
    )
    expect(found.equal).toBeCloseTo(each.filter((e) => e === 0).length / pixels, 9)
    expect(found.over16).toBeCloseTo(each.filter((e) => e > 16).length / pixels, 9)
    expect(sums.histogram.reduce((sum, n) => sum + n, 0)).toBe(3 * pixels)
  }
})

test('PSNR is 10 log10(255² / mse): 20 log10(255) for an error of 1, none for equal pictures', () => {
  const sums = noDifference()
  addDifference(sums, rgba([10, 10, 10]), rgba([11, 9, 11]))
  expect(differenceNumbers(sums).psnr).toBeCloseTo(48.1308036, 6)
  const same = noDifference()
  addDifference(same, rgba([10, 10, 10]), rgba([10, 10, 10]))
  expect(differenceNumbers(same)).toMatchObject({ psnr: Number.POSITIVE_INFINITY, mean: 0, equal: 1 })
})

test('a difference is drawn from black, by its size or towards the colour of its sign', () => {
  const [a, b] = [rgba([10, 20, 30], [200, 0, 0]), rgba([10, 50, 0], [200, 0, 0])]
  const out = new Uint8ClampedArray(8)
  drawAbsolute(a, b, 2, out)
  expect([...out]).toEqual([0, 60, 60, 255, 0, 0, 0, 255])
  drawSigned(
    rgba([0, 0, 0], [90, 90, 90]),
    rgba([51, 51, 51], [39, 39, 39]),
    5,
    [
      [0, 0, 200],
      [200, 0, 0],
    ],
    out,
  )
  expect([...out]).toEqual([200, 0, 0, 255, 0, 0, 200, 255])
})

import { describe, expect, test } from 'vitest'
import {
  addDifference,
  differenceNumbers,
  drawAbsolute,
  drawSigned,
  noDifference,
} from '../../src/compute/image-difference.ts'
import { makeRandom } from '../random.ts'

const clamped = (values: readonly number[]) => Uint8ClampedArray.from(values)

/** Two pictures of 24 × 17 pixels, made by the same formula in Python. */
function madePair(): [Uint8ClampedArray, Uint8ClampedArray] {
  const places = Array.from({ length: 24 * 17 * 4 }, (_, i) => i)
  const a = places.map((i) => (i * i * 7 + 13 * i) % 256)
  const b = places.map((i) => {
    const by = Math.floor(i / 4) % 3 === 0 ? 0 : ((i * 5 + Math.floor(i / 9)) % 41) - 20
    return Math.max(0, Math.min(255, (a[i] ?? 0) + by))
  })
  return [clamped(a), clamped(b)]
}

function randomPair(seed: number, pixels: number): [Uint8ClampedArray, Uint8ClampedArray] {
  const random = makeRandom(seed)
  const a = clamped(Array.from({ length: pixels * 4 }, () => Math.floor(random() * 256)))
  const spread = [0, 3, 17, 40, 255][seed % 5] ?? 0
  const b = a.map((value) => (random() < 0.3 ? value : value + (random() - 0.5) * 2 * spread))
  return [a, b]
}

function numbersOf(a: Uint8ClampedArray, b: Uint8ClampedArray) {
  const sums = noDifference()
  addDifference(sums, a, b)
  return { sums, numbers: differenceNumbers(sums) }
}

test('numbers are those of numpy', () => {
  const { sums, numbers } = numbersOf(...madePair())
  // (B − A) of the first three channels as float64: abs().mean(), sqrt((D**2).mean()), 10*log10(255**2/mse), …
  expect(numbers.pixels).toBe(408)
  expect(numbers.mean).toBeCloseTo(6.644607843137255, 12)
  expect(numbers.rms).toBeCloseTo(9.487478848564606, 12)
  expect(numbers.psnr).toBeCloseTo(28.587787194954963, 12)
  expect(numbers.largest).toBe(20)
  expect(numbers.bias).toBeCloseTo(0.0727124183006536, 12)
  expect(numbers.equal).toBeCloseTo(0.3333333333333333, 12)
  expect(numbers.over16).toBeCloseTo(0.2867647058823529, 12)
  expect(numbers.channels[0]).toBeCloseTo(6.6838235294117645, 12)
  expect(numbers.channels[1]).toBeCloseTo(6.580882352941177, 12)
  expect(numbers.channels[2]).toBeCloseTo(6.669117647058823, 12)
  expect([sums.histogram[0], sums.histogram[5]]).toEqual([433, 40])
})

describe('of any two pictures', () => {
  test.each(Array.from({ length: 20 }, (_, seed) => seed))('pair %i, computed plainly', (seed) => {
    const [a, b] = randomPair(seed, 60)
    const { sums, numbers } = numbersOf(a, b)
    const pixels = Array.from({ length: 60 }, (_, p) =>
      [0, 1, 2].map((c) => (b[4 * p + c] ?? 0) - (a[4 * p + c] ?? 0)),
    )
    const all = pixels.flat()
    const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length
    const most = pixels.map((pixel) => Math.max(...pixel.map(Math.abs)))
    const mse = mean(all.map((d) => d * d))
    expect(numbers.mean).toBeCloseTo(mean(all.map(Math.abs)), 10)
    expect(numbers.rms).toBeCloseTo(Math.sqrt(mse), 10)
    expect(numbers.bias).toBeCloseTo(mean(all), 10)
    expect(numbers.largest).toBe(Math.max(...most))
    expect(numbers.equal).toBe(most.filter((d) => d === 0).length / 60)
    expect(numbers.over16).toBe(most.filter((d) => d > 16).length / 60)
    for (const c of [0, 1, 2] as const)
      expect(numbers.channels[c]).toBeCloseTo(mean(pixels.map((pixel) => Math.abs(pixel[c] ?? 0))), 10)
    const counts = Array.from({ length: 256 }, (_, d) => all.filter((x) => Math.abs(x) === d).length)
    expect([...sums.histogram]).toEqual(counts)
    if (mse > 0) expect(numbers.psnr).toBeCloseTo(20 * Math.log10(255 / Math.sqrt(mse)), 10)
  })

  test('bands that are added one after the other give what the whole gives', () => {
    for (let seed = 0; seed < 10; seed++) {
      const [a, b] = randomPair(seed, 50)
      const bands = noDifference()
      for (const [from, end] of [
        [0, 40],
        [40, 44],
        [44, 44],
        [44, 200],
      ])
        addDifference(bands, a.subarray(from, end), b.subarray(from, end))
      expect(bands).toEqual(numbersOf(a, b).sums)
    }
  })

  test('turned around, only the bias changes its sign', () => {
    const [a, b] = madePair()
    const [there, back] = [numbersOf(a, b).numbers, numbersOf(b, a).numbers]
    expect(back).toEqual({ ...there, bias: -there.bias })
  })
})

test('equal pictures differ in nothing, and their PSNR is infinite', () => {
  const [a] = madePair()
  expect(numbersOf(a, a).numbers).toEqual({
    ...{ pixels: 408, mean: 0, rms: 0, psnr: Number.POSITIVE_INFINITY, largest: 0, bias: 0 },
    ...{ equal: 1, over16: 0, channels: [0, 0, 0] },
  })
})

test('an error of 1 in every channel has a PSNR of 20 log10(255)', () => {
  expect(numbersOf(clamped([10, 10, 10, 0]), clamped([11, 9, 11, 0])).numbers.psnr).toBeCloseTo(48.1308036, 6)
})

test('black against white is the most there is; alpha does not count', () => {
  const { numbers } = numbersOf(clamped([0, 0, 0, 255]), clamped([255, 255, 255, 0]))
  expect(numbers).toMatchObject({ mean: 255, rms: 255, psnr: 0, largest: 255, bias: 255, over16: 1 })
  expect(numbersOf(clamped([1, 2, 3, 0]), clamped([1, 2, 3, 255])).numbers.equal).toBe(1)
})

test('16 is not over 16, 17 is', () => {
  expect(numbersOf(clamped([0, 0, 0, 0]), clamped([16, 16, 16, 0])).numbers.over16).toBe(0)
  expect(numbersOf(clamped([0, 0, 0, 0]), clamped([0, 17, 0, 0])).numbers.over16).toBe(1)
})

test('what differs is drawn by channel, times the gain, up to white', () => {
  const out = new Uint8ClampedArray(8)
  drawAbsolute(clamped([10, 20, 30, 0, 5, 5, 5, 9]), clamped([0, 25, 200, 255, 5, 5, 5, 7]), 4, out)
  expect([...out]).toEqual([40, 20, 255, 255, 0, 0, 0, 255])
})

test('which way it differs is drawn in two colours from black', () => {
  const out = new Uint8ClampedArray(12)
  const colours = [
    [0, 100, 200],
    [250, 150, 50],
  ] as const
  const a = clamped([51, 51, 51, 0, 0, 0, 0, 0, 9, 9, 9, 0])
  const b = clamped([0, 0, 0, 0, 51, 51, 51, 0, 9, 9, 9, 0])
  drawSigned(a, b, 1, colours, out)
  expect([...out]).toEqual([0, 20, 40, 255, 50, 30, 10, 255, 0, 0, 0, 255])
  drawSigned(a, b, 100, colours, out)
  expect([...out].slice(0, 8), 'never beyond the colour').toEqual([0, 100, 200, 255, 250, 150, 50, 255])
})

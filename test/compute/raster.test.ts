import { describe, expect, test } from 'vitest'
import {
  clearRaster,
  fillArea,
  makeRaster,
  type PixelMap,
  type Raster,
  readRaster,
  type Stroke,
  stampDots,
  strokeLine,
} from '../../src/compute/raster.ts'

const same: PixelMap = { scale: 1, offset: 0, log: false }
const black: Stroke = { color: 0x000000, alpha: 1, thickness: 1, dash: [] }

function draw(raster: Raster, points: [number, number][], stroke: Stroke, x = same, y = same): void {
  const xs = Float64Array.from(points, (point) => point[0])
  const ys = Float64Array.from(points, (point) => point[1])
  strokeLine(raster, xs, ys, 0, points.length, x, y, stroke)
}

/** Opacity 0..255 of the pixel in column x, row y. */
function alphaAt(raster: Raster, x: number, y: number): number {
  return (raster.pixels[x * raster.height + y] ?? 0) >>> 24
}

function alphaSum(raster: Raster): number {
  let sum = 0
  for (const word of raster.pixels) sum += word >>> 24
  return sum / 255
}

describe('strokeLine', () => {
  test('a flat line on a row centre covers exactly that row', () => {
    const raster = makeRaster(10, 10)
    draw(
      raster,
      [
        [0, 4.5],
        [10, 4.5],
      ],
      black,
    )
    for (let x = 0; x < 10; x++) expect([3, 4, 5].map((y) => alphaAt(raster, x, y))).toEqual([0, 255, 0])
  })

  test('a flat line between two rows covers half of each', () => {
    const raster = makeRaster(10, 10)
    draw(
      raster,
      [
        [0, 5],
        [10, 5],
      ],
      black,
    )
    expect(alphaAt(raster, 5, 4)).toBeCloseTo(128, -0.5)
    expect(alphaAt(raster, 5, 5)).toBeCloseTo(128, -0.5)
  })

  test('an upright line covers its column', () => {
    const raster = makeRaster(10, 10)
    draw(
      raster,
      [
        [4.5, 0],
        [4.5, 10],
      ],
      black,
    )
    for (let y = 0; y < 10; y++) expect([3, 4, 5].map((x) => alphaAt(raster, x, y))).toEqual([0, 255, 0])
  })

  test('the ink of a line is its length times its thickness, at any slope', () => {
    for (const [dx, dy] of [
      [60, 0],
      [60, 13],
      [50, 50],
      [20, 60],
      [3, 60],
      [0, 60],
      [60, -25],
      [31, -60],
    ] as const) {
      for (const thickness of [1, 1.5, 3]) {
        const raster = makeRaster(100, 160)
        draw(
          raster,
          [
            [20, 80],
            [20 + dx, 80 + dy],
          ],
          { ...black, thickness },
        )
        // square caps of half a thickness at both ends
        const ink = (Math.hypot(dx, dy) + thickness) * thickness
        expect(alphaSum(raster) / ink, `${dx},${dy} at ${thickness}`).toBeGreaterThan(0.93)
        expect(alphaSum(raster) / ink, `${dx},${dy} at ${thickness}`).toBeLessThan(1.07)
      }
    }
  })

  test('joints do not get darker than the line', () => {
    const raster = makeRaster(40, 40)
    draw(
      raster,
      [
        [5, 20.5],
        [15, 20.5],
        [25, 20.5],
        [35, 20.5],
      ],
      { ...black, alpha: 0.5 },
    )
    const row = Array.from({ length: 28 }, (_, i) => alphaAt(raster, 6 + i, 20))
    expect(new Set(row).size).toBe(1)
    expect(row[0]).toBeCloseTo(128, -0.5)
  })

  test('NaN breaks the line and a point alone becomes a dot', () => {
    const raster = makeRaster(60, 20)
    draw(
      raster,
      [
        [2, 10.5],
        [20, 10.5],
        [25, NaN],
        [30, 10.5],
        [35, NaN],
        [40, 10.5],
        [58, 10.5],
      ],
      black,
    )
    expect(alphaAt(raster, 10, 10)).toBe(255)
    expect(alphaAt(raster, 24, 10)).toBe(0)
    expect(alphaAt(raster, 30, 10)).toBeGreaterThan(100)
    expect(alphaAt(raster, 33, 10)).toBe(0)
    expect(alphaAt(raster, 50, 10)).toBe(255)
  })

  test('values ≤ 0 on a log axis break the line', () => {
    const raster = makeRaster(30, 30)
    const log: PixelMap = { scale: -10, offset: 25, log: true }
    draw(
      raster,
      [
        [0, 10],
        [10, 10],
        [15, 0],
        [16, -3],
        [20, 10],
        [30, 10],
      ],
      black,
      same,
      log,
    ) // log10(10) = 1: row 15
    expect(alphaAt(raster, 5, 15)).toBeGreaterThan(120)
    expect(alphaAt(raster, 15, 15)).toBe(0)
    expect(alphaAt(raster, 25, 15)).toBeGreaterThan(120)
  })

  test('a spike one point wide among thousands keeps its full height', () => {
    const raster = makeRaster(100, 200)
    const points = Array.from({ length: 5000 }, (_, i): [number, number] => [
      i / 50,
      i === 3210 ? 10 : 150 + (i % 3),
    ])
    draw(raster, points, black)
    const column = Math.floor(3210 / 50)
    const best = Math.max(alphaAt(raster, column, 11), alphaAt(raster, column, 12))
    expect(best).toBe(255)
    expect(alphaAt(raster, column - 3, 12)).toBe(0)
  })

  test('dense lines of any thickness cover every column from its lowest to its highest point', () => {
    for (const thickness of [1, 1.5, 3]) {
      const raster = makeRaster(50, 100)
      const points = Array.from({ length: 400 }, (_, i): [number, number] => [i / 8, i % 2 ? 20 : 80])
      draw(raster, points, { ...black, thickness })
      for (let x = 2; x < 48; x++)
        for (const y of [21, 50, 79]) expect(alphaAt(raster, x, y)).toBeGreaterThan(250)
      expect(alphaAt(raster, 25, 17 - Math.ceil(thickness))).toBe(0)
    }
  })

  test('a steep jump of a dashed line is one stroke, not a few loose ones', () => {
    const raster = makeRaster(20, 200)
    draw(
      raster,
      [
        [2.5, 199.5],
        [12.5, 0.5],
      ],
      { ...black, thickness: 1.5, dash: [5, 2.5] },
    )
    for (let y = 2; y < 198; y++)
      expect([...Array(20).keys()].some((x) => alphaAt(raster, x, y) > 60)).toBe(true)
  })

  test('an area reaches from the lower to the upper line in each column', () => {
    const raster = makeRaster(10, 10)
    const area = [Float64Array.of(0, 10), Float64Array.of(8, 8), Float64Array.of(2, 4)] as const
    fillArea(raster, ...area, same, same, 0x000000, 1)
    expect([0, 1, 2, 5, 7, 8].map((y) => alphaAt(raster, 0, y) > 128)).toEqual([
      false,
      false,
      true,
      true,
      true,
      false,
    ])
    expect(alphaAt(raster, 9, 3)).toBeLessThan(128)
  })

  test('dashes leave gaps by arc length', () => {
    const raster = makeRaster(60, 11)
    draw(
      raster,
      [
        [0, 5.5],
        [60, 5.5],
      ],
      { ...black, dash: [5, 2.5] },
    )
    const on = Array.from({ length: 60 }, (_, x) => alphaAt(raster, x, 5) / 255)
    expect(on.slice(0, 5)).toEqual([1, 1, 1, 1, 1])
    expect(on[5]).toBe(0)
    expect(on[6]).toBe(0)
    // 5 of every 7.5 px are drawn.
    expect(on.reduce((a, b) => a + b) / 60).toBeCloseTo(5 / 7.5, 1)
  })

  test('values far outside the box cost nothing and draw nothing inside', () => {
    const raster = makeRaster(20, 20)
    draw(
      raster,
      [
        [-1e12, 5],
        [-1e11, 1e300],
        [5, -1e300],
        [1e12, -1e300],
      ],
      black,
    )
    expect(alphaAt(raster, 19, 19)).toBe(0)
  })

  test('later lines lie over earlier ones by their opacity', () => {
    const raster = makeRaster(10, 10)
    draw(
      raster,
      [
        [0, 4.5],
        [10, 4.5],
      ],
      { ...black, color: 0xff0000 },
    )
    draw(
      raster,
      [
        [0, 4.5],
        [10, 4.5],
      ],
      { ...black, color: 0x0000ff, alpha: 0.5 },
    )
    const out = new Uint8ClampedArray(400)
    readRaster(raster, out)
    const at = (4 * 10 + 5) * 4
    // half red, half blue, opaque
    expect([...out.slice(at, at + 4)].map((v) => Math.round(v / 10))).toEqual([13, 0, 13, 26])
  })

  test('reads back straight colours, and nothing after a clear', () => {
    const raster = makeRaster(20, 3)
    draw(
      raster,
      [
        [0, 1.5],
        [20, 1.5],
      ],
      { ...black, color: 0x2d69e9, alpha: 0.2 },
    )
    const out = new Uint8ClampedArray(20 * 3 * 4)
    readRaster(raster, out)
    const pixel = [...out.slice((20 + 7) * 4, (20 + 7) * 4 + 4)]
    expect(pixel[3]).toBe(51)
    for (const [i, channel] of [0x2d, 0x69, 0xe9].entries())
      expect(Math.abs((pixel[i] ?? 0) - channel)).toBeLessThanOrEqual(3)
    clearRaster(raster)
    readRaster(raster, out)
    expect(out.every((value) => value === 0)).toBe(true)
  })
})

test('stampDots draws discs of the radius', () => {
  const raster = makeRaster(30, 30)
  stampDots(raster, Float64Array.of(15), Float64Array.of(15), 0, 1, same, same, 4, 0, 1)
  expect(alphaSum(raster) / (Math.PI * 16)).toBeCloseTo(1, 1)
})

/**
 * What two pictures of one size differ in, from their 8-bit RGBA pixels. Sums only, so that bands of rows can be
 * added one after the other.
 */
export interface DifferenceSums {
  pixels: number
  /** Over red, green and blue of all pixels. */
  absolute: number
  squared: number
  /** B − A. */
  signed: number
  largest: number
  equal: number
  /** Pixels with a channel that differs by more than 16. */
  over16: number
  channels: [number, number, number]
  /** Of each channel of each pixel, how many differ by so much. */
  histogram: Float64Array
}

export interface DifferenceNumbers {
  pixels: number
  /** Mean of |A − B| over the three channels, of 255. */
  mean: number
  rms: number
  /** dB; Infinity for equal pictures. */
  psnr: number
  largest: number
  bias: number
  /** Shares of pixels. */
  equal: number
  over16: number
  channels: [number, number, number]
}

export function noDifference(): DifferenceSums {
  return {
    ...{ pixels: 0, absolute: 0, squared: 0, signed: 0, largest: 0, equal: 0, over16: 0 },
    channels: [0, 0, 0],
    histogram: new Float64Array(256),
  }
}

/** Adds the pixels of a band; alpha is left out (pictures are laid over black before). */
export function addDifference(sums: DifferenceSums, a: Uint8ClampedArray, b: Uint8ClampedArray): void {
  const { histogram } = sums
  let [red, green, blue, signed, squared, largest, equal, over] = [0, 0, 0, 0, 0, sums.largest, 0, 0]
  for (let i = 0; i < a.length; i += 4) {
    const r = b[i]! - a[i]!
    const g = b[i + 1]! - a[i + 1]!
    const u = b[i + 2]! - a[i + 2]!
    const [p, q, s] = [Math.abs(r), Math.abs(g), Math.abs(u)]
    const most = p > q ? (p > s ? p : s) : q > s ? q : s
    red += p
    green += q
    blue += s
    signed += r + g + u
    squared += r * r + g * g + u * u
    if (most === 0) equal++
    else if (most > 16) over++
    if (most > largest) largest = most
    histogram[p]!++
    histogram[q]!++
    histogram[s]!++
  }
  sums.pixels += a.length / 4
  sums.absolute += red + green + blue
  sums.squared += squared
  sums.signed += signed
  sums.largest = largest
  sums.equal += equal
  sums.over16 += over
  sums.channels[0] += red
  sums.channels[1] += green
  sums.channels[2] += blue
}

/** PSNR = 10 log10(255² / mean squared error over pixels and channels). */
export function differenceNumbers(sums: DifferenceSums): DifferenceNumbers {
  const { pixels } = sums
  const values = pixels * 3
  const mse = sums.squared / values
  const [red, green, blue] = sums.channels
  return {
    pixels,
    mean: sums.absolute / values,
    rms: Math.sqrt(mse),
    psnr: 10 * Math.log10(255 ** 2 / mse),
    largest: sums.largest,
    bias: sums.signed / values,
    equal: sums.equal / pixels,
    over16: sums.over16 / pixels,
    channels: [red / pixels, green / pixels, blue / pixels],
  }
}

/** |A − B| times `gain`, opaque, into `out`: black is equal. */
export function drawAbsolute(
  a: Uint8ClampedArray,
  b: Uint8ClampedArray,
  gain: number,
  out: Uint8ClampedArray,
): void {
  for (let i = 0; i < a.length; i += 4) {
    for (let c = i; c < i + 3; c++) out[c] = Math.abs(b[c]! - a[c]!) * gain
    out[i + 3] = 255
  }
}

/**
 * Mean of B − A over the channels times `gain`, opaque, into `out`: from black towards `minus` (RGB) below zero and
 * `plus` above.
 */
export function drawSigned(
  a: Uint8ClampedArray,
  b: Uint8ClampedArray,
  gain: number,
  [minus, plus]: readonly [readonly number[], readonly number[]],
  out: Uint8ClampedArray,
): void {
  for (let i = 0; i < a.length; i += 4) {
    const mean = (b[i]! - a[i]! + b[i + 1]! - a[i + 1]! + b[i + 2]! - a[i + 2]!) / 3
    const share = Math.min(1, (Math.abs(mean) * gain) / 255)
    const toward = mean < 0 ? minus : plus
    for (let c = 0; c < 3; c++) out[i + c] = share * toward[c]!
    out[i + 3] = 255
  }
}

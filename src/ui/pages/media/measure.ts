import {
  addDifference,
  type DifferenceNumbers,
  type DifferenceSums,
  differenceNumbers,
  drawAbsolute,
  drawSigned,
  noDifference,
} from '../../../compute/image-difference.ts'

/** Pixels that are read and compared before other work has its turn: some ms. */
const BAND = 1 << 18

export interface Measured {
  numbers: DifferenceNumbers
  histogram: Float64Array
  /** The difference as a picture, where one was asked for. */
  picture: OffscreenCanvas | undefined
}

export interface MeasureOptions {
  signal: AbortSignal
  /** The part that is compared; the whole without. */
  part?: { x: number; y: number; width: number; height: number } | undefined
  draw?:
    | { signed: boolean; gain: number; colors: readonly [readonly number[], readonly number[]] }
    | undefined
}

/** What two pictures of one size differ in, of their decoded 8-bit pixels over black, a band of rows at a time. */
export async function measure(a: ImageBitmap, b: ImageBitmap, options: MeasureOptions): Promise<Measured> {
  const { signal, draw } = options
  const { x, y, width, height } = options.part ?? { x: 0, y: 0, width: a.width, height: a.height }
  const rows = Math.max(1, Math.min(height, Math.floor(BAND / width)))
  const sums: DifferenceSums = noDifference()
  const [one, other] = [bandContext(width, rows), bandContext(width, rows)]
  const picture = draw ? new OffscreenCanvas(width, height) : undefined
  const out = picture?.getContext('2d')
  for (let top = 0; top < height; top += rows) {
    if (top > 0) await turn()
    signal.throwIfAborted()
    const band = Math.min(rows, height - top)
    const [p, q] = [pixels(one, a, x, y + top, width, band), pixels(other, b, x, y + top, width, band)]
    addDifference(sums, p, q)
    if (!draw || !out) continue
    const drawn = new ImageData(width, band)
    if (draw.signed) drawSigned(p, q, draw.gain, draw.colors, drawn.data)
    else drawAbsolute(p, q, draw.gain, drawn.data)
    out.putImageData(drawn, 0, top)
  }
  return { numbers: differenceNumbers(sums), histogram: sums.histogram, picture }
}

let single: OffscreenCanvasRenderingContext2D | undefined

/** Red, green and blue of one pixel, over black. */
export function pixelOf(bitmap: ImageBitmap, x: number, y: number): [number, number, number] {
  single ??= bandContext(1, 1)
  const [red = 0, green = 0, blue = 0] = pixels(single, bitmap, x, y, 1, 1)
  return [red, green, blue]
}

function bandContext(width: number, height: number): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, height).getContext('2d', {
    alpha: false,
    willReadFrequently: true,
  })
  if (!context) throw new Error('no canvas to decode pictures on')
  return context
}

function pixels(
  context: OffscreenCanvasRenderingContext2D,
  bitmap: ImageBitmap,
  x: number,
  y: number,
  width: number,
  height: number,
): Uint8ClampedArray {
  context.fillStyle = '#000'
  context.fillRect(0, 0, width, height)
  context.drawImage(bitmap, x, y, width, height, 0, 0, width, height)
  return context.getImageData(0, 0, width, height).data
}

/** Lets frames and input have their turn. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(undefined)
  })
}

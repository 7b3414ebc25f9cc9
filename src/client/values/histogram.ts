import { TrackioError } from '../../model/errors.ts'
import { camelKeys } from '../base/case.ts'
import { jsonOf } from './stored-json.ts'

/** What `Histogram` takes beside its value. Names in Python's spelling are taken too. */
export interface HistogramOptions {
  /** 64 unless given; 512 at most. */
  numBins?: number
  /** Counts and edges worked out before: `[counts, edges]`. */
  npHistogram?: readonly [ArrayLike<number>, ArrayLike<number>]
}

type Numbers = Iterable<number | bigint | Numbers>

const MOST_BINS = 512

/**
 * How values are spread: bins of equal width from the least to the greatest finite value, as numpy makes
 * them.
 *
 * @example trackio.log({ gradients: new trackio.Histogram(layer.gradients, { numBins: 32 }) })
 * @example new trackio.Histogram({ npHistogram: [[3, 1], [0, 0.5, 1]] })
 */
export class Histogram {
  readonly histogram: readonly number[]
  readonly bins: readonly number[]

  constructor(sequence: Numbers | HistogramOptions | null, options: HistogramOptions | number = {}) {
    const alone = isOptions(sequence)
    const given = camelKeys(alone ? sequence : typeof options === 'number' ? { numBins: options } : options)
    const values = alone || sequence === null ? undefined : sequence
    if (values === undefined && !given.npHistogram)
      throw new TrackioError('Histogram', 'Must provide either sequence or np_histogram')
    if (values !== undefined && given.npHistogram)
      throw new TrackioError('Histogram', 'Cannot provide both sequence and np_histogram')
    if (given.npHistogram) {
      this.histogram = Array.from(given.npHistogram[0])
      this.bins = Array.from(given.npHistogram[1])
      return
    }
    const bins = Math.min(given.numBins ?? 64, MOST_BINS)
    if (!Number.isInteger(bins) || bins < 1)
      throw new TrackioError('Histogram', `numBins must be a whole number from 1 to 512, not ${bins}`)
    const finite = flat(values ?? []).filter(Number.isFinite)
    const { counts, edges } = finite.length > 0 ? binned(finite, bins) : { counts: [], edges: [] }
    this.histogram = counts
    this.bins = edges
  }

  /** JSON of the stored value. */
  json(): string {
    return `{"_type":"trackio.histogram","bins":${jsonOf(this.bins)},"values":${jsonOf(this.histogram)}}`
  }
}

function isOptions(value: unknown): value is HistogramOptions {
  return typeof value === 'object' && value !== null && !(Symbol.iterator in value)
}

function flat(values: Numbers): number[] {
  const found: number[] = []
  for (const value of values) {
    if (typeof value === 'object') found.push(...flat(value))
    else found.push(Number(value))
  }
  return found
}

/**
 * numpy's histogram of equal bins: edges by linspace, the last bin closed, counts set right where rounding
 * put a value beside its bin.
 */
function binned(values: number[], bins: number): { counts: number[]; edges: number[] } {
  let low = values[0]!
  let high = low
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  if (low === high) {
    low -= 0.5
    high += 0.5
  }
  const step = (high - low) / bins
  const edges = Array.from({ length: bins + 1 }, (_, i) => (i === bins ? high : i * step + low))
  if (edges.some((edge, i) => i > 0 && edge <= edges[i - 1]!)) {
    throw new TrackioError(
      'Histogram',
      `Too many bins for data range. Cannot create ${bins} finite-sized bins.`,
    )
  }
  const counts = new Array<number>(bins).fill(0)
  for (const value of values) {
    let bin = Math.min(bins - 1, Math.trunc(((value - low) / (high - low)) * bins))
    if (value < edges[bin]!) bin--
    if (value >= edges[bin + 1]! && bin !== bins - 1) bin++
    counts[bin]!++
  }
  return { counts, edges }
}

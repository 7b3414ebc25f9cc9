import { mergeDevices } from '../../compute/devices.ts'
import { lineKey } from '../../compute/line-key.ts'
import { quantile } from '../../compute/quantile.ts'
import { integralOf } from '../../compute/sampling.ts'
import type {
  Samples,
  SamplesQuery,
  Strip,
  StripQuery,
  SystemQuery,
  SystemStats,
} from '../../model/system.ts'
import type { XAxis, Zoom } from '../../model/view.ts'
import type { Project, RunSeries } from '../projects/project.ts'
import { isRising, xOf } from './x-values.ts'

const NO_GAPS = new Uint32Array(0)

/** Answers `systemStats` from the rows read so far. */
export function systemStatsOf(project: Project, query: SystemQuery): SystemStats {
  const { runs, metrics, devices: wanted, x, zoom, idleBelow } = query
  const size = runs.length * metrics.length
  const nan = (): Float64Array => new Float64Array(size).fill(Number.NaN)
  const merged = new Map(mergeDevices(project.names()).map((metric) => [metric.name, metric]))
  const deviceNames = [...new Set(metrics.flatMap((name) => merged.get(name)?.devices ?? []))]
  const stats: SystemStats = {
    metrics,
    runs,
    count: new Uint32Array(size),
    nonFinite: new Uint32Array(size),
    devices: new Uint32Array(size),
    mean: nan(),
    min: nan(),
    max: nan(),
    p5: nan(),
    last: nan(),
    idle: nan(),
    sum: nan(),
    integral: nan(),
    seconds: nan(),
    gaps: new Uint32Array(size),
    longestGap: nan(),
    maxStep: nan(),
    maxTime: nan(),
    maxDevice: new Int32Array(size).fill(-1),
    deviceNames,
    exact: project.exact(),
  }
  metrics.forEach((name, m) => {
    const all = merged.get(name)?.devices ?? []
    const some = wanted ? all.filter((device) => wanted.includes(device)) : all
    runs.forEach((run, r) => {
      const keys = all.length > 0 ? some : [undefined]
      const parts = keys.flatMap((device): Part[] => {
        const key = lineKey(run, device === undefined ? undefined : { kind: 'device', device })
        const found = project.run(key)
        const series = found && project.series(found, name)
        return series ? inStretch(project, key, series, name, x, zoom, device) : []
      })
      put(stats, m * runs.length + r, parts, idleBelow)
    })
  })
  return stats
}

/** Samples [from, to) of one device. */
interface Part {
  device: string | undefined
  series: RunSeries
  from: number
  to: number
}

/** The samples of a stretch: one piece, or several where x goes back (a run that was resumed). */
function inStretch(
  project: Project,
  key: string,
  series: RunSeries,
  metric: string,
  x: XAxis,
  zoom: Zoom | undefined,
  device: string | undefined,
): Part[] {
  const n = series.values.length
  if (zoom?.min === undefined && zoom?.max === undefined) return [{ device, series, from: 0, to: n }]
  const xs = xOf(project, key, series, metric, x)
  const [min, max] = [zoom.min ?? Number.NEGATIVE_INFINITY, zoom.max ?? Number.POSITIVE_INFINITY]
  const parts: Part[] = []
  for (let i = 0; i < n; i++) {
    if (!((xs[i] as number) >= min && (xs[i] as number) <= max)) continue
    const from = i
    while (i < n && (xs[i] as number) >= min && (xs[i] as number) <= max) i++
    parts.push({ device, series, from, to: i })
  }
  return parts
}

function put(stats: SystemStats, at: number, parts: readonly Part[], idleBelow: number): void {
  const total = parts.reduce((sum, { from, to }) => sum + to - from, 0)
  stats.count[at] = total
  const byDevice = new Map<
    string | undefined,
    { sum: number; count: number; seconds: number; gaps: number }
  >()
  const finite = new Float64Array(total)
  let n = 0
  let idle = 0
  let most = Number.NEGATIVE_INFINITY
  let integral = 0
  let lastTime = Number.NEGATIVE_INFINITY
  let longest = Number.NaN
  for (const { device, series, from, to } of parts) {
    const { values, times, steps, gaps = NO_GAPS } = series
    const own = byDevice.get(device) ?? { sum: 0, count: 0, seconds: 0, gaps: 0 }
    byDevice.set(device, own)
    for (let i = from; i < to; i++) {
      const value = values[i] as number
      if (value - value !== 0) continue
      finite[n++] = value
      own.sum += value
      own.count++
      if (value < idleBelow) idle++
      if (value > most) {
        most = value
        stats.maxStep[at] = steps[i] as number
        stats.maxTime[at] = times[i] as number
        stats.maxDevice[at] = device === undefined ? -1 : stats.deviceNames.indexOf(device)
      }
      if ((times[i] as number) >= lastTime) {
        lastTime = times[i] as number
        stats.last[at] = value
      }
    }
    const part = integralOf(times, values, gaps, from, to)
    integral += part.sum
    own.seconds += part.seconds
    for (const gap of gaps) {
      if (gap <= from || gap >= to) continue
      own.gaps++
      const seconds = ((times[gap] as number) - (times[gap - 1] as number)) / 1000
      if (!(seconds <= longest)) longest = seconds
    }
  }
  const devices = [...byDevice.values()]
  stats.devices[at] = byDevice.has(undefined) ? 0 : devices.length
  stats.nonFinite[at] = total - n
  stats.longestGap[at] = longest
  stats.gaps[at] = devices.reduce((all, { gaps }) => Math.max(all, gaps), 0)
  if (n === 0) return
  const sum = devices.reduce((all, own) => all + own.sum, 0)
  const seen = finite.subarray(0, n)
  stats.mean[at] = sum / n
  stats.sum[at] = devices.reduce((all, own) => all + (own.count > 0 ? own.sum / own.count : 0), 0)
  stats.idle[at] = idle / n
  stats.integral[at] = integral
  stats.seconds[at] = devices.reduce((all, { seconds }) => Math.max(all, seconds), 0)
  stats.max[at] = most
  stats.p5[at] = quantile(seen, 0.05)
  let least = most
  for (const value of seen) if (value < least) least = value
  stats.min[at] = least
}

/** Answers `systemStrip`. */
export function stripOf(project: Project, query: StripQuery): Strip {
  const { lines, metric, x, zoom } = query
  const width = Math.max(1, Math.floor(query.width))
  const found = lines.map((key) => {
    const run = project.run(key)
    const series = run && project.series(run, metric)
    return series && { series, xs: xOf(project, key, series, metric, x) }
  })
  const xFull = extentOf(found.map((one) => one?.xs))
  const range: [number, number] = [zoom?.min ?? xFull[0], zoom?.max ?? xFull[1]]
  const means = new Float32Array(lines.length * width).fill(Number.NaN)
  const strip: Strip = {
    x: range,
    xFull,
    means,
    mean: new Float64Array(lines.length).fill(Number.NaN),
    samples: new Uint32Array(lines.length),
    longestGap: new Float64Array(lines.length).fill(Number.NaN),
    low: Number.POSITIVE_INFINITY,
    high: Number.NEGATIVE_INFINITY,
    exact: project.exact(),
  }
  found.forEach((one, l) => {
    if (one) fillRow(strip, l, width, one.series, one.xs)
  })
  return strip
}

function extentOf(all: readonly (Float64Array | undefined)[]): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const xs of all)
    for (const x of xs ?? []) {
      if (x < low) low = x
      if (x > high) high = x
    }
  return low < high ? [low, high] : low === high ? [low - 0.5, high + 0.5] : [0, 1]
}

function fillRow(strip: Strip, line: number, width: number, series: RunSeries, xs: Float64Array): void {
  const { values, times, gaps = NO_GAPS } = series
  const [min, max] = strip.x
  const scale = width / (max - min || 1)
  const sums = new Float64Array(width)
  const counts = new Uint32Array(width)
  const row = strip.means.subarray(line * width, (line + 1) * width)
  let sum = 0
  let finite = 0
  let gap = 0
  /** The cell of the sample before, and its value, which goes on up to this one's. */
  let [before, held] = [Number.NaN, Number.NaN]
  for (let i = 0; i < xs.length; i++) {
    const x = xs[i] as number
    const value = values[i] as number
    const cell = Math.min(width, Math.max(-1, Math.floor((x - min) * scale)))
    const here = x === max ? width - 1 : cell
    const isGap = gaps[gap] === i
    if (isGap) gap++
    if (x !== x) continue
    if (isGap && here >= 0 && before < width) {
      const seconds = ((times[i] as number) - (times[i - 1] as number)) / 1000
      if (!(seconds <= (strip.longestGap[line] as number))) strip.longestGap[line] = seconds
    } else for (let c = Math.max(0, before + 1); c < Math.min(here, width); c++) row[c] = held
    before = here
    held = value - value === 0 ? value : Number.NaN
    if (here < 0 || here >= width || x > max) continue
    strip.samples[line] = (strip.samples[line] as number) + 1
    if (value - value !== 0) continue
    sums[here] = (sums[here] as number) + value
    counts[here] = (counts[here] as number) + 1
    sum += value
    finite++
    if (value < strip.low) strip.low = value
    if (value > strip.high) strip.high = value
  }
  for (let c = 0; c < width; c++)
    if ((counts[c] as number) > 0) row[c] = (sums[c] as number) / (counts[c] as number)
  if (finite > 0) strip.mean[line] = sum / finite
}

/** Answers `systemSamples`. */
export function samplesOf(project: Project, { lines, metric, x, at }: SamplesQuery): Samples {
  const nan = (): Float64Array => new Float64Array(lines.length).fill(Number.NaN)
  const samples: Samples = { mean: nan(), count: new Uint32Array(lines.length), x: nan(), times: nan() }
  lines.forEach((key, l) => {
    const run = project.run(key)
    const series = run && project.series(run, metric)
    if (!series) return
    const xs = xOf(project, key, series, metric, x)
    const last = lastAt(xs, at, isRising(series, x, xs))
    if (last < 0) return
    // a gap lies between: nothing is known of what was then
    if (last + 1 < xs.length && series.gaps?.includes(last + 1) && at > (xs[last] as number)) return
    let [sum, count] = [0, 0]
    let from = last
    for (; from >= 0 && xs[from] === xs[last]; from--) {
      const value = series.values[from] as number
      if (value - value !== 0) continue
      sum += value
      count++
    }
    samples.mean[l] = sum / count
    samples.count[l] = count
    samples.x[l] = xs[last] as number
    samples.times[l] = series.times[from + 1] as number
  })
  return samples
}

/** The last of the points with the greatest x at or before `at`; −1 where there is none, or all ended before. */
function lastAt(xs: Float64Array, at: number, rising: boolean): number {
  let found = -1
  for (let i = 0; i < xs.length; i++) {
    const x = xs[i] as number
    if (x <= at) {
      if (found < 0 || x >= (xs[found] as number)) found = i
    } else if (rising) return found
  }
  return found
}

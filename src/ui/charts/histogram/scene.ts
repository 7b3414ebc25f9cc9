import { formatCount, formatDuration, formatFixed, formatValue } from '../../../compute/number.ts'
import { clockTicks, durationTicks, formatClock, linearTicks, type Ticks } from '../../../compute/ticks.ts'
import {
  linearWidth,
  makeValueScale,
  type ValueScale,
  type ValueScaleKind,
} from '../../../compute/value-scale.ts'
import type { HistogramFacts, HistogramRange, Histograms } from '../../../model/histogram.ts'
import type { XAxis, Zoom } from '../../../model/view.ts'

/** A metric of another page's axis has no place here: histograms have steps and times. */
export type StripAxis = Exclude<XAxis, { kind: 'metric' }>

export function stripAxis(x: XAxis): StripAxis {
  return x.kind === 'metric' ? { kind: 'step' } : x
}

/** How the values of histograms lie on their axis: as all cards of the page have it. */
export interface ValueAxis {
  kind: ValueScaleKind
  range: HistogramRange
}

/** The axis of a histogram, by all of its runs and steps. */
export function valueScale({ full, kept, typical }: HistogramFacts, { kind, range }: ValueAxis): ValueScale {
  const ends = (range === 'full' ? undefined : kept[range === 'most' ? 0 : 1]) ?? full
  return makeValueScale(kind, ends, linearWidth(typical, full))
}

/** x of every entry on the axis; NaN where it has none. */
export function xsOf(data: Histograms, axis: StripAxis): Float64Array {
  if (axis.kind === 'step') return data.steps
  if (axis.kind === 'wall') return data.times
  const xs = new Float64Array(data.times.length)
  for (let r = 0; r < data.runs.length; r++)
    for (let e = data.runStarts[r] as number; e < (data.runStarts[r + 1] as number); e++)
      xs[e] = ((data.times[e] as number) - (data.begun[r] as number)) / 1000
  return xs
}

/** The part of x in view; [0, 1] where there is nothing. */
export function extentOf(
  columns: readonly { from: Float64Array; to: Float64Array }[],
  zoom: Zoom | undefined,
): [number, number] {
  let [low, high] = [Infinity, -Infinity]
  for (const { from, to } of columns) {
    if (from.length === 0) continue
    low = Math.min(low, from[0] as number)
    high = Math.max(high, to[to.length - 1] as number)
  }
  if (!(low <= high)) [low, high] = [0, 1]
  const [min, max] = [zoom?.min ?? low, zoom?.max ?? high]
  return max > min ? [min, max] : [min, min + 1]
}

export function xTicksFor(
  axis: StripAxis,
  [min, max]: readonly [number, number],
  most: number,
  zone: 'local' | 'utc',
): Ticks {
  if (axis.kind === 'relative') return durationTicks(min, max, most)
  if (axis.kind === 'wall') return clockTicks(min, max, most, zone)
  const ticks = linearTicks(min, max, most)
  // there is no step 0.5
  const whole = ticks.values.flatMap((value, i) => (Number.isInteger(value) ? [i] : []))
  return whole.length === ticks.values.length
    ? ticks
    : {
        values: whole.map((i) => ticks.values[i] as number),
        labels: whole.map((i) => formatCount(ticks.values[i] as number)),
      }
}

export function xWords(axis: StripAxis, x: number, zone: 'local' | 'utc'): string {
  if (axis.kind === 'relative') return formatDuration(x)
  if (axis.kind === 'wall') return formatClock(x, zone)
  return formatCount(x, 6)
}

export const AXIS_WORD = { step: 'Step', relative: 'Elapsed', wall: 'Time' } as const

/** `0.08 %`, `< 0.01 %`, `12.6 %`. */
export function shareText(share: number): string {
  if (share === 0 || share === 1) return `${100 * share} %`
  const percent = 100 * share
  if (percent < 0.01) return '< 0.01 %'
  return `${percent >= 10 ? formatFixed(percent, 1) : formatValue(percent, 2, false)} %`
}

/** A logged count: all of its digits where it is whole. */
export function countText(count: number): string {
  return Number.isInteger(count) && count < 1e15 ? formatCount(count) : formatValue(count, 6)
}

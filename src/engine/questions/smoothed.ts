import { standsAsLogged } from '../../compute/facts.ts'
import { reachOf, smoothTail } from '../../compute/smooth.ts'
import type { LineEnd, Smoothing, Treatment } from '../../model/view.ts'
import { factsOf, growing } from '../projects/derived.ts'
import type { Line } from '../projects/downsample-cache.ts'
import type { RunSeries } from '../projects/project.ts'

/** Window of a mean or median: so many rows of the run, or points of the line where those are fewer. */
export interface Window {
  size: number
  unit: Treatment['unit']
}

/** A line with what was done to its values. */
export interface TreatedLine extends Line {
  window: Window | undefined
}

/** The values as they are drawn: the logged array itself where nothing is done to them. */
export function smoothedOf(series: RunSeries, smoothing: Smoothing): Float64Array {
  const { values, times, places } = series
  if (smoothing.width === 0) return values
  if (isAuto(smoothing) && standsAsLogged(factsOf(series), values, series.steps)) return values
  const what = `smooth:${smoothing.kind}:${smoothing.width}:${smoothing.factor}:${isAuto(smoothing)}`
  return growing(series, what, (known) => smoothTail(values, times, smoothing, known, places))
}

/** Nobody set the width: the kinds beside the mean are somebody's choice. */
function isAuto({ auto, kind }: Smoothing): boolean {
  return auto === true && kind === 'mean'
}

/** A metric that is logged more rarely than its window is its own mean. */
export function sameValues(a: Float64Array, b: Float64Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i] && !(a[i] !== a[i] && b[i] !== b[i])) return false
  return true
}

export function windowOf({ values, places }: RunSeries, smoothing: Smoothing): Window | undefined {
  if (smoothing.kind !== 'mean' && smoothing.kind !== 'median') return undefined
  const { rows, points } = reachOf(smoothing, values.length, places.total)
  return points < rows ? { size: 2 * points + 1, unit: 'points' } : { size: 2 * rows + 1, unit: 'rows' }
}

export function treatmentOf(
  lines: readonly TreatedLine[],
  ends: readonly Pick<LineEnd, 'rowsInView'>[],
): Treatment {
  const treatment: Treatment = { logged: 0, points: 0, from: 0, to: 0, unit: 'rows' }
  lines.forEach(({ drawn, values, window }, i) => {
    if (drawn === values) {
      treatment.logged++
      treatment.points = Math.max(treatment.points, ends[i]?.rowsInView ?? 0)
    } else if (window) {
      treatment.from = treatment.from === 0 ? window.size : Math.min(treatment.from, window.size)
      treatment.to = Math.max(treatment.to, window.size)
      if (window.unit === 'points') treatment.unit = 'points'
    }
  })
  return treatment
}

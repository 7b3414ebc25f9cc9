import { formatCount, formatValue } from '../../compute/number.ts'
import { nameInText } from '../../compute/visible-name.ts'
import type { Frame, FrameQuery, Smoothing } from '../../model/view.ts'
import type { Scene } from './scene.ts'

/**
 * What was done to the lines: `as logged, 8 points`, `mean of 11 rows`, `mean of 5 to 11 points, 2 of 3 lines
 * as logged`.
 */
export function treatmentWords({ frame, query }: { frame: Frame; query: FrameQuery }): string {
  const { ends, treatment } = frame
  if (ends.length === 0) return ''
  if (query.smoothing.width === 0 || treatment.logged === ends.length)
    return `as logged, ${pointsWords(frame)}`
  const done = smoothingWords(query.smoothing, treatment)
  return treatment.logged > 0
    ? `${done}, ${formatCount(treatment.logged)} of ${formatCount(ends.length)} lines as logged`
    : done
}

function pointsWords({ ends }: Frame): string {
  const counts = ends.map(({ rowsInView }) => rowsInView)
  const [least, most] = [Math.min(...counts), Math.max(...counts)]
  if (least === most) return `${formatCount(most)} ${most === 1 ? 'point' : 'points'}`
  return `${formatCount(least)} to ${formatCount(most)} points`
}

/** `mean of 11 rows`; '' where nothing is smoothed. */
export function smoothingWords(
  smoothing: Smoothing,
  { from, to, unit }: Pick<Frame['treatment'], 'from' | 'to' | 'unit'>,
): string {
  const width = smoothing.width * smoothing.factor
  if (width <= 0) return ''
  const window = from === to ? formatCount(to) : `${formatCount(from)} to ${formatCount(to)}`
  switch (smoothing.kind) {
    case 'mean':
    case 'median':
      return `${smoothing.kind} of ${window} ${unit}`
    case 'gaussian':
      return `Gaussian σ ${width / 2}`
    case 'ema':
      return `EMA ${formatValue(width / (width + 1), 3)}`
    case 'time-ema':
      return `time EMA ${formatValue(width / (width + 1), 3)}`
  }
}

/** `6 runs`, `5 groups`, `5 groups, 2 runs`; of several metrics or devices `12 lines of 2 runs`. */
export function linesCount({ frame, lines }: Scene): string {
  const own = lines.filter(({ index }) => (frame.groups?.runs[index] ?? 0) === 0)
  const groups = lines.length - own.length
  // keys of a run's lines, by metric or by device, begin with its own
  const runs = new Set(own.map(({ run }) => run.key.split('\u0000', 1)[0])).size
  const count = (n: number, word: string): string => `${formatCount(n)} ${word}${n === 1 ? '' : 's'}`
  const words =
    runs === own.length ? count(runs, 'run') : `${count(own.length, 'line')} of ${count(runs, 'run')}`
  return [groups > 0 ? count(groups, 'group') : '', runs > 0 || groups === 0 ? words : '']
    .filter(Boolean)
    .join(', ')
}

/** `20,000 rows, exact` */
export function rowsWords(scene: Scene): string {
  const { rows, drawn, kind } = scene.frame.fidelity
  const state = kind === 'preview' ? 'so far' : drawn < rows ? 'thinned' : 'exact'
  return `${formatCount(rows)} rows, ${state}`
}

/** `24 points above the axis, 3 below`; '' where every point is on it. */
export function clippedWords({ above, below }: Pick<Frame, 'above' | 'below'>): string {
  const points = (count: number): string => `${formatCount(count)} ${count === 1 ? 'point' : 'points'}`
  if (above > 0 && below > 0) return `${points(above)} above the axis, ${formatCount(below)} below`
  if (above > 0) return `${points(above)} above the axis`
  return below > 0 ? `${points(below)} below the axis` : ''
}

/**
 * Of an x that is another metric: where points got an x that was logged in another row, and which have none.
 */
export function carriedWords({
  frame: { carried, leftOut },
  query: { x },
}: {
  frame: Frame
  query: FrameQuery
}): string[] {
  if (x.kind !== 'metric') return []
  return [
    ...(carried > 0 ? [`last ${nameInText(x.name)} carried on`] : []),
    ...(leftOut > 0
      ? [
          `${formatCount(leftOut)} ${leftOut === 1 ? 'point' : 'points'} before the first ${nameInText(x.name)}`,
        ]
      : []),
  ]
}

import { type Bins, binLine, type Extremes, envelopeOf, type Points } from '../../compute/envelope.ts'
import { hashOf } from '../../compute/hash.ts'
import type { Columns } from '../../compute/thin.ts'
import type { ProjectInfo } from '../../model/source.ts'
import type { Area, FrameQuery } from '../../model/view.ts'
import { type Line, type Piece, rangeOf } from '../projects/downsample-cache.ts'
import { addHolder } from '../projects/held.ts'
import type { Project } from '../projects/project.ts'
import { makeSeriesCache } from '../projects/series-cache.ts'

/** What is drawn behind more lines than have room for two each. */
export interface Wide {
  key: string
  area: Area
  extremes: Extremes[]
}

/**
 * Lines by column, so that one run more or less costs that one run: 32 MB in all. Lines of fewer points than
 * columns are binned as soon as they would be found.
 */
const binned = makeSeriesCache<{ key: string; bins: Bins }>(
  32 << 20,
  ({ bins }) => 3 * bins.low.byteLength + bins.count.byteLength,
)

/**
 * The last area of each metric: a moving slider changes the lines over it and not the area. By what a project
 * says of itself, which is the same object where percentiles are laid over it.
 */
const areas = new WeakMap<ProjectInfo, Map<string, Wide>>()

addHolder({
  part: 'charts',
  held: ({ info }) => ({
    bytes: [...(areas.get(info)?.values() ?? [])].reduce((sum, one) => sum + bytesOf(one), 0),
  }),
  free: ({ info }) => areas.delete(info),
})

/** Extremes are five numbers a line. */
function bytesOf({ area: { xs, low, high }, extremes }: Wide): number {
  return xs.byteLength + low.byteLength + high.byteLength + extremes.length * 40
}

export function areaOf(
  project: Project,
  query: FrameQuery,
  lines: readonly Line[],
  columns: Columns,
  logY: boolean,
): Wide {
  const key = hashOf(
    `${JSON.stringify(columns)} ${logY} ${query.runs.length} ${lines.map(({ run, version }) => `${run} ${version}`).join()}`,
  )
  const known = areas.get(project.info) ?? new Map<string, Wide>()
  areas.set(project.info, known)
  const slot = `${query.metric} ${JSON.stringify(query.x)}`
  const found = known.get(slot)
  if (found?.key === key) return found
  const view: [number, number] = [columns.min, columns.max]
  const points = lines.map((line) => {
    const [from, to] = rangeOf(line, view)
    return { xs: line.xs, ys: line.values, from, to }
  })
  const binsOf = (i: number, columns: Columns): Bins => {
    const [line, at] = [lines[i] as Line, points[i] as Points]
    if (at.to - at.from <= columns.width) return binLine(at, columns, logY)
    const key = `${line.version} ${JSON.stringify(columns)} ${logY}`
    const before = binned.get(line.identity, slot)
    if (before?.key === key) return before.bins
    const bins = binLine(at, columns, logY)
    binned.put(line.identity, slot, { key, bins })
    return bins
  }
  const made = { key, ...envelopeOf(points, columns, logY, binsOf) }
  known.set(slot, made)
  return made
}

/** What is told of a line's logged points in view. */
export type Counted = Pick<Piece, 'rows' | 'nonFinite' | 'nonPositive' | 'low' | 'high'>

/** The same of a line that is only in an area. */
export function countedOf(
  { values }: Line,
  { lowAt, highAt, rows, nonFinite, nonPositive }: Extremes,
): Counted {
  const [low, high] = [values[lowAt] ?? Number.POSITIVE_INFINITY, values[highAt] ?? Number.NEGATIVE_INFINITY]
  return { rows, nonFinite, nonPositive, low, high }
}

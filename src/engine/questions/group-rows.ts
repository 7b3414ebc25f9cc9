import { nextTurn } from '../../bridge/turn.ts'
import { type Curve, unionOf } from '../../compute/align.ts'
import { quote } from '../../compute/csv-cells.ts'
import type { GroupPage } from '../../model/groups.ts'
import type { GroupRows } from '../../model/questions.ts'
import { type CsvOptions, partLine, value } from '../exports/csv-lines.ts'
import type { Project } from '../projects/project.ts'
import { curvesOf, linesOfRuns } from './difference.ts'
import { type Evaluated, evaluate, groupsOf, placesOf } from './group-lines.ts'

/** A group, or a run of one that is too small. */
interface TableLine {
  id: string
  curves: Curve[]
  minus: Curve[] | undefined
}

/** Printed numbers are of what was logged. */
const LOGGED = { kind: 'mean', width: 0, factor: 1 } as const
/** Rows worked out at a time, between which other work gets its turn. */
const CHUNK = 500

function tableLines(project: Project, query: GroupRows): { lines: TableLine[]; xs: Float64Array } {
  const asked = { ...query, smoothing: LOGGED }
  const grouped = groupsOf(project, asked, linesOfRuns(project, asked, query.runs))
  const alone = grouped.alone.map((line): TableLine => {
    return { id: query.runs[line.run] ?? '', curves: [curvesOf(line).logged], minus: undefined }
  })
  const groups = grouped.groups.map(({ id, curves, minus }): TableLine => {
    return { id, curves: curves.map(({ logged }) => logged), minus: minus?.map(({ logged }) => logged) }
  })
  const lines = [...groups, ...alone]
  const all = { min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY }
  // of curves too, so that an x of several lines is one row
  const places = lines.map(({ curves, minus }) => placesOf(curves, minus, all))
  return {
    lines,
    xs: unionOf(
      places.map((xs) => ({ xs, ys: xs })),
      all.min,
      all.max,
    ),
  }
}

function rowsOf(
  { curves, minus }: TableLine,
  xs: Float64Array,
  { statistic, band }: GroupRows['groups'],
): Evaluated {
  return evaluate(curves, minus, xs, statistic, band)
}

/** Rows [from, from + count) of the table of groups. */
export function groupPageOf(project: Project, query: GroupRows & { from: number; count: number }): GroupPage {
  const { lines, xs: all } = tableLines(project, query)
  const xs = all.slice(query.from, query.from + query.count)
  const size = xs.length * lines.length
  const page: GroupPage = {
    lines: lines.map(({ id }) => id),
    xs,
    value: new Float64Array(size),
    low: new Float64Array(size),
    high: new Float64Array(size),
    n: new Uint32Array(size),
    total: all.length,
    from: query.from,
  }
  lines.forEach((line, l) => {
    const { ys, low, high, n } = rowsOf(line, xs, query.groups)
    for (let row = 0; row < xs.length; row++) {
      const at = row * lines.length + l
      page.value[at] = ys[row]!
      page.low[at] = low[row]!
      page.high[at] = high[row]!
      page.n[at] = n[row]!
    }
  })
  return page
}

/** All rows of the table, a line of text for each line of the chart at each x. Throws AbortError. */
export async function groupCsvOf(
  project: Project,
  query: GroupRows & { names: Record<string, string> },
  { missing, signal }: CsvOptions = {},
): Promise<Blob> {
  const { lines, xs } = tableLines(project, query)
  const { statistic, band } = query.groups
  const x = query.x.kind === 'metric' ? query.x.name : query.x.kind
  const [low, high] = band === 'none' ? ['low', 'high'] : [`low (${band})`, `high (${band})`]
  const head = ['line', x, `${statistic} of ${query.metric}`, low, high, 'n'].map(quote).join(',')
  const parts: Blob[] = []
  let text = `${missing ? partLine(missing) : ''}${head}\n`
  for (const line of lines) {
    const name = quote(query.names[line.id] ?? line.id)
    for (let from = 0; from < xs.length; from += CHUNK) {
      const places = xs.subarray(from, from + CHUNK)
      const { ys, low, high, n } = rowsOf(line, places, query.groups)
      for (let i = 0; i < places.length; i++)
        if (n[i]! > 0)
          text += `${[name, value(places[i]!), value(ys[i]!), end(low[i]!), end(high[i]!), n[i]].join(',')}\n`
      parts.push(new Blob([text]))
      text = ''
      await nextTurn()
      signal?.throwIfAborted()
    }
  }
  return new Blob([...parts, text], { type: 'text/csv' })
}

function end(v: number): string {
  return v === v ? value(v) : ''
}

import { pairsAbove } from '../../compute/aggregate.ts'
import { makeReader } from '../../compute/align.ts'
import type { GroupProbe } from '../../model/groups.ts'
import type { Probe, ProbeQuery } from '../../model/view.ts'
import type { Project } from '../projects/project.ts'
import { curvesOf, linesOfRuns, present, type RunCurves } from './difference.ts'
import type { FrameLine } from './frame-lines.ts'
import { evaluate, type Group, groupsOf } from './group-lines.ts'
import { pointAt, probeOf } from './probe.ts'

/**
 * Values of groups at an x, between their runs' points as their lines are; of runs as ever, or of their
 * differences. `drawn` and the band are of the drawn lines, `logged` is the same statistic of what was logged.
 */
export function groupProbeOf(project: Project, query: ProbeQuery): Probe {
  const size = query.runs.length
  const nan = (): Float64Array => new Float64Array(size).fill(Number.NaN)
  const probe: Probe = {
    index: new Int32Array(size).fill(-1),
    ...{ x: nan(), steps: nan(), times: nan(), drawn: nan(), logged: nan(), since: nan() },
  }
  const groups: GroupProbe = {
    ...{ low: nan(), high: nan(), above: nan() },
    n: new Uint32Array(size),
    pairs: new Uint32Array(size),
  }
  const ids = new Set(query.groups?.list.map(({ id }) => id))
  const members = [...new Set(query.groups?.list.flatMap(({ runs }) => runs))]
  const single = query.runs.filter((key) => !ids.has(key))
  const asked = [...new Set([...members, ...single])]
  const lines = query.groups || query.base ? linesOfRuns(project, query, asked) : []
  const list = [...(query.groups?.list ?? []), ...single.map((key) => ({ id: key, runs: [key] }))]
  const how = query.groups ?? { statistic: 'mean', band: 'none', both: false }
  const grouped = groupsOf(project, { ...query, runs: asked, groups: { ...how, list } }, lines)
  const against = linesOfRuns(project, query, query.pairs ?? []).map(curvesOf)
  const byId = new Map(grouped.groups.map((group) => [group.id, group]))
  const alone = new Map(grouped.alone.map((line) => [asked[line.run], line]))
  const plain = query.base ? undefined : probeOf(project, { ...query, runs: single })
  query.runs.forEach((key, i) => {
    const group = byId.get(key)
    if (group) putGroup(group, i)
    else if (plain) {
      const from = single.indexOf(key)
      for (const of of ['index', 'x', 'steps', 'times', 'drawn', 'logged', 'since'] as const)
        probe[of][i] = plain[of][from] ?? Number.NaN
    } else putRun(alone.get(key), i)
  })
  return { ...probe, groups }

  function putRun(line: FrameLine | undefined, i: number): void {
    const at = line ? pointAt(line.xs, query.at, query.reach, true) : -1
    if (!line || at < 0) return
    probe.index[i] = at
    probe.x[i] = line.xs[at] as number
    probe.drawn[i] = line.drawn[at] as number
    probe.logged[i] = line.values[at] as number
  }

  function putGroup(group: Group, i: number): void {
    const place = Float64Array.of(query.at)
    const of = (which: keyof RunCurves) =>
      [group.curves.map((run) => run[which]), group.minus?.map((run) => run[which])] as const
    const drawn = evaluate(...of('drawn'), place, how.statistic, how.band)
    if (drawn.n[0] === 0) return
    probe.index[i] = 0
    probe.x[i] = query.at
    probe.drawn[i] = drawn.ys[0] as number
    probe.logged[i] = evaluate(...of('logged'), place, how.statistic, 'none').ys[0] as number
    groups.low[i] = drawn.low[0] as number
    groups.high[i] = drawn.high[0] as number
    groups.n[i] = drawn.n[0] as number
    const [mine, theirs] = [valuesAt(group.curves, query.at), valuesAt(against, query.at)]
    groups.pairs[i] = mine.length * theirs.length
    groups.above[i] = pairsAbove(mine, mine.length, theirs, theirs.length)
  }
}

/** What the runs logged at an x, as far as they reach. */
function valuesAt(curves: readonly RunCurves[], x: number): Float64Array {
  const row = new Float64Array(curves.length)
  makeReader(
    curves.map(({ logged }) => logged),
    x,
  ).at(x, row)
  return row.subarray(0, present(row))
}

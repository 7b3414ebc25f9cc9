import type { TraceRows } from '../../../model/trace.ts'

/** Where traces stand that a point of a chart is of. */
export interface TracePoint {
  step: number
  /** As links of the page name it; undefined for all runs. */
  run: string | undefined
}

/** The step nearest to `x` that has traces: of the run whose line is pointed at, else of any. */
export function tracePoint(list: TraceRows, x: number, run: string | undefined): TracePoint | undefined {
  const at = run === undefined ? -1 : list.runs.findIndex(({ key }) => key === run)
  let found: number | undefined
  for (let i = 0; i < list.step.length; i++) {
    const step = list.step[i] as number
    if (Number.isNaN(step) || (at >= 0 && list.run[i] !== at)) continue
    if (found === undefined || Math.abs(step - x) < Math.abs(found - x)) found = step
  }
  return found === undefined ? undefined : { step: found, run: at < 0 ? undefined : run }
}

import { parseTimeText } from '../../columns/time.ts'
import type { LoggedRun } from '../dataset.ts'
import { type RunRows, settleTimes } from './sqlite-rows.ts'

const views = new WeakMap<RunRows, LoggedRun>()

/** The rows of a run as every format gives them: the same object each time. */
export function loggedRunOf(run: RunRows): LoggedRun {
  const found = views.get(run)
  if (found) return found
  const made: LoggedRun = {
    id: run.id,
    name: run.name,
    get rows() {
      return run.rows
    },
    columns: run.columns,
    kinds: run.kinds,
    get rowids() {
      return run.rowids?.data.subarray(0, run.rowids.length)
    },
    span() {
      settleTimes(run)
      const { firstTime, lastTime, firstStep, lastStep } = run
      const [first, last] = [parseTimeText(firstTime), parseTimeText(lastTime)]
      return { firstTime, lastTime, first, last, firstStep, lastStep }
    },
  }
  views.set(run, made)
  return made
}

import type { SideCount } from '../model/catalogue.ts'
import { HISTOGRAM } from '../model/histogram.ts'
import { TABLE } from '../model/logged-table.ts'
import type { OtherKey } from '../model/metric.ts'
import { isMediaKind } from './media-payload.ts'

/** The kinds that stand beside numbers and have a page. */
export interface SidesHeld {
  media: boolean
  tables: boolean
  histograms: boolean
  traces: boolean
}

/** Which of them a project holds, by what its catalogue tells of its keys: nothing has to be asked for it. */
export function sidesHeld(others: readonly OtherKey[], tables: readonly SideCount[]): SidesHeld {
  const kinds = new Set(others.flatMap(({ kinds }) => Object.keys(kinds)))
  return {
    media: [...kinds].some(isMediaKind),
    tables: kinds.has(TABLE),
    histograms: kinds.has(HISTOGRAM),
    // those in rows of metrics (before 0.26), and those of the table; where they were not counted there are some
    traces: kinds.has('trackio.trace') || tables.some(({ table, rows }) => table === 'traces' && rows !== 0),
  }
}

import { createMemo } from 'solid-js'
import { isMediaKind } from '../../../compute/media-payload.ts'
import { PERCENTILES, percentileMetric } from '../../../compute/percentile-name.ts'
import type { ColumnSpec } from '../../../compute/run-columns.ts'
import { sidesHeld } from '../../../compute/sides-held.ts'
import { HISTOGRAM } from '../../../model/histogram.ts'
import { TABLE } from '../../../model/logged-table.ts'
import { useApp } from '../../../state/app.ts'

/** Columns beside config and numbers that the chooser has: by the keys of the project, of which nothing is read. */
export function createOffers() {
  const { data, sideCounts } = useApp()
  const others = () => data.catalogue()?.others ?? []
  return {
    loggedColumns: createMemo((): ColumnSpec[] => {
      const found = others().flatMap(({ name: key, kinds }): ColumnSpec[] => [
        ...('trackio.image' in kinds ? [{ kind: 'logged', of: 'picture', key } as const] : []),
        ...(Object.keys(kinds).some(isMediaKind) ? [{ kind: 'logged', of: 'media', key } as const] : []),
        ...(TABLE in kinds ? [{ kind: 'logged', of: 'table', key } as const] : []),
      ])
      return sidesHeld(others(), sideCounts()).traces
        ? [...found, { kind: 'logged', of: 'traces', key: '' }]
        : found
    }),
    percentiles: createMemo(() =>
      others().flatMap(({ name, kinds }) =>
        HISTOGRAM in kinds ? PERCENTILES.map((one) => percentileMetric(one.name, name)) : [],
      ),
    ),
  }
}

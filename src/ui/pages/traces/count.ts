import type { App } from '../../../state/app.ts'

/** Those of the table, and those that stand in rows of metrics (before 0.26); NaN where they were not counted. */
export function countTraces({ sideCounts, data }: App): number {
  const inline =
    data.catalogue()?.others.reduce((sum, { kinds }) => sum + (kinds['trackio.trace'] ?? 0), 0) ?? 0
  const table = sideCounts().find(({ table }) => table === 'traces')
  return inline + (table ? (table.rows ?? Number.NaN) : 0)
}

/** What is open has some; known once the first charts stand. */
export function hasTraces(app: App): boolean {
  return countTraces(app) !== 0
}

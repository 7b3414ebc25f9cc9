import type { Reading } from '../../model/catalogue.ts'

/** Done when all are; otherwise the state of the first that is not. */
export function combineReadings(readings: Reading[]): Reading {
  const sum = (of: (reading: Reading) => number): number =>
    readings.reduce((total, reading) => total + of(reading), 0)
  const first =
    readings.find(({ state }) => state === 'reading') ?? readings.find(({ state }) => state !== 'done')
  const totals = readings
    .map(({ state, rows, totalRows }) => (state === 'done' ? rows : totalRows))
    .filter((total) => total !== undefined)
  return {
    state: first?.state ?? 'done',
    bytes: sum((reading) => reading.bytes),
    totalBytes: sum((reading) => reading.totalBytes),
    rows: sum((reading) => reading.rows),
    ...(totals.length === readings.length && { totalRows: totals.reduce((total, rows) => total + rows, 0) }),
    ...(first?.why !== undefined && { why: first.why }),
  }
}

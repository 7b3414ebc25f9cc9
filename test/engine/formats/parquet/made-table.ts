import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer'

export interface MadeOptions {
  rowGroupSize?: number
  /** Bytes. */
  pageSize?: number
  statistics?: boolean
  codec?: 'UNCOMPRESSED' | 'SNAPPY'
  kvMetadata?: { key: string; value?: string }[]
}

/** Columns that trackio's metrics have, for `rows` rows of runs that take turns; one row a second. */
export function structure(rows: number, runs: string[] = ['a', 'b']): ColumnSource[] {
  const each = <T>(of: (i: number) => T): T[] => Array.from({ length: rows }, (_, i) => of(i))
  const run = (i: number): string => runs[i % runs.length] ?? ''
  return [
    { name: 'id', type: 'INT64', data: each((i) => BigInt(i + 1)) },
    { name: 'run_id', type: 'STRING', data: each((i) => `id of ${run(i)}`) },
    {
      name: 'timestamp',
      type: 'STRING',
      data: each((i) => new Date(Date.UTC(2026, 0, 1) + i * 1000).toISOString().replace('.000Z', '+00:00')),
    },
    { name: 'run_name', type: 'STRING', data: each(run) },
    { name: 'step', type: 'INT64', data: each((i) => BigInt(Math.floor(i / runs.length))) },
  ]
}

export function doubles(name: string, data: (number | null)[], codec?: 'UNCOMPRESSED'): ColumnSource {
  return { name, type: 'DOUBLE', data, ...(codec ? { codec } : {}) }
}

export function made(columnData: ColumnSource[], options: MadeOptions = {}): Uint8Array<ArrayBuffer> {
  return new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 1 << 20, ...options }))
}

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { RunRow } from '../../src/model/run-rows.ts'

/** What test/make/rows.py says of a database: keys, and of each run how many rows and a hash over them. */
export interface StoredRuns {
  keys: string[]
  runs: {
    project: string | null
    id: string | null
    name: string
    rows: number
    sha256: string
    first: string[]
  }[]
}

/** By fixture and database. */
export const ROWS: Record<string, Record<string, StoredRuns>> = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', 'fixtures', 'rows.json'), 'utf8'),
)

/** A row as rows.py writes one. */
export function lineOf({ timestamp, step, cells, unreadable, lost }: RunRow, keys: string[]): string {
  expect(lost).toBeUndefined()
  const logged = keys.flatMap((key, i) => (cells[i] === undefined ? [] : [`${key}\x1e${cells[i]}`]))
  const all = unreadable === undefined ? logged : ['\x1eunreadable']
  return [timestamp, step === null ? 'none' : String(step), ...all].join('\x1f')
}

/** Holds all rows of a run against its hash; against the first ones in clear before, to see what is wrong. */
export function checkLines(lines: readonly string[], wanted: StoredRuns['runs'][0]): void {
  const clear = (line = ''): string => line.replaceAll('\x1f', ' | ').replaceAll('\x1e', ' = ')
  for (const [i, first] of wanted.first.entries())
    expect(clear(lines[i]).slice(0, first.length === 300 ? 300 : undefined)).toBe(first)
  expect(lines.length, wanted.name).toBe(wanted.rows)
  expect(createHash('sha256').update(lines.join('\n')).digest('hex'), wanted.name).toBe(wanted.sha256)
}

import { parseLoose } from '../columns/json.ts'
import { members, scanMembers } from '../columns/members.ts'
import type { KeyTable } from '../columns/scan.ts'
import { type RunColumns, valueAt } from '../columns/series-store.ts'
import type { StoredRow } from './dataset.ts'

/** Longer ones were parsed when they were read, which takes seconds: what is in a member is parsed by whoever asks. */
const LONG = 1 << 20

/** A row whose payload is kept as the text that was written. */
export function storedRow(timestamp: string, payload: string): StoredRow {
  if (payload.length > LONG) {
    const { found, whole } = scanMembers(payload)
    if (whole) return { timestamp, members: found }
  }
  const value = parseLoose(payload)
  const isObject = value !== null && typeof value === 'object' && !Array.isArray(value)
  return isObject
    ? { timestamp, members: members(payload) }
    : { timestamp, members: new Map(), unreadable: payload }
}

/** A row's numbers in their shortest form, from the columns they were read into. */
export function numbersOf(
  keys: KeyTable,
  columns: RunColumns,
  names: Iterable<string>,
  row: number,
): Map<string, string> {
  const found = new Map<string, string>()
  for (const name of names) {
    const column = columns.metrics[keys.byName.get(name) ?? -1]
    const value = column && valueAt(column, row)
    if (value !== undefined) found.set(name, numberText(value))
  }
  return found
}

/** The shortest form of a double; those that JSON has no word for as trackio spells them. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return `"${value}"`
  return Object.is(value, -0) ? '-0' : String(value)
}

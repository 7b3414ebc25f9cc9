import type { TableColumn } from './columns.ts'

/** Width of the fixed column: tick, twist, name. */
export const NAME_WIDTH = 268
export const PHONE_NAME_WIDTH = 190
const LEAST_WIDTH = 64
const MOST_WIDTH = 480

/** Width of each column, px: as it was dragged, else by what it holds. */
export function widthOf(column: TableColumn, dragged: Readonly<Record<string, number>>): number {
  return dragged[column.id] ?? standardWidth(column)
}

function standardWidth({ spec, label, direction }: TableColumn): number {
  const byLabel = Math.min(190, 26 + label.length * 7)
  if (spec.kind === 'fact')
    return {
      group: 120,
      state: 84,
      started: 124,
      duration: 104,
      steps: 98,
      rows: 84,
      user: 110,
      tags: 120,
      note: 180,
    }[spec.fact]
  if (spec.kind === 'config') return Math.max(92, byLabel)
  if (spec.kind === 'told') return 128
  if (spec.kind === 'logged') return Math.max(104, byLabel)
  if (spec.kind === 'spark') return Math.max(112, byLabel)
  // room for a track beside the number where one end is good
  return Math.max(spec.delta ? 104 : direction ? 204 : 132, byLabel)
}

export function clampWidth(width: number): number {
  return Math.round(Math.max(LEAST_WIDTH, Math.min(MOST_WIDTH, width)))
}

/** The columns in sight of a scroller: their first place, and the one after the last. */
export function columnsInSight(
  lefts: readonly number[],
  total: number,
  from: number,
  width: number,
): [number, number] {
  let first = 0
  while (first + 1 < lefts.length && lefts[first + 1]! <= from) first++
  let end = first
  while (end < lefts.length && lefts[end]! < Math.min(total, from + width)) end++
  return [first, end]
}

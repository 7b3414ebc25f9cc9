import { decodeText } from '../../columns/json.ts'
import { idAt } from '../../columns/row-ids.ts'
import type { StoredRange, StoredRow } from '../dataset.ts'
import type { LooseRun } from '../loose-rows.ts'
import { storedRow } from '../stored-row.ts'
import type { Pager } from './server-pages.ts'
import { idOf, textAt } from './server-tables.ts'

/** Rows of one answer: a statement names each of them. */
const AT_ONCE = 500

/** Rows of a run, asked for again by their ids; undefined for those that are gone. */
export async function readStoredRows(
  run: LooseRun | undefined,
  pager: Pager,
  { rows }: StoredRange,
  signal: AbortSignal | undefined,
): Promise<(StoredRow | undefined)[]> {
  if (!run) return []
  const wanted = Array.from(rows, (row) => idAt(run.ids, row))
  const found = new Map<number, StoredRow>()
  for (let i = 0; i < wanted.length; i += AT_ONCE) {
    const page = await pager.some(wanted.slice(i, i + AT_ONCE), signal)
    for (const row of page.rows)
      if (textAt(row, 'n') === run.name && textAt(row, 'r') === run.id)
        found.set(idOf(row), storedRow(textAt(row, 't') ?? '', decodeText(page.payloadOf(row))))
  }
  return wanted.map((id) => found.get(id))
}

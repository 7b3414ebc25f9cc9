import { makeSide, type Side, takeConfig, takeLink } from '../sidecar.ts'
import {
  type BesideTable,
  configsSql,
  type Head,
  idOf,
  linksSql,
  type Range,
  type Row,
  type Tables,
  textAt,
} from './server-tables.ts'

const PAGE = 1000
const LINKS = [
  ['run_artifact_links', 'own'],
  ['external_run_artifact_links', 'external'],
] as const

/** What stands beside the metrics of a project, and as of when. */
export interface Beside {
  side: Side
  at: Head['beside'] | undefined
}

/**
 * Brings configs and links up to date with `now`, asking only for what differs; false when nothing does. A
 * run that goes on has its config written anew with a higher id, so later configs are enough; links are few,
 * and read whole.
 */
export async function readBeside(
  query: (sql: string, signal?: AbortSignal | undefined) => Promise<Row[]>,
  tables: Tables,
  known: Beside,
  now: Head['beside'],
  signal?: AbortSignal | undefined,
): Promise<boolean> {
  const then = known.at
  const same = (table: BesideTable): boolean => then !== undefined && then[table].join() === now[table].join()
  const newLinks = LINKS.some(([table]) => !same(table))
  if (!newLinks && same('configs')) return false
  const side = newLinks ? makeSide() : known.side
  const after = newLinks || !then ? 0 : then.configs[1]
  await each(
    'configs',
    after,
    (range) => configsSql(tables, range),
    (row) =>
      takeConfig(side, {
        project: textAt(row, 'p'),
        id: textAt(row, 'r'),
        name: textAt(row, 'n'),
        text: textAt(row, 'c'),
      }),
  )
  if (newLinks) {
    for (const [table, from] of LINKS) {
      await each(
        table,
        0,
        (range) => linksSql(tables, table, range),
        (row) =>
          takeLink(side, from, {
            id: textAt(row, 'r'),
            name: textAt(row, 'n'),
            project: textAt(row, 'p'),
            created: textAt(row, 't'),
          }),
      )
    }
  }
  known.side = side
  known.at = now
  return true

  /** All rows of a table with ids above `after`, page by page. */
  async function each(
    table: BesideTable,
    after: number,
    sql: (range: Range) => string,
    take: (row: Row) => void,
  ): Promise<void> {
    const [count, highest] = now[table]
    for (let from = after + 1; count > 0 && from <= highest; ) {
      const rows = await query(sql({ from, to: highest, limit: PAGE }), signal)
      rows.forEach(take)
      const last = rows.at(-1)
      if (!last || rows.length < PAGE) return
      from = idOf(last) + 1
    }
  }
}

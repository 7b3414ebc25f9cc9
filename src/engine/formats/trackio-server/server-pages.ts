import { SaidError } from '../../../storage/http/server-requests.ts'
import { metricsSql, type Range, type Row, type Tables, textAt } from './server-tables.ts'

/**
 * An answer has at most 10,000 rows (more are an error there), and at most so many here; and is meant to be
 * about so long.
 */
const MOST_ROWS = 5000
const ANSWER_CHARS = 1 << 20
/** Rows of the first answer: nothing is known of their length yet, and a row may hold a whole table. */
const FIRST_ROWS = 250

/** Rows of metrics that came in one answer. */
export interface Page {
  rows: Row[]
  /** Rows that were asked for. */
  limit: number
  /** Bytes of a row's payload; good until the next ones are asked for. */
  payloadOf(row: Row): Uint8Array
}

export interface Pager {
  /** Rows with ids from `from` to `to`: as many as make a good answer, judged by the ones before. */
  next(
    from: number,
    to: number,
    options: { signal?: AbortSignal | undefined; known?: number | undefined },
  ): Promise<Page>
  some(ids: number[], signal?: AbortSignal | undefined): Promise<Page>
}

export function makePager(
  query: (sql: string, signal?: AbortSignal | undefined) => Promise<Row[]>,
  tables: () => Tables,
): Pager {
  let limit = FIRST_ROWS
  return {
    async next(from, to, { signal, known }) {
      const page = await ask({ from, to, limit, known }, limit, signal)
      if (page.rows.length > 0) {
        const chars = page.rows.reduce((sum, row) => sum + 150 + String(row.m).length, 0)
        limit = Math.max(
          1,
          Math.min(MOST_ROWS, limit * 8, Math.floor((ANSWER_CHARS * page.rows.length) / chars)),
        )
      }
      return page
    },
    some: (ids, signal) => ask({ ids }, ids.length, signal),
  }

  async function ask(range: Range, limit: number, signal: AbortSignal | undefined): Promise<Page> {
    try {
      return {
        rows: await query(metricsSql(tables(), range, 'text'), signal),
        limit,
        payloadOf: payloadOfText,
      }
    } catch (cause) {
      // a damaged payload that is no UTF-8 fails its whole page there; as digits all pass, and the one is
      // told apart here
      if (!(cause instanceof SaidError) || !/decode to utf-8/i.test(cause.message)) throw cause
      return { rows: await query(metricsSql(tables(), range, 'hex'), signal), limit, payloadOf: payloadOfHex }
    }
  }
}

const encoder = new TextEncoder()
let buffer = new Uint8Array(1 << 16)

function payloadOfText(row: Row): Uint8Array {
  const text = textAt(row, 'm') ?? ''
  // a character of the string takes at most three bytes
  if (text.length * 3 > buffer.length) buffer = new Uint8Array(text.length * 6)
  return buffer.subarray(0, encoder.encodeInto(text, buffer).written)
}

function payloadOfHex(row: Row): Uint8Array {
  const digits = textAt(row, 'm') ?? ''
  return Uint8Array.from({ length: digits.length >> 1 }, (_, i) =>
    Number.parseInt(digits.slice(i * 2, i * 2 + 2), 16),
  )
}

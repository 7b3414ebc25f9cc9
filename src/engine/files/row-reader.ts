import { makeColumn, type TableData } from '../../compute/logged-table/columns.ts'
import type { TextEncoding } from '../../model/file.ts'
import type { OpenFile } from './open-file.ts'

/** Bytes that are read at once. */
const PIECE = 1 << 20

/** Reads rows of a file from the first on, some at a time. */
export interface RowReader {
  /** Adds the next rows; false once there are none left. Throws TrackioError; what was added before stays. */
  more(into: TableData, signal: AbortSignal | undefined): Promise<boolean>
  /** How many there are, where the file says it before they are read. */
  total?: number | undefined
  /** Bytes that the rows so far cost, about: who only looks stops after some. */
  cost(): number
  /** The next rows cost so many bytes of a network: nobody is made to load them by a look. */
  next?: (() => number) | undefined
  /** What is not as it should be, in words. */
  notes(): string[]
}

/** `1 line`, `1,204 lines`. */
export function counted(n: number, one: string, many: string): string {
  return `${n.toLocaleString('en')} ${n === 1 ? one : many}`
}

export function addColumn(into: TableData, name: string): void {
  const column = makeColumn(name)
  into.columns.push(column)
  into.byName.set(name, column)
}

/** The text of a file, piece by piece; no letter is cut in two. `at`: bytes that were read. */
export function textPieces(
  file: OpenFile,
  encoding: TextEncoding,
): { next(signal: AbortSignal | undefined): Promise<{ text: string; last: boolean }>; at(): number } {
  const decoder = new TextDecoder(encoding)
  let at = 0
  return {
    async next(signal) {
      signal?.throwIfAborted()
      const piece = await file.bytes.load(at, PIECE)
      at += piece.length
      const last = piece.length === 0 || at >= file.size
      return { text: decoder.decode(piece, { stream: !last }), last }
    },
    at: () => at,
  }
}

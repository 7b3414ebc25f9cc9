import Papa from 'papaparse'
import { setCell, type TableData } from '../../compute/logged-table/columns.ts'
import { TrackioError } from '../../model/errors.ts'
import type { TextEncoding } from '../../model/file.ts'
import type { Json } from '../../model/run.ts'
import type { OpenFile } from './open-file.ts'
import { addColumn, counted, type RowReader, textPieces } from './row-reader.ts'

/** A row of more letters is one whose quote was never closed. */
const LONGEST = 16 << 20
/** As many digits as a double holds in any case. */
const NUMBER = /^[+-]?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/

/**
 * Rows of a .csv or .tsv, piece by piece. What looks like a number is one, unless it begins with zeros as names do;
 * an empty cell is none.
 */
export function csvRows(file: OpenFile, encoding: TextEncoding, delimiter: string | undefined): RowReader {
  const pieces = textPieces(file, encoding)
  let rest = ''
  let parser: Papa.Parser | undefined
  let lineEnd = '\n'
  let columns: string[] | undefined
  let headless = false
  let unclosed = 0
  let longer = 0
  return {
    async more(into, signal) {
      const { text: piece, last } = await pieces.next(signal)
      const text = rest + piece
      parser ??= parserFor(text)
      // what has grown so long without an end is taken as it is
      const ends = last || piece === '' || rest.length > LONGEST
      const { data, meta, errors } = parser.parse(text, 0, !ends) as Papa.ParseResult<string[]>
      unclosed += errors.filter(({ code }) => code === 'MissingQuotes').length
      for (const row of data) addRow(into, row)
      rest = last ? '' : text.slice(meta.cursor)
      if (rest.length > LONGEST * 2)
        throw new TrackioError(
          file.ref.path,
          'a row of more than 16 million letters: a quote is never closed',
          'Look at it as text.',
        )
      return !last
    },
    cost: pieces.at,
    notes: () => [
      ...(headless ? ['no line of names: the first line is a row'] : []),
      ...(longer > 0
        ? [
            counted(
              longer,
              'row has more cells than the first line',
              'rows have more cells than the first line',
            ),
          ]
        : []),
      ...(unclosed > 0 ? [counted(unclosed, 'quote is never closed', 'quotes are never closed')] : []),
    ],
  }

  function parserFor(text: string): Papa.Parser {
    const head = text.slice(0, 64 << 10)
    // one cell of a text may have the ends of Windows in a file without: \r before \n is cut off row by row
    lineEnd = head.includes('\n') || !head.includes('\r') ? '\n' : '\r'
    const sign =
      delimiter ??
      Papa.parse(head, { preview: 20, newline: lineEnd as '\n', skipEmptyLines: true }).meta.delimiter
    return new Papa.Parser({ delimiter: sign || ',', newline: lineEnd as '\n' })
  }

  function addRow(into: TableData, cells: string[]): void {
    const lastCell = cells.length - 1
    if (lineEnd === '\n' && cells[lastCell]?.endsWith('\r')) cells[lastCell] = cells[lastCell].slice(0, -1)
    if (cells.length === 1 && cells[0] === '') return
    if (!columns) {
      // pandas writes its index under no name
      headless = cells.some((cell, i) => (cell === '' && i > 0) || NUMBER.test(cell))
      columns = unique(cells.map((cell, i) => (headless || cell === '' ? `column ${i + 1}` : cell)))
      for (const name of columns) addColumn(into, name)
      if (!headless) return
    }
    if (cells.length > columns.length) {
      longer++
      for (let i = columns.length; i < cells.length; i++) {
        columns.push(unique([...columns, `column ${i + 1}`]).at(-1) as string)
        addColumn(into, columns[i] as string)
      }
    }
    const row = into.rows++
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i] as string
      const column = into.columns[i]
      if (cell !== '' && column) setCell(column, row, cellOf(cell))
    }
  }
}

function cellOf(text: string): Json {
  if (!NUMBER.test(text)) return text
  const value = Number(text)
  // integers of more digits than a double holds keep them
  if (!Number.isSafeInteger(value) && /^-?\d{16,}$/.test(text)) return `\u0001${text}`
  return Number.isFinite(value) ? value : text
}

/** Names that several columns have are told apart by a number. */
function unique(names: readonly string[]): string[] {
  const taken = new Set<string>()
  return names.map((name) => {
    let own = name
    for (let n = 2; taken.has(own); n++) own = `${name} (${n})`
    taken.add(own)
    return own
  })
}

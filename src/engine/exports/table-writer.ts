import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import { jsonParts, type Shape, schemaOfShape } from './shape.ts'

export interface Column {
  name: string
  shape: Shape
}

/**
 * Takes the cells of one row after the other and writes them in row groups, so that one group is in memory at
 * a time.
 */
export interface TableWriter {
  /** A cell of the current row; those that are never set are null. */
  set(column: number, cell: unknown): void
  /** Ends the row. `bytes`: how much it weighs, about. */
  next(bytes: number): void
  finish(): Blob
}

/*
 * A row group ends at any of these. Many rows make few entries in the footer, which is what a reader fetches
 * first; few cells keep the time short for which the writer holds this thread (50,000 rows of 9 columns: half
 * a second) and the memory small.
 */
const MOST_ROWS = 50_000
const FEWEST_ROWS = 5_000
const MOST_CELLS = 1_000_000
const MOST_BYTES = 32 << 20

/**
 * `expected`: rows that will come, as far as known; more are taken too. `note`: goes into the footer, for our
 * own reader.
 */
export function makeTableWriter(
  columns: Column[],
  expected: number,
  note?: { key: string; value: string },
): TableWriter {
  const capacity = Math.min(
    expected,
    MOST_ROWS,
    Math.max(FEWEST_ROWS, Math.floor(MOST_CELLS / columns.length)),
  )
  const writer = new BlobWriter()
  const parquet = new ParquetWriter({
    writer,
    schema: [
      { name: 'schema', num_children: columns.length },
      ...columns.flatMap(({ name, shape }) => schemaOfShape(name, shape)),
    ],
    createdBy: 'trackio-lite',
    ...(note ? { kvMetadata: [note] } : {}),
  })
  let cells: unknown[][] = empty()
  let rows = 0
  let bytes = 0
  return {
    set(column, cell) {
      const data = cells[column]
      if (data) data[rows] = cell
    },
    next(weight) {
      rows++
      bytes += weight
      if (rows === capacity || bytes >= MOST_BYTES) writeGroup()
    },
    finish() {
      if (rows > 0) writeGroup()
      void parquet.finish() // this writer's `finish` returns nothing to wait for
      return writer.blob()
    },
  }

  function empty(): unknown[][] {
    // at full length from the start: an array that is filled here and there would become a slow hash table
    return columns.map(() => new Array(capacity).fill(null))
  }

  function writeGroup(): void {
    const columnData = columns.map(({ name, shape }, c) => ({
      name,
      data: rows === capacity ? (cells[c] ?? []) : (cells[c] ?? []).slice(0, rows),
      columnIndex: true,
      // bounds of JSON are whole documents: they would swell the footer
      statistics: jsonParts(shape).length === 0,
    }))
    void parquet.write({ columnData, rowGroupSize: rows }) // at once, as this writer's `flush` is
    cells = empty()
    rows = 0
    bytes = 0
  }
}

/** Hands what was written to a Blob after each row group: the browser may keep that on disk. */
class BlobWriter extends ByteWriter {
  private readonly parts: Blob[] = []

  flush(): void {
    this.parts.push(new Blob([this.getBuffer()]))
    this.index = 0
  }

  override finish(): void {
    this.flush()
  }

  blob(): Blob {
    return new Blob(this.parts, { type: 'application/vnd.apache.parquet' })
  }
}

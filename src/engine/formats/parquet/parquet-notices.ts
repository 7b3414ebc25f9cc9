import type { Notice } from '../../../model/source.ts'
import { isArrowNote } from './arrow-note.ts'
import type { Keys } from './key-structure.ts'
import type { ParquetFiles } from './parquet-files.ts'
import { nameOf, type Table } from './parquet-table.ts'

/**
 * What is to be said of a project's files once their footers were read: what Parquet cannot hold, and what
 * the writer lost.
 */
export function filesNotices(
  files: ParquetFiles,
  table: Table | undefined,
  keys: Keys | undefined,
): Notice[] {
  const notices: Notice[] = [
    {
      level: 'info',
      subject: files.path,
      text: 'Parquet exports hold no alerts',
      action: "They are in the project's .db file, where there is one.",
    },
  ]
  // pandas wrote these files up to 0.23; since 0.24 there is a run_id, and pyarrow alone writes them
  if (table?.notes.includes('pandas') && keys && !keys.structure.runId && !keys.payload)
    notices.push({
      level: 'info',
      subject: files.path,
      text: 'written by a trackio older than 0.24: values that were NaN are missing, integers may have become fractions, and a Space that was restarted rounded to 10 decimals',
    })
  const note = table?.metadata.key_value_metadata?.find(({ key }) => key === 'ARROW:schema')?.value
  if (note !== undefined && !isArrowNote(note))
    notices.push({
      level: 'warn',
      subject: files.path,
      text: 'damaged: the note of its columns in the footer cannot be read, and other parts may be damaged too',
      action: 'Copy or export the file again.',
    })
  if (table && !isComplete(table))
    notices.push({
      level: 'warn',
      subject: files.path,
      text: 'damaged: the footer lacks what every footer has, and other parts may be damaged too',
      action: 'Copy or export the file again.',
    })
  if (table && keys) notices.push(...columnNotices(files, table, keys))
  if (keys && keys.twice.length > 0)
    notices.push({
      level: 'warn',
      subject: files.path,
      text: `${few(keys.twice)}: more than one column of numbers has this name; the first is shown`,
    })
  return notices
}

/**
 * Whether the footer has all that its format asks for (`required` in
 * https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift) and nothing here
 * needs, so that nothing else would tell. Of lists of names only their length: a newer writer may know more
 * names.
 */
function isComplete({ metadata }: Table): boolean {
  const { version, num_rows, row_groups, key_value_metadata = [] } = metadata
  return (
    typeof version === 'number' &&
    typeof num_rows === 'bigint' &&
    key_value_metadata.every(({ key }) => typeof key === 'string') &&
    row_groups.every(
      ({ total_byte_size, columns, sorting_columns = [] }) =>
        typeof total_byte_size === 'bigint' &&
        sorting_columns.every(({ column_idx }) => typeof column_idx === 'number') &&
        columns.every(
          ({ file_offset, meta_data }) =>
            typeof file_offset === 'bigint' &&
            Array.isArray(meta_data?.encodings) &&
            typeof meta_data.total_uncompressed_size === 'bigint' &&
            (meta_data.encoding_stats ?? []).every(({ count }) => typeof count === 'number'),
        ),
    )
  )
}

/**
 * trackio has always written the time and the step of a row: a table without them is somebody else's, or
 * their names are damaged.
 */
function columnNotices(files: ParquetFiles, { columns }: Table, { structure }: Keys): Notice[] {
  const notices: Notice[] = []
  const garbled = columns
    .flatMap(({ leaves }) => leaves.map(nameOf))
    .filter((name) => name.includes('\ufffd'))
  if (garbled.length > 0)
    notices.push({
      level: 'warn',
      subject: files.path,
      text: `damaged: the names of columns are not UTF-8 (${few(garbled)})`,
      action: '',
    })
  if (!structure.step)
    notices.push({
      level: 'warn',
      subject: files.path,
      text: 'no column step: the place of a row in its run stands for it',
      action: '',
    })
  if (!structure.time)
    notices.push({
      level: 'warn',
      subject: files.path,
      text: 'no column timestamp: rows are in the order of the file',
      action: '',
    })
  return notices
}

/**
 * Metrics whose number of values the footer does not tell: `read`, when they were read for it; else the
 * number of rows stands for it. Undefined for none.
 */
export function countNotice(path: string, names: readonly string[], read: boolean): Notice | undefined {
  if (names.length === 0) return undefined
  const unknown = `the footer does not say how many values ${few(names)} ${names.length === 1 ? 'has' : 'have'}`
  return {
    level: 'info',
    subject: path,
    text: read
      ? `${unknown}: read and counted`
      : `${unknown}: the number of rows stands for it until they are read`,
  }
}

export function kindsNotice(path: string, names: readonly string[]): Notice {
  return {
    level: 'info',
    subject: path,
    text: `how many values of which kind ${few(names)} ${names.length === 1 ? 'holds' : 'hold'} is an estimate`,
  }
}

/** `loss, acc and 3 more`. */
function few(names: readonly string[]): string {
  const shown = names.slice(0, 3)
  return names.length > 3 ? `${shown.join(', ')} and ${names.length - 3} more` : shown.join(', ')
}

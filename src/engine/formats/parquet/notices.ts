import type { Notice } from '../../../model/source.ts'
import type { ParquetUnit } from '../../layout.ts'
import { isArrowNote } from './arrow-note.ts'
import type { Keys } from './keys.ts'
import type { Table } from './table.ts'

/** What is to be said of a project's files once their footers were read: what Parquet cannot hold, and what the writer lost. */
export function unitNotices(unit: ParquetUnit, table: Table | undefined, keys: Keys | undefined): Notice[] {
  const notices: Notice[] = [
    {
      level: 'info',
      subject: unit.path,
      text: 'Parquet exports hold no alerts',
      action: "They are in the project's .db file, where there is one.",
    },
  ]
  // pandas wrote these files up to 0.23; since 0.24 there is a run_id, and pyarrow alone writes them
  if (table?.notes.includes('pandas') && keys && !keys.structure.runId && !keys.payload)
    notices.push({
      level: 'info',
      subject: unit.path,
      text: 'written by a trackio older than 0.24: values that were NaN are missing, integers may have become fractions, and a Space that was restarted rounded to 10 decimals',
    })
  const note = table?.metadata.key_value_metadata?.find(({ key }) => key === 'ARROW:schema')?.value
  if (note !== undefined && !isArrowNote(note))
    notices.push({
      level: 'warn',
      subject: unit.path,
      text: 'damaged: the note of its columns in the footer cannot be read, and other parts may be damaged too',
      action: 'Copy or export the file again.',
    })
  if (table && keys) notices.push(...columnNotices(unit, table, keys))
  if (keys && keys.twice.length > 0)
    notices.push({
      level: 'warn',
      subject: unit.path,
      text: `${few(keys.twice)}: more than one column of numbers has this name; the first is shown`,
    })
  return notices
}

/** trackio has always written the time and the step of a row: a table without them is somebody else's, or their names are damaged. */
function columnNotices(unit: ParquetUnit, { columns }: Table, { structure }: Keys): Notice[] {
  const notices: Notice[] = []
  const garbled = columns.filter(({ name }) => name.includes('\ufffd')).map(({ name }) => name)
  if (garbled.length > 0)
    notices.push({ level: 'warn', subject: unit.path, text: `damaged: the names of columns are not UTF-8 (${few(garbled)})`, action: '' })
  if (!structure.step)
    notices.push({ level: 'warn', subject: unit.path, text: 'no column step: the place of a row in its run stands for it', action: '' })
  if (!structure.time)
    notices.push({ level: 'warn', subject: unit.path, text: 'no column timestamp: rows are in the order of the file', action: '' })
  return notices
}

/** Metrics whose number of values the footer does not tell: `read`, when they were read for it; else the number of rows stands for it. Undefined for none. */
export function countNotice(path: string, names: readonly string[], read: boolean): Notice | undefined {
  if (names.length === 0) return undefined
  const unknown = `the footer does not say how many values ${few(names)} ${names.length === 1 ? 'has' : 'have'}`
  return {
    level: 'info',
    subject: path,
    text: read ? `${unknown}: read and counted` : `${unknown}: the number of rows stands for it until they are read`,
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

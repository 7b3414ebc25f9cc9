import type { Notice } from '../../../model/source.ts'
import type { Damage } from './btree.ts'
import type { Header } from './database-header.ts'
import type { Image } from './database-image.ts'
import type { SqliteInput } from './input.ts'
import type { RowReader } from './sqlite-rows.ts'

/**
 * What is to be said of a database before a row of it is read: it was cut off, its log is missing, or the log
 * is of no use.
 */
export function fileNotices(input: SqliteInput, header: Header, image: Image): Notice[] {
  const { path, db, wal } = input
  const notices: Notice[] = []
  const expected = header.pageCount * header.pageSize
  if (expected > db.size && image.overlay.size === 0) {
    notices.push({
      level: 'warn',
      subject: path,
      text: `cut off: ${db.size.toLocaleString('en')} of ${expected.toLocaleString('en')} bytes are there`,
      action: 'Rows in the missing part are not shown. Copy the file again.',
    })
  }
  if (header.wal && !wal && !input.folderSeen) {
    notices.push({
      level: 'info',
      subject: path,
      text: 'opened without a -wal file: if it was copied while a run was logging, newer rows are missing',
      action: `If a file ${path}-wal stands beside it, drop both together. After a clean end there is none.`,
      mark: true,
    })
  }
  if (wal && wal.size > 0 && image.overlay.size === 0) {
    notices.push({
      level: 'warn',
      subject: `${path}-wal`,
      text: 'holds no committed rows for this database: it is empty, cut off or belongs to another one',
      action: '',
    })
  }
  if (image.broken) {
    notices.push({
      level: 'warn',
      subject: `${path}-wal`,
      text: 'damaged: a frame in its middle cannot be read',
      action: 'Rows that were committed after it are not shown; SQLite reads no further either.',
    })
  }
  return notices
}

/** What came of reading, as far as it went. */
export interface Read {
  /** Of the small tables. */
  damage: readonly Damage[]
  rows: RowReader | undefined
  /** Runs that were left in file order. */
  unsortable: number
  /** Rows of the inbox among those of the database. */
  merged: number
  /** Lines of the inbox that are no JSON. */
  skippedLines: number
}

/**
 * What is to be said of the rows that were read: those that are missing, and those that are more than the
 * file has.
 */
export function rowNotices(path: string, { damage, rows, unsortable, merged, skippedLines }: Read): Notice[] {
  const notices: Notice[] = []
  const say = (level: Notice['level'], text: string, action?: string): void =>
    void notices.push({ level, subject: path, text, ...(action !== undefined && { action }) })
  const bad = [...damage, ...(rows?.damage ?? [])]
  if (bad.length > 0)
    say(
      'warn',
      `damaged: ${damageWords(bad)}; the rows on the other pages are shown`,
      'Rows on the damaged pages are missing. Restore the file from a copy if there is one.',
    )
  const { unreadable = [], unreadableCount = 0, namelessRows = 0 } = rows ?? {}
  if (unreadableCount > 0) {
    const first = unreadable.map((row) => `id ${row.rowid} of ${row.run}`).join(', ')
    const more = unreadableCount > unreadable.length ? ', …' : ''
    say(
      'warn',
      `${count(unreadableCount, 'row')} skipped: the payload is not a JSON object (${first}${more})`,
    )
  }
  const garbled = rows?.garbledTexts ?? 0
  if (garbled > 0)
    say(
      'warn',
      `damaged: ${count(garbled, 'name or timestamp', 'names or timestamps')} of runs cannot be read: not UTF-8`,
    )
  if (namelessRows > 0) say('warn', `${count(namelessRows, 'row')} not shown: no run name`)
  if (unsortable > 0)
    say('warn', `${count(unsortable, 'run')} left in file order: the timestamps could not be sorted`)
  if (merged > 0)
    say('info', `with ${count(merged, 'row')} of the inbox, which trackio has not put into the database yet`)
  if (skippedLines > 0)
    say(
      'warn',
      `${count(skippedLines, 'line')} of the inbox skipped: no JSON, so trackio does not take them either`,
    )
  return notices
}

export function damageWords(damage: readonly Damage[]): string {
  const first = damage.slice(0, 3).map(({ page, why }) => `page ${page} (${why})`)
  return `${first.join(', ')}${damage.length > 3 ? ` and ${damage.length - 3} more pages` : ''}`
}

function count(n: number, what: string, whats = `${what}s`): string {
  return `${n.toLocaleString('en')} ${n === 1 ? what : whats}`
}

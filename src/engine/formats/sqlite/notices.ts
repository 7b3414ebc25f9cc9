import type { Notice } from '../../../model/source.ts'
import type { SqliteInput } from './file.ts'
import type { Header } from './header.ts'
import type { Image } from './image.ts'

/** What is to be said of a database before a row of it is read: it was cut off, its log is missing, or the log is of no use. */
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
      text: `opened without its -wal file: newer rows may be missing`,
      action: `If a file ${path}-wal stands beside it, drop both together. After a clean end there is none.`,
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
  return notices
}

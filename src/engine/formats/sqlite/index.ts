import { canonicalProject } from '../../../model/project-name.ts'
import type { Format } from '../format.ts'
import { inboxStampOf, sizeOf, stampsOf } from '../listing.ts'
import { claimDatabases, type DatabaseFiles } from './database-files.ts'
import { openDatabase } from './open.ts'

/** trackio's databases. What reads them is in the first download: most people open one. */
export const sqlite: Format<DatabaseFiles> = {
  id: 'database',
  called: 'a database',
  claim: claimDatabases,
  stamp: ({ db, wal, inbox }) => `${stampsOf([db, wal])}\n${inboxStampOf(inbox)}`,
  bytes: ({ db, wal }) => sizeOf([db, wal]),
  open: openDatabase,
  writtenInPlace: true,
  mediaFolder: ({ project }) => canonicalProject(project),
  own: ({ db, wal, inbox }) => [db, ...(wal ? [wal] : []), ...inbox],
  copy: async (...what) => (await import('./copy.ts')).copyDatabase(...what),
  database: {
    open: async (...what) => (await import('./database-source.ts')).openSource(...what),
    waiting: ({ inbox }) => inbox.length,
    use: async (...what) => (await import('./database-source.ts')).useSource(...what),
  },
}

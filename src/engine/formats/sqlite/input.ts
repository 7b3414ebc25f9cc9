import type { Bytes } from '../../../storage/bytes.ts'
import type { OpenDataset } from '../dataset.ts'
import type { FragmentFile } from '../fragments/fragments.ts'
import type { ProjectFiles } from '../project-files.ts'

/** Bytes of a database, with its write-ahead log where there is one. */
export interface SqliteInput {
  /** As the person knows it: the path in the dropped folder, or the file's name. */
  path: string
  db: Bytes
  wal: Bytes | undefined
  /** The folder was seen whole, so a log that is not there does not exist. */
  folderSeen: boolean
  /** Of a file behind a network: from this size on only a sample is read until somebody asks for the rest. */
  holdFrom?: number | undefined
  /**
   * The same database as its source has it now, for `refresh`. `stamp` differs whenever the file of the
   * database does.
   */
  reopen?(files: ProjectFiles): Promise<{ db: Bytes; wal: Bytes | undefined; stamp: string }>
  media?: OpenDataset['media'] | undefined
  /** Log calls that wait beside the database to be put into it. */
  inbox?(): Promise<FragmentFile>
}

/** The files of a project that are held open: the database, its WAL, and its generation (see checkpoint). */
export function pathsOf(name: string): string[] {
  return [`${name}.db`, `${name}.db-wal`, `${name}.lock`]
}

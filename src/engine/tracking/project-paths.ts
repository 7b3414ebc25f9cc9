/** The files of a project that are held open: the database, its log, and the count of folds. */
export function pathsOf(name: string): string[] {
  return [`${name}.db`, `${name}.db-wal`, `${name}.lock`]
}

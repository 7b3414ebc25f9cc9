/** Parts that lead out of the folder become `_`; a run's name may hold slashes, which make folders as in trackio. */
export function safePath(path: string): string {
  return path
    .split('/')
    .map((part, i, parts) => ((part === '' && i < parts.length - 1) || part === '.' || part === '..' ? '_' : part))
    .join('/')
}

/** The files of a project that are held open: the database, its log, and the count of folds. */
export function pathsOf(name: string): string[] {
  return [`${name}.db`, `${name}.db-wal`, `${name}.lock`]
}

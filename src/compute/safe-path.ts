/**
 * A path that stays below its folder and is a name everywhere: parts that are empty, `.` or `..` become `_`,
 * and so do zeros. A backslash is a slash, as trackio writes one on Windows and no browser takes it in a
 * name. A run's name may hold slashes, which make folders as in trackio; a slash at the end stays.
 */
export function safePath(path: string): string {
  return path
    .replaceAll('\\', '/')
    .replaceAll('\0', '_')
    .split('/')
    .map((part, i, parts) =>
      (part === '' && i < parts.length - 1) || part === '.' || part === '..' ? '_' : part,
    )
    .join('/')
}

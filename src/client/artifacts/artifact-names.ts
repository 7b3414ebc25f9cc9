import { TrackioError } from '../../model/errors.ts'
import { quoted } from '../../model/project-name.ts'

const NAME = /^[A-Za-z0-9._-]+$/

/** Throws a TrackioError for what is no name of an artifact. */
export function checkName(name: string): void {
  if (typeof name !== 'string' || !NAME.test(name)) {
    throw new TrackioError(
      'Artifact',
      `Artifact name ${quoted(String(name))} must match ^[A-Za-z0-9._-]+$ (letters, digits, dot, underscore, hyphen).`,
    )
  }
}

/** Aliases as trackio allows them; `v3` is a version. Throws a TrackioError for others. */
export function checkAliases(aliases: readonly string[] | null | undefined): string[] {
  if (aliases === null || aliases === undefined) return []
  if (!Array.isArray(aliases))
    throw new TrackioError('aliases', `aliases must be a list of strings, got ${typeof aliases}.`)
  return aliases.map((alias: unknown) => {
    if (typeof alias !== 'string' || alias === '')
      throw new TrackioError('aliases', `Alias ${quoted(String(alias))} must be a non-empty string.`)
    if (!NAME.test(alias))
      throw new TrackioError(
        'aliases',
        `Alias ${quoted(alias)} must match ^[A-Za-z0-9._-]+$ (letters, digits, dot, underscore, hyphen).`,
      )
    if (/^v\d+$/.test(alias))
      throw new TrackioError(
        'aliases',
        `Alias ${quoted(alias)} is reserved for version pointers (vN); choose another.`,
      )
    return alias
  })
}

/** A path within an artifact, as it is. Throws a TrackioError for one that trackio refuses. */
export function checkPath(path: string): string {
  const bad = (why: string): TrackioError =>
    new TrackioError('Artifact', `Invalid artifact path ${quoted(path)}${why}`)
  if (path === '') throw bad(' (must be non-empty)')
  if (path.includes('\\') || path.includes('\0')) throw bad(': backslashes and NUL are not allowed')
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) throw bad(': must be relative')
  if (path.split('/').some((part) => part === '' || part === '.' || part === '..'))
    throw bad(": '.', '..', and empty segments are not allowed")
  return path
}

/** Throws a TrackioError where two files of an artifact would stand in each other's place. */
export function checkPaths(paths: string[]): void {
  const seen = new Set<string>()
  for (const path of paths) {
    if (seen.has(path))
      throw new TrackioError('Artifact', `Duplicate logical path in manifest: ${quoted(path)}`)
    seen.add(path)
  }
  for (const path of seen) {
    for (let at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1)) {
      const above = path.slice(0, at)
      if (seen.has(above)) {
        throw new TrackioError(
          'Artifact',
          `Artifact path ${quoted(path)} collides with ${quoted(above)}: a path cannot be both a file and a directory in the same artifact.`,
        )
      }
    }
  }
}

import type { ManifestEntry } from '../model/artifact.ts'

export const SIGNS = ['changed', 'added', 'removed', 'same'] as const
export type Sign = (typeof SIGNS)[number]

/** What became of a path from one version to another. */
export interface ManifestLine {
  path: string
  /** Undefined where nothing is compared. */
  sign: Sign | undefined
  /** As it is now; of a removed one as it was. */
  entry: ManifestEntry
  /** As it was in the other version. */
  before: ManifestEntry | undefined
  /** Where the other version has the same content under another path: of an added one. */
  from: string | undefined
}

export interface ManifestDiff {
  lines: ManifestLine[]
  counts: Record<Sign, number>
  /** Bytes of the lines of each sign; of changed ones as they are now. */
  bytes: Record<Sign, number>
  /** Bytes of files whose content the other version has too, under whatever path: stored once. */
  shared: number
  /** Bytes of all files of this version. */
  files: number
}

/** A version's entries beside those of another; changed first, then added, removed, same, each by path. */
export function diffManifests(
  now: readonly ManifestEntry[],
  before: readonly ManifestEntry[] | undefined,
): ManifestDiff {
  const diff: ManifestDiff = {
    lines: [],
    counts: { changed: 0, added: 0, removed: 0, same: 0 },
    bytes: { changed: 0, added: 0, removed: 0, same: 0 },
    ...{ shared: 0, files: 0 },
  }
  const old = new Map((before ?? []).map((entry) => [entry.path, entry]))
  const contents = new Map(
    (before ?? []).flatMap((entry) => (entry.ref === null ? [[entry.digest, entry.path] as const] : [])),
  )
  const seen = new Set<string>()
  const add = (line: ManifestLine): void => {
    diff.lines.push(line)
    if (!line.sign) return
    diff.counts[line.sign]++
    diff.bytes[line.sign] += line.entry.bytes
  }
  for (const entry of now) {
    seen.add(entry.path)
    const other = old.get(entry.path)
    const twin = entry.ref === null ? contents.get(entry.digest) : undefined
    if (entry.ref === null) {
      diff.files += entry.bytes
      if (twin !== undefined) diff.shared += entry.bytes
    }
    const sign = !before ? undefined : !other ? 'added' : isSame(entry, other) ? 'same' : 'changed'
    const from = sign === 'added' ? twin : undefined
    add({ path: entry.path, sign, entry, before: other, from })
  }
  for (const entry of before ?? []) {
    if (!seen.has(entry.path))
      add({ path: entry.path, sign: 'removed', entry, before: entry, from: undefined })
  }
  const rank = (line: ManifestLine): number => (line.sign ? SIGNS.indexOf(line.sign) : 0)
  diff.lines.sort((a, b) => rank(a) - rank(b) || (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
  return diff
}

/** A file that became a reference is another, whatever its digest. */
function isSame(a: ManifestEntry, b: ManifestEntry): boolean {
  return a.digest === b.digest && a.ref === b.ref
}

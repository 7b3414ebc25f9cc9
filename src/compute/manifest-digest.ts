import { makeSha256 } from './sha256.ts'

/** An entry of a manifest as it is stored; `ref`: of a reference. */
export interface StoredEntry {
  path: string
  digest: string
  size: number
  ref?: string | undefined
}

/** SHA-256 of a manifest as compact JSON: its entries by path, the keys of each in alphabetical order. */
export function manifestDigest(entries: readonly StoredEntry[]): string {
  const sorted = [...entries]
    .sort((a, b) => comparePaths(a.path, b.path))
    .map(({ digest, path, ref, size }) =>
      ref === undefined ? { digest, path, size } : { digest, path, ref, size },
    )
  const hash = makeSha256()
  hash.add(new TextEncoder().encode(JSON.stringify(sorted)))
  return hash.hex()
}

/** By code point, as Python sorts: UTF-16 order puts an emoji before U+E000. */
export function comparePaths(a: string, b: string): number {
  const x = [...a]
  const y = [...b]
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const difference = (x[i]?.codePointAt(0) ?? 0) - (y[i]?.codePointAt(0) ?? 0)
    if (difference !== 0) return difference
  }
  return x.length - y.length
}

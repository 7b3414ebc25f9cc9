import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync, statSync } from 'node:fs'

/** Bytes of one file, in memory or on disk. */
export interface Content {
  size: number
  /** Bytes [from, to); the caller keeps within the size. */
  read(from: number, to: number): Buffer
}

export function contentOf(bytes: Uint8Array | string): Content {
  const buffer =
    typeof bytes === 'string'
      ? Buffer.from(bytes)
      : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return { size: buffer.length, read: (from, to) => buffer.subarray(from, to) }
}

/**
 * A file on disk, read when it is asked for, so that large files cost no memory. It must not change
 * meanwhile.
 */
export function contentOnDisk(path: string): Content {
  const { size } = statSync(path)
  return {
    size,
    read(from, to) {
      const file = openSync(path, 'r')
      try {
        const buffer = Buffer.alloc(to - from)
        let done = 0
        while (done < buffer.length) {
          const count = readSync(file, buffer, done, buffer.length - done, from + done)
          if (count === 0) throw new Error(`hub double: ${path} became shorter than ${to} bytes`)
          done += count
        }
        return buffer
      } finally {
        closeSync(file)
      }
    },
  }
}

const BLOCK = 4 << 20

export function pieces(content: Content): Iterable<Buffer> {
  return (function* () {
    for (let at = 0; at < content.size; at += BLOCK)
      yield content.read(at, Math.min(content.size, at + BLOCK))
  })()
}

export function sha256Of(content: Content): string {
  const hash = createHash('sha256')
  for (const piece of pieces(content)) hash.update(piece)
  return hash.digest('hex')
}

/** The id git gives a blob: SHA-1 over its header and its bytes. */
export function blobIdOf(content: Content): string {
  const hash = createHash('sha1').update(`blob ${content.size}\0`)
  for (const piece of pieces(content)) hash.update(piece)
  return hash.digest('hex')
}

/** What git stores in place of a large file (git-lfs, docs/spec.md). */
export function pointerOf(sha256: string, size: number): string {
  return `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize ${size}\n`
}

import { hashToHex, hexToBytes, hmac } from '@huggingface/xetchunk-wasm'
import type { Xorb } from './xorb.ts'

/** A run of chunks of one xorb, [from, to). */
export interface Term {
  xorb: string
  from: number
  to: number
  /** Bytes unpacked. */
  length: number
  rangeHash?: string
}

export interface ShardFile {
  hash: string
  terms: Term[]
  /** Of the file's bytes; uploads to repositories have it, uploads to buckets need not. */
  sha256: string | undefined
}

export interface Shard {
  files: ShardFile[]
  /** Xorbs that are new, with the chunk hashes the uploader claims. */
  xorbs: { hash: string; chunks: string[] }[]
}

// docs/xet/shard.md; the tag is also in the client: utils/uploadShards.ts, SHARD_MAGIC_TAG
const TAG = Buffer.concat([
  Buffer.from('HFRepoMetaData\0'),
  Buffer.from([85, 105, 103, 69, 106, 123, 129, 87, 131, 165, 189, 217, 92, 205, 209, 74, 169]),
])
const ENTRY = 48
const FOOTER = 200
const END = 'f'.repeat(64)
const WITH_VERIFICATION = 0x80000000
const WITH_METADATA = 0x40000000

/**
 * Reads an uploaded shard: from the front, so that it may have the footer (the client's does) or lack it (as
 * the documentation asks).
 */
export function readShard(bytes: Buffer): Shard {
  if (!bytes.subarray(0, TAG.length).equals(TAG)) throw new Error('shard: wrong tag')
  const version = bytes.readBigUInt64LE(32)
  if (version !== 2n) throw new Error(`shard: unknown version ${version}`)
  let at = ENTRY
  const entry = () => {
    if (at + ENTRY > bytes.length) throw new Error(`shard: cut off at ${bytes.length}`)
    const bytesOfEntry = bytes.subarray(at, at + ENTRY)
    at += ENTRY
    const numbers = [32, 36, 40, 44].map((offset) => bytesOfEntry.readUInt32LE(offset))
    return { hash: hashToHex(bytesOfEntry.subarray(0, 32)), numbers }
  }
  const files: ShardFile[] = []
  for (let { hash, numbers } = entry(); hash !== END; { hash, numbers } = entry()) {
    const [flags = 0, count = 0] = numbers
    const terms: Term[] = []
    for (let index = 0; index < count; index++) {
      const {
        hash: xorb,
        numbers: [, length = 0, from = 0, to = 0],
      } = entry()
      terms.push({ xorb, length, from, to })
    }
    if (flags & WITH_VERIFICATION) for (const term of terms) term.rangeHash = entry().hash
    // SHA-256 stands in the same order as the other hashes (utils/uploadShards.ts, writeHashToArray)
    files.push({ hash, terms, sha256: flags & WITH_METADATA ? entry().hash : undefined })
  }
  const xorbs: Shard['xorbs'] = []
  for (let { hash, numbers } = entry(); hash !== END; { hash, numbers } = entry()) {
    const chunks: string[] = []
    for (let index = 0; index < (numbers[1] ?? 0); index++) chunks.push(entry().hash)
    xorbs.push({ hash, chunks })
  }
  return { files, xorbs }
}

/**
 * The answer to a deduplication query: no files, the xorbs, and chunk hashes under a key, so that only who
 * has a chunk recognizes it (docs/xet/shard.md, "HMAC Key Protection"; client: utils/shardParser.ts).
 */
export function dedupeShard(xorbs: Xorb[], key: string, now: number): Buffer {
  const header = Buffer.alloc(ENTRY)
  TAG.copy(header)
  header.writeBigUInt64LE(2n, 32)
  header.writeBigUInt64LE(BigInt(FOOTER), 40)
  const blocks = xorbs.flatMap(({ hash, bytes, chunks }) => {
    let offset = 0
    const entries = chunks.map((chunk) => {
      const entry = entryOf(hmac(hexToBytes(chunk.hash), hexToBytes(key)), [offset, chunk.length, 0, 0])
      offset += chunk.length
      return entry
    })
    return [entryOf(hexToBytes(hash), [0, chunks.length, offset, bytes.length]), ...entries]
  })
  const bookend = Buffer.concat([Buffer.alloc(32, 0xff), Buffer.alloc(16)])
  const body = Buffer.concat([header, bookend, ...blocks, bookend])
  const footer = Buffer.alloc(FOOTER)
  footer.writeBigUInt64LE(1n, 0)
  footer.writeBigUInt64LE(BigInt(ENTRY), 8)
  footer.writeBigUInt64LE(BigInt(2 * ENTRY), 16)
  // reserved in the documentation, but the client reads it as the end of the xorbs (utils/shardParser.ts,
  // fileLookupStart)
  footer.writeBigUInt64LE(BigInt(body.length), 24)
  footer.set(hexToBytes(key), 72)
  footer.writeBigUInt64LE(BigInt(Math.floor(now / 1000)), 104)
  footer.writeBigUInt64LE(BigInt(Math.floor(now / 1000) + 7 * 86400), 112)
  footer.writeBigUInt64LE(BigInt(body.length), 192)
  return Buffer.concat([body, footer])
}

function entryOf(hash: Uint8Array, numbers: [number, number, number, number]): Buffer {
  const entry = Buffer.alloc(ENTRY)
  entry.set(hash, 0)
  for (const [index, number] of numbers.entries()) entry.writeUInt32LE(number, 32 + 4 * index)
  return entry
}

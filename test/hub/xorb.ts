import { type Chunk, getChunks, hashToHex, hexToBytes, xorbHash } from '@huggingface/xetchunk-wasm'
import type { Content } from './content.ts'
import { unlz4 } from './lz4.ts'

/** A chunk of a xorb: where it stands in the serialized bytes, [start, end), and what it unpacks to. */
export interface XorbChunk {
  hash: string
  start: number
  end: number
  /** Bytes unpacked. */
  length: number
}

/** Up to 64 MiB of chunks, as uploaded (docs/xet/xorb.md). */
export interface Xorb {
  hash: string
  bytes: Buffer
  chunks: XorbChunk[]
}

const HEADER = 8
// the client's limits: utils/createXorbs.ts, XORB_SIZE and MAX_XORB_CHUNKS
const LARGEST = 64 * 1024 * 1024
const MOST_CHUNKS = 8 * 1024

/** Reads an uploaded xorb and hashes what is in it. Throws for what docs/xet/api.md answers 400. */
export function readXorb(bytes: Buffer): Xorb {
  if (bytes.length > LARGEST) throw new Error(`xorb: ${bytes.length} bytes are more than 64 MiB`)
  const chunks: XorbChunk[] = []
  // other clients end a xorb with a footer that begins so; this one sends none
  for (let at = 0; at < bytes.length && bytes.toString('latin1', at, at + 7) !== 'XETBLOB'; ) {
    if (at + HEADER > bytes.length) throw new Error(`xorb: a header is cut off at ${at}`)
    const end = at + HEADER + bytes.readUIntLE(at + 1, 3)
    if (end > bytes.length) throw new Error(`xorb: chunk ${chunks.length} is cut off at ${bytes.length}`)
    const unpacked = unpack(bytes.subarray(at, end))
    chunks.push({ hash: chunkHashOf(unpacked), start: at, end, length: unpacked.length })
    at = end
  }
  if (chunks.length === 0) throw new Error('xorb: no chunks')
  return { hash: hashOf(chunks), bytes, chunks }
}

/**
 * One chunk with its header: version, size, scheme, unpacked size (docs/xet/xorb.md, "Chunk Header Layout").
 */
function unpack(chunk: Buffer): Buffer {
  const [version, scheme, size] = [chunk.readUInt8(0), chunk.readUInt8(4), chunk.readUIntLE(5, 3)]
  if (version !== 0) throw new Error(`xorb: unknown chunk version ${version}`)
  const payload = chunk.subarray(HEADER)
  const bytes =
    scheme === 0
      ? payload
      : scheme === 1
        ? unlz4(payload, size)
        : scheme === 2
          ? ungroup(unlz4(payload, size))
          : undefined
  if (!bytes) throw new Error(`xorb: unknown compression scheme ${scheme}`)
  if (bytes.length !== size) throw new Error(`xorb: a chunk of ${bytes.length} bytes instead of ${size}`)
  return bytes
}

/** Undoes "byte grouping": all first bytes of every four, then all second ones … (docs/xet/xorb.md). */
function ungroup(grouped: Buffer): Buffer {
  const out = Buffer.alloc(grouped.length)
  let from = 0
  for (let group = 0; group < 4; group++)
    for (let to = group; to < out.length; to += 4) out[to] = grouped[from++] ?? 0
  return out
}

/** The bytes of chunks [from, to) of a xorb. */
export function unpackChunks(xorb: Xorb, from: number, to: number): Buffer {
  return Buffer.concat(
    xorb.chunks.slice(from, to).map(({ start, end }) => unpack(xorb.bytes.subarray(start, end))),
  )
}

/** What a client would have uploaded for a file that was put here by hand, chunks left as they are. */
export function xorbsOf(content: Content): Xorb[] {
  const bytes = content.read(0, content.size)
  const xorbs: Xorb[] = []
  let parts: Buffer[] = []
  let chunks: XorbChunk[] = []
  let size = 0
  const close = () => {
    if (chunks.length > 0) xorbs.push({ hash: hashOf(chunks), bytes: Buffer.concat(parts), chunks })
    ;[parts, chunks, size] = [[], [], 0]
  }
  let at = 0
  for (const { hash, length } of getChunks(bytes)) {
    if (chunks.length === MOST_CHUNKS || size + HEADER + length > LARGEST) close()
    const header = Buffer.alloc(HEADER)
    header.writeUIntLE(length, 1, 3)
    header.writeUIntLE(length, 5, 3)
    parts.push(header, bytes.subarray(at, at + length))
    chunks.push({ hash: hashToHex(hash), start: size, end: size + HEADER + length, length })
    size += HEADER + length
    at += length
  }
  close()
  return xorbs
}

function chunkHashOf(bytes: Buffer): string {
  // a chunk ends where its content says, so chunking it again gives it back whole, with its hash
  const [only, ...more] = getChunks(bytes)
  if (!only || more.length > 0)
    throw new Error(`xorb: a chunk of ${bytes.length} bytes does not end where the chunker ends one`)
  return hashToHex(only.hash)
}

function hashOf(chunks: XorbChunk[]): string {
  return hashToHex(xorbHash(asHashed(chunks)))
}

export function asHashed(chunks: { hash: string; length: number }[]): Chunk[] {
  return chunks.map(({ hash, length }) => ({ hash: hexToBytes(hash), length }))
}

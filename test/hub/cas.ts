import { createHash } from 'node:crypto'
import { fileHash, hashToHex, hexToBytes, verificationHash } from '@huggingface/xetchunk-wasm'
import { type Content, contentOf } from './content.ts'
import { readShard, type ShardFile, type Term } from './shard.ts'
import type { Store } from './store.ts'
import { asHashed, readXorb, unpackChunks, type Xorb, xorbsOf } from './xorb.ts'

/** A file that can be put together from xorbs. */
export interface XetFile {
  hash: string
  size: number
  terms: Term[]
}

/** Xet's content-addressed store: xorbs, and files as runs of their chunks. */
export interface Cas {
  xorbs: Map<string, Xorb>
  files: Map<string, XetFile>
  /**
   * Files by the chunks of theirs that a query may find: the first, and one in 1024
   * (docs/xet/deduplication.md).
   */
  known: Map<string, XetFile>
  /** What is registered already. */
  indexed: WeakSet<Content>
}

export function makeCas(): Cas {
  return { xorbs: new Map(), files: new Map(), known: new Map(), indexed: new WeakSet() }
}

/**
 * Stores an uploaded xorb; false if it was there. Throws for one whose bytes have another hash
 * (docs/xet/api.md: 400).
 */
export function putXorb(cas: Cas, hash: string, bytes: Buffer): boolean {
  const xorb = readXorb(bytes)
  if (xorb.hash !== hash) throw new Error(`xorb: its bytes have the hash ${xorb.hash}, not ${hash}`)
  if (cas.xorbs.has(hash)) return false
  cas.xorbs.set(hash, xorb)
  return true
}

/**
 * Registers the files of an uploaded shard, after checking what the server checks: every xorb is there,
 * lengths and verification hashes fit, the chunks have the file's hash, and the bytes the SHA-256
 * (docs/xet/api.md, "failed verification").
 */
export function putShard(cas: Cas, store: Store, bytes: Buffer): { files: number; added: number } {
  const shard = readShard(bytes)
  for (const { hash, chunks } of shard.xorbs) {
    const xorb = xorbOf(cas, hash)
    if (xorb.chunks.some((chunk, index) => chunk.hash !== chunks[index]))
      throw new Error(`shard: the chunks of xorb ${hash} are others`)
  }
  let added = 0
  for (const file of shard.files) {
    const content = contentOf(checked(cas, file))
    if (!cas.files.has(file.hash)) added++
    register(cas, file.hash, content, file.terms)
    store.xet.set(file.hash, content)
    if (file.sha256 !== undefined) store.uploaded.set(file.sha256, content)
  }
  return { files: shard.files.length, added }
}

function checked(cas: Cas, { hash, terms, sha256 }: ShardFile): Buffer {
  const all: { hash: string; length: number }[] = []
  const parts: Buffer[] = []
  for (const { xorb: id, from, to, length, rangeHash } of terms) {
    const xorb = xorbOf(cas, id)
    if (from >= to || to > xorb.chunks.length)
      throw new Error(`shard: xorb ${id} has no chunks ${from} to ${to}`)
    const chunks = xorb.chunks.slice(from, to)
    const part = unpackChunks(xorb, from, to)
    if (part.length !== length)
      throw new Error(`shard: a term of ${part.length} bytes is said to have ${length}`)
    const verified = hashToHex(verificationHash(chunks.map((chunk) => hexToBytes(chunk.hash))))
    if (rangeHash !== verified) throw new Error(`shard: the verification hash of a term of ${hash} is wrong`)
    all.push(...chunks)
    parts.push(part)
  }
  const found = hashToHex(fileHash(asHashed(all)))
  if (found !== hash) throw new Error(`shard: file reconstruction does not produce ${hash} but ${found}`)
  const bytes = Buffer.concat(parts)
  if (sha256 !== undefined && createHash('sha256').update(bytes).digest('hex') !== sha256) {
    throw new Error(`shard: the bytes of ${hash} have another SHA-256 than ${sha256}`)
  }
  return bytes
}

function xorbOf(cas: Cas, hash: string): Xorb {
  const xorb = cas.xorbs.get(hash)
  if (!xorb) throw new Error(`shard: xorb ${hash} was not uploaded`)
  return xorb
}

function register(cas: Cas, hash: string, content: Content, terms: Term[]): XetFile {
  const file = { hash, size: content.size, terms }
  cas.files.set(hash, file)
  cas.indexed.add(content)
  terms.forEach(({ xorb: id, from, to }, index) => {
    const xorb = cas.xorbs.get(id)
    xorb?.chunks.slice(from, to).forEach((chunk, inside) => {
      const first = index === 0 && inside === 0
      if (first || BigInt(`0x${chunk.hash.slice(48)}`) % 1024n === 0n) cas.known.set(chunk.hash, file)
    })
  })
  return file
}

/** A file by its hash: uploaded, or put into a repository by hand and cut into xorbs now. */
export function xetFile(cas: Cas, store: Store, hash: string): XetFile | undefined {
  const kept = cas.files.get(hash)
  const content = store.xet.get(hash)
  if (kept || !content) return kept
  const terms: Term[] = []
  for (const xorb of xorbsOf(content)) {
    if (!cas.xorbs.has(xorb.hash)) cas.xorbs.set(xorb.hash, xorb)
    const length = xorb.chunks.reduce((sum, chunk) => sum + chunk.length, 0)
    terms.push({ xorb: xorb.hash, from: 0, to: xorb.chunks.length, length })
  }
  return register(cas, hash, content, terms)
}

/**
 * The xorbs of a file that has this chunk, if queries may find the chunk. Files put in by hand count as
 * uploaded.
 */
export function knownXorbs(cas: Cas, store: Store, chunk: string): Xorb[] {
  for (const repo of store.repos.values()) {
    for (const { tree } of repo.refs.values()) {
      for (const file of tree.values())
        if (file.storage === 'xet' && !cas.indexed.has(file.content)) xetFile(cas, store, file.xetHash())
    }
  }
  const hashes = new Set(cas.known.get(chunk)?.terms.map(({ xorb }) => xorb))
  return [...hashes].flatMap((hash) => cas.xorbs.get(hash) ?? [])
}

export interface Reconstruction {
  offset_into_first_range: number
  terms: { hash: string; unpacked_length: number; range: { start: number; end: number } }[]
  /** Runs of chunks to fetch, by xorb, in ascending order; `bytes` of the xorb, the end inclusive. */
  fetch: Map<string, { chunks: { start: number; end: number }; bytes: { start: number; end: number } }[]>
}

/** What to fetch for bytes [start, end) of a file, in whole chunks (docs/xet/download-protocol.md). */
export function reconstruct(cas: Cas, file: XetFile, start: number, end: number): Reconstruction {
  const terms: Reconstruction['terms'] = []
  const wanted = new Map<string, { start: number; end: number }[]>()
  let offset: number | undefined
  let at = 0
  for (const term of file.terms) {
    const chunks = cas.xorbs.get(term.xorb)?.chunks ?? []
    let [from, to, length] = [-1, -1, 0]
    for (let index = term.from; index < term.to; index++) {
      const size = chunks[index]?.length ?? 0
      if (at < end && at + size > start) {
        if (from < 0) from = index
        to = index + 1
        length += size
        offset ??= Math.max(0, start - at)
      }
      at += size
    }
    if (from < 0) continue
    terms.push({ hash: term.xorb, unpacked_length: length, range: { start: from, end: to } })
    wanted.set(term.xorb, [...(wanted.get(term.xorb) ?? []), { start: from, end: to }])
  }
  const fetch: Reconstruction['fetch'] = new Map()
  for (const [hash, ranges] of wanted) {
    const all = cas.xorbs.get(hash)?.chunks ?? []
    fetch.set(
      hash,
      joined(ranges).map((chunks) => ({
        chunks,
        bytes: { start: all[chunks.start]?.start ?? 0, end: (all[chunks.end - 1]?.end ?? 0) - 1 },
      })),
    )
  }
  return { offset_into_first_range: offset ?? 0, terms, fetch }
}

/** Runs in ascending order, those that touch or overlap made one. */
function joined(ranges: { start: number; end: number }[]): { start: number; end: number }[] {
  const out: { start: number; end: number }[] = []
  for (const range of [...ranges].sort((a, b) => a.start - b.start)) {
    const last = out.at(-1)
    if (last && range.start <= last.end) last.end = Math.max(last.end, range.end)
    else out.push({ ...range })
  }
  return out
}

/*
 * What the Hub calls the content of a file, worked out here: what has the same name there need not be sent.
 */

/** Bytes that are read at once. */
const PIECE = 4 << 20

/**
 * The hash of Xet, which buckets and all large files have: a tree over pieces that the content itself cuts.
 * 64 hex digits.
 */
export async function xetHash(blob: Blob, signal?: AbortSignal | undefined): Promise<string> {
  const { createChunker, fileHash, finalize, hashToHex, nextBlock } = await import('./hub-write-package.ts')
  const chunker = createChunker()
  const chunks: ReturnType<typeof nextBlock> = []
  for (let at = 0; at < blob.size; at += PIECE) {
    signal?.throwIfAborted()
    chunks.push(...nextBlock(chunker, new Uint8Array(await blob.slice(at, at + PIECE).arrayBuffer())))
  }
  const last = finalize(chunker)
  if (last) chunks.push(last)
  return hashToHex(fileHash(chunks))
}

/**
 * The id that git gives a file it keeps itself: SHA-1 of a header and the content, which is in memory
 * meanwhile. 40 hex digits.
 */
export async function gitHash(blob: Blob): Promise<string> {
  return digest('SHA-1', new Blob([`blob ${blob.size}\0`, blob]))
}

/** SHA-256 of the content, which is in memory meanwhile. 64 hex digits. */
export async function sha256(blob: Blob): Promise<string> {
  return digest('SHA-256', blob)
}

async function digest(algorithm: 'SHA-1' | 'SHA-256', blob: Blob): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest(algorithm, await blob.arrayBuffer()))
  return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

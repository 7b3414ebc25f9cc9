import type { NamedFile } from '../../model/source.ts'

/*
 * A File dies when its file changes, and a log that somebody writes to changes in every moment. What is
 * written goes to its end, so what it held is worth as much a moment later: it is read to memory as soon as
 * it was taken. Whoever takes the database first and the log then has both of one state, as long as the
 * database's File lives (engine/one-state.ts says why).
 */

/** trackio's logs have 4 MB; a larger one is left on disk, and read there if it is let. */
const LARGEST = 64 << 20
/** Three of four reads find the File alive where four processes write every 20 ms. */
const TRIES = 20
/** The head of a log, which is another whenever it is begun anew. */
const HEAD = 32

/**
 * A log in memory, as it was at one moment; undefined where it is gone. `take` gives its File as it is now.
 */
export async function inMemory(
  { path, file }: NamedFile,
  take: () => Promise<File | undefined>,
): Promise<NamedFile | undefined> {
  let now: File | undefined = file
  for (let tries = 1; now && now.size > 0 && now.size <= LARGEST && tries <= TRIES; tries++) {
    const bytes = await read(now)
    const { lastModified }: File = now
    now = await take()
    const head = bytes && now && (await read(now.slice(0, HEAD)))
    if (bytes && head && isSame(head, bytes))
      return { path, file: new File([bytes], file.name, { lastModified }) }
  }
  // what cannot be read is told by who reads it
  return now && { path, file: now }
}

/** Undefined where the file was written to since it was taken. */
async function read(file: Blob): Promise<ArrayBuffer | undefined> {
  try {
    return await file.arrayBuffer()
  } catch (error) {
    if (
      error instanceof DOMException &&
      (error.name === 'NotReadableError' || error.name === 'NotFoundError')
    )
      return undefined
    throw error
  }
}

function isSame(head: ArrayBuffer, whole: ArrayBuffer): boolean {
  const bytes = new Uint8Array(whole, 0, Math.min(HEAD, whole.byteLength))
  return new Uint8Array(head).every((byte, i) => byte === bytes[i])
}

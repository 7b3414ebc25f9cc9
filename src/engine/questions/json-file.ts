import { checkJson, type JsonMembers, membersOf, nodeAt, skip } from '../../compute/json-scan.ts'
import { isAbort, TrackioError } from '../../model/errors.ts'
import type { FileRef, JsonPart, TextEncoding } from '../../model/file.ts'
import type { OpenProgress, Waiting } from '../../model/questions.ts'
import type { OpenFile } from '../files/open-file.ts'
import { inSlices } from './in-slices.ts'

/** A larger text is read as text: as a tree it would be held as a whole. */
const MOST = 512 << 20
const PIECE = 8 << 20
/** Values whose members are known; the next ones push the oldest out. */
const KEEP = 64

export interface JsonQuery {
  file: FileRef
  encoding: TextEncoding
  /** The byte that the value begins with whose members are asked for; −1: the whole text, as its only member. */
  from: number
  first: number
  count: number
}

/** A text that was read whole, and held against the rules of JSON. */
interface Held {
  bytes: Uint8Array
  members: Map<number, JsonMembers>
}

let last: { file: OpenFile; held: Promise<Held> } | undefined

/** Members of a value of a file, and how each begins. The last file's text is kept. Throws TrackioError where it is no JSON. */
export async function jsonPart(
  file: OpenFile,
  { encoding, from, first, count }: JsonQuery,
  waiting: Waiting<OpenProgress>,
): Promise<JsonPart> {
  const { bytes, members } = await heldText(file, encoding, waiting)
  if (from < 0) {
    const at = beginOf(bytes)
    const { end, count } = await inSlices(skip(bytes, at), waiting.signal)
    return { nodes: [nodeAt(bytes, -1, at, end, count)], total: 1, read: file.read() }
  }
  let known = members.get(from)
  if (!known) {
    known = await inSlices(membersOf(bytes, from), waiting.signal)
    members.set(from, known)
    for (const old of members.keys()) if (members.size > KEEP) members.delete(old)
  }
  const { keys, values, ends, counts, total } = known
  const nodes = []
  for (let i = first; i < Math.min(total, first + count); i++)
    nodes.push(nodeAt(bytes, keys[i] as number, values[i] as number, ends[i] as number, counts[i] as number))
  return { nodes, total, read: file.read() }
}

async function heldText(
  file: OpenFile,
  encoding: TextEncoding,
  waiting: Waiting<OpenProgress>,
): Promise<Held> {
  for (;;) {
    if (last?.file !== file) last = { file, held: readText(file, encoding, waiting) }
    const mine = last
    try {
      return await mine.held
    } catch (cause) {
      // given up or failed: read again when it is asked for again
      if (last === mine) last = undefined
      // whoever began it gave it up, and this one goes on waiting
      if (!isAbort(cause) || waiting.signal?.aborted) throw cause
    }
  }
}

function beginOf(bytes: Uint8Array): number {
  let at = 0
  while (at < bytes.length && (bytes[at] as number) <= 32) at++
  return at
}

async function readText(
  file: OpenFile,
  encoding: TextEncoding,
  { signal, onProgress }: Waiting<OpenProgress>,
): Promise<Held> {
  if (file.size > MOST)
    throw new TrackioError(file.name, 'more than 512 MB: too large for a tree', 'Look at it as text.')
  const whole = new Uint8Array(file.size)
  for (let at = 0; at < file.size; ) {
    signal?.throwIfAborted()
    const piece = await file.bytes.load(at, Math.min(PIECE, file.size - at))
    if (piece.length === 0) throw new TrackioError(file.name, `ends at byte ${at} of ${file.size}`)
    whole.set(piece, at)
    at += piece.length
    onProgress?.({ text: `reading ${file.name}`, bytes: at, totalBytes: file.size })
  }
  const bytes = asUtf8(whole, encoding)
  const wrong = await inSlices(checkJson(bytes), signal)
  if (wrong !== undefined) throw new TrackioError(file.name, `no JSON: ${wrong}`, 'Look at it as text.')
  return { bytes, members: new Map() }
}

function asUtf8(bytes: Uint8Array, encoding: TextEncoding): Uint8Array {
  if (encoding !== 'utf-8') return new TextEncoder().encode(new TextDecoder(encoding).decode(bytes))
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes
}

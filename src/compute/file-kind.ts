import type { ShownKind, TextEncoding } from '../model/file.ts'
import { endingOf, mediaType } from './media-payload.ts'

/* What a file is, told by its first bytes, and by its name where the bytes leave it open. */

const ENDINGS: Record<string, ShownKind> = {
  ...of('json', 'json ipynb geojson webmanifest'),
  ...of('jsonl', 'jsonl ndjson'),
  ...of('csv', 'csv'),
  ...of('tsv', 'tsv tab'),
  ...of('markdown', 'md markdown'),
  ...of('html', 'html htm'),
}

function of(kind: ShownKind, endings: string): Record<string, ShownKind> {
  return Object.fromEntries(endings.split(' ').map((ending) => [ending, kind]))
}

/** A kind by bytes that no other has at its beginning. */
const MAGIC: readonly [ShownKind, string][] = [
  ['sqlite', 'SQLite format 3\0'],
  ['parquet', 'PAR1'],
  ['tensors', '\x93NUMPY'],
  ['tensors', 'GGUF'],
  ['archive', 'PK\x03\x04'],
  ['archive', 'PK\x05\x06'],
]

export interface Guess {
  kind: ShownKind
  encoding: TextEncoding
  /** Bytes of its byte order mark. */
  mark: number
}

/** What a file is: `head` are its first bytes, 4 KiB of them where it has so many. */
export function guessKind(name: string, head: Uint8Array, size: number): Guess {
  const mark = markOf(head)
  const encoding = mark?.encoding ?? 'utf-8'
  const told = (kind: ShownKind): Guess => ({ kind, encoding, mark: mark?.bytes ?? 0 })
  if (size === 0) return told('empty')
  const begins = String.fromCharCode(...head.subarray(0, 16))
  const magic = MAGIC.find(([, sign]) => begins.startsWith(sign))
  if (magic) return told(magic[0])
  const ending = endingOf(name)
  if (ending === 'safetensors') return told('tensors')
  const media = /^(image|video|audio)\//.exec(mediaType(name))?.[1]
  if (media) return told(media as ShownKind)
  if (!mark && isBinary(head)) return told('binary')
  return told(ENDINGS[ending] ?? 'text')
}

function markOf(head: Uint8Array): { encoding: TextEncoding; bytes: number } | undefined {
  const [a, b, c] = head
  if (a === 0xef && b === 0xbb && c === 0xbf) return { encoding: 'utf-8', bytes: 3 }
  if (a === 0xff && b === 0xfe) return { encoding: 'utf-16le', bytes: 2 }
  if (a === 0xfe && b === 0xff) return { encoding: 'utf-16be', bytes: 2 }
  return undefined
}

/** A zero, or more signs of control than a log with colours has. */
function isBinary(head: Uint8Array): boolean {
  let odd = 0
  for (const byte of head) {
    if (byte === 0) return true
    if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 12 && byte !== 27) odd++
  }
  return odd > head.length / 16
}

/** Bytes of a text as letters. `invalid`: places that are no letters of the encoding, shown as �. */
export function decodeText(bytes: Uint8Array, encoding: TextEncoding): { text: string; invalid: number } {
  const text = new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes)
  let invalid = 0
  for (let at = text.indexOf('\ufffd'); at >= 0; at = text.indexOf('\ufffd', at + 1)) invalid++
  if (invalid > 0) invalid -= written(bytes, encoding)
  return { text, invalid }
}

/** How often � itself stands there. */
function written(bytes: Uint8Array, encoding: TextEncoding): number {
  const sign =
    encoding === 'utf-8' ? [0xef, 0xbf, 0xbd] : encoding === 'utf-16le' ? [0xfd, 0xff] : [0xff, 0xfd]
  const step = encoding === 'utf-8' ? 1 : 2
  let n = 0
  for (let at = bytes.indexOf(sign[0] as number); at >= 0; at = bytes.indexOf(sign[0] as number, at + 1))
    if (at % step === 0 && sign.every((byte, i) => bytes[at + i] === byte)) n++
  return n
}

import { nextTurn } from '../../bridge/turn.ts'
import { makeSha256 } from '../../compute/sha256.ts'
import { TrackioError } from '../../model/errors.ts'
import type { Bytes } from '../../storage/bytes.ts'

/** Bytes that are read at once, and of those that are hashed before others get their turn: 7 ms. */
const READ = 4 << 20
const AT_ONCE = 1 << 20
/**
 * Files up to this size are left to the browser's own code, which takes only what is in memory as a whole; it is not
 * there on pages that came over plain http.
 */
const WHOLE = 64 << 20

export interface HashOptions {
  signal?: AbortSignal | undefined
  onProgress?: ((bytes: number, totalBytes: number) => void) | undefined
}

/**
 * SHA-256 of a file of any size, 64 hex digits. The next piece is on its way while one is hashed; questions of others
 * are answered in between. Throws TrackioError where the file ends early.
 */
export async function hashOf(
  subject: string,
  bytes: Bytes,
  { signal, onProgress }: HashOptions = {},
): Promise<string> {
  const hash = bytes.size <= WHOLE && globalThis.crypto?.subtle ? wholeHash(bytes.size) : makeSha256()
  const pieceAt = (at: number): Promise<Uint8Array> | undefined => {
    if (at >= bytes.size) return undefined
    const piece = bytes.load(at, Math.min(READ, bytes.size - at))
    // whoever waits for it is told
    piece.catch(() => undefined)
    return piece
  }
  let coming = pieceAt(0)
  for (let at = 0; coming; ) {
    signal?.throwIfAborted()
    const piece: Uint8Array = await coming
    if (piece.length === 0)
      throw new TrackioError(subject, `ends at byte ${at} of ${bytes.size}`, 'Read the list of files again.')
    coming = pieceAt(at + piece.length)
    for (let from = 0; from < piece.length; from += AT_ONCE) {
      const part = piece.subarray(from, from + AT_ONCE)
      hash.add(part)
      onProgress?.(at + from + part.length, bytes.size)
      await nextTurn()
      signal?.throwIfAborted()
    }
    at += piece.length
  }
  return hash.hex()
}

/** Takes all pieces before it hashes them. */
function wholeHash(size: number): { add(piece: Uint8Array): void; hex(): Promise<string> } {
  const whole = new Uint8Array(size)
  let at = 0
  return {
    add(piece) {
      whole.set(piece, at)
      at += piece.length
    },
    async hex() {
      const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', whole))
      return Array.from(sum, (byte) => byte.toString(16).padStart(2, '0')).join('')
    },
  }
}

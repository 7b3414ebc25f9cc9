/** Bytes that do not compress, the same for the same seed (xorshift32). */
export function randomBytes(seed: number, length: number): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(Math.ceil(length / 4))
  let state = (seed * 0x9e3779b9) >>> 0 || 1
  for (let index = 0; index < words.length; index++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    words[index] = state
  }
  return new Uint8Array(words.buffer).slice(0, length)
}

/** Where two lists of bytes differ first, or "the same": toEqual takes seconds for a million bytes. */
export function compared(got: Uint8Array | ArrayBuffer | null | undefined, wanted: Uint8Array): string {
  if (!got) return 'nothing'
  const [a, b] = [Buffer.from(got instanceof ArrayBuffer ? new Uint8Array(got) : got), Buffer.from(wanted)]
  if (a.equals(b)) return 'the same'
  return `${a.length} bytes instead of ${b.length}, others from ${a.findIndex((byte, index) => byte !== b[index])}`
}

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}

export { parseLoose } from '../../compute/loose-json.ts'

// a byte order mark is a letter of a name like any other: without it two runs would be one
const decoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true })

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * The text, as JSON has it: undefined where the bytes are no UTF-8. A byte order mark stays, which no JSON
 * text begins with.
 */
export function decodeStrictly(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes)
  } catch {
    return undefined
  }
}

export function decodeText(bytes: Uint8Array): string {
  return decoder.decode(bytes)
}

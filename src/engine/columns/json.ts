import type { Json } from '../../model/run.ts'

// a byte order mark is a letter of a name like any other: without it two runs would be one
const decoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true })

/**
 * JSON as Python's json module writes it: bare NaN, Infinity and -Infinity are accepted (trackio up to 0.4.0
 * wrote them) and come back as the strings "NaN", "Infinity", "-Infinity", which is how later releases write
 * them. Undefined when it is not JSON.
 */
export function parseLoose(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json // any JSON value is a Json
  } catch {
    // not strict JSON: retried with the bare tokens quoted, outside of strings
    const quoted = text.replace(/"(?:[^"\\]|\\[\s\S])*"|-?\bInfinity\b|\bNaN\b/g, (token) =>
      token.startsWith('"') ? token : `"${token}"`,
    )
    if (quoted === text) return undefined
    try {
      return JSON.parse(quoted) as Json
    } catch {
      return undefined
    }
  }
}

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

/**
 * The number that a top-level payload value stands for: trackio writes non-finite ones as these three
 * strings.
 */
export function numberFromString(text: string): number | undefined {
  if (text === 'NaN') return Number.NaN
  if (text === 'Infinity') return Number.POSITIVE_INFINITY
  if (text === '-Infinity') return Number.NEGATIVE_INFINITY
  return undefined
}

import type { Json } from '../model/run.ts'

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
    const quoted = text.replace(/"[^"\\]*(?:\\[\s\S][^"\\]*)*"|-?\bInfinity\b|\bNaN\b/g, (token) =>
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

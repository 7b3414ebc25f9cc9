import { parseLoose } from './json.ts'

/**
 * The members of a JSON object as they are written: `{"a": 1.0, "b": [2]}` → a: `1.0`, b: `[2]`. Of a name that
 * stands twice the last one counts, as JSON.parse has it.
 */
export function members(text: string): Map<string, string> {
  const found = new Map<string, string>()
  let depth = 0
  let name: string | undefined
  let start = 0
  for (const match of text.matchAll(/"[^"\\]*(?:\\[\s\S][^"\\]*)*"(\s*:)?|[{}[\],]/g)) {
    const [token, colon] = match
    const c = token[0]
    if (c === '"') {
      if (colon !== undefined && depth === 1 && name === undefined) {
        name = String(parseLoose(token.slice(0, -colon.length)))
        start = match.index + token.length
      }
      continue
    }
    if (depth === 1 && name !== undefined && (c === ',' || c === '}')) {
      found.set(name, text.slice(start, match.index).trim())
      name = undefined
    }
    if (c === '{' || c === '[') depth++
    else if (c === '}' || c === ']') depth--
  }
  return found
}

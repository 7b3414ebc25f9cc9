import { parseLoose } from './json.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COLON = 0x3a
const COMMA = 0x2c
const OPEN = 0x7b
const CLOSE = 0x7d

/**
 * The members of a JSON object as they are written: `{"a": 1.0, "b": [2]}` → a: `1.0`, b: `[2]`. Of a name that
 * stands twice the last one counts, as JSON.parse has it. What is within a member is passed by letter by letter:
 * one may be a table of hundreds of megabytes.
 */
export function members(text: string): Map<string, string> {
  return scanMembers(text).found
}

/** The same, and whether braces, brackets and quotes close where the text ends. */
export function scanMembers(text: string): { found: Map<string, string>; whole: boolean } {
  const found = new Map<string, string>()
  let depth = 0
  let name: string | undefined
  let start = 0
  let end = -1
  for (let at = 0; at < text.length; at++) {
    const c = text.charCodeAt(at)
    if (c === QUOTE) {
      const from = at
      at = closeOf(text, at)
      if (depth !== 1 || name !== undefined) continue
      let next = at + 1
      while (isSpace(text.charCodeAt(next))) next++
      if (text.charCodeAt(next) !== COLON) continue
      name = String(parseLoose(text.slice(from, at + 1)))
      start = next + 1
      at = next
    } else if (c === COMMA) {
      if (depth === 1 && name !== undefined) {
        found.set(name, text.slice(start, at).trim())
        name = undefined
      }
    } else if (c === OPEN || c === 0x5b) depth++
    else if (c === CLOSE || c === 0x5d) {
      if (depth === 1 && c === CLOSE && name !== undefined) {
        found.set(name, text.slice(start, at).trim())
        name = undefined
      }
      depth--
      if (depth === 0) end = at
    }
  }
  const whole =
    depth === 0 && end >= 0 && text.slice(end + 1).trim() === '' && /^\s*\{/.test(text.slice(0, 64))
  return { found, whole }
}

/** Place of the quote that closes the one at `at`; the text's end where none does. */
function closeOf(text: string, at: number): number {
  for (let close = text.indexOf('"', at + 1); close >= 0; close = text.indexOf('"', close + 1)) {
    let back = close - 1
    while (text.charCodeAt(back) === BACKSLASH) back--
    // an even number of backslashes escapes each other
    if ((close - back) % 2 === 1) return close
  }
  return text.length
}

function isSpace(c: number): boolean {
  return c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09
}

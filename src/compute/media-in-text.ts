import { MEDIA_KINDS } from '../model/media.ts'

/** A file that a stored value names: its path, and where the string with its quotes stands in the text. */
export interface MediaInText {
  path: string
  from: number
  to: number
}

/**
 * Files that the media of a JSON text name (`file_path` beside a media's `_type`), at any depth, in order. The
 * text is walked, not parsed: whoever changes a path leaves every other letter as it was stored, long numbers
 * and bare NaN too. What a person logged under the key `file_path` alone is no media's.
 */
export function mediaInText(text: string): MediaInText[] {
  const found: MediaInText[] = []
  const open: { type?: string; file?: MediaInText }[] = []
  let key: string | undefined
  for (let i = 0; i < text.length; i++) {
    const letter = text[i]
    if (letter === '{' || letter === '[') open.push({})
    else if (letter === '}' || letter === ']') {
      const { type, file } = open.pop() ?? {}
      if (file && isMedia(type)) found.push(file)
    } else if (letter === '"') {
      const to = endOfString(text, i)
      const value = unquoted(text.slice(i, to))
      if (/^\s*:/.test(text.slice(to, to + 8))) key = value
      else {
        const inside = open.at(-1)
        if (inside && key === '_type') inside.type = value
        if (inside && key === 'file_path') inside.file = { path: value, from: i, to }
        key = undefined
      }
      i = to - 1
    } else if (letter === ',') key = undefined
  }
  return found.sort((a, b) => a.from - b.from)
}

/** The text with other paths, where `moved` gives one; undefined where none did. */
export function withMediaPaths(
  text: string,
  moved: (path: string) => string | undefined,
): string | undefined {
  let changed = ''
  let done = 0
  for (const { path, from, to } of mediaInText(text)) {
    const next = moved(path)
    if (next === undefined || next === path) continue
    changed += text.slice(done, from) + JSON.stringify(next)
    done = to
  }
  return done === 0 ? undefined : changed + text.slice(done)
}

function isMedia(type: string | undefined): boolean {
  return (MEDIA_KINDS as readonly string[]).includes(type ?? '')
}

/** Place behind the closing quote. */
function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === '"') return i + 1
  }
  return text.length
}

function unquoted(quoted: string): string {
  if (!quoted.includes('\\')) return quoted.slice(1, -1)
  try {
    return String(JSON.parse(quoted))
  } catch (error) {
    if (error instanceof SyntaxError) return quoted.slice(1, -1) // cut off, or no JSON
    throw error
  }
}

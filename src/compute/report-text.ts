const MOST_TITLE = 160
/** Letters of a line that may belong to it, marks among them: patterns go over a line again from each of its letters. */
const MOST_LINE = 1000
/** Marks of Markdown that a title is without. */
const MARKS = /!?\[([^\]]*)\]\([^)]*\)|[*_~`]{1,3}(?=\S)|(?<=\S)[*_~`]{1,3}/g

/** What a report is called: its first heading, else its first line, without marks; '' for an empty text. */
export function reportTitle(text: string): string {
  const heading = headingOf(text)
  const line = heading ?? /\S[^\n]*/.exec(text)?.[0].slice(0, MOST_LINE) ?? ''
  const plain = line
    .replace(/^[>\-*+\s]*(?=\S)/, '')
    .replace(MARKS, '$1')
    .replace(/\s+/g, ' ')
    .trim()
  return [...plain].slice(0, MOST_TITLE).join('')
}

/** The first heading outside of fenced code: `# so`, or underlined. */
function headingOf(text: string): string | undefined {
  let fence: string | undefined
  let before = ''
  for (const found of text.matchAll(/[^\n]+/g)) {
    const line = found[0].replace(/\r$/, '').slice(0, MOST_LINE)
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1]
    if (fence !== undefined) {
      if (mark?.startsWith(fence) && line.trim() === mark) fence = undefined
      continue
    }
    const hashed = /^ {0,3}#{1,6}(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$/.exec(line)
    if (hashed && (hashed[1] ?? '') !== '') return hashed[1]
    // a blank line between them makes of the second a rule
    const follows = text[found.index - 1] === '\n' && text[found.index - 2] !== '\n'
    if (/^ {0,3}(=+|-+)[ \t]*$/.test(line) && before.trim() !== '' && follows) return before.trim()
    fence = mark
    before = mark === undefined ? line : ''
  }
  return undefined
}

/** How many words: letters and digits that stand together. */
export function countWords(text: string): number {
  let count = 0
  for (const _ of text.matchAll(/[\p{L}\p{N}][\p{L}\p{M}\p{N}_'’.-]*/gu)) count++
  return count
}

/** Where a heading is linked to, as GitHub writes it; `seen` counts those before it. */
export function slugOf(heading: string, seen: Map<string, number>): string {
  const slug = heading
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}_\- ]/gu, '')
    .trim()
    .replaceAll(' ', '-')
  const before = seen.get(slug) ?? 0
  seen.set(slug, before + 1)
  return before === 0 ? slug : `${slug}-${before}`
}

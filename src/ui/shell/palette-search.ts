/** What the palette can find: its name, and other words that people use for it. */
export interface Findable {
  text: string
  words?: string | undefined
}

const TYPED_APART = 400
const WORD = 1400

/**
 * How well something fits what was typed, 0: not at all. The name as typed beats other words for it, these
 * beat letters in order; together beats apart, at the start of a word beats inside.
 */
export function scoreOf({ text, words = '' }: Findable, query: string): number {
  if (query === '') return 1
  const [hay, needle] = [text.toLowerCase(), query.toLowerCase()]
  const whole = hay.indexOf(needle)
  const name =
    whole === -1
      ? 0
      : 1000 - whole - hay.length / 100 + (whole === 0 || /[\s/_.-]/.test(hay[whole - 1] ?? '') ? 500 : 0)
  const starts = wordsOf(`${hay} ${words}`)
  const said = wordsOf(needle).every((word) => starts.some((start) => start.startsWith(word)))
  return Math.max(name, said ? WORD - hay.length / 100 : 0) || inOrder(hay, needle)
}

/** The typed words that begin none of the words of `of`: what is left names something else. */
export function restOf(of: Findable, query: string): string[] {
  const starts = wordsOf(`${of.text} ${of.words ?? ''}`.toLowerCase())
  return wordsOf(query.toLowerCase()).filter((word) => !starts.some((start) => start.startsWith(word)))
}

function wordsOf(text: string): string[] {
  return text.split(/[\s:…]+/).filter(Boolean)
}

function inOrder(hay: string, needle: string): number {
  let from = -1
  let gaps = 0
  for (const letter of needle) {
    const next = hay.indexOf(letter, from + 1)
    if (next === -1) return 0
    if (from !== -1) gaps += next - from - 1
    from = next
  }
  return Math.max(1, TYPED_APART - gaps * 4 - hay.length / 100)
}

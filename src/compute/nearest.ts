/**
 * The one of the names that a person most likely meant, or undefined where none comes near. Ties: the
 * shorter, then the one that comes first.
 */
export function nearestOf(text: string, names: Iterable<string>): string | undefined {
  let best: string | undefined
  let least = Infinity
  for (const name of names) {
    const far = distance(text.toLowerCase(), name.toLowerCase()) + name.length / 1000
    if (far < least) [best, least] = [name, far]
  }
  return best
}

/**
 * How far a name is from what was typed, by the first of these that holds: 0 the same but for case, 1 one of
 * its parts (`loss` of `train/loss`), 2 where one of its words begins (`learning` of `learning_rate`), 3 the
 * first letters of its words (`lr`), or the other way round, 3 and the letters to change, as long as two
 * thirds stay, 4.5 within a word. Infinity beyond.
 */
function distance(typed: string, name: string): number {
  if (name === typed) return 0
  if (typed === '') return Infinity
  const parts = name.split(/[/.]/)
  const leaf = parts.at(-1) ?? name
  const words = wordsOf(name)
  if (parts.includes(typed) || words.includes(typed)) return 1
  if (
    typed.length > 1 &&
    (name.startsWith(typed) ||
      words.some((word, i) => word.startsWith(typed) || words.slice(i).join('_').startsWith(typed)))
  )
    return 2
  if (initialsOf(words).endsWith(typed) || (leaf.length > 1 && initialsOf(wordsOf(typed)) === leaf)) return 3
  const changes = Math.min(...[name, leaf].map((one) => editDistance(typed, one)))
  const far = changes <= Math.max(1, Math.floor(typed.length / 3)) ? 3 + changes : Infinity
  return typed.length > 1 && name.includes(typed) ? Math.min(far, 4.5) : far
}

function wordsOf(text: string): string[] {
  return text.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '')
}

/** None of a single word: every word begins with its first letter. */
function initialsOf(words: readonly string[]): string {
  return words.length > 1 ? words.map((word) => word[0]).join('') : '\n'
}

/** Letters to add, leave out, change or swap with their neighbour. */
function editDistance(a: string, b: string): number {
  let before: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1
      let least = Math.min(row[j - 1]! + 1, above[j]! + 1, above[j - 1]! + change)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, before[j - 2]! + 1)
      row.push(least)
    }
    before = above
    above = row
  }
  return above[b.length] ?? 0
}

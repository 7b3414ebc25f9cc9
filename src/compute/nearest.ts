/** The one of the names that a person most likely meant, or undefined where none comes near. Ties: the shorter, then the one that comes first. */
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
 * How far a name is from what was typed, by the first of these that holds: 0 the same but for case, 1 one of its parts (`loss` of `train/loss`), 2 within it (`learning` of
 * `learning_rate`), 3 the beginnings of its words (`lr`, `bs`), 4 and up: 4 and the letters to change, as long as two thirds stay. Infinity beyond.
 */
function distance(typed: string, name: string): number {
  if (name === typed) return 0
  const words = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '')
  const parts = name.split(/[/.]/)
  if (parts.includes(typed) || words.includes(typed)) return 1
  if (typed.length > 1 && name.includes(typed)) return 2
  if (
    words.length > 1 &&
    words
      .map((word) => word[0])
      .join('')
      .endsWith(typed)
  )
    return 3
  const changes = Math.min(...[name, parts.at(-1) ?? name].map((one) => editDistance(typed, one)))
  return changes <= Math.max(1, Math.floor(typed.length / 3)) ? 4 + changes : Infinity
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
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, before[j - 2]! + 1)
      row.push(least)
    }
    before = above
    above = row
  }
  return above[b.length] ?? 0
}

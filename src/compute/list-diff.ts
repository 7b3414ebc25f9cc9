/** What became of an item: both places where it is the same; of a pair that took each other's place, too. */
export interface ListChange {
  kind: 'same' | 'changed' | 'gone' | 'new'
  /** −1 where it is not in that list. */
  before: number
  after: number
}

/** Cells of the table of common parts; longer lists are taken as replaced between their common ends. */
const MOST_CELLS = 4_000_000

/**
 * The way from one list to another by its longest common part; what is gone and new between two that are the same is
 * paired in order, as far as `alike` says that one stands for the other.
 */
export function diffLists<T>(
  before: readonly T[],
  after: readonly T[],
  same: (a: T, b: T) => boolean,
  alike: (a: T, b: T) => boolean,
): ListChange[] {
  let start = 0
  while (start < before.length && start < after.length && same(before[start] as T, after[start] as T)) start++
  let end = 0
  const left = (): number => Math.min(before.length, after.length) - start
  while (end < left() && same(before.at(-1 - end) as T, after.at(-1 - end) as T)) end++
  const [a, b] = [before.slice(start, before.length - end), after.slice(start, after.length - end)]
  const both = (i: number, j: number): ListChange => ({ kind: 'same', before: i, after: j })
  const changes: ListChange[] = Array.from({ length: start }, (_, i) => both(i, i))
  let [from, to] = [0, 0]
  for (const [i, j] of [...commonOf(a, b, same), [a.length, b.length] as const]) {
    changes.push(...between(from, i, to, j))
    if (i < a.length) changes.push(both(start + i, start + j))
    ;[from, to] = [i + 1, j + 1]
  }
  for (let i = end; i > 0; i--) changes.push(both(before.length - i, after.length - i))
  return changes

  function between(a1: number, a2: number, b1: number, b2: number): ListChange[] {
    const out: ListChange[] = []
    let j = b1
    for (let i = a1; i < a2; i++) {
      let k = j
      while (k < b2 && !alike(a[i] as T, b[k] as T)) k++
      if (k === b2) {
        out.push({ kind: 'gone', before: start + i, after: -1 })
        continue
      }
      for (; j < k; j++) out.push({ kind: 'new', before: -1, after: start + j })
      out.push({ kind: 'changed', before: start + i, after: start + j })
      j++
    }
    for (; j < b2; j++) out.push({ kind: 'new', before: -1, after: start + j })
    return out
  }
}

/** Places of the longest common part; none where the lists are too long for it. */
function commonOf<T>(a: readonly T[], b: readonly T[], same: (a: T, b: T) => boolean): [number, number][] {
  if (a.length * b.length > MOST_CELLS) return []
  const width = b.length + 1
  const longest = new Uint32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      longest[i * width + j] = same(a[i] as T, b[j] as T)
        ? 1 + longest[(i + 1) * width + j + 1]!
        : Math.max(longest[(i + 1) * width + j]!, longest[i * width + j + 1]!)
  const found: [number, number][] = []
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (same(a[i] as T, b[j] as T)) found.push([i++, j++])
    else if (longest[(i + 1) * width + j]! >= longest[i * width + j + 1]!) i++
    else j++
  }
  return found
}

/** A stretch of a text: in both, only in the first (`del`), or only in the second (`ins`). */
export interface Piece {
  kind: 'same' | 'del' | 'ins'
  text: string
}

/** Words that differ; of more, what lies between the common beginning and end is given as replaced. */
const MOST_CHANGES = 2000
/** What is equal between two changes and shorter than this is no help to the eye. */
const SHORTEST = 4

/**
 * Differences of two texts by words: joined, `same` and `del` give the first one, `same` and `ins` the second.
 * A number with its separators and a tag are one word. The shortest script of changes, by Myers, "An O(ND)
 * Difference Algorithm and Its Variations" (1986); `whole` is false where there were too many of them.
 */
export function diffWords(before: string, after: string): { pieces: Piece[]; whole: boolean } {
  const [a, b] = [wordsOf(before), wordsOf(after)]
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let end = 0
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end])
    end++
  const [left, right] = [a.slice(start, a.length - end), b.slice(start, b.length - end)]
  const script = scriptOf(left, right)
  const pieces = joined([
    { kind: 'same', text: a.slice(0, start).join('') },
    ...(script ?? [
      { kind: 'del', text: left.join('') },
      { kind: 'ins', text: right.join('') },
    ]),
    { kind: 'same', text: a.slice(a.length - end).join('') },
  ])
  return { pieces, whole: script !== undefined }
}

/** Tags, numbers, words, spaces, and any other sign alone. */
function wordsOf(text: string): string[] {
  return (
    text.match(
      /<[^<>\s]{1,40}>|\d+(?:[.,_:/-]\d+)*(?:e[+-]?\d+)?|[\p{L}\p{M}\p{N}_]+|\s+|[^\p{L}\p{M}\p{N}_\s]/giu,
    ) ?? []
  )
}

/** The ways of Myers, forwards, each depth kept; undefined beyond `MOST_CHANGES`. */
function scriptOf(a: readonly string[], b: readonly string[]): Piece[] | undefined {
  const most = Math.min(a.length + b.length, MOST_CHANGES)
  const trace: Int32Array[] = []
  // furthest[k + most]: how far in `a` the diagonal k was reached
  const furthest = new Int32Array(2 * most + 2)
  for (let depth = 0; depth <= most; depth++) {
    for (let k = -depth; k <= depth; k += 2) {
      const down = k === -depth || (k !== depth && at(furthest, k - 1 + most) < at(furthest, k + 1 + most))
      let x = down ? at(furthest, k + 1 + most) : at(furthest, k - 1 + most) + 1
      let y = x - k
      while (x < a.length && y < b.length && a[x] === b[y]) {
        x++
        y++
      }
      furthest[k + most] = x
      if (x >= a.length && y >= b.length) {
        trace.push(furthest.slice(most - depth, most + depth + 1))
        return walkBack(trace, a, b)
      }
    }
    trace.push(furthest.slice(most - depth, most + depth + 1))
  }
  return undefined
}

function at(values: Int32Array, index: number): number {
  return values[index] ?? 0
}

/** `trace[d][k + d]`: how far in `a` the diagonal k was reached with d changes. */
function walkBack(trace: readonly Int32Array[], a: readonly string[], b: readonly string[]): Piece[] {
  const pieces: Piece[] = []
  let [x, y] = [a.length, b.length]
  for (let depth = trace.length - 1; depth > 0; depth--) {
    const before = trace[depth - 1]!
    const reached = (k: number): number => before[k + depth - 1] ?? -1
    const k = x - y
    const down = k === -depth || (k !== depth && reached(k - 1) < reached(k + 1))
    const fromX = down ? reached(k + 1) : reached(k - 1)
    const fromY = fromX - (down ? k + 1 : k - 1)
    const [midX, midY] = down ? [fromX, fromY + 1] : [fromX + 1, fromY]
    if (x > midX) pieces.push({ kind: 'same', text: a.slice(midX, x).join('') })
    pieces.push(
      down
        ? { kind: 'ins', text: b.slice(fromY, midY).join('') }
        : { kind: 'del', text: a.slice(fromX, midX).join('') },
    )
    x = fromX
    y = fromY
  }
  if (x > 0) pieces.push({ kind: 'same', text: a.slice(0, x).join('') })
  return pieces.reverse()
}

/** Neighbours of a kind are one, what is removed stands before what is added, and short equal ones join changes. */
function joined(pieces: readonly Piece[]): Piece[] {
  const out: Piece[] = []
  let [del, ins] = ['', '']
  const flush = (): void => {
    if (del !== '') out.push({ kind: 'del', text: del })
    if (ins !== '') out.push({ kind: 'ins', text: ins })
    del = ''
    ins = ''
  }
  pieces.forEach(({ kind, text }, i) => {
    if (kind === 'del') del += text
    else if (kind === 'ins') ins += text
    else if (text !== '') {
      const between = (del !== '' || ins !== '') && pieces.slice(i + 1).some((piece) => piece.text !== '')
      const next = pieces[i + 1]
      if (between && text.length < SHORTEST && next !== undefined && next.kind !== 'same') {
        del += text
        ins += text
        return
      }
      flush()
      const last = out.at(-1)
      if (last?.kind === 'same') last.text += text
      else out.push({ kind, text })
    }
  })
  flush()
  return out
}

import type { TraceMessage } from './trace-messages.ts'

/** A piece of a trace as it is compared: what one role says in one way. */
export interface TracePart {
  role: string
  /** `reasoning`, `call`, `result`, `text`, `data`, `image`. */
  kind: string
  /** Of a call and its answer: the tool. */
  label: string
  text: string
  failed: boolean
}

export interface TracePair {
  a: TracePart | undefined
  b: TracePart | undefined
  same: boolean
}

/** Beyond so many pairs of pieces they are put side by side by their order alone. */
const MOST = 4_000_000

export function partsOf(messages: readonly TraceMessage[]): TracePart[] {
  return messages.flatMap(({ role, blocks }) =>
    blocks.map(({ kind, label, text, failed, media }) => ({
      ...{ role, kind, label, failed },
      text: text || media.map(({ source }) => source.slice(0, 100)).join('\n'),
    })),
  )
}

/**
 * Pieces of two traces side by side: as many as can be of one role, kind and tool, in their order (a longest
 * common subsequence, in which pieces of the same words count twice); what only one has stands alone. `whole`
 * is false where there were too many, and they stand by their order.
 */
export function alignParts(
  a: readonly TracePart[],
  b: readonly TracePart[],
): { pairs: TracePair[]; whole: boolean } {
  const pair = (x: TracePart | undefined, y: TracePart | undefined): TracePair => ({
    a: x,
    b: y,
    same: x !== undefined && y !== undefined && x.text === y.text,
  })
  const [n, m] = [a.length, b.length]
  if (n * m > MOST)
    return { pairs: Array.from({ length: Math.max(n, m) }, (_, i) => pair(a[i], b[i])), whole: false }
  const width = m + 1
  const best = new Int32Array((n + 1) * width)
  const gain = (i: number, j: number): number => {
    const [x, y] = [a[i] as TracePart, b[j] as TracePart]
    if (x.role !== y.role || x.kind !== y.kind || x.label !== y.label) return 0
    return x.text === y.text ? 2 : 1
  }
  for (let i = n - 1; i >= 0; i--)
    for (let j = m - 1; j >= 0; j--) {
      const own = gain(i, j)
      const skip = Math.max(best[(i + 1) * width + j] as number, best[i * width + j + 1] as number)
      best[i * width + j] = own > 0 ? Math.max(skip, own + (best[(i + 1) * width + j + 1] as number)) : skip
    }
  const pairs: TracePair[] = []
  let [i, j] = [0, 0]
  while (i < n || j < m) {
    const own = i < n && j < m ? gain(i, j) : 0
    if (own > 0 && best[i * width + j] === own + (best[(i + 1) * width + j + 1] as number))
      pairs.push(pair(a[i++], b[j++]))
    else if (
      j >= m ||
      (i < n && (best[(i + 1) * width + j] as number) >= (best[i * width + j + 1] as number))
    )
      pairs.push(pair(a[i++], undefined))
    else pairs.push(pair(undefined, b[j++]))
  }
  return { pairs, whole: true }
}

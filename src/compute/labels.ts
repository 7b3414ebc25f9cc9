/**
 * Moves labels apart: given wished centres (any order), returns centres at least `gap` apart, each as near to
 * its wish as can be in the least squares sense, and all inside [low, high] when they fit. Order of the
 * wishes is kept. Pool adjacent violators on the wishes minus their rank × gap, which turns "at least gap
 * apart" into "ascending".
 */
export function spreadLabels(wishes: readonly number[], gap: number, low: number, high: number): number[] {
  const order = wishes.map((_, i) => i).sort((a, b) => wishes[a]! - wishes[b]! || a - b)
  const blocks: { sum: number; count: number }[] = []
  order.forEach((at, rank) => {
    blocks.push({ sum: wishes[at]! - rank * gap, count: 1 })
    for (;;) {
      const top = blocks[blocks.length - 1]!
      const below = blocks[blocks.length - 2]
      if (!below || below.sum / below.count <= top.sum / top.count) break
      blocks.pop()
      below.sum += top.sum
      below.count += top.count
    }
  })
  const highest = high - (wishes.length - 1) * gap
  const out = new Array<number>(wishes.length)
  let rank = 0
  for (const block of blocks) {
    const mean = Math.max(low, Math.min(Math.max(low, highest), block.sum / block.count))
    for (let i = 0; i < block.count; i++, rank++) out[order[rank]!] = mean + rank * gap
  }
  return out
}

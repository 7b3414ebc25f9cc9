import { findText } from '../../../compute/find-text.ts'

const ALL = 'report-hits'
const NOW = 'report-hit'
/** Blocks whose words are one text: a hit goes over marks within, not from one paragraph to the next. */
const BLOCKS = 'p, li, h2, h3, h4, h5, h6, td, th, pre, .report-facts, summary'

/** Where a laid-out text says something, in its order; words of charts and of their feet are none of it. */
export function rangesOf(root: HTMLElement, wanted: string): Range[] {
  if (wanted === '') return []
  const runs: { block: Element | null; nodes: Text[] }[] = []
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT, (node) =>
    node.parentElement?.closest('.report-block, .report-facts')
      ? NodeFilter.FILTER_REJECT
      : NodeFilter.FILTER_ACCEPT,
  )
  while (walker.nextNode()) {
    const node = walker.currentNode as Text
    const block = node.parentElement?.closest(BLOCKS) ?? null
    const last = runs.at(-1)
    if (last && last.block === block) last.nodes.push(node)
    else runs.push({ block, nodes: [node] })
  }
  return runs.flatMap(({ nodes }) => rangesIn(nodes, wanted))
}

function rangesIn(nodes: readonly Text[], wanted: string): Range[] {
  const found = findText(nodes.map(({ data }) => data).join(''), wanted)
  if (found.length === 0) return []
  const starts: number[] = []
  let length = 0
  for (const { data } of nodes) {
    starts.push(length)
    length += data.length
  }
  let at = 0
  const place = (offset: number, isEnd: boolean): [Text, number] => {
    while (at + 1 < nodes.length && (starts[at + 1] as number) + Number(isEnd) <= offset) at++
    return [nodes[at] as Text, offset - (starts[at] as number)]
  }
  return found.map(([from, end]) => {
    const range = document.createRange()
    range.setStart(...place(from, false))
    range.setEnd(...place(end, true))
    return range
  })
}

/** Marks them, the one at `now` otherwise; nothing in the page is changed for it. Without the means none is marked. */
export function markHits(ranges: readonly Range[], now: number): void {
  if (typeof Highlight === 'undefined' || !CSS.highlights) return
  const current = ranges[now]
  CSS.highlights.set(ALL, new Highlight(...ranges.filter((range) => range !== current)))
  CSS.highlights.set(NOW, new Highlight(...(current ? [current] : [])))
}

export function clearHits(): void {
  if (typeof Highlight === 'undefined' || !CSS.highlights) return
  CSS.highlights.delete(ALL)
  CSS.highlights.delete(NOW)
}

/** Brings a hit into the middle of what scrolls, where it is not in sight. */
export function showHit(range: Range, scroller: HTMLElement): void {
  const view = scroller.getBoundingClientRect()
  const isSeen = ({ top, bottom }: DOMRect): boolean => top >= view.top + 24 && bottom <= view.bottom - 24
  const around = range.startContainer.parentElement
  // what is far away has no place of its own before its block has
  if (around && !isSeen(around.getBoundingClientRect())) around.scrollIntoView({ block: 'center' })
  const box = range.getBoundingClientRect()
  if (!isSeen(box)) scroller.scrollTop += box.top - view.top - view.height / 3
}

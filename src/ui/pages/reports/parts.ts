import { CHART_BLOCK } from '../../../compute/chart-block.ts'
import { diffLists } from '../../../compute/list-diff.ts'
import { markdownChunks } from '../../../compute/markdown-chunks.ts'
import type { Sliced } from '../../../compute/slices.ts'
import {
  headingOf,
  joinPart,
  type MarkdownBlock,
  type MarkdownHeading,
  type MarkdownOptions,
  type MarkdownPart,
  markdownBlocks,
  partNodes,
} from '../../common/markdown-html.ts'
import { markChanges, markWhole } from './diff-nodes.ts'

/** Letters that are read at once: some milliseconds' worth. */
const CHUNK = 20_000

/** A stretch of a report as it is drawn; `before`: what stood there in the report that it is compared with. */
export interface ReportPart {
  part: MarkdownPart
  mark?: 'new' | 'gone' | undefined
  before?: MarkdownPart | undefined
  /** A chart is asked for within a list or the like, where none is drawn. */
  holds?: boolean
}

export interface LaidOut {
  parts: readonly ReportPart[]
  headings: readonly MarkdownHeading[]
  /** Why the text is shown as it is written, and not laid out. */
  why?: string
}

/** A text in stretches; of two texts as one, with blocks that stayed, changed, came and went. */
export function* layOut(text: string, before: string | undefined): Sliced<LaidOut> {
  try {
    const now = yield* blocksOf(text)
    const headings = now.flatMap((block) => headingOf(block) ?? [])
    if (before === undefined)
      return { parts: joined(now.map(({ part, holds }) => ({ part, holds }))), headings }
    const old = yield* blocksOf(before)
    return { parts: joined(compared(old, now)), headings }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return { parts: [], headings: [], why: 'nested too deeply to be laid out' }
  }
}

function* blocksOf(text: string): Sliced<MarkdownBlock[]> {
  const blocks: MarkdownBlock[] = []
  for (const chunk of markdownChunks(text, CHUNK)) {
    for (const block of markdownBlocks(chunk, CHART_BLOCK)) blocks.push(block)
    yield
  }
  return blocks
}

function compared(before: readonly MarkdownBlock[], after: readonly MarkdownBlock[]): ReportPart[] {
  const changes = diffLists(
    before,
    after,
    (a, b) => a.raw.trimEnd() === b.raw.trimEnd(),
    (a, b) => a.type === b.type,
  )
  return changes.flatMap(({ kind, before: at, after: to }): ReportPart[] => {
    const [old, now] = [before[at]?.part, after[to]?.part]
    const holds = after[to]?.holds ?? false
    if (kind === 'gone') return old ? [{ part: old, mark: 'gone' }] : []
    if (!now) return []
    if (kind === 'changed') return [{ part: now, before: old, holds }]
    return [{ part: now, mark: kind === 'new' ? 'new' : undefined, holds }]
  })
}

/** Blocks that are neither marked nor compared as longer stretches. */
function joined(parts: readonly ReportPart[]): ReportPart[] {
  const out: ReportPart[] = []
  for (const one of parts) {
    const last = out.at(-1)
    const plain = last && [one, last].every(({ mark, before, holds }) => !mark && !before && !holds)
    const both = plain ? joinPart(last.part, one.part) : undefined
    if (both) out[out.length - 1] = { part: both }
    else out.push(one)
  }
  return out
}

/** Nodes of a stretch, with what changed marked; `whole` is false where it was too much to be told by words. */
export function nodesOfPart(
  { part, before, mark }: ReportPart,
  options: MarkdownOptions,
): { nodes: DocumentFragment; whole: boolean } {
  const nodes = partNodes(part, options)
  if (mark) for (const child of nodes.children) markWhole(child, mark)
  return { nodes, whole: before ? markChanges(partNodes(before, options), nodes) : true }
}

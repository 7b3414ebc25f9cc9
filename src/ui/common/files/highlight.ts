import { classHighlighter, highlightTree } from '@lezer/highlight'
import type { CodeToken } from '../../../compute/code-pieces.ts'

/* Fetched with the first code that is looked at; a grammar with the first file of its language. */

interface Grammar {
  startParse(text: string): { advance(): Parameters<typeof highlightTree>[0] | null }
}

const GRAMMARS: Record<string, () => Promise<Grammar>> = {
  python: async () => (await import('@lezer/python')).parser,
  json: async () => (await import('@lezer/json')).parser,
  yaml: async () => (await import('@lezer/yaml')).parser,
  javascript: async () => (await import('@lezer/javascript')).parser.configure({ dialect: 'ts jsx' }),
  markdown: async () => (await import('@lezer/markdown')).parser,
}

/** Work between two frames, ms. */
const SLICE_MS = 8

/** What stands where in a text, by lines. Undefined where `over` says that nobody waits any more. */
export async function highlighted(
  language: string,
  text: string,
  over: () => boolean,
): Promise<CodeToken[][] | undefined> {
  const grammar = await GRAMMARS[language]?.()
  if (!grammar) return undefined
  const parse = grammar.startParse(text)
  let tree = parse.advance()
  for (let ends = performance.now() + SLICE_MS; !tree; tree = parse.advance()) {
    if (performance.now() < ends) continue
    await new Promise((resolve) => setTimeout(resolve))
    if (over()) return undefined
    ends = performance.now() + SLICE_MS
  }
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  const lines: CodeToken[][] = starts.map(() => [])
  let line = 0
  highlightTree(tree, classHighlighter, (from, end, kind) => {
    while (line + 1 < starts.length && (starts[line + 1] as number) <= from) line++
    // one of several lines is cut at their ends
    for (let at = line; at < starts.length && (starts[at] as number) < end; at++) {
      const begin = starts[at] as number
      const stop = starts[at + 1] === undefined ? text.length : (starts[at + 1] as number) - 1
      lines[at]?.push({ from: Math.max(0, from - begin), end: Math.min(end, stop) - begin, kind })
    }
  })
  return lines
}

/**
 * A Markdown text in pieces that can be read one by one, of at least so many letters where there is a place to cut
 * it: before a heading or a plain line at the margin that follows an empty one, outside of fenced code. Addresses that
 * links refer to by a name (`[name]: address`) stand behind every piece. HTML that may go over empty lines keeps it whole.
 */
export function* markdownChunks(text: string, least: number): Generator<string> {
  if (text.length <= least || /^ {0,3}<(?:!|\?|pre\b|script\b|style\b|textarea\b)/im.test(text))
    return yield text
  const named = text.match(/^ {0,3}\[[^\]\n]+\]:[^\n]*$/gm)?.join('\n')
  const behind = named === undefined ? '' : `\n\n${named}\n`
  let [from, fence, empty] = [0, '', false]
  for (const found of text.matchAll(/[^\n]*(?:\n|$)/g)) {
    const line = found[0]
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1] ?? ''
    if (fence !== '') {
      if (mark.startsWith(fence) && line.trim() === mark) fence = ''
    } else if (mark !== '') fence = mark
    else if (empty && found.index - from >= least && /^(?:\p{L}|#{1,6} )/u.test(line)) {
      yield text.slice(from, found.index) + behind
      from = found.index
    }
    empty = line.trim() === ''
  }
  yield text.slice(from) + (from === 0 ? '' : behind)
}

import { visibleName } from './visible-name.ts'

/** A stretch of a line that is of one kind, by letters. */
export interface CodeToken {
  from: number
  end: number
  kind: string
}

/** A piece of a line as it is drawn. */
export interface CodePiece {
  text: string
  kind: string
  hit: boolean
}

/** Cuts a line where a token or a hit begins or ends; both stand in order and do not overlap among themselves. */
export function codePieces(
  line: string,
  tokens: readonly CodeToken[],
  hits: readonly (readonly [from: number, end: number])[],
): CodePiece[] {
  const pieces: CodePiece[] = []
  let token = 0
  let hit = 0
  for (let at = 0; at < line.length; ) {
    while (token < tokens.length && (tokens[token] as CodeToken).end <= at) token++
    while (hit < hits.length && (hits[hit]?.[1] ?? 0) <= at) hit++
    const [one, found] = [tokens[token], hits[hit]]
    const inToken = one !== undefined && one.from <= at
    const inHit = found !== undefined && found[0] <= at
    const ends = [
      line.length,
      one === undefined ? line.length : inToken ? one.end : one.from,
      found === undefined ? line.length : inHit ? found[1] : found[0],
    ]
    const end = Math.max(at + 1, Math.min(...ends))
    pieces.push({ text: visibleCode(line.slice(at, end)), kind: inToken ? one.kind : '', hit: inHit })
    at = end
  }
  return pieces
}

/**
 * Code as it is shown: marks of direction, which would have it read otherwise than it runs, and signs of control have
 * a form of their own.
 */
export function visibleCode(text: string): string {
  return text
    .replace(/[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, (sign) => visibleName(sign))
    .replace(/(?![\t\n])\p{Cc}/gu, (sign) => {
      const code = sign.charCodeAt(0)
      return code < 32 ? String.fromCharCode(0x2400 + code) : code === 127 ? '\u2421' : visibleName(sign)
    })
}

const LEVELS: readonly [kind: string, pattern: RegExp][] = [
  ['log-error', /\b(?:ERROR|CRITICAL|FATAL|Traceback)\b/],
  ['log-warn', /\bWARN(?:ING)?\b/],
  ['log-quiet', /\b(?:INFO|DEBUG|TRACE)\b/],
]
/** Letters of a line in which a level may stand. */
const HEAD = 80

/** When and how grave a line of a log is, where it says so in its first letters. */
export function logTokens(line: string): CodeToken[] {
  const head = line.slice(0, HEAD)
  const found: CodeToken[] = []
  const time = /^\[?(?:\d{4}-\d\d-\d\d[T ])?\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?\]?/.exec(
    head,
  )?.[0]
  if (time) found.push({ from: 0, end: time.length, kind: 'log-quiet' })
  for (const [kind, pattern] of LEVELS) {
    const level = pattern.exec(head)
    if (!level || level.index < (time?.length ?? 0)) continue
    found.push({ from: level.index, end: level.index + level[0].length, kind })
    break
  }
  return found
}

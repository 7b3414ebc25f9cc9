import { hashOf } from '../../compute/hash.ts'
import { metadataText, promptOf, scoresOf, traceFacts } from '../../compute/trace-facts.ts'
import { messagesOf, type TraceMessage } from '../../compute/trace-messages.ts'
import { type SpanTree, spanTree, spanWords } from '../../compute/trace-spans.ts'
import type { Json, RunKey } from '../../model/run.ts'
import {
  METADATA_ROLE,
  SPANS_ROLE,
  type Trace,
  type TraceColumns,
  type TracePreview,
} from '../../model/trace.ts'
import { parseLoose } from '../columns/json.ts'
import { parseTimeText } from '../columns/time.ts'
import { type Finder, makeTextStore, type Place } from './text-store.ts'

/** A trace as the rows of a project have it; the texts are JSON. */
export interface TraceRow {
  id: string
  run: RunKey | undefined
  runName: string
  timestamp: string
  step: number | null
  key: string
  index: number | null
  messages: string
  metadata: string
  spans: string
}

/** Names of numbers in metadata that are listed: of 10,000 keys nobody chooses one. */
const MOST_SCORES = 64
/** Letters of a line in the list, in bytes. */
const LINE = 320
/** Before a hit. */
const BEFORE = 30

export type TraceStore = ReturnType<typeof makeTraceStore>

let made = 0

/**
 * The traces of a project: each one's text once, as bytes, the numbers that the list shows, and the words that
 * a search goes through, in pieces by who says them.
 */
export function makeTraceStore() {
  let serial = ++made
  let count = 0
  let cursor = 0
  let changed = false
  let whole = false
  /** id, timestamp, messages, metadata, spans. */
  const raw = makeTextStore()
  const words = makeTextStore()
  const runs: { key: RunKey | undefined; name: string }[] = []
  const runOf = new Map<string, number>()
  const keys: string[] = []
  const keyOf = new Map<string, number>()
  const roles: string[] = []
  const roleOf = new Map<string, number>()
  const prompts = new Map<string, number>()
  const places = new Map<string, number>()
  /** How many traces have an id. */
  const copies = new Map<string, number>()
  const scores = new Map<string, { at: number[]; values: number[] }>()
  const unlisted = new Set<string>()
  // by trace
  const of = {
    ...{ run: [] as number[], key: [] as number[], index: [] as number[], step: [] as number[] },
    ...{ time: [] as number[], prompt: [] as number[], messages: [] as number[], turns: [] as number[] },
    ...{ calls: [] as number[], failed: [] as number[], error: [] as number[], tokens: [] as number[] },
    ...{ input: [] as number[], output: [] as number[], duration: [] as number[], cost: [] as number[] },
    ...{ spans: [] as number[], preview: [] as number[], firstBlock: [] as number[], size: [] as number[] },
    ...{ piece: [] as number[], from: [] as number[], rawPiece: [] as number[] },
    /** 1, or which one of several with the same id it is. */
    copy: [] as number[],
    /** Six each: where id, timestamp, messages, metadata and spans begin, and the last one's end. */
    raw: [] as number[],
  }
  // by piece of words
  const ends: number[] = []
  const roleAt: number[] = []

  return {
    serial: () => serial,
    count: () => count,
    roles: () => roles,
    bytes: () => words.size(),
    /** Bytes of all that is held: texts, words, and eight a number. */
    held: () =>
      raw.held() +
      words.held() +
      8 * (ends.length + roleAt.length + Object.values(of).reduce((sum, column) => sum + column.length, 0)),
    /** Everything that the last reading brought is here; not while rows are read in place of forgotten ones. */
    isWhole: () => whole,
    /** Rows come anew from the first one on: those that are here already, as they are, stay. */
    begin() {
      cursor = 0
      changed = false
    },
    take,
    /** All rows came: what is left from before is gone from the source. */
    end() {
      if (cursor < count) cut(cursor)
      if (changed) serial = ++made
      whole = true
    },
    rows,
    preview,
    trace,
    placeOf: (id: string) => places.get(id),
    /** How many belong to a run. */
    countOf(key: RunKey): number {
      const own = new Set(runs.flatMap((run, at) => (run.key === key ? [at] : [])))
      return of.run.reduce((sum, run) => sum + (own.has(run) ? 1 : 0), 0)
    },
    stepOf: (at: number) => of.step[at] as number,
    hitsIn,
  }

  function take(row: TraceRow): void {
    const run = numberOf(runOf, runs, `${row.run ?? ''}\0${row.runName}`, { key: row.run, name: row.runName })
    if (cursor < count) {
      if (isKept(cursor, row)) {
        if (of.run[cursor] !== run) {
          of.run[cursor] = run
          changed = true
        }
        cursor++
        return
      }
      cut(cursor)
    }
    const messages = messagesOf(parsed(row.messages))
    const metadata = parsed(row.metadata)
    const tree = spanTree(parsed(row.spans))
    const facts = traceFacts(messages, metadata, tree)
    const at = count++
    cursor = count
    of.copy.push(nameCopy(row.id))
    places.set(nameOf(row.id, of.copy[at] as number), at)
    of.run.push(run)
    of.key.push(numberOf(keyOf, keys, row.key, row.key))
    of.index.push(row.index ?? -1)
    of.step.push(row.step ?? Number.NaN)
    of.time.push(parseTimeText(row.timestamp))
    of.size.push(sizeOf(row))
    of.prompt.push(promptNumber(messages))
    of.error.push(facts.error ? 1 : 0)
    for (const name of ['messages', 'turns', 'calls', 'failed', 'spans'] as const) of[name].push(facts[name])
    for (const name of ['tokens', 'input', 'output', 'duration', 'cost'] as const) of[name].push(facts[name])
    for (const [name, value] of scoresOf(metadata)) addScore(name, at, value)
    addWords(messages, metadata, tree)
    const parts = [row.id, row.timestamp, row.messages, row.metadata, row.spans]
    const stored = raw.add(parts)
    of.rawPiece.push(stored.piece)
    of.raw.push(stored.from, ...stored.ends)
  }

  /** The row at this place says the same in every column but its run's. */
  function isKept(at: number, row: TraceRow): boolean {
    if (of.size[at] !== sizeOf(row) || keys[of.key[at] as number] !== row.key) return false
    if (!Object.is(of.step[at], row.step ?? Number.NaN) || of.index[at] !== (row.index ?? -1)) return false
    const texts = [row.id, row.timestamp, row.messages, row.metadata, row.spans]
    return texts.every((text, part) => raw.text(rawPlace(at, part)) === text)
  }

  function nameCopy(id: string): number {
    let copy = (copies.get(id) ?? 0) + 1
    copies.set(id, copy)
    while (places.has(nameOf(id, copy))) copy++
    return copy
  }

  function addWords(messages: readonly TraceMessage[], metadata: Json | undefined, tree: SpanTree): void {
    const texts: string[] = []
    of.firstBlock.push(ends.length)
    let preview = -1
    const asked = promptOf(messages)
    const last = asked.findLast(
      ({ role, blocks }) => role === 'user' && blocks.some(({ text }) => text !== ''),
    )
    for (const message of messages)
      for (const { text } of message.blocks) {
        if (preview < 0 && text !== '' && (last === undefined || message === last)) preview = texts.length
        put(text, message.role)
      }
    put(metadataText(metadata), METADATA_ROLE)
    for (const span of tree.spans) {
      put(spanWords(span), SPANS_ROLE)
    }
    of.preview.push(preview)
    const stored = words.add(texts)
    of.piece.push(stored.piece)
    of.from.push(stored.from)
    for (const end of stored.ends) ends.push(end)

    function put(text: string, role: string): void {
      // a line that is searched for has no end of line, so nothing is found across two pieces
      texts.push(`${text}\n`)
      roleAt.push(numberOf(roleOf, roles, role, role))
    }
  }

  function addScore(name: string, at: number, value: number): void {
    let score = scores.get(name)
    if (!score) {
      // one that was left out before would have the numbers of some traces alone
      if (scores.size >= MOST_SCORES || unlisted.has(name)) {
        unlisted.add(name)
        return
      }
      score = { at: [], values: [] }
      scores.set(name, score)
    }
    score.at.push(at)
    score.values.push(value)
  }

  function promptNumber(messages: readonly TraceMessage[]): number {
    const asked = promptOf(messages)
    if (asked.length === 0) return -1
    const text = asked
      .map(
        ({ role, blocks }) =>
          `${role}\0${blocks.map(({ text, media }) => text + media.map(({ source }) => source)).join('\0')}`,
      )
      .join('\0\0')
    const hash = `${hashOf(text)} ${text.length}`
    const known = prompts.get(hash)
    if (known !== undefined) return known
    prompts.set(hash, prompts.size)
    return prompts.size - 1
  }

  /** Forgets the rows from this one on. */
  function cut(from: number): void {
    serial = ++made
    whole = false
    for (let at = from; at < count; at++) {
      const id = idAt(at)
      places.delete(nameOf(id, of.copy[at] as number))
      copies.set(id, (copies.get(id) as number) - 1)
    }
    words.cut(of.piece[from] as number, of.from[from] as number)
    raw.cut(of.rawPiece[from] as number, of.raw[from * 6] as number)
    const blocks = of.firstBlock[from] ?? ends.length
    ends.length = blocks
    roleAt.length = blocks
    for (const column of Object.values(of))
      if (column !== of.raw) column.length = Math.min(column.length, from)
    of.raw.length = Math.min(of.raw.length, from * 6)
    for (const score of scores.values())
      while ((score.at.at(-1) ?? -1) >= from) {
        score.at.pop()
        score.values.pop()
      }
    for (const [name, { at }] of scores) if (at.length === 0) scores.delete(name)
    if (from === 0) unlisted.clear()
    count = from
  }

  function rows(from: number): TraceColumns {
    const doubles = (column: number[]): Float64Array => Float64Array.from(column.slice(from))
    const ints = (column: number[]): Int32Array => Int32Array.from(column.slice(from))
    const listed = [...scores].sort(([, a], [, b]) => b.at.length - a.at.length)
    return {
      store: serial,
      from,
      runs: runs.map((run) => ({ ...run })),
      keys: [...keys],
      prompts: prompts.size,
      ...{ run: ints(of.run), key: ints(of.key), index: ints(of.index), prompt: ints(of.prompt) },
      ...{ step: doubles(of.step), time: doubles(of.time) },
      ...{ messages: ints(of.messages), turns: ints(of.turns), spans: ints(of.spans) },
      ...{ calls: ints(of.calls), failed: ints(of.failed), error: Uint8Array.from(of.error.slice(from)) },
      ...{ tokens: doubles(of.tokens), input: doubles(of.input), output: doubles(of.output) },
      ...{ duration: doubles(of.duration), cost: doubles(of.cost) },
      scores: listed.map(([name, { at, values }]) => {
        const all = new Float64Array(count - from).fill(Number.NaN)
        for (let i = at.length - 1; i >= 0 && (at[i] as number) >= from; i--)
          all[(at[i] as number) - from] = values[i] as number
        return { name, values: all }
      }),
      moreScores: unlisted.size,
      textBytes: words.size(),
    }
  }

  function idAt(at: number): string {
    return raw.text(rawPlace(at, 0))
  }

  function nameAt(at: number): string {
    return nameOf(idAt(at), of.copy[at] as number)
  }

  function rawPlace(at: number, part: number): Place {
    return {
      piece: of.rawPiece[at] as number,
      from: of.raw[at * 6 + part] as number,
      end: of.raw[at * 6 + part + 1] as number,
    }
  }

  function trace(at: number): Trace | undefined {
    if (at < 0 || at >= count) return undefined
    const [storedId = '', timestamp = '', messages = '', metadata = '', spans = ''] = [0, 1, 2, 3, 4].map(
      (part) => raw.text(rawPlace(at, part)),
    )
    return { at, id: nameAt(at), storedId, timestamp, messages, metadata, spans }
  }

  /** Where the words of a trace lie. */
  function wordsAt(at: number): Place & { first: number; blocks: number } {
    const first = of.firstBlock[at] as number
    const next = at + 1 < count ? (of.firstBlock[at + 1] as number) : ends.length
    return {
      piece: of.piece[at] as number,
      from: of.from[at] as number,
      end: next > first ? (ends[next - 1] as number) : (of.from[at] as number),
      first,
      blocks: next - first,
    }
  }

  function preview(at: number, finder: Finder | undefined): TracePreview {
    if (at < 0 || at >= count) return { id: '', text: '', hit: [] }
    const { piece, from, end, first } = wordsAt(at)
    const bytes = words.bytes(piece)
    const found = finder ? finder.find(bytes, from, end) : -1
    if (found >= 0 && finder) {
      const [start, last] = aroundBlock(found)
      const begin = letterAt(bytes, Math.max(start, found - BEFORE))
      const stop = letterAt(bytes, Math.min(last, found + finder.length + LINE))
      const before = words.text({ piece, from: begin, end: found })
      const hit = words.text({ piece, from: found, end: found + finder.length })
      const after = words.text({ piece, from: found + finder.length, end: stop })
      const lead = begin > start ? `…${before}` : before
      return { id: nameAt(at), text: lead + hit + after, hit: [lead.length, lead.length + hit.length] }
    }
    const block = of.preview[at] as number
    if (block < 0) return { id: nameAt(at), text: '', hit: [] }
    const start = block === 0 ? from : (ends[first + block - 1] as number)
    const last = (ends[first + block] as number) - 1
    const stop = letterAt(bytes, Math.min(last, start + LINE))
    return { id: nameAt(at), text: words.text({ piece, from: start, end: stop }), hit: [] }

    function aroundBlock(place: number): [number, number] {
      let start = from
      for (let b = first; b < ends.length; b++) {
        const blockEnd = ends[b] as number
        if (place < blockEnd) return [start, blockEnd - 1]
        start = blockEnd
      }
      return [start, end]
    }
  }

  /** Tells how often each role says it, one call for each. */
  function hitsIn(at: number, finder: Finder, tell: (role: number, hits: number) => void): void {
    const { piece, from, end, first, blocks } = wordsAt(at)
    const bytes = words.bytes(piece)
    // most traces do not say it: those are not gone through piece by piece
    const before = finder.length > 2 ? finder.find(bytes, from, end) : from
    if (before < 0) return
    const counts = new Map<number, number>()
    let start = from
    for (let block = first; block < first + blocks; block++) {
      const stop = ends[block] as number
      const hits = stop > before ? finder.count(bytes, Math.max(start, before), stop) : 0
      if (hits > 0) counts.set(roleAt[block] as number, (counts.get(roleAt[block] as number) ?? 0) + hits)
      start = stop
    }
    for (const [role, hits] of counts) tell(role, hits)
  }
}

function sizeOf({ messages, metadata, spans }: TraceRow): number {
  return messages.length + metadata.length + spans.length
}

/** What a trace is called in links and lists: its id, with its number behind it where that id stands again. */
function nameOf(id: string, copy: number): string {
  return copy === 1 ? id : `${id} (${copy})`
}

/** The beginning of the letter that a byte belongs to. */
function letterAt(bytes: Uint8Array, at: number): number {
  let i = at
  while (i > 0 && ((bytes[i] ?? 0) & 0xc0) === 0x80) i--
  return i
}

function numberOf<T>(known: Map<string, number>, list: T[], name: string, value: T): number {
  const found = known.get(name)
  if (found !== undefined) return found
  known.set(name, list.length)
  list.push(value)
  return list.length - 1
}

/** JSON as it is stored; a text that is none stands for itself. */
function parsed(text: string): Json | undefined {
  if (text === '') return undefined
  return parseLoose(text) ?? text
}

import type { RunKey } from './run.ts'
import type { Notice } from './source.ts'

/** A run as traces name it. */
export interface TraceRun {
  /** Of the catalogue; undefined where no run that is listed logged it. */
  key: RunKey | undefined
  name: string
}

/** A number of the metadata, by trace; NaN where a trace has none of this name. */
export interface TraceScore {
  name: string
  values: Float64Array
}

/**
 * Traces of a project by column, in the order in which they were read; a trace is named by its place in it.
 * Numbers are as they were logged, NaN where none was.
 */
export interface TraceRows {
  /** Another one where the rows before `from` are not those that were given before. */
  store: number
  /** Place of the first row that is given. */
  from: number
  /** What `run`, `key` and `prompt` count in; prompts are told by their text. */
  runs: TraceRun[]
  keys: string[]
  prompts: number
  run: Int32Array
  key: Int32Array
  /** Place in the list that it was logged in; −1 for none. */
  index: Int32Array
  step: Float64Array
  /** ms since 1970. */
  time: Float64Array
  /** Traces with the same messages before the first answer have the same number; −1 without messages. */
  prompt: Int32Array
  messages: Int32Array
  /** Messages of the assistant. */
  turns: Int32Array
  spans: Int32Array
  /** Calls of tools, and those of them that failed. */
  calls: Int32Array
  failed: Int32Array
  /** 1 where the trace, one of its spans or, without spans, one of its calls ended with an error. */
  error: Uint8Array
  tokens: Float64Array
  input: Float64Array
  output: Float64Array
  /** ms. */
  duration: Float64Array
  /** US dollars. */
  cost: Float64Array
  /** Numbers of the metadata, the names that most traces have first. */
  scores: TraceScore[]
  /** Further names that stand in the traces alone. */
  moreScores: number
  /** Bytes of the text that a search goes through. */
  textBytes: number
  /** All that is there by now was read. */
  complete: boolean
  /** Some of what there is was never told: they are read for the first time, or some were written anew. */
  first: boolean
  /** Readings of the whole table that ended, by an error too. */
  readings: number
  notices: Notice[]
}

/** The rows alone, without how far they were read. */
export type TraceColumns = Omit<TraceRows, 'complete' | 'first' | 'readings' | 'notices'>

/** What a line of the list shows beside its numbers. */
export interface TracePreview {
  /** As of `Trace`. */
  id: string
  /** Of the last message before the first answer, cut; or around the first hit of a search. */
  text: string
  /** Where the hit stands in `text`; empty without one. */
  hit: [from: number, end: number] | []
}

/** A trace as it is stored. */
export interface Trace {
  /** Its place among `TraceRows`; the texts are JSON as written. */
  at: number
  /** That of no other trace: of one id that stands twice, the second is told by ` (2)` behind it. */
  id: string
  storedId: string
  timestamp: string
  messages: string
  metadata: string
  spans: string
}

/**
 * What a search found so far: `hits[i]` times in what `roles[role[i]]` said in trace `trace[i]`. Metadata and
 * spans count as roles of their own.
 */
export interface TraceHits {
  store: number
  roles: string[]
  trace: Int32Array
  role: Int32Array
  hits: Float64Array
  /** Traces gone through, and how many there are. */
  searched: number
  of: number
  bytes: number
  ms: number
}

/** What stands for the role of metadata and of spans among the roles of messages. */
export const METADATA_ROLE = '(metadata)'
export const SPANS_ROLE = '(spans)'

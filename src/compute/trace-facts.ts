import type { Json } from '../model/run.ts'
import { jsonText } from './json-text.ts'
import { spelledNumber } from './spelled-number.ts'
import { isErrorStatus, numberOf, type TraceMessage, usageOf } from './trace-messages.ts'
import { type SpanTree, spanTotals } from './trace-spans.ts'

/** What the list shows of a trace; NaN where nothing was logged. Durations are ms, costs US dollars. */
export interface TraceFacts {
  messages: number
  turns: number
  calls: number
  failed: number
  error: boolean
  tokens: number
  input: number
  output: number
  duration: number
  cost: number
  spans: number
}

/**
 * Numbers of a trace: those of its spans, else of its messages, else of its metadata. Calls of tools are the
 * spans of that kind, else what the messages call; a trace failed where a span did, or without spans a call, or
 * where its metadata say so.
 */
export function traceFacts(
  messages: readonly TraceMessage[],
  metadata: Json | undefined,
  tree: SpanTree,
): TraceFacts {
  const about = metadata !== null && typeof metadata === 'object' && !Array.isArray(metadata) ? metadata : {}
  const totals = spanTotals(tree)
  const whole = usageOf(about.usage ?? null)
  let [turns, calls, failed] = [0, 0, 0]
  let said = Number.NaN
  for (const message of messages) {
    if (message.role === 'assistant') turns++
    if (!Number.isNaN(message.tokens)) said = (Number.isNaN(said) ? 0 : said) + message.tokens
    for (const { kind, failed: one } of message.blocks) {
      if (kind !== 'call') continue
      calls++
      if (one) failed++
    }
  }
  if (totals.tools > 0) [calls, failed] = [totals.tools, totals.failedTools]
  return {
    messages: messages.length,
    turns,
    calls,
    failed,
    error: totals.failed > 0 || (tree.spans.length === 0 && failed > 0) || isErrorStatus(about.status),
    tokens: first(totals.tokens, said, whole.total, numberOf(about.total_tokens)),
    input: first(totals.input, whole.input),
    output: first(totals.output, whole.output),
    duration: first(totals.duration, numberOf(about.duration_ms), numberOf(about.latency_ms)),
    cost: first(totals.cost, numberOf(about.cost_usd)),
    spans: tree.spans.length,
  }
}

function first(...values: number[]): number {
  return values.find((value) => !Number.isNaN(value)) ?? Number.NaN
}

/** The messages before the first answer, which ask for it. */
export function promptOf(messages: readonly TraceMessage[]): readonly TraceMessage[] {
  const answer = messages.findIndex(({ role }) => role === 'assistant')
  return answer < 0 ? messages : messages.slice(0, answer)
}

/** Metadata whose values are numbers, by name, as long as they are told at the top; true is 1, false 0. */
export function scoresOf(metadata: Json | undefined): [name: string, value: number][] {
  if (metadata === null || typeof metadata !== 'object' || Array.isArray(metadata)) return []
  return Object.entries(metadata).flatMap(([name, value]): [string, number][] => {
    const number = typeof value === 'string' ? spelledNumber(value) : value
    return typeof number === 'number' || typeof number === 'boolean' ? [[name, Number(number)]] : []
  })
}

/** Metadata as they are shown and searched; '' for none. */
export function metadataText(metadata: Json | undefined): string {
  if (metadata === undefined || metadata === null) return ''
  return typeof metadata === 'object' && Object.keys(metadata).length === 0 ? '' : jsonText(metadata)
}

import { describe, expect, test } from 'vitest'
import { scoresOf, traceFacts } from '../../src/compute/trace-facts.ts'
import { messagesOf } from '../../src/compute/trace-messages.ts'
import { spanTree } from '../../src/compute/trace-spans.ts'
import type { Json } from '../../src/model/run.ts'

const FAILED_CALL: Json = [
  { role: 'assistant', tool_calls: [{ id: 'c', function: { name: 'f', arguments: '{}' } }] },
  { role: 'tool', tool_call_id: 'c', content: 'no', is_error: true },
]

describe('a trace ended with an error', () => {
  test.each<[string, Json, Json, Json, boolean]>([
    ['a span did', [], {}, [{ status: 'failed' }], true],
    ['a call did and there are no spans', FAILED_CALL, {}, [], true],
    ['its metadata say so', [], { status: 'error' }, [], true],
  ])('where %s', (_, messages, metadata, spans, error) => {
    expect(traceFacts(messagesOf(messages), metadata, spanTree(spans)).error).toBe(error)
  })

  test('but not by a call where there are spans, which tell it', () => {
    expect(traceFacts(messagesOf(FAILED_CALL), {}, spanTree([{ status: 'success' }])).error).toBe(false)
  })
})

test('numbers of metadata are those at the top, infinite ones as trackio writes them', () => {
  const metadata = {
    reward: 1.5,
    passed: true,
    kl: 'Infinity',
    low: '-Infinity',
    loss: 'NaN',
    name: '3',
    deep: { a: 1 },
  }
  expect(scoresOf(metadata)).toEqual([
    ['reward', 1.5],
    ['passed', 1],
    ['kl', Number.POSITIVE_INFINITY],
    ['low', Number.NEGATIVE_INFINITY],
    ['loss', Number.NaN],
  ])
  expect(scoresOf(['reward', 1])).toEqual([])
})

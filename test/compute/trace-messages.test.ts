import { describe, expect, test } from 'vitest'
import { jsonText, withoutBinary } from '../../src/compute/json-text.ts'
import { messagesOf } from '../../src/compute/trace-messages.ts'
import type { Json } from '../../src/model/run.ts'

const BASE64 = `${'iVBORw0KGgoAAAANSUhEUgAA'.repeat(200)}==`

describe('messages', () => {
  test('calls have the name, the arguments as written, and fail with their answer', () => {
    const [asked, answered] = messagesOf([
      {
        role: 'assistant',
        content: null,
        reasoning_content: 'hm',
        tool_calls: [{ id: 'c1', function: { name: 'add', arguments: '{"a": 1.0}' } }],
      },
      { role: 'tool', tool_call_id: 'c1', content: 'NameError', is_error: true },
    ])
    expect(asked?.blocks.map(({ kind, text, label, failed }) => [kind, text, label, failed])).toEqual([
      ['reasoning', 'hm', '', false],
      ['call', '{"a": 1.0}', 'add', true],
    ])
    expect(answered?.blocks.map(({ kind, text, label, failed }) => [kind, text, label, failed])).toEqual([
      ['result', 'NameError', 'add', true],
    ])
  })

  test('pictures are pictures, wherever they lie; other addresses are told', () => {
    const [message] = messagesOf([
      {
        role: 'user',
        content: [
          'plain',
          { type: 'image_url', image_url: { url: `data:image/png;base64,${BASE64}` } },
          { type: 'image', image: { _type: 'trackio.image', file_path: 'p/r/1/a.png', caption: 'in' } },
          { type: 'image_url', image_url: { url: 'https://example.org/a.png' } },
          { type: 'audio', data: BASE64 },
        ],
      },
    ])
    expect(message?.blocks.map(({ kind, text }) => [kind, text.slice(0, 40)])).toEqual([
      ['text', 'plain'],
      ['image', ''],
      ['image', 'in'],
      ['image', 'https://example.org/a.png'],
      ['data', '{\n  "type": "audio",\n  "data": "‹base64,'],
    ])
    expect(message?.blocks.flatMap(({ media }) => media.map(({ type }) => type))).toEqual(['image/png', ''])
  })

  test('what no piece is known for stands as JSON, and what is no message too', () => {
    const [odd, text] = messagesOf([{ role: 'user', content: 'q', extra: { deep: [1] } }, 'bare'])
    expect(odd?.blocks.map(({ kind, label }) => [kind, label])).toEqual([
      ['text', ''],
      ['data', 'extra'],
    ])
    expect([text?.role, text?.blocks[0]?.text]).toEqual(['message', 'bare'])
    expect(messagesOf({ not: 'a list' })[0]?.blocks[0]?.kind).toBe('text')
  })

  test('so does what parts and calls hold besides what they are shown for', () => {
    const [message, answer] = messagesOf([
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'said', citations: ['p. 3'] },
          { type: 'thinking', thinking: 'hm', signature: 'abc' },
          { type: 'tool_use', id: 'c', name: 'look', input: { q: 1 }, error: 'timed out' },
        ],
        tool_calls: [{ type: 'function', id: 'd', function: { name: 'add', arguments: '{}', output: 5 } }],
        status: 'cut',
      },
      {
        role: 'tool',
        tool_call_id: 'd',
        content: [{ type: 'text', text: 'five', cached: true }],
        status: 'ok',
      },
    ])
    expect(message?.blocks.map(({ kind, label, text }) => [kind, label, text.replaceAll(/\s/g, '')])).toEqual(
      [
        ['text', '', 'said'],
        ['data', 'citations', '["p.3"]'],
        ['reasoning', '', 'hm'],
        ['data', 'signature', '"abc"'],
        ['call', 'look', '{"q":1}'],
        ['data', 'error', '"timedout"'],
        ['call', 'add', '{}'],
        ['data', 'output', '5'],
        ['data', 'status', '"cut"'],
      ],
    )
    expect(message?.blocks.map(({ failed }) => failed).indexOf(true)).toBe(4)
    expect(answer?.blocks.map(({ kind, label, id }) => [kind, label, id])).toEqual([
      ['result', 'add', 'd'],
      ['data', 'cached', ''],
    ])
  })
})

describe('JSON as text', () => {
  test('reads as the value that it is', () => {
    const value: Json = { a: [1, 'x', null], b: {}, c: { d: [{ e: true }], f: [] }, 'g"': 'two\nlines' }
    expect(JSON.parse(jsonText(value))).toEqual(value)
    expect(jsonText([1, 2, 3])).toBe('[\n  1,\n  2,\n  3\n]')
  })

  test('as deep as 100,000 levels, without recursion', () => {
    const text = '['.repeat(100_000) + ']'.repeat(100_000)
    expect(jsonText(JSON.parse(text)).replaceAll(/\s/g, '')).toBe(text)
  })

  test('long base64 is told by its size; a sequence of bases, a hash and a word stay', () => {
    expect(withoutBinary(`see ${BASE64} there`)).toBe('see ‹base64, 3.6 kB› there')
    const bases = 'ACGT'.repeat(1000)
    expect(withoutBinary(bases)).toBe(bases)
    expect(withoutBinary('a'.repeat(5000))).toBe('a'.repeat(5000))
  })
})

import { describe, expect, test } from 'vitest'
import {
  criticalPath,
  spanText,
  spanTotals,
  spanTree,
  spanWords,
  timeOf,
  visibleSpans,
} from '../../src/compute/trace-spans.ts'

const at = (s: number): string => new Date(Date.UTC(2026, 0, 1) + s * 1000).toISOString()
const span = (id: string, parent: string | undefined, from: number, to: number, more = {}) => ({
  ...{ id, name: id, start_time: at(from), end_time: at(to), ...more },
  ...(parent === undefined ? {} : { parent_id: parent }),
})

describe('the tree of spans', () => {
  test('has parents before children, siblings by start, and counts what is below', () => {
    const tree = spanTree([
      span('b', 'root', 2, 3),
      span('root', undefined, 0, 10),
      span('a', 'root', 1, 2),
      span('a1', 'a', 1, 1.5),
    ])
    expect(tree.names).toEqual(['root', 'a', 'a1', 'b'])
    expect([...tree.depth]).toEqual([0, 1, 2, 1])
    expect([...tree.size]).toEqual([4, 2, 1, 1])
    // 10 s less [1, 3]; 1 s less half a second
    expect([...tree.self]).toEqual([8000, 500, 500, 1000])
    expect([...visibleSpans(tree, new Set([1]))]).toEqual([0, 1, 3])
  })

  test('shows each span once: circles, a parent that is missing, ids that stand twice', () => {
    const tree = spanTree([
      { id: 'x', parent_id: 'y', name: 'x' },
      { id: 'y', parent_id: 'x', name: 'y' },
      { id: 'z', parent_id: 'nobody', name: 'z' },
      { id: 'z', name: 'again' },
      { id: 'self', parent_id: 'self', name: 'self' },
    ])
    expect([...tree.names].sort()).toEqual(['again', 'self', 'x', 'y', 'z'])
    expect(tree.ids).toContain('z-2')
    expect(tree.names.slice(-2)).toEqual(['x', 'y'])
    expect([...tree.depth.slice(-2)]).toEqual([0, 1])
  })

  test('is as deep as the spans are: 100,000 of them, one below the other', () => {
    const n = 100_000
    const spans = Array.from({ length: n }, (_, i) => ({
      id: `${i}`,
      name: 's',
      ...(i > 0 && { parent_id: `${i - 1}` }),
    }))
    const tree = spanTree(spans)
    expect(tree.deepest).toBe(n - 1)
    expect(tree.size[0]).toBe(n)
    expect(spanTotals(tree).tokens).toBeNaN()
    expect(criticalPath(tree).size).toBe(0)
  })
})

describe('what spans add up to', () => {
  test('a parent that repeats its children counts once, one with its own tokens beside them', () => {
    const usage = (input: number, output: number) => ({
      usage: { input_tokens: input, output_tokens: output },
    })
    const repeated = [
      span('root', undefined, 0, 4, { ...usage(15, 5), cost_usd: 0.3 }),
      span('a', 'root', 0, 1, { ...usage(10, 2), cost_usd: 0.1 }),
      span('b', 'root', 1, 4, { ...usage(5, 3), cost_usd: 0.2, kind: 'tool', status: 'error' }),
    ]
    const totals = spanTotals(spanTree(repeated))
    expect(totals).toMatchObject({
      tokens: 20,
      input: 15,
      output: 5,
      duration: 4000,
      tools: 1,
      failedTools: 1,
    })
    expect(totals.cost).toBeCloseTo(0.3, 12)
    const own = [span('root', undefined, 0, 4, usage(1, 1)), span('a', 'root', 0, 1, usage(10, 2))]
    expect(spanTotals(spanTree(own)).tokens).toBe(14)
  })

  test('without times: the longest duration', () => {
    expect(spanTotals(spanTree([{ duration_ms: 3 }, { durationMs: 1250.5 }])).duration).toBe(1250.5)
  })
})

test('what a span says is shown and found, under whatever key it stands', () => {
  const { head, input, metadata, more } = spanText({
    ...{ id: 's', name: 'ask', status: { code: 'ERROR' }, input: 'in', metadata: { a: 1 } },
    ...{ duration_ms: 3, attributes: { 'http.route': '/v1' }, model: 'm' },
  })
  expect([head, input, JSON.parse(metadata)]).toEqual(['s ask m', 'in', { a: 1 }])
  expect(JSON.parse(more)).toEqual({ status: { code: 'ERROR' }, attributes: { 'http.route': '/v1' } })
  expect(spanWords({ attributes: { 'http.route': '/v1' } })).toContain('/v1')
  expect(spanText({ id: 's', kind: 'tool', start_time: 0, end_time: 1, usage: {} }).more).toBe('')
})

test('the critical path goes from the end back to what was waited for', () => {
  // root 0–10: a 0–4 is waited for by b 4–9 (with c 5–9 in it); d 1–3 runs beside a
  const tree = spanTree([
    span('root', undefined, 0, 10),
    span('a', 'root', 0, 4),
    span('d', 'root', 1, 3),
    span('b', 'root', 4, 9),
    span('c', 'b', 5, 9),
  ])
  expect([...criticalPath(tree)].map((row) => tree.names[row]).sort()).toEqual(['a', 'b', 'c', 'root'])
})

test('times without a zone are UTC, and keep their microseconds', () => {
  expect(timeOf('2026-01-01T00:00:02')).toBe(Date.UTC(2026, 0, 1, 0, 0, 2))
  expect(timeOf('2026-01-01 02:00:02.000250+02:00')).toBeCloseTo(Date.UTC(2026, 0, 1, 0, 0, 2) + 0.25, 3)
  expect(timeOf(1_767_225_602.5)).toBe(1_767_225_602_500)
  expect(timeOf('soon')).toBeNaN()
})

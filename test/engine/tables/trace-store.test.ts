import { describe, expect, test } from 'vitest'
import { makeFinder } from '../../../src/engine/tables/text-store.ts'
import { makeTraceStore, type TraceRow, type TraceStore } from '../../../src/engine/tables/trace-store.ts'

function row(id: string, text: string, change: Partial<TraceRow> = {}): TraceRow {
  return {
    ...{
      id,
      run: 'r',
      runName: 'r',
      timestamp: '2026-01-01T00:00:00+00:00',
      step: 1,
      key: 'chat',
      index: null,
    },
    ...{ messages: JSON.stringify([{ role: 'user', content: text }]), metadata: '{}', spans: '[]' },
    ...change,
  }
}

function read(store: TraceStore, rows: readonly TraceRow[]): void {
  store.begin()
  for (const one of rows) store.take(one)
  store.end()
}

function hits(store: TraceStore, text: string): number[] {
  const found: number[] = []
  for (let at = 0; at < store.count(); at++)
    store.hitsIn(at, makeFinder(text), (_, count) => found.push(...Array(count).fill(at)))
  return found
}

describe('traces that are read again', () => {
  test('stay the same state while rows are only added', () => {
    const store = makeTraceStore()
    read(store, [row('a', 'one')])
    const before = store.serial()
    read(store, [row('a', 'one'), row('b', 'two')])
    expect(store.serial()).toBe(before)
    expect(store.count()).toBe(2)
  })

  test.each<[string, Partial<TraceRow>]>([
    ['messages', { messages: JSON.stringify([{ role: 'user', content: 'eno' }]) }],
    ['metadata', { metadata: '[]' }],
    ['step', { step: 2 }],
    ['key', { key: 'said' }],
    ['timestamp', { timestamp: '2026-01-01T00:00:01+00:00' }],
  ])('are other ones where one has other %s of the same length', (_, change) => {
    const store = makeTraceStore()
    read(store, [row('a', 'one'), row('b', 'two')])
    const before = store.serial()
    read(store, [row('a', 'one', change), row('b', 'two')])
    expect(store.serial()).not.toBe(before)
    expect(store.trace(0)).toMatchObject({ id: 'a', ...(change.messages && change) })
    expect(store.rows(0).step[0]).toBe(change.step ?? 1)
    expect(store.count()).toBe(2)
  })

  test('are not whole while those behind one that was written anew are yet to come', () => {
    const store = makeTraceStore()
    expect(store.isWhole()).toBe(false)
    read(store, [row('a', 'one'), row('b', 'two')])
    expect(store.isWhole()).toBe(true)
    store.begin()
    store.take(row('a', 'other'))
    expect(store.isWhole()).toBe(false)
    store.take(row('b', 'two'))
    store.end()
    expect(store.isWhole()).toBe(true)
  })

  test('leave no text behind: neither to be searched nor to be counted', () => {
    const store = makeTraceStore()
    const rows = Array.from({ length: 200 }, (_, i) => row(`t${i}`, `text ${i} ${'x'.repeat(i * 100)}`))
    read(store, rows)
    const before = store.bytes()
    for (let again = 0; again < 3; again++) {
      read(store, [row('t0', `again ${again}`), ...rows.slice(1)])
      expect(hits(store, 'again')).toEqual([0])
      expect(hits(store, 'text 199 ')).toEqual([199])
    }
    read(store, rows)
    expect(store.bytes()).toBe(before)
    expect(hits(store, 'again')).toEqual([])
    rows.forEach(({ messages }, at) => {
      expect(store.trace(at)?.messages).toBe(messages)
    })
  })

  test('text of more than a piece is forgotten and added again', () => {
    const store = makeTraceStore()
    const large = 'y'.repeat(9 << 20)
    const rows = [row('a', 'one'), row('b', large), row('c', 'three')]
    read(store, rows)
    const before = store.bytes()
    read(store, [rows[0] as TraceRow, row('b', `${large}!`), rows[2] as TraceRow])
    expect(store.bytes()).toBe(before + 1)
    expect(hits(store, 'y!')).toEqual([1])
    expect(hits(store, 'three')).toEqual([2])
    read(store, rows)
    expect(store.bytes()).toBe(before)
    expect(store.trace(1)?.messages).toBe(rows[1]?.messages)
  })
})

test('traces of one id are each found, and stay the same when they are read again', () => {
  const store = makeTraceStore()
  const rows = [row('a', 'one'), row('a', 'two'), row('a (2)', 'three'), row('a', 'four')]
  read(store, rows)
  const names = rows.map((_, at) => store.preview(at, undefined).id)
  expect(new Set(names).size).toBe(4)
  expect(names.map((name) => store.placeOf(name))).toEqual([0, 1, 2, 3])
  expect(rows.map((_, at) => store.trace(at)?.storedId)).toEqual(['a', 'a', 'a (2)', 'a'])
  const before = store.serial()
  read(store, rows)
  expect(store.serial()).toBe(before)
  read(store, [row('a', 'one'), row('a', 'new'), row('a', 'last')])
  expect(store.trace(store.placeOf('a (2)') ?? -1)?.messages).toContain('new')
  expect(store.placeOf('a (3)')).toBe(2)
})

test('a number of the metadata that found no place among those that are listed never stands for some traces alone', () => {
  const store = makeTraceStore()
  const many = JSON.stringify(Object.fromEntries(Array.from({ length: 64 }, (_, i) => [`n${i}`, i])))
  const rows = [row('a', 'one', { metadata: '{"late": 1}' }), row('b', 'two', { metadata: many })]
  // 64 names first, then one more
  read(store, [row('m', 'first', { metadata: many }), ...rows])
  expect(store.rows(0).moreScores).toBe(1)
  read(store, [row('m', 'first', { metadata: many }), rows[0] as TraceRow])
  expect(store.rows(0).scores.map(({ name }) => name)).not.toContain('late')
  read(store, rows)
  expect(store.rows(0).scores.map(({ name }) => name)).toContain('late')
})

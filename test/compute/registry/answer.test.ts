import { describe, expect, test } from 'vitest'
import { answerOf } from '../../../src/compute/registry/answer.ts'
import { foldEvents, type StoredEvent } from '../../../src/compute/registry/fold.ts'
import { aliasesOf, movesAround, spanOf } from '../../../src/compute/registry/holdings.ts'
import type { Collection } from '../../../src/model/registry.ts'

const of = (version: number) => ({ source_project: 'p', source_artifact: 'm', source_version: version })
let uid = 0
const event = (time: number, kind: string, payload: object): StoredEvent => ({
  ...{ uid: String(++uid), ts: String(time), time, kind },
  payload: { collection: 'c', ...payload },
})
const { collections } = foldEvents([
  event(10, 'create', { type: 'model' }),
  event(20, 'link', of(0)),
  event(30, 'promote', { alias: 'production', ...of(0) }),
  event(40, 'link', of(1)),
  event(50, 'promote', { alias: 'production', ...of(1) }),
  event(60, 'unlink', of(1)),
  event(80, 'promote', { alias: 'production', ...of(0) }),
])
const c = collections[0] as Collection
const asked = (alias: string, time: number) => {
  const answer = answerOf(c, alias, time, 100)
  return answer.kind === 'held' ? `v${answer.holding.version}${answer.still ? ' still' : ''}` : answer.kind
}

describe('who was production', () => {
  test('at a moment is who was promoted last before it, from the moment on', () => {
    expect([30, 49, 50, 59, 80, 1000].map((time) => asked('production', time))).toEqual([
      'v0',
      'v0',
      'v1',
      'v1',
      'v0 still',
      'v0 still',
    ])
  })
  test('nobody, before, between and without: each for its own reason', () => {
    expect([5, 29, 60, 79].map((time) => asked('production', time))).toEqual([
      'before',
      'notYet',
      'nobody',
      'nobody',
    ])
    expect(asked('canary', 90)).toBe('never')
    expect(answerOf(c, 'production', 70, 100)).toEqual({ kind: 'nobody', since: 60, until: 80 })
    expect(answerOf(c, 'production', 15, 100)).toEqual({ kind: 'notYet', first: 30 })
    expect(answerOf(c, 'production', 200, 100)).toMatchObject({ kind: 'held', ahead: true })
  })
  test('latest follows what is linked, and falls back to the highest that is left', () => {
    expect([20, 40, 60].map((time) => asked('latest', time))).toEqual(['v0', 'v1', 'v0 still'])
  })
})

test('an event whose time cannot be read happened with the one before it, or else with the first that can', () => {
  const { collections } = foldEvents([
    event(Number.NaN, 'create', { type: 'model' }),
    event(Number.NaN, 'link', of(0)),
    event(20, 'promote', { alias: 'production', ...of(0) }),
    event(30, 'link', of(1)),
    event(Number.NaN, 'promote', { alias: 'production', ...of(1) }),
  ])
  const odd = collections[0] as Collection
  const who = (alias: string, time: number) => {
    const answer = answerOf(odd, alias, time, 100)
    return answer.kind === 'held' ? answer.holding.version : answer.kind
  }
  expect([10, 20, 29, 30, 90].map((time) => who('production', time))).toEqual(['notYet', 0, 0, 1, 1])
  expect([10, 20, 30].map((time) => who('latest', time))).toEqual(['notYet', 0, 1])

  const timeless = foldEvents([
    event(Number.NaN, 'create', { type: 'model' }),
    event(Number.NaN, 'link', of(0)),
  ]).collections[0] as Collection
  expect(answerOf(timeless, 'latest', 50, 100)).toMatchObject({ kind: 'held', holding: { version: 0 } })
  expect(spanOf(timeless, 100)).toEqual([99, 100])
})

test('what ended before it began, by a clock that was behind, is promised to nobody', () => {
  const { collections } = foldEvents([
    event(10, 'create', { type: 'model' }),
    event(20, 'link', of(0)),
    event(60, 'promote', { alias: 'production', ...of(0) }),
    event(40, 'unlink', of(0)),
  ])
  const odd = collections[0] as Collection
  expect(answerOf(odd, 'production', 50, 100)).toEqual({ kind: 'never' })
})

test('the moves around a moment are whole milliseconds, so that one that was asked about is passed', () => {
  expect(movesAround(c, 'production', 50)).toEqual({ before: 30, after: 60 })
  expect(movesAround(c, 'production', 80)).toEqual({ before: 60, after: undefined })
  const late = {
    ...c,
    holdings: [{ ...(c.holdings[0] as never as object), alias: 'a', from: 10.3, to: 20.7 }],
  }
  expect(movesAround(late as Collection, 'a', 11)).toEqual({ before: undefined, after: 21 })
})

test('aliases come with production first and latest last', () => {
  expect(aliasesOf(c)).toEqual(['production', 'latest'])
})

test('the time line goes from the first thing to now, or to a later event', () => {
  expect(spanOf(c, 100)).toEqual([10, 100])
  expect(spanOf(c, 70)).toEqual([10, 80])
  expect(spanOf({ ...c, created: Number.NaN, links: [], holdings: [] }, 70)).toEqual([69, 70])
})

test('a version number is never given twice, and what a writer asked for counts only where it is free', () => {
  const link = (version: number, asked: number): StoredEvent =>
    event(0, 'link', { ...of(version), collection_version: asked })
  const { collections } = foldEvents([
    event(0, 'create', { type: 't' }),
    link(0, 4),
    link(1, 4),
    link(2, 0),
    link(0, 9),
  ])
  expect(collections[0]?.links.map(({ version }) => version)).toEqual([6, 5, 4])
})

import { type Accessor, createMemo, createRoot, createSignal, type Setter } from 'solid-js'
import { afterEach, expect, test } from 'vitest'
import type { PatternRunner, Tried } from '../../../src/bridge/pattern-runner.ts'
import { makeMetricTest } from '../../../src/compute/filter.ts'
import { usePatternRunner } from '../../../src/compute/pattern.ts'
import { DEFAULT_VIEW } from '../../../src/state/address/link.ts'
import { createPatterns, type Patterns } from '../../../src/state/address/patterns.ts'
import { settle } from '../../settle.ts'

afterEach(() => usePatternRunner())

interface Made {
  patterns: Patterns
  search: Setter<string>
  names: Setter<string[]>
  found: Accessor<string[]>
  asked: { source: string; texts: readonly string[]; answer(tried: Tried): void }[]
  dispose(): void
}

function make(load?: () => Promise<PatternRunner>): Made {
  const asked: Made['asked'] = []
  const runner: PatternRunner = {
    run: (source, texts) => new Promise((answer) => asked.push({ source, texts, answer })),
  }
  return createRoot((dispose) => {
    const patterns = createPatterns(load ?? (async () => runner))
    const [text, search] = createSignal('')
    const [all, names] = createSignal(['train/loss', 'eval/loss', 'lr'])
    const found = createMemo<string[]>(
      (before) =>
        patterns.attempt(
          () => all().filter(makeMetricTest(text(), true)),
          () => before,
        ),
      [],
    )
    return { patterns, search, names, found, asked, dispose }
  })
}

test('plainly cheap patterns are answered at once, on the spot', () => {
  const { search, found, patterns, asked, dispose } = make()
  expect(found()).toHaveLength(3)
  search('^eval/.*loss$')
  expect([found(), patterns.waits(), asked.length]).toEqual([['eval/loss'], false, 0])
  dispose()
})

test('the others are tried elsewhere, and what was there before stays until then', async () => {
  const { search, found, patterns, asked, dispose } = make()
  search('(loss)+$')
  await settle()
  expect([found().length, patterns.waits()]).toEqual([3, true])
  expect(asked).toMatchObject([{ source: '(loss)+$', texts: ['train/loss', 'eval/loss', 'lr'] }])
  asked[0]?.answer({ kind: 'found', matches: [['loss', 'loss'], ['loss', 'loss'], null] })
  await settle()
  expect([found(), patterns.waits(), patterns.refused('(loss)+$')]).toEqual([
    ['train/loss', 'eval/loss'],
    false,
    undefined,
  ])
  // what is known is not asked for again
  search('lr')
  search('(loss)+$')
  expect([found().length, asked.length]).toEqual([2, 1])
  dispose()
})

test('texts that come later are asked for alone', async () => {
  const { search, names, found, asked, dispose } = make()
  search('(loss)+$')
  await settle()
  names(['train/loss', 'test/loss'])
  await settle()
  asked[0]?.answer({ kind: 'found', matches: [['loss', 'loss'], null, null] })
  await settle()
  expect(asked[1]?.texts).toEqual(['test/loss'])
  asked[1]?.answer({ kind: 'found', matches: [['loss', 'loss']] })
  await settle()
  expect(found()).toEqual(['train/loss', 'test/loss'])
  dispose()
})

test('one that takes too long matches nothing, says so, and is not tried again', async () => {
  const { search, names, found, patterns, asked, dispose } = make()
  search('(a+)+$')
  await settle()
  asked[0]?.answer({ kind: 'slow' })
  await settle()
  expect([found(), patterns.waits(), patterns.refused('(a+)+$')]).toEqual([
    [],
    false,
    'takes longer than 0.2 s to try, so it matches nothing',
  ])
  names(['more'])
  await settle()
  expect([found(), asked.length]).toEqual([[], 1])
  const view = { ...DEFAULT_VIEW, search: { text: '(a+)+$', regex: true } }
  expect(patterns.notices(view)).toMatchObject([
    {
      level: 'warn',
      subject: 'metric_filter',
      text: '(a+)+$ takes longer than 0.2 s to try, so it matches nothing',
    },
  ])
  // of a pattern that is gone nothing is said
  expect(patterns.notices(DEFAULT_VIEW)).toEqual([])
  dispose()
})

test('where nothing can be started for it, that is said', async () => {
  const { search, found, patterns, dispose } = make(() => Promise.reject(new Error('no network')))
  search('(a+)+$')
  await settle()
  expect([found(), patterns.waits()]).toEqual([[], false])
  expect(patterns.refused('(a+)+$')).toContain('can start no worker')
  dispose()
})

test('a cheap pattern on very many texts ends elsewhere too', async () => {
  const { search, names, asked, dispose } = make()
  names(Array.from({ length: 20_000 }, (_, i) => `metric/with/a/long/name/${i}`))
  search('e.*x')
  await settle()
  expect(asked[0]?.texts.length).toBeGreaterThan(1000)
  expect(asked[0]?.texts.length).toBeLessThan(20_000)
  dispose()
})

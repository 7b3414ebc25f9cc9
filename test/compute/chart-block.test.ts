import { describe, expect, test } from 'vitest'
import { type ChartBlock, parseChartBlock } from '../../src/compute/chart-block.ts'
import { pickNames } from '../../src/compute/pick-names.ts'

function block(text: string): ChartBlock {
  const parsed = parseChartBlock(text)
  if ('why' in parsed) throw new Error(parsed.why)
  return parsed.block
}

function why(text: string): string | undefined {
  const parsed = parseChartBlock(text)
  return 'why' in parsed ? parsed.why : undefined
}

describe('what a block asks for', () => {
  test('metrics are enough; the rest is as charts are', () => {
    expect(block('metrics: train/loss')).toEqual({
      ...{ title: '', metrics: ['train/loss'], runs: undefined, x: { kind: 'step' }, from: undefined },
      ...{ to: undefined, smoothing: undefined, y: 'linear', range: { kind: 'robust' }, height: 236 },
      ...{ group: undefined, statistic: 'mean' },
    })
  })

  test.each([
    ['metrics: a, b/c', ['a', 'b/c']],
    ['metrics: [a, b/c]', ['a', 'b/c']],
    ['metrics:\n  - a\n  - b/c', ['a', 'b/c']],
    ['metric: "a, with a comma", b', ['a, with a comma', 'b']],
    ["Metrics: ['it''s', b] # a comment", ["it's", 'b']],
    ['metrics: /layer_(0|1){1,2}\\/loss/, b', ['/layer_(0|1){1,2}\\/loss/', 'b']],
    ['{"metrics": ["a", "b/c"]}', ['a', 'b/c']],
    ['{"metrics": "a, b/c"}', ['a', 'b/c']],
    ['metrics: loss#1', ['loss#1']],
  ])('%s', (text, metrics) => {
    expect(block(text).metrics).toEqual(metrics)
  })

  test('all there is', () => {
    const text = `
title: "Loss: the first steps"
metrics: train/loss
runs: dr-*, this
x: time
from: 0
to: 1,200
smoothing: 25
y: log
range: 0.1..3
height: 300px
group: config:loss_type
statistic: iqm`
    expect(block(text)).toEqual({
      ...{ title: 'Loss: the first steps', metrics: ['train/loss'], runs: ['dr-*', 'this'] },
      ...{ x: { kind: 'relative' }, from: 0, to: 1200 },
      smoothing: { kind: 'mean', width: 25, factor: 1 },
      ...{ y: 'log', range: { kind: 'manual', min: 0.1, max: 3 }, height: 300 },
      ...{ group: { kind: 'config', path: 'loss_type' }, statistic: 'iqm' },
    })
    expect(
      block(JSON.stringify({ metrics: 'a', from: 5, xmax: 1e3, group: '/^(.*)-s/', x: 'epoch' })),
    ).toMatchObject({
      ...{ from: 5, to: 1000, x: { kind: 'metric', name: 'epoch' } },
      group: { kind: 'regex', source: '^(.*)-s' },
    })
    expect(block('metrics: a\nx: wall\nfrom: 2026-11-25').from).toBe(Date.UTC(2026, 10, 25))
  })
})

test.each([
  ['', 'it names no metrics: “metrics: train/loss”'],
  ['metrics:', 'it names no metrics: “metrics: train/loss”'],
  ['metrics: a\ncolour: red', 'line 2: “colour” is none of title, metrics, runs, '],
  ['metrics: a\n\nto: soon', 'line 3: to: “soon” is neither a number nor a date'],
  ['metrics: a\nfrom: 5\nto: 5', 'from 5 is not below to 5'],
  ['metrics: a\nfrom: 1e20\nx: wall', 'from 100000000000000000000 is no time: ms since 1970, or a date'],
  ['metrics: a\nmetric: b', 'line 2: metrics is given twice'],
  ['metrics: a\nheight: 5000', 'line 2: height: “5000” is no whole number from 120 to 1000'],
  ['metrics: a\nsmoothing: 1.5', 'line 2: smoothing: “1.5” is no whole number from 0 to 100'],
  ['metrics: a\ny: square', 'line 2: y: “square” is none of linear, log'],
  ['metrics: a\nrange: 3..1', 'line 2: range: “3..1” is none of robust'],
  ['show me the loss', 'line 1: “show me the loss” is not “name: value”'],
  ['- a', 'line 1: an item of no list'],
  ['metrics: "a', 'line 1: metrics: "a is not closed'],
  ['{"metrics": ', 'it begins as JSON and is none: '],
  ['{"metrics": {"a": 1}}', 'metrics: {"a":1} is neither a text nor a number'],
  ['{"__proto__": {}, "metrics": "a"}', '__proto__: {} is neither a text nor a number'],
  ['constructor: x\nmetrics: a', 'line 1: “constructor” is none of '],
  ['metrics: a\ntitle: [x, y]', 'line 2: title: one value is asked for, not 2'],
])('what is not understood is said with its line: %j', (text, words) => {
  expect(why(text)).toContain(words)
})

test('names are picked as they are, with a star, and by a pattern', () => {
  const names = ['b10', 'b2', 'a', 'a*', 'x.y']
  expect(pickNames('a', names)).toEqual(['a'])
  expect(pickNames('a*', names)).toEqual(['a*'])
  expect(pickNames('b*', names)).toEqual(['b2', 'b10'])
  expect(pickNames('/^b1/', names)).toEqual(['b10'])
  expect(pickNames('*.*', names)).toEqual(['x.y'])
  expect(pickNames('c*', names)).toEqual([])
  expect(pickNames('/(/', names)).toEqual([])
  expect(pickNames('b', names)).toBeUndefined()
})

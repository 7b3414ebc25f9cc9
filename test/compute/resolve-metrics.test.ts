import { describe, expect, test } from 'vitest'
import { resolveMetrics } from '../../src/compute/resolve-metrics.ts'

const NAMES = [
  'train/loss',
  'train_loss',
  'eval/loss',
  'eval/aux_loss',
  'lr',
  'eval/acc_top',
  'train/layer2/norm',
  'train/layer10/norm',
  'speed (a, b)',
]

describe('metrics of a link', () => {
  const cases: [string, string, string[], string[]][] = [
    ['an exact name wins over an alike one', 'train/loss', ['train/loss'], []],
    ['and so it does spelled with an underscore', 'train_loss', ['train_loss'], []],
    ['slashes and underscores count as alike', 'eval_loss, eval/acc/top', ['eval/loss', 'eval/acc_top'], []],
    [
      'the last part of a name finds all that end in it, in natural order',
      'loss',
      ['eval/loss', 'train/loss'],
      [],
    ],
    ['so do the last two', 'layer10/norm', ['train/layer10/norm'], []],
    ['natural order counts numbers', 'norm', ['train/layer2/norm', 'train/layer10/norm'], []],
    [
      'each part is resolved by itself, in the order written',
      'lr,loss,eval_acc_top',
      ['lr', 'eval/loss', 'train/loss', 'eval/acc_top'],
      [],
    ],
    [
      'what two parts find stands where it was found first',
      'eval/loss,loss',
      ['eval/loss', 'train/loss'],
      [],
    ],
    ['else a part is a regular expression', '^eval/', ['eval/acc_top', 'eval/aux_loss', 'eval/loss'], []],
    ['beside names too', 'lr,layer\\d/', ['lr', 'train/layer2/norm'], []],
    ['without regard to case', 'TRAIN.LOSS', ['train_loss', 'train/loss'], []],
    [
      'a comma in braces, brackets or parentheses parts nothing',
      'layer\\d{1,2}/,[,x]r|lr',
      ['train/layer2/norm', 'train/layer10/norm', 'lr'],
      [],
    ],
    ['a name may hold a comma', 'lr,speed (a, b)', ['lr', 'speed (a, b)'], []],
    ['brackets that do not close part like any letter', 'lr,(,eval/loss', ['lr', 'eval/loss'], ['(']],
    ['an escaped bracket opens nothing', '\\(a,lr', ['speed (a, b)', 'lr'], []],
    ['a part that finds nothing is told', 'lr,gone', ['lr'], ['gone']],
    ['and never stands for everything', 'gone,(', [], ['gone', '(']],
    ['nothing between commas is nothing', ' ,lr,, ', ['lr'], []],
  ]
  test.each(cases)('%s: %s', (_, text, metrics, missing) => {
    expect(resolveMetrics(text, NAMES)).toEqual({ metrics, missing })
  })

  test('where no part finds anything the whole text may, if it is an expression', () => {
    // the brace of a name closes nothing, so every comma parts: `[` and `]x{` find nothing
    expect(resolveMetrics('[,]x{', ['p,x{', 'q'])).toEqual({ metrics: ['p,x{'], missing: [] })
  })

  test('every name finds itself, whatever it holds', () => {
    for (const name of ['a,b', '(', 'x/(,', '^$', 'a\\', '[]', 'ü/β'])
      expect(resolveMetrics(name, ['other', name]).metrics, name).toEqual([name])
  })
})

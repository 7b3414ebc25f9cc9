import { describe, expect, test } from 'vitest'
import { completeFilter } from '../../src/compute/complete.ts'

const words = {
  keys: ['learning_rate', 'optimizer', 'batch size', 'wd', 'name'],
  metrics: ['eval/loss', 'train/loss', 'train/lr', 'a<b'],
  typeOf: (name: string): 'number' | 'text' | undefined =>
    name === 'optimizer' ? 'text' : words.keys.includes(name) || name.includes('/') ? 'number' : undefined,
  values: (key: string) =>
    ({ optimizer: ['adamw', 'muon', 'big one'], group: ['g'], state: ['live', 'ended'] })[key] ?? [],
}

/** `|` is the caret. */
function at(text: string, all = false) {
  const caret = text.indexOf('|')
  return completeFilter(text.replace('|', ''), caret, words, all)
}
const texts = (text: string, all = false) => at(text, all)?.items.map((item) => item.text) ?? []
/** The text after the n-th suggestion was taken. */
function take(text: string, n = 0): string | undefined {
  const found = at(text)
  const item = found?.items[n]
  const whole = text.replace('|', '')
  return found && item && whole.slice(0, found.from) + item.insert + whole.slice(found.to)
}

describe('what is offered', () => {
  test.each<[string, string[]]>([
    ['|', []],
    ['lea|', ['learning_rate']],
    ['lr|', ['train/lr', 'learning_rate']],
    ['l|', ['learning_rate', 'last(', 'eval/loss', 'train/loss', 'train/lr']],
    ['LOSS|', ['eval/loss', 'train/loss']],
    ['mi|', ['min(', 'optimizer']],
    ['gr|', ['group']],
    ['xyz|', []],
    // in a function metrics alone, all of them at once
    ['min(|', ['eval/loss', 'train/loss', 'train/lr', 'a<b']],
    ['min(ev|', ['eval/loss']],
    ['wd < 1 and max( tr|', ['train/loss', 'train/lr']],
    // behind an operator and in a list values
    ['optimizer = |', ['adamw', 'muon', 'big one']],
    ['optimizer = m|', ['muon', 'adamw']],
    ['optimizer in (|', ['adamw', 'muon', 'big one']],
    ['optimizer not in (adamw, m|', ['muon', 'adamw']],
    ['state = |', ['live', 'ended']],
    ['group in (|', ['g']],
    ['wd < |', []],
    ['min(eval/loss) < |', []],
    // where the next comparison begins
    ['wd < 1 and le|', ['learning_rate']],
    ['wd < 1 le|', ['learning_rate']],
    ['(le|', ['learning_rate']],
    ['not le|', ['learning_rate']],
    ['optimizer in (adamw) and le|', ['learning_rate']],
    // an operator comes next
    ['wd |', ['<', '<=', '>', '>=', '=', '!=']],
    ['optimizer |', ['=', '!=', '~', 'in (', 'not in (']],
    // of a word that is no key nobody knows
    ['debug |', []],
    ['wd le|', []],
    // what is complete
    ['wd|', []],
    ['learning_rate|', []],
    // within quotes
    ['"batch|', ['batch size']],
    ['min("a|', ['a<b', 'eval/loss', 'train/loss', 'train/lr']],
    ['wd < 1 ! and le|', []],
  ])('%s', (text, expected) => {
    expect(texts(text)).toEqual(expected)
  })
  test('with nothing typed everything, when it is asked for', () => {
    expect(texts('|', true)).toEqual([
      ...words.keys,
      ...words.metrics,
      'name',
      'group',
      'state',
      'tag',
      'note',
      'min(',
      'max(',
      'last(',
      'mean(',
    ])
    expect(texts('wd < 1 and |', true).length).toBe(18)
  })
  test('no functions where there are no metrics', () => {
    expect(completeFilter('mi', 2, { ...words, metrics: [] })?.items.map(({ text }) => text)).toEqual([
      'optimizer',
    ])
  })
})

describe('what is taken', () => {
  test.each<[string, string]>([
    ['lea|', 'learning_rate '],
    ['lea| < 1', 'learning_rate < 1'],
    ['le|arn < 1', 'learning_rate < 1'],
    // a name with a space stands in quotes, one with a slash does not
    ['batch|', '"batch size" '],
    ['"batch|', '"batch size" '],
    ['eval|', 'eval/loss '],
    ['min(ev|', 'min(eval/loss) '],
    ['min(ev|)', 'min(eval/loss)'],
    ['min(a<|', 'min(a<'],
    ['min("a<|', 'min("a<b") '],
    ['mea|', 'mean('],
    ['optimizer = b|', 'optimizer = "big one" '],
    ['optimizer in (adamw, m|', 'optimizer in (adamw, muon'],
    ['(lea|)', '(learning_rate)'],
  ])('%s gives %s', (text, expected) => {
    expect(take(text) ?? text.replace('|', '')).toBe(expected)
  })
  test('a key that is called like what every run has stands in quotes', () => {
    expect(at('nam|')?.items.map(({ insert }) => insert)).toEqual(['"name" ', 'name '])
  })
})

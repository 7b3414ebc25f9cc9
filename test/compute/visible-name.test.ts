import { expect, test } from 'vitest'
import { nameInText, visibleName } from '../../src/compute/visible-name.ts'
import { makeRandom } from '../random.ts'

test.each([
  // plain names stay, in every script
  ['run-1', 'run-1'],
  ['', ''],
  ['lr 3e-4, seed 2', 'lr 3e-4, seed 2'],
  ['eval/größe_αβγ_学習率', 'eval/größe_αβγ_学習率'],
  ['שלום', 'שלום'],
  ['e\u0301te\u0301', 'e\u0301te\u0301'],
  ['👩‍🚀 👍🏽 ❤️ 👨‍👩‍👧 1️⃣ 🏳️‍🌈', '👩‍🚀 👍🏽 ❤️ 👨‍👩‍👧 1️⃣ 🏳️‍🌈'],
  ['<img onerror=alert(1)>', '<img onerror=alert(1)>'],
  // marks of direction, nothing wide, controls
  ['run\u202egpj.exe', 'run⟨RLO⟩gpj.exe'],
  ['\u202d\u2066a\u2069', '⟨LRO⟩⟨LRI⟩a⟨PDI⟩'],
  ['a\u200bb\u200cc\u200dd\ufeff', 'a⟨ZWSP⟩b⟨ZWNJ⟩c⟨ZWJ⟩d⟨BOM⟩'],
  ['a\u00adb\u2060', 'a⟨SHY⟩b⟨U+2060⟩'],
  ['a\ufe0f', 'a⟨U+FE0F⟩'],
  ['👩\u200da', '👩⟨ZWJ⟩a'],
  ['a\0b\x1b[31m\x85', 'a⟨NUL⟩b⟨U+001B⟩[31m⟨U+0085⟩'],
  ['\ud800x\udc00', '⟨U+D800⟩x⟨U+DC00⟩'],
  // lines and spaces
  ['a\nb', 'a↵b'],
  ['a\r\nb\tc', 'a⟨CR⟩↵b⇥c'],
  ['a\u2028b\u2029c', 'a⟨U+2028⟩b⟨U+2029⟩c'],
  [' a  b ', '␣a␣␣b␣'],
  ['a\u00a0b\u3000\u2800', 'a⟨NBSP⟩b⟨U+3000⟩⟨U+2800⟩'],
  ['  ', '␣␣'],
  // accents without end, and without a letter
  ['\u0301a', '⟨U+0301⟩a'],
  [`a${'\u0301'.repeat(6)}b`, `a${'\u0301'.repeat(4)}⟨U+0301⟩⟨U+0301⟩b`],
  // what stands for the above stands for itself by its number
  ['run⟨RLO⟩gpj', 'run⟨U+27E8⟩RLO⟨U+27E9⟩gpj'],
  ['a↵b␣c⇥', 'a⟨U+21B5⟩b⟨U+2423⟩c⟨U+21E5⟩'],
])('%j is shown as %j', (name, shown) => {
  expect(visibleName(name)).toBe(shown)
})

test('two names are shown alike only when they are one, and none has a line break or a mark of direction', () => {
  const parts = [
    'a',
    ' ',
    '\n',
    '\t',
    '\r',
    '\u202e',
    '\u2068',
    '\u200b',
    '\u200d',
    '\ufe0f',
    '👩',
    '\u0301',
    '\xa0',
    '\ud83d',
    '⟨',
    'ZWSP',
    '⟩',
    '↵',
    '␣',
    'U+200B',
  ]
  const random = makeRandom(3)
  const seen = new Map<string, string>()
  for (let i = 0; i < 20_000; i++) {
    const name = Array.from(
      { length: 1 + Math.floor(random() * 6) },
      () => parts[Math.floor(random() * parts.length)],
    ).join('')
    const shown = visibleName(name)
    expect(seen.get(shown) ?? name).toBe(name)
    seen.set(shown, name)
    expect(shown).not.toMatch(/[\n\r\t\u202a-\u202e\u2066-\u2069\u200b\u200e\u200f]|^ | $| {2}/)
  }
})

test('ten thousand letters, or accents, take no time', () => {
  for (const name of [
    'x'.repeat(10_000),
    '\u0301'.repeat(10_000),
    ' '.repeat(10_000),
    '\u202e'.repeat(10_000),
    '👩\u200d'.repeat(5000),
  ]) {
    const start = performance.now()
    visibleName(name)
    expect(performance.now() - start).toBeLessThan(300)
  }
})

test('within a sentence a name that runs from right to left is set apart', () => {
  expect(nameInText('run-1')).toBe('run-1')
  expect(nameInText('שלום')).toBe('\u2068שלום\u2069')
  expect(nameInText('a\u202eb')).toBe('a⟨RLO⟩b')
})

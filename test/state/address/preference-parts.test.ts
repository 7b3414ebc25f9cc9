import { expect, test } from 'vitest'
import { chartDefaults, checkedDefaults, formatDefaults } from '../../../src/state/address/chart-defaults.ts'
import {
  choicesByProject,
  choicesMade,
  exportChoices,
  importChoices,
  withoutChoices,
} from '../../../src/state/address/preference-parts.ts'
import { withoutProject } from '../../../src/state/address/project-parts.ts'
import { DEFAULTS, parseStored, type Stored } from '../../../src/state/address/stored.ts'

const CHOSEN: Stored = {
  ...DEFAULTS,
  theme: 'dark',
  timeZone: 'utc',
  numbers: { digits: 'many', notation: 'plain', marks: 'comma', sizes: 'binary' },
  charts: 'y=log&cols=4',
  thumbnails: 192,
  singleKeys: false,
  recents: [{ kind: 'file', name: 'secret.db', detail: '', at: 1 }],
  slots: { a: { one: 1, two: 2 }, b: { one: 0 } },
  pins: { a: ['loss'] },
  marks: { b: { one: { note: 'good' } } },
}

test('what was chosen is a file and comes back from it, without the names of what was opened', () => {
  const text = exportChoices(CHOSEN)
  expect(text).not.toContain('secret.db')
  const { change, ignored } = importChoices(text, 'mine.json', DEFAULTS)
  expect(ignored).toEqual([])
  expect({ ...DEFAULTS, ...change }).toEqual({ ...CHOSEN, recents: [] })
})

test('a file from elsewhere takes nothing away that was kept here of projects and runs', () => {
  const here = parseStored(
    JSON.stringify({
      pins: { mine: ['acc'], a: ['acc'] },
      marks: { mine: { r: { note: 'keep' } }, b: { r: { note: 'too' } } },
    }),
  )
  const { change } = importChoices(exportChoices(CHOSEN), 'theirs.json', here)
  expect(change.pins).toEqual({ mine: ['acc'], a: ['loss'] })
  expect(change.marks).toEqual({
    mine: { r: { note: 'keep' } },
    b: { r: { note: 'too' }, one: { note: 'good' } },
  })
})

test('names and values that this version does not know are told, and nothing else is lost by them', () => {
  const text = JSON.stringify({
    'trackio-lite': 1,
    theme: 'dark',
    numbers: { ...DEFAULTS.numbers, digits: 'none' },
    timeZone: 'mars',
    future: true,
    recents: [{ kind: 'file', name: 'x', detail: '', at: 1 }],
  })
  const { change, ignored } = importChoices(text, 'new.json', DEFAULTS)
  expect(change).toEqual({ theme: 'dark', numbers: DEFAULTS.numbers, timeZone: 'local' })
  expect(ignored).toEqual([
    'future',
    'recents',
    expect.stringContaining('numbers: {"digits":"none"'),
    'timeZone: "mars"',
  ])
})

test('another file is refused with its name and why', () => {
  expect(() => importChoices('{', 'half.json', DEFAULTS)).toThrow(/no JSON/)
  for (const text of ['[]', 'null', '{"theme":"dark"}', '7'])
    expect(() => importChoices(text, 'other.json', DEFAULTS)).toThrow(/"trackio-lite": 1/)
})

test('what is kept for projects is counted by project, and forgotten by project', () => {
  expect(choicesByProject(CHOSEN).map(({ name, counts }) => [name, counts])).toEqual([
    ['b', { colors: 1, pins: 0, order: 0, folds: 0, marks: 1 }],
    ['a', { colors: 2, pins: 1, order: 0, folds: 0, marks: 0 }],
  ])
  const left = { ...CHOSEN, ...withoutProject(CHOSEN, 'a') }
  expect(choicesByProject(left).map(({ name }) => name)).toEqual(['b'])
  expect(left.theme).toBe('dark')
})

test('choices are counted, and taken back without what is kept for projects', () => {
  expect(choicesMade(DEFAULTS)).toBe(0)
  expect(choicesMade(CHOSEN)).toBe(6)
  const back = { ...CHOSEN, ...withoutChoices() }
  expect(choicesMade(back)).toBe(0)
  expect([back.slots, back.recents]).toEqual([CHOSEN.slots, CHOSEN.recents])
})

test('what charts begin with is kept as a link says it; what is nothing to begin with is left out', () => {
  for (const text of [
    '',
    'y=log&range=full&cols=4',
    'smoothing=0',
    'latest=5',
    'smoothing=7&kind=ema',
    'raw=false',
  ])
    expect(formatDefaults(chartDefaults(text))).toBe(text)
  expect(checkedDefaults('x=train/tokens&runs=a&project=p&metrics=loss&range=odd&cols=2')).toBe('cols=2')
  expect(parseStored('{"charts":7,"thumbnails":3,"numbers":[1]}')).toEqual(DEFAULTS)
})

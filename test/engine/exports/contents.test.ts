import { expect, test } from 'vitest'
import { type Holdings, isAllKnown, leftBehind, NOTHING } from '../../../src/engine/exports/contents.ts'
import { EXPORT_FORMS } from '../../../src/model/questions.ts'

const holdings = (change: Partial<Holdings>): Holdings => ({
  ...NOTHING,
  project: 'demo',
  configs: 0,
  kinds: new Map(),
  beside: [],
  missing: { media: 0, blobs: 0 },
  ...change,
})

const said = (change: Partial<Holdings>) =>
  EXPORT_FORMS.map((form) => leftBehind(form, holdings(change)).map(({ text }) => text))
const known = (change: Partial<Holdings>) => EXPORT_FORMS.map((form) => isAllKnown(form, holdings(change)))

test('a form is called whole only where all that it may leave behind was looked into', () => {
  expect(EXPORT_FORMS).toEqual(['db', 'folder', 'parquet', 'csv', 'html'])
  expect(said({})).toEqual([[], [], [], [], []])
  expect(known({})).toEqual([true, true, true, true, true])
  expect(known({ missing: { media: undefined, blobs: 0 } })).toEqual([false, false, false, true, false])
  expect(known({ missing: { media: 0, blobs: undefined } })).toEqual([false, false, false, true, false])
  expect(known({ beside: undefined })).toEqual([true, true, true, false, true])
})

test('tables that could not be counted are said to be missing in a CSV', () => {
  const text = 'a CSV has the numbers of rows alone, not what its other tables hold'
  expect(said({ beside: undefined })[3]).toEqual([text])
})

test('artifacts of other projects that were used are none of its own', () => {
  const beside: Holdings['beside'] = [{ table: 'artifacts', rows: 0 }]
  expect(said({ beside })).toEqual([[], [], [], [], []])
  const missing = { media: undefined, blobs: undefined }
  expect(said({ beside, missing })).toEqual([[], [], [], [], []])
})

test('where files are too many to be looked for one by one, none at all is noticed', () => {
  const change = { kinds: new Map([['trackio.image', 30_000]]), missing: { media: undefined, blobs: 0 } }
  const text =
    'the files of 30,000 logged images, sounds and the like are not among what was opened, so they are left behind'
  expect(said(change)[1]).toEqual([text])
  expect(said({ ...change, media: { files: 1, bytes: 1 } })[1]).toEqual([])
})

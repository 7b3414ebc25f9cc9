import { expect, test } from 'vitest'
import { readMedia } from '../../src/bridge/logged-media.ts'
import type { Json } from '../../src/model/run.ts'
import { engineDouble } from '../engine-double.ts'

const VALUES: Json[] = [
  { _type: 'trackio.image', file_path: 'p/a.png', caption: 'first', format: 'png' },
  { _type: 'trackio.image', file_path: 'p/a.png', caption: 7 },
  { _type: 'trackio.markdown', _value: '**bold**' },
  { _type: 'trackio.audio', file_path: 'p/lost.wav', caption: null },
  'not an object',
]

test('media are told with their place, caption, path and value; files are read for their sizes alone', async () => {
  const files: string[] = []
  const engine = engineDouble({
    valuesAt: async ({ at }) => at.map(({ row }) => VALUES[row]),
    values: async () => ({
      ...{ runs: ['r1', 'r2'], keys: ['picture', 'note'] },
      kinds: ['trackio.image', 'trackio.markdown', 'trackio.audio'],
      ...{ run: Int32Array.of(0, 0, 0, 1, 1), key: Int32Array.of(0, 0, 1, 1, 0) },
      kind: Int32Array.of(0, 0, 1, 2, 0),
      row: Int32Array.of(0, 1, 2, 3, 4),
      step: Float64Array.of(0, Number.NaN, 5, 6, 7),
      time: Float64Array.of(1, 2, 3, 4, 5),
      ...{ version: '1', complete: true, notices: [] },
      reading: { state: 'done', bytes: 1, totalBytes: 1, rows: 5 },
    }),
  })
  const file = async (path: string): Promise<Blob | undefined> => {
    files.push(path)
    return path === 'p/a.png' ? new Blob(['12345']) : undefined
  }
  const all = await readMedia(engine, 'p', {}, file)
  expect(files).toEqual([])
  expect(all[0]).toEqual({
    ...{ key: 'picture', run: 'r1', step: 0, time: 1, kind: 'trackio.image', caption: 'first' },
    ...{ path: 'p/a.png', text: null, size: undefined, value: VALUES[0] },
  })
  expect(all.map(({ step, caption, path, text }) => [step, caption, path, text])).toEqual([
    [0, 'first', 'p/a.png', null],
    [null, '7', 'p/a.png', null],
    [5, '', null, '**bold**'],
    [6, '', 'p/lost.wav', null],
    [7, '', null, null],
  ])
  const sized = await readMedia(engine, 'p', { sizes: true }, file)
  expect(sized.map(({ size }) => size)).toEqual([5, 5, null, null, null])
  // of two values that name one file it is read once
  expect(files).toEqual(['p/a.png', 'p/lost.wav'])
  const own = await readMedia(engine, 'p', { run: 'r2', key: 'picture' }, file)
  expect(own.map(({ time }) => time)).toEqual([5])
  await expect(
    readMedia(engine, 'p', { sizes: true }, async () => {
      throw new Error('the host answered 403')
    }),
  ).rejects.toThrow('the host answered 403')
})

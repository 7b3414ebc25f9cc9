import { describe, expect, test } from 'vitest'
import { imageSize } from '../../src/compute/image-size.ts'
import { mediaPayload, mediaType, pathEnd } from '../../src/compute/media-payload.ts'
import {
  nearestTick,
  ordinal,
  otherwiseText,
  parseOtherwise,
  pickStep,
  tickFrom,
  unionSteps,
  usualGap,
  whyNone,
} from '../../src/compute/media-steps.ts'
import { soundPeaks } from '../../src/compute/sound-peaks.ts'
import { makeRandom } from '../random.ts'

describe('which step stands for the asked one', () => {
  const steps = [10, 20, 40]
  test.each([
    [20, 'nothing', 20],
    [30, 'nothing', undefined],
    [30, 'nearest', 20],
    [31, 'nearest', 40],
    [99, 'nearest', 40],
    [1, 'nearest', 10],
    [30, 'before:10', 20],
    [31, 'before:10', undefined],
    [5, 'before:100', undefined],
  ])('%d, otherwise %s: %s', (asked, rule, wanted) => {
    expect(pickStep(steps, asked, parseOtherwise(rule, 0))).toBe(wanted)
  })
  test('says why none does', () => {
    const nothing = { kind: 'nothing' } as const
    expect(whyNone([], 5, nothing)).toBe('run has none')
    expect(whyNone(steps, 50, nothing)).toBe('run ended at 40')
    expect(whyNone(steps, 5, nothing)).toBe('run begins at 10')
    expect(whyNone(steps, 30, nothing)).toBe('between 20 and 40')
    expect(whyNone(steps, 38, { kind: 'before', within: 5 })).toBe('none within 5')
  })
  test('is written into the address as it is read, and left out where it is the usual one', () => {
    for (const text of ['nothing', 'nearest', 'before:250'])
      expect(otherwiseText(parseOtherwise(text, 100), 100)).toBe(text)
    expect(otherwiseText(parseOtherwise(undefined, 100), 100)).toBe('')
    expect(parseOtherwise('before:x', 100)).toEqual({ kind: 'before', within: 100 })
  })
})

test('ticks are all steps of all runs, marked where every run logged', () => {
  const { steps, every } = unionSteps([
    [30, 10, 10, Number.NaN],
    [10, 20],
  ])
  expect([...steps]).toEqual([10, 20, 30])
  expect([...every]).toEqual([1, 0, 0])
  expect(tickFrom(steps, 10, 1)).toBe(20)
  expect(tickFrom(steps, 15, 1)).toBe(20)
  expect(tickFrom(steps, 15, -1)).toBe(10)
  expect(tickFrom(steps, 30, 5)).toBe(30)
  expect(nearestTick(steps, 26)).toBe(30)
  expect(nearestTick([], 26)).toBeUndefined()
})

test('“last before” looks as far back as the run that logs most rarely needs', () => {
  expect(usualGap([[0, 1, 2, 3], [0, 100, 200, 350], [7]])).toBe(100)
  expect(usualGap([[5], []])).toBe(0)
})

test('ordinals', () => {
  expect([1, 2, 3, 4, 11, 12, 13, 21, 101, 112, 1022].map(ordinal).join()).toBe(
    '1st,2nd,3rd,4th,11th,12th,13th,21st,101st,112th,1,022nd',
  )
})

describe('what a logged value says of itself', () => {
  test('of every release, odd ones included', () => {
    const image = { _type: 'trackio.image', file_path: 'p/r/1/a.png', caption: 'c' }
    expect(mediaPayload(image)).toMatchObject({ path: 'p/r/1/a.png', caption: 'c' })
    expect(mediaPayload({ ...image, caption: null, file_format: 'PNG' })).toMatchObject({ caption: '' })
    expect(mediaPayload({ _type: 'trackio.markdown', _value: '# a' })).toMatchObject({ text: '# a' })
    const cloud = {
      ...{ _type: 'trackio.object3d', file_path: 'c.ply', caption: null },
      ...{ original_point_count: 400_000, rendered_point_count: 300_000 },
    }
    expect(mediaPayload(cloud).points).toEqual({ original: 400_000, rendered: 300_000 })
    expect(mediaPayload({ ...image, file_path: '' }).odd).toBe('it names no file')
    expect(mediaPayload({ _type: 'trackio.markdown' }).odd).toBe('it holds no text')
    expect(mediaPayload([1]).odd).toBe('not an object: [1]')
    expect(mediaPayload(undefined).odd).toBe('the row is not found any more')
  })
  test('its type is told by the name of its file, its end fits a card', () => {
    expect(['a.PNG', 'b.c.webm', 'd.wav', 'e.glb', 'f'].map(mediaType)).toEqual([
      ...['image/png', 'video/webm', 'audio/wav', '', ''],
    ])
    expect(pathEnd('a\\b\\3000\\x.png')).toBe('…/3000/x.png')
    expect(pathEnd('x.png')).toBe('x.png')
  })
})

test('sizes are read from the heads of files, and from none that is cut', () => {
  const bytes = (...parts: (string | number[])[]) =>
    Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...Buffer.from(part)] : part)))
  const png = bytes([0x89], 'PNG', [13, 10, 26, 10, 0, 0, 0, 13], 'IHDR', [0, 0, 1, 0, 0, 0, 0, 5])
  expect(imageSize(png)).toEqual({ width: 256, height: 5 })
  expect(imageSize(png.subarray(0, 20))).toBeUndefined()
  expect(imageSize(bytes('GIF89a', [3, 1, 7, 0]))).toEqual({ width: 259, height: 7 })
  const jpeg = bytes(
    [0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2],
    [0xff, 0xc4, 0, 3, 9],
    [0xff, 0xc2, 0, 11, 8, 0, 9, 1, 1, 3, 0, 0, 0],
  )
  expect(imageSize(jpeg)).toEqual({ width: 257, height: 9 })
  expect(imageSize(bytes('RIFF', [0, 0, 0, 0], 'WEBPVP8X', Array(8).fill(0), [1, 1, 0, 2, 0, 0]))).toEqual({
    ...{ width: 258, height: 3 },
  })
  expect(imageSize(bytes('no picture at all'))).toBeUndefined()
})

test('every sample of a sound is in one stretch: no peak is lost', () => {
  const random = makeRandom(3)
  for (const [length, columns] of [
    [1000, 7],
    [10, 40],
    [1, 3],
    [999, 999],
  ] as const) {
    const samples = Float32Array.from({ length }, () => 2 * random() - 1)
    const peaks = soundPeaks(samples, columns)
    expect(peaks.length).toBe(2 * columns)
    expect(Math.max(...peaks)).toBe(Math.max(...samples))
    expect(Math.min(...peaks)).toBe(Math.min(...samples))
    for (let x = 0; x < columns; x++) expect(peaks[2 * x]).toBeLessThanOrEqual(peaks[2 * x + 1] as number)
  }
})

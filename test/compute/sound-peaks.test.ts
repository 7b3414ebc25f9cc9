import { expect, test } from 'vitest'
import { soundPeaks } from '../../src/compute/sound-peaks.ts'
import { makeRandom } from '../random.ts'

test('least and greatest sample of each stretch', () => {
  const samples = Float32Array.from([0, 0.5, -0.25, 0.125, -1, 1])
  expect([...soundPeaks(samples, 3)]).toEqual([0, 0.5, -0.25, 0.125, -1, 1])
  expect([...soundPeaks(samples, 2)]).toEqual([-0.25, 0.5, -1, 1])
  expect([...soundPeaks(samples, 1)]).toEqual([-1, 1])
})

test('a single sample is seen whatever the width, once', () => {
  const random = makeRandom(1)
  for (let round = 0; round < 300; round++) {
    const columns = 1 + Math.floor(random() * 90)
    const length = columns + Math.floor(random() * 5000)
    const samples = new Float32Array(length)
    const at = round % 3 === 0 ? length - 1 : Math.floor(random() * length)
    samples[at] = round % 2 ? 1 : -1
    const peaks = soundPeaks(samples, columns)
    const seen = Array.from({ length: columns }, (_, x) => peaks[2 * x] !== 0 || peaks[2 * x + 1] !== 0)
    expect(seen.filter(Boolean).length, `${at} of ${length} in ${columns}`).toBe(1)
  }
})

test('every stretch has the least and greatest of its own samples', () => {
  const random = makeRandom(2)
  const samples = Float32Array.from({ length: 1000 }, () => random() * 2 - 1)
  const peaks = soundPeaks(samples, 7)
  for (let x = 0; x < 7; x++) {
    const own = samples.slice(Math.floor((x * 1000) / 7), Math.floor(((x + 1) * 1000) / 7))
    expect([peaks[2 * x], peaks[2 * x + 1]]).toEqual([Math.min(...own), Math.max(...own)])
  }
})

test('fewer samples than columns: each column has the sample that it lies on', () => {
  expect([...soundPeaks(Float32Array.from([0.5, -0.5]), 4)]).toEqual([
    0.5, 0.5, 0.5, 0.5, -0.5, -0.5, -0.5, -0.5,
  ])
})

test('no samples are silence', () => {
  expect([...soundPeaks(new Float32Array(0), 2)]).toEqual([0, 0, 0, 0])
})

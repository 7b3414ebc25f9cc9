import { expect, test } from 'vitest'
import { spreadLabels } from '../../src/compute/labels.ts'

test('labels that do not touch stay where they are', () => {
  expect(spreadLabels([10, 50, 30], 12, 0, 100)).toEqual([10, 50, 30])
})

test('touching labels move apart around their middle', () => {
  // Both wish 50: 44 and 56 are 12 apart and equally far from it.
  expect(spreadLabels([50, 50], 12, 0, 100)).toEqual([44, 56])
})

test('labels stay inside when they fit, in the order of their wishes, a gap apart', () => {
  const wishes = [99, 98, 97, 2, 1, 50]
  const out = spreadLabels(wishes, 12, 0, 100)
  const sorted = [...out].sort((a, b) => a - b)
  expect(Math.min(...out)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...out)).toBeLessThanOrEqual(100)
  for (let i = 1; i < sorted.length; i++)
    expect((sorted[i] ?? 0) - (sorted[i - 1] ?? 0)).toBeGreaterThanOrEqual(12 - 1e-9)
  const rank = (list: number[]) =>
    list
      .map((v, i) => [v, i] as const)
      .sort((a, b) => a[0] - b[0])
      .map(([, i]) => i)
  expect(rank(out)).toEqual(rank(wishes))
})

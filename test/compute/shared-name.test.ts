import { expect, test } from 'vitest'
import { sharedName } from '../../src/compute/shared-name.ts'

test('runs that repeat one configuration have a name in common', () => {
  expect(sharedName(['sft-lr1e-5-s42', 'sft-lr1e-5-s43'])).toBe('sft-lr1e-5')
  expect(sharedName(['run_1', 'run_12'])).toBe('run')
  expect(sharedName(['abc', 'xyz'])).toBe('')
  expect(sharedName(['alone'])).toBe('')
  expect(sharedName(['same', 'same'])).toBe('same')
})

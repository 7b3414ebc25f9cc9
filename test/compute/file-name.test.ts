import { expect, test } from 'vitest'
import { fileName } from '../../src/compute/file-name.ts'

test('parts are joined by a hyphen, in letters that every file system takes', () => {
  expect(fileName(['gpt2-124m', 'train/loss'], 'csv')).toBe('gpt2-124m-train-loss.csv')
  expect(fileName(['my proj.é/x', 'a:b*c?"<d>|e\\f'], 'png')).toBe('my-proj.é-x-a-b-c-d-e-f.png')
  expect(fileName(['損失', 'val'], 'svg')).toBe('損失-val.svg')
})

test('nothing leads out of the folder, hides the file or leaves it without a name', () => {
  expect(fileName(['..', '../../x'], 'db')).toBe('x.db')
  expect(fileName(['.hidden'], 'db')).toBe('hidden.db')
  expect(fileName(['', '///'], 'csv')).toBe('trackio.csv')
})

test('very long names are cut', () => {
  expect(fileName(['é'.repeat(300)], 'csv')).toBe(`${'é'.repeat(120)}.csv`)
})

import { expect, test } from 'vitest'
import { nearestOf } from '../../src/compute/nearest.ts'

const NAMES = [
  'learning_rate',
  'batch_size',
  'optimizer.weight_decay',
  'optimizer.fused',
  'seed',
  'eval/loss',
  'train/loss',
  'train/grad_norm',
  'lr_end',
]

test.each<[string, string | undefined]>([
  ['SEED', 'seed'],
  ['lr', 'lr_end'],
  ['bs', 'batch_size'],
  ['wd', 'optimizer.weight_decay'],
  // of two equally near ones the shorter
  ['loss', 'eval/loss'],
  ['train_loss', 'train/loss'],
  ['weight', 'optimizer.weight_decay'],
  ['grad_norm', 'train/grad_norm'],
  // a letter wrong beats a letter run somewhere within
  ['sed', 'seed'],
  ['sede', 'seed'],
  ['use', 'optimizer.fused'],
  ['batchsize', 'batch_size'],
  ['learnig_rate', 'learning_rate'],
  ['xyzzy', undefined],
  ['', undefined],
])('%s → %s', (typed, name) => {
  expect(nearestOf(typed, NAMES)).toBe(name)
})

test('what is written out is found by its first letters', () => {
  expect(nearestOf('learning_rate', ['lr', 'seed'])).toBe('lr')
  expect(nearestOf('weight_decay', ['optim.wd', 'lr'])).toBe('optim.wd')
})

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import * as trackio from '../../src/client/api.ts'
import { trackioCallback, withRun } from '../../src/client/callbacks.ts'
import { type Bench, makeBench } from './setup.ts'

let bench: Bench
beforeEach(() => {
  bench = makeBench()
  for (const method of ['info', 'warn', 'error'] as const)
    vi.spyOn(console, method).mockImplementation(() => {})
})
afterEach(() => vi.restoreAllMocks())

/** Calls callbacks as TensorFlow.js's `fit` does. */
async function fit(callbacks: ReturnType<typeof trackioCallback>): Promise<void> {
  await callbacks.onTrainBegin()
  for (let epoch = 0; epoch < 2; epoch++) {
    for (let batch = 0; batch < 2; batch++)
      callbacks.onBatchEnd(batch, { batch, size: 32, loss: epoch + batch })
    callbacks.onEpochEnd(epoch, { loss: epoch, val_loss: epoch / 2 })
  }
  await callbacks.onTrainEnd()
}

test('a training of TensorFlow.js is a run with a row for each epoch', async () => {
  await fit(trackioCallback({ project: 'demo', name: 'fit' }))
  expect(trackio.run).toBeUndefined()
  expect(await bench.query('SELECT step, CAST(metrics AS TEXT) FROM metrics ORDER BY id')).toEqual([
    [0, '{"loss":0,"val_loss":0}'],
    [1, '{"loss":1,"val_loss":0.5}'],
  ])
})

test('or for each batch too, in the current run', async () => {
  await trackio.init({ project: 'demo', name: 'mine' })
  await fit(trackioCallback({ batches: true }))
  await trackio.finish()
  expect(await bench.query('SELECT step, CAST(metrics AS TEXT) FROM metrics ORDER BY id')).toEqual([
    [0, '{"batch/loss":0}'],
    [1, '{"batch/loss":1}'],
    [2, '{"loss":0,"val_loss":0,"epoch":0}'],
    [3, '{"batch/loss":1}'],
    [4, '{"batch/loss":2}'],
    [5, '{"loss":1,"val_loss":0.5,"epoch":1}'],
  ])
})

test('a loop of its own is finished however it ends, and what it throws is an alert', async () => {
  expect(await withRun({ project: 'demo', name: 'good' }, async (run) => run.name)).toBe('good')
  const failing = withRun({ project: 'demo', name: 'bad' }, (run) => {
    run.log({ loss: Number.NaN })
    throw new Error('diverged')
  })
  await expect(failing).rejects.toThrow('diverged')
  expect(trackio.run).toBeUndefined()
  expect(await bench.query('SELECT run_name, title, text, level FROM alerts')).toEqual([
    ['bad', 'training failed', 'diverged', 'error'],
  ])
})

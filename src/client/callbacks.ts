import * as api from './api.ts'
import type { Run } from './run/run.ts'
import type { InitOptions } from './run/run-options.ts'

/** What TensorFlow.js takes as `callbacks` of `model.fit`. */
export interface FitCallbacks {
  onTrainBegin(): Promise<void>
  onBatchEnd(batch: number, logs?: Record<string, number>): void
  onEpochEnd(epoch: number, logs?: Record<string, number>): void
  onTrainEnd(): Promise<void>
}

/**
 * Logs a TensorFlow.js training: what `fit` reports of each epoch, and with `batches` of each batch too (its
 * names with `batch/` before them). With options it begins and finishes the run; without, it logs to the
 * current one. `batches` is false unless given.
 *
 * @example
 * const callbacks = trackio.trackioCallback({ project: 'mnist', config: { lr: 0.1 } })
 * await model.fit(xs, ys, { epochs: 5, callbacks })
 */
export function trackioCallback(options?: InitOptions & { batches?: boolean }): FitCallbacks {
  const { batches = false, ...init } = options ?? {}
  const own = Object.keys(init).length > 0
  return {
    async onTrainBegin() {
      if (own) await api.init(init)
    },
    onBatchEnd(_batch, logs) {
      if (!batches || !logs) return
      const { batch: _, size: __, ...metrics } = logs
      api.log(Object.fromEntries(Object.entries(metrics).map(([key, value]) => [`batch/${key}`, value])))
    },
    // with rows of batches between them, epochs count as rows like the others
    onEpochEnd(epoch, logs) {
      if (batches) api.log({ ...logs, epoch })
      else api.log({ ...logs }, epoch)
    },
    async onTrainEnd() {
      if (own) await api.finish()
    },
  }
}

/**
 * Runs a training loop in a run of its own: begins it, finishes it however the loop ends, and makes an alert
 * of what the loop throws (and throws it on).
 *
 * @example
 * await trackio.withRun({ project: 'mnist' }, async (run) => {
 *   for (let step = 0; step < 1000; step++) run.log({ loss: await trainStep() })
 * })
 */
export async function withRun<T>(options: InitOptions, loop: (run: Run) => T | Promise<T>): Promise<T> {
  const run = await api.init(options)
  try {
    return await loop(run)
  } catch (cause) {
    run.alert('training failed', {
      text: cause instanceof Error ? cause.message : String(cause),
      level: 'error',
    })
    throw cause
  } finally {
    if (api.run === run) await api.finish()
    else await run.finish()
  }
}

/** Starts the worker that writes, from the file beside this one. The package has another way in its place: see package/. */
export function startWriter(): Worker {
  return new Worker(new URL('./writer.worker.ts', import.meta.url), { type: 'module', name: 'trackio-writer' })
}

/*
 * Work that takes long yields now and then, so that whoever runs it can answer others between two slices, or give
 * it up. It neither waits nor looks at a clock.
 */

/** What comes of it once it is done. */
export type Sliced<T> = Generator<void, T>

/** Runs it to its end at once. */
export function atOnce<T>(work: Sliced<T>): T {
  for (;;) {
    const next = work.next()
    if (next.done) return next.value
  }
}

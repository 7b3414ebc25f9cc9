import { nextTurn } from '../../bridge/turn.ts'
import type { Sliced } from '../../compute/slices.ts'

const SLICE_MS = 12

/** Runs work in slices of 12 ms, between which waiting questions are answered; an abort ends it there. */
export async function inSlices<T>(work: Sliced<T>, signal: AbortSignal | undefined): Promise<T> {
  let ends = performance.now() + SLICE_MS
  for (;;) {
    const next = work.next()
    if (next.done) return next.value
    if (performance.now() < ends) continue
    await nextTurn()
    signal?.throwIfAborted()
    ends = performance.now() + SLICE_MS
  }
}

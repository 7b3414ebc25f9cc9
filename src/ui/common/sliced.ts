import { type Accessor, createEffect, createSignal, on, onCleanup } from 'solid-js'
import type { Sliced } from '../../compute/slices.ts'

/** So much is done before the screen is drawn again, ms. */
const SLICE_MS = 12

/**
 * What comes of work, done in slices between which the page answers; at once where it takes no longer than one. What
 * came of the work before stays until then.
 */
export function createSliced<T>(
  work: Accessor<Sliced<T>>,
  busy: (busy: boolean) => void,
): Accessor<T | undefined> {
  const [done, setDone] = createSignal<T>()
  createEffect(
    on(work, (steps) => {
      let timer: ReturnType<typeof setTimeout> | undefined
      const goOn = (): void => {
        const ends = performance.now() + SLICE_MS
        do {
          const next = steps.next()
          if (!next.done) continue
          busy(false)
          return void setDone(() => next.value)
        } while (performance.now() < ends)
        timer = setTimeout(goOn)
      }
      busy(true)
      goOn()
      onCleanup(() => clearTimeout(timer))
    }),
  )
  onCleanup(() => busy(false))
  return done
}

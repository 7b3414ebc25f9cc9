import { type Accessor, batch, createRenderEffect, createSignal, onCleanup, untrack } from 'solid-js'

/** Words wait until no picture came for so long, but no longer than at most, ms. */
const CALM = 50
const MOST = 250

const waiting = new Map<object, () => void>()
let timer: ReturnType<typeof setTimeout> | undefined
let since = 0

/**
 * The same value a little later: words beside charts are laid out when the pictures are there, those of all
 * charts at once, and not for each tick of a slider. `urgent` values are there at once.
 */
export function createCalm<T>(now: Accessor<T>, urgent: (next: T, told: T) => boolean): Accessor<T> {
  const owner = {}
  const [told, setTold] = createSignal(untrack(now))
  const tell = (next: T) => setTold(() => next)
  createRenderEffect(() => {
    const next = now()
    waiting.delete(owner)
    const before = untrack(told)
    if (next === before) return
    if (urgent(next, before)) tell(next)
    else {
      waiting.set(owner, () => tell(next))
      ask()
    }
  })
  onCleanup(() => waiting.delete(owner))
  return told
}

function ask(): void {
  const now = performance.now()
  if (timer === undefined) since = now
  clearTimeout(timer)
  timer = setTimeout(flush, Math.min(CALM, Math.max(0, since + MOST - now)))
}

function flush(): void {
  timer = undefined
  const jobs = [...waiting.values()]
  waiting.clear()
  batch(() => {
    for (const job of jobs) job()
  })
}

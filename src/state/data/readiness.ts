import { type Accessor, createComputed, createEffect, createSignal, on, onCleanup, untrack } from 'solid-js'

export interface Settled {
  ready: Accessor<boolean>
  /** Something that the view shows changed: not settled until all is drawn again. */
  poke(): void
  /** A chart, or a row of charts still to be made, is at work. */
  setBusy(id: string, busy: boolean): void
  /** Resolves when the view is settled. */
  wait(): Promise<void>
}

/**
 * Whether the page shows what it should: lowered by `poke` or by a change of `inputs`, raised once nothing is
 * busy, nothing blocks and two frames have passed. Work that starts by itself (live rows) does not lower it.
 */
export function createSettled(inputs: Accessor<unknown>, blocked: Accessor<boolean>): Settled {
  const [ready, setReady] = createSignal(false)
  const busy = new Set<string>()
  const waiters: (() => void)[] = []
  let handle: ReturnType<typeof setTimeout> | undefined

  function check(): void {
    clearTimeout(handle)
    handle = undefined
    if (untrack(ready) || busy.size > 0 || untrack(blocked)) return
    setReady(true)
    for (const done of waiters.splice(0)) done()
  }

  // charts start their work in effects and frames after a change; a hidden tab has no frames, so time runs
  // too
  function schedule(frames: 1 | 2 = 2): void {
    if (handle !== undefined) clearTimeout(handle)
    handle = setTimeout(check, 120)
    const mine = handle
    const done = () => {
      if (handle === mine) check()
    }
    requestAnimationFrame(() => (frames === 1 ? done() : requestAnimationFrame(done)))
  }

  function poke(): void {
    setReady(false)
    schedule()
  }

  createComputed(on(inputs, poke))
  createEffect(on(blocked, () => !untrack(ready) && schedule()))
  createComputed(() => {
    document.documentElement.dataset.ready = String(ready())
  })
  onCleanup(() => clearTimeout(handle))

  return {
    ready,
    poke,
    setBusy(id, on) {
      if (on) busy.add(id)
      // a pending check looks by itself; after it, all work has announced itself, so the last one ends the
      // wait
      else if (busy.delete(id) && busy.size === 0 && !untrack(ready) && handle === undefined) schedule(1)
    },
    wait: () => (untrack(ready) ? Promise.resolve() : new Promise((resolve) => waiters.push(resolve))),
  }
}

import { type Accessor, createEffect, createMemo, createSignal, on, onCleanup } from 'solid-js'
import { ROWS_CHANNEL, RUN_LOCK } from '../../bridge/writer-api.ts'
import type { Run } from '../../model/run.ts'
import type { OpenSource } from './source-list.ts'

/**
 * A run of a live source whose newest row is younger than this counts as live: trackio's files do not say
 * when a run ended.
 */
const LIVE_MS = 120_000
/** How often it is looked what is live still. */
const LOOK_MS = 2000

/**
 * Whether a run goes on. Of what this browser tracks that is known: the page that logs it holds a lock until
 * the run is finished, and the browser takes the lock back when the page ends. Of any other live source its
 * newest row tells.
 */
export function createLive(
  source: Accessor<Pick<OpenSource, 'kind' | 'info'> | undefined>,
): (run: Run) => boolean {
  const [now, setNow] = createSignal(Date.now())
  const [open, setOpen] = createSignal<ReadonlySet<string>>(new Set<string>(), {
    equals: (a, b) => a.size === b.size && [...a].every((id) => b.has(id)),
  })
  const how = createMemo(() => {
    const found = source()
    if (!found?.info.live) return 'never'
    return found.kind === 'tracked' && navigator.locks ? 'locks' : 'rows'
  })

  async function look(): Promise<void> {
    const { held = [] } = await navigator.locks.query()
    setOpen(
      new Set<string>(
        held.flatMap(({ name }) => (name?.startsWith(RUN_LOCK) ? [name.slice(RUN_LOCK.length)] : [])),
      ),
    )
  }

  createEffect(
    on(how, (kind) => {
      if (kind === 'never') return
      // a page that is going cannot be asked any more
      const tick = () =>
        kind === 'rows' ? void setNow(Date.now()) : void look().catch(() => setOpen(new Set<string>()))
      tick()
      const timer = setInterval(tick, LOOK_MS)
      onCleanup(() => clearInterval(timer))
      if (kind !== 'locks') return
      const rows = new BroadcastChannel(ROWS_CHANNEL)
      rows.onmessage = tick
      onCleanup(() => rows.close())
    }),
  )

  return (run) => {
    const kind = how()
    if (kind === 'locks') return run.id !== null && open().has(run.id)
    return kind === 'rows' && now() - run.last < LIVE_MS
  }
}

import { type Accessor, createEffect, createSignal, getOwner, on, runWithOwner, untrack } from 'solid-js'
import type { SystemMetrics, SystemOptions } from './system.ts'

/** System metrics once somebody looks at them; undefined before. No chart of the metrics needs their code. */
export function createLateSystem(
  options: SystemOptions,
  fail: (error: unknown, subject: string) => void,
): Accessor<SystemMetrics | undefined> {
  const [system, setSystem] = createSignal<SystemMetrics>()
  const owner = getOwner()
  createEffect(
    on(options.wanted, (wanted) => {
      if (!wanted || untrack(system)) return
      import('./system.ts').then(
        ({ createSystem }) =>
          runWithOwner(owner, () => void setSystem((known) => known ?? createSystem(options))),
        (error: unknown) => fail(error, 'system metrics'),
      )
    }),
  )
  return system
}

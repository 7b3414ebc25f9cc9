import { type Accessor, createEffect, createSignal, getOwner, on, runWithOwner, untrack } from 'solid-js'
import type { AlertsOptions, ProjectAlerts } from './alerts.ts'

/**
 * The alerts once they may be asked for; undefined before. Charts need none of their code, so it is fetched
 * then.
 */
export function createLateAlerts(
  options: AlertsOptions,
  fail: (error: unknown, subject: string) => void,
): Accessor<ProjectAlerts | undefined> {
  const [alerts, setAlerts] = createSignal<ProjectAlerts>()
  const owner = getOwner()
  createEffect(
    on(options.ready, (now) => {
      if (!now || untrack(alerts)) return
      import('./alerts.ts').then(
        ({ createAlerts }) =>
          runWithOwner(owner, () => void setAlerts((known) => known ?? createAlerts(options))),
        (error: unknown) => fail(error, 'alerts'),
      )
    }),
  )
  return alerts
}

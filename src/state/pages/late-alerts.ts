import type { Accessor } from 'solid-js'
import { createLate } from '../base/late.ts'
import type { AlertsOptions, ProjectAlerts } from './alerts.ts'

/**
 * The alerts once they may be asked for; undefined before. Charts need none of their code, so it is fetched
 * then.
 */
export function createLateAlerts(
  options: AlertsOptions,
  fail: (error: unknown, subject: string) => void,
): Accessor<ProjectAlerts | undefined> {
  return createLate(
    options.ready,
    async () => {
      const { createAlerts } = await import('./alerts.ts')
      return () => createAlerts(options)
    },
    (error) => fail(error, 'alerts'),
  )
}

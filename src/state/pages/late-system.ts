import type { Accessor } from 'solid-js'
import { createLate } from '../base/late.ts'
import type { SystemMetrics, SystemOptions } from './system.ts'

/** System metrics once somebody looks at them; undefined before. No chart of the metrics needs their code. */
export function createLateSystem(
  options: SystemOptions,
  fail: (error: unknown, subject: string) => void,
): Accessor<SystemMetrics | undefined> {
  return createLate(
    options.wanted,
    async () => {
      const { createSystem } = await import('./system.ts')
      return () => createSystem(options)
    },
    (error) => fail(error, 'system metrics'),
  )
}

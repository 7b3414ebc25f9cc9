import { type Accessor, createEffect, createMemo } from 'solid-js'
import { createLate } from '../base/late.ts'
import type { ChartGroups } from './chart-context.ts'
import type { GroupsOptions } from './groups-options.ts'

const code = () => import('./chart-groups.ts')

/** Group lines once somebody wants them: no first chart does, so their code is fetched then. */
export function createLateGroups(
  options: GroupsOptions,
  fail: (error: unknown, subject: string) => void,
): Accessor<ChartGroups | 'waits' | undefined> {
  const { location } = options
  const draw = location.field('draw')
  const group = location.field('group')
  const base = location.field('base')
  const wanted = createMemo(() => base() !== undefined || (draw() !== 'runs' && group().kind !== 'none'))
  // there before it is wanted, also where whoever served the page has gone
  createEffect(() => options.ready() && void code().catch(() => undefined))
  const made = createLate(
    wanted,
    async () => {
      const { createChartGroups } = await code()
      return () => createChartGroups(options)
    },
    (error) => {
      // the runs are drawn, and it is said why
      location.patch({ draw: 'runs', base: undefined })
      fail(error, 'groups')
    },
  )
  return () => (wanted() ? (made() ?? 'waits') : undefined)
}

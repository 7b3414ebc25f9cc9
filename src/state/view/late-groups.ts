import { type Accessor, createEffect, createMemo, createSignal, getOwner, runWithOwner } from 'solid-js'
import type { ChartGroups } from './chart-context.ts'
import type { GroupsOptions } from './groups-options.ts'

/** Group lines once somebody wants them: no first chart does, so their code is fetched then. */
export function createLateGroups(
  options: GroupsOptions,
  fail: (error: unknown, subject: string) => void,
): Accessor<ChartGroups | 'waits' | undefined> {
  const { location } = options
  const draw = location.field('draw')
  const group = location.field('group')
  const base = location.field('base')
  const [made, setMade] = createSignal<ChartGroups | 'failed'>()
  const wanted = createMemo(() => base() !== undefined || (draw() !== 'runs' && group().kind !== 'none'))
  const owner = getOwner()
  const code = () => import('./chart-groups.ts')
  // there before it is wanted, also where whoever served the page has gone
  createEffect(() => options.ready() && void code().catch(() => undefined))
  let asked = false
  createEffect(() => {
    if (!wanted() || asked) return
    asked = true
    code().then(
      ({ createChartGroups }) => runWithOwner(owner, () => void setMade(createChartGroups(options))),
      (error: unknown) => {
        // the runs are drawn, and it is said why
        setMade('failed')
        fail(error, 'groups')
      },
    )
  })
  return () => {
    if (!wanted()) return undefined
    const now = made()
    return now === 'failed' ? undefined : (now ?? 'waits')
  }
}

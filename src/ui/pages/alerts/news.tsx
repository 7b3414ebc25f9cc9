import { createEffect, createSignal, on } from 'solid-js'
import { visibleName } from '../../../compute/visible-name.ts'
import { useApp } from '../../../state/app.ts'

/** Tells of alerts that come while the page is open, for those who do not see the number in the nav rise. */
export function AlertNews() {
  const { alerts, sources } = useApp()
  const since = Date.now()
  const [words, setWords] = createSignal('')
  let known: ReadonlySet<string> | undefined
  createEffect(
    on(
      () => sources.project()?.id,
      () => {
        known = undefined
        setWords('')
      },
    ),
  )
  createEffect(() => {
    const status = alerts()?.status()
    if (status?.kind !== 'ready') return
    const before = known
    known = new Set(status.alerts.map(({ id }) => id))
    // before the first reading only its time tells what is new
    const fresh = status.alerts.filter(({ id, time }) => (before ? !before.has(id) : time > since))
    const [newest] = fresh
    if (!newest) return
    const one = `New alert, ${newest.level}: ${visibleName(newest.title)}, ${visibleName(newest.runName)}`
    setWords(fresh.length === 1 ? one : `${fresh.length} new alerts. ${one}`)
  })
  return (
    <span class="unseen" role="status" aria-live="polite">
      {words()}
    </span>
  )
}

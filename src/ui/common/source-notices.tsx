import { createComputed, createEffect, createMemo, lazy, on, Show } from 'solid-js'
import { useApp } from '../../state/app.ts'

const NoticeList = lazy(async () => ({ default: (await import('./notice-list.tsx')).NoticeList }))

/**
 * Whatever is to be said above the sheet. Most projects have nothing of it; once the charts stand it is here,
 * as there may be no network by then.
 */
export function SourceNotices() {
  const { sources, notices, settled } = useApp()
  const some = createMemo(() => notices().length > 0 || sources.source()?.changed !== undefined)
  createComputed(
    on(some, (now) => {
      settled.setBusy('notice-list', now)
      if (now) void NoticeList.preload().finally(() => settled.setBusy('notice-list', false))
    }),
  )
  createEffect(on(settled.ready, (ready) => ready && void NoticeList.preload()))
  return (
    <Show when={some()}>
      <NoticeList />
    </Show>
  )
}

import { createEffect } from 'solid-js'
import { useApp } from '../../../state/app.ts'
import { Notices } from '../../components/notices.tsx'
import { Access } from './access.tsx'
import { OpeningProgress } from './opening-progress.tsx'

/**
 * What comes of opening something: how far it is, what went wrong, and what to do about it. Below the ways to
 * open, so that none of it moves them.
 */
export function Outcome() {
  const { sources, notices, dismissNotice } = useApp()
  let region: HTMLDivElement | undefined
  // within this page alone: the browser's own way would scroll the page around a frame as well
  const show = () => {
    const page = region?.closest('.open-page')
    if (page && region)
      page.scrollTop += Math.max(0, region.getBoundingClientRect().bottom + 16 - page.clientHeight)
  }
  createEffect(() => {
    if (sources.opening() || sources.failures().length > 0) queueMicrotask(show)
  })
  return (
    <div class="open-outcome" ref={region}>
      <OpeningProgress />
      <Notices
        notices={sources.list().length > 0 ? sources.failures() : notices()}
        onDismiss={dismissNotice}
      />
      <Access />
    </div>
  )
}

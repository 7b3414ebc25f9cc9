import { lazy } from 'solid-js'
import { useApp } from '../../state/app.ts'

const Absent = lazy(async () => ({ default: (await import('./metrics/absent.tsx')).Absent }))

/** Nothing is open, and nothing that the address names is on its way. */
export function useNoProject(): () => boolean {
  const { sources, started } = useApp()
  return () => started() && !sources.opening() && sources.project() === undefined
}

/** What a page of a project shows then. */
export function NoProject() {
  return (
    <section class="sheet" id="charts" tabIndex={-1}>
      <Absent lack="project" />
    </section>
  )
}

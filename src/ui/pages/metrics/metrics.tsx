import { lazy, Show, Suspense } from 'solid-js'
import { useApp } from '../../../state/app.ts'
import { ChartFullscreen } from '../../charts/chart-fullscreen.tsx'
import { SourceNotices } from '../../common/source-notices.tsx'
import type { PageProps } from '../page-entry.ts'
import { createFolds } from './folds.ts'
import { Sheet, scrollToMetric } from './sheet.tsx'
import { Toolbar } from './toolbar.tsx'

const SeveralDialog = lazy(async () => ({ default: (await import('./several-dialog.tsx')).SeveralDialog }))

export function MetricsPage(props: PageProps) {
  const { metrics, view, sources } = useApp()
  const folds = createFolds()
  return (
    <main class="page">
      <h1 class="unseen">{`Metrics of ${sources.project()?.name ?? 'a project'}`}</h1>
      <Show when={props.frame === 'full'}>
        <Toolbar onFold={folds.all} />
      </Show>
      <SourceNotices />
      <Sheet frame={props.frame} />
      <Show when={view.edited() !== undefined}>
        <Suspense>
          <SeveralDialog />
        </Suspense>
      </Show>
      <ChartFullscreen view={view} metrics={metrics.listed()} onLost={scrollToMetric} />
    </main>
  )
}

import { Show } from 'solid-js'
import { useApp } from '../../../state/app.ts'
import { ChartFullscreen } from '../../charts/chart-fullscreen.tsx'
import { createFolds } from '../../metrics/folds.ts'
import { Sheet, scrollToMetric } from '../../metrics/sheet.tsx'
import { Toolbar } from '../../metrics/toolbar.tsx'
import { SourceNotices } from '../../shell/source-notices.tsx'
import type { PageProps } from '../page.ts'

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
      <ChartFullscreen view={view} metrics={metrics.listed()} onLost={scrollToMetric} />
    </main>
  )
}

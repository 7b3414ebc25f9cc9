import { Show } from 'solid-js'
import { useApp } from '../../state/app.ts'
import { ChartFullscreen } from '../charts/chart-fullscreen.tsx'
import { createFolds } from '../metrics/folds.ts'
import { Sheet } from '../metrics/sheet.tsx'
import { Toolbar } from '../metrics/toolbar.tsx'
import { SourceNotices } from '../shell/source-notices.tsx'
import type { Frame } from '../shell/layout.ts'
import type { PageEntry } from './registry.ts'

export const metricsPage: PageEntry = { id: 'metrics', label: 'Metrics', key: 'm', view: MetricsPage }

function MetricsPage(props: { frame: Frame }) {
  const { metrics, view } = useApp()
  const folds = createFolds()
  return (
    <div class="page">
      <Show when={props.frame === 'full'}>
        <Toolbar onFold={folds.all} />
      </Show>
      <SourceNotices />
      <Sheet frame={props.frame} />
      <ChartFullscreen view={view} metrics={metrics.listed()} />
    </div>
  )
}

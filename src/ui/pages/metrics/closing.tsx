import '../../styles/closing.css'
import { lazy, Show, Suspense } from 'solid-js'
import { formatPlural } from '../../../compute/format.ts'
import { useApp } from '../../../state/app.ts'
import { Besides } from '../../common/besides.tsx'
import { hasTraces } from '../traces/count.ts'
import { type Folds, TRACES_FOLD } from './folds.ts'

const SheetTraces = lazy(async () => ({ default: (await import('../traces/sheet-section.tsx')).SheetTraces }))

export interface SheetClosingProps {
  folds: Folds
  columns: number
  width: number
  height: number
  legend: boolean
}

/** Below the last chart: what is not among them; of traces, numbers of each step as charts. */
export function SheetClosing(props: SheetClosingProps) {
  const app = useApp()
  const { metrics, sideCounts, location } = app
  const asked = location.field('metrics')
  return (
    <>
      {/* a link that names metrics asks for those alone */}
      <Show when={hasTraces(app) && asked() === undefined}>
        <Suspense>
          <SheetTraces
            open={!props.folds.isClosed(TRACES_FOLD)}
            onToggle={() => props.folds.toggle(TRACES_FOLD)}
            plain={metrics.plain()}
            columns={props.columns}
            width={props.width}
            height={props.height}
            legend={props.legend}
          />
        </Suspense>
      </Show>
      <div class="closing">
        <Show when={metrics.empty() > 0}>
          <p>
            {`${formatPlural(metrics.empty(), 'metric')} ${metrics.empty() === 1 ? 'has' : 'have'} no points in the shown runs. `}
            <button type="button" class="link-button" onClick={() => metrics.setShowEmpty(true)}>
              Show
            </button>
          </p>
        </Show>
        <Show when={metrics.showEmpty()}>
          <p>
            <button type="button" class="link-button" onClick={() => metrics.setShowEmpty(false)}>
              Hide metrics without points in the shown runs
            </button>
          </p>
        </Show>
        <Show when={metrics.others() > 0 || sideCounts().length > 0}>
          <p>
            <Besides />
          </p>
        </Show>
      </div>
    </>
  )
}

import { Show } from 'solid-js'
import { useApp } from '../../../state/app.ts'
import { ProgressLine } from '../../components/progress-line.tsx'

const SNIPPET = (project: string) => `import trackio
trackio.init(project=${JSON.stringify(project)})
trackio.alert(title="Loss spike", level=trackio.AlertLevel.WARN)`

export function Loading() {
  return (
    <div class="alerts-wait patient">
      <ProgressLine label="Alerts" share={undefined} words="reading alerts" />
    </div>
  )
}

export function Failed(props: { cause: string; onRetry(): void }) {
  return (
    <div class="blank" role="alert">
      <h2>Could not read the alerts</h2>
      <pre>{props.cause}</pre>
      <button type="button" class="button" onClick={() => props.onRetry()}>
        Retry
      </button>
    </div>
  )
}

/** Nobody warned of anything, or what is open cannot tell. */
export function NoAlerts() {
  const { sources } = useApp()
  const exported = () => /\.parquet$/i.test(sources.project()?.file ?? '')
  return (
    <div class="blank" role="status">
      <Show
        when={!exported()}
        fallback={
          <>
            <h2>No alerts in this export</h2>
            <p>trackio's static exports hold no alerts. If its runs logged some, they are in its .db file.</p>
          </>
        }
      >
        <h2>No alerts logged</h2>
        <p>They appear here when a run warns of something:</p>
        <pre>{SNIPPET(sources.project()?.name ?? '')}</pre>
      </Show>
    </div>
  )
}

export function NoMatch(props: { onClear(): void }) {
  return (
    <div class="blank" role="status">
      <h2>No alert matches</h2>
      <button type="button" class="link-button" onClick={() => props.onClear()}>
        Clear filter
      </button>
    </div>
  )
}

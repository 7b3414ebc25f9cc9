import { Match, Show, Switch } from 'solid-js'
import { useApp } from '../../../state/app.ts'
import { HiddenHave } from '../../common/hidden-have.tsx'
import { ProgressLine } from '../../components/progress-line.tsx'
import { NoneShown } from '../metrics/none-shown.tsx'
import type { SystemModel } from './model.ts'

const SNIPPET = (project: string) => `import trackio
trackio.init(project=${JSON.stringify(project)}, auto_log_gpu=True)
trackio.log_system({"gpu/0/utilization": 97.0})`

/** In place of charts: what is waited for, what failed, or why there are none. */
export function SystemBlank(props: { model: SystemModel }) {
  const { model } = props
  const { system, runs, data, sources } = useApp()
  const status = () => system()?.status() ?? { kind: 'loading' as const, text: '' }
  const failed = () => {
    const now = status()
    return now.kind === 'failed' ? `${now.notice.subject}: ${now.notice.text}` : undefined
  }
  const reading = () => {
    const now = status()
    return now.kind === 'loading' ? now.text : ''
  }
  const elsewhere = () => {
    const now = model.catalogue()
    return (now?.runs ?? []).flatMap(({ key }, r) => {
      if (runs.isShown(key)) return []
      return now?.metrics.some((_, m) => (now.counts[m * now.runs.length + r] ?? 0) > 0) ? key : []
    })
  }
  return (
    <Switch>
      <Match when={failed()}>
        {(cause) => (
          <div class="blank" role="alert">
            <h2>Could not read the system metrics</h2>
            <pre>{cause()}</pre>
            <button type="button" class="button" onClick={() => system()?.retry()}>
              Retry
            </button>
          </div>
        )}
      </Match>
      <Match when={status().kind === 'loading' && data.status().kind !== 'failed'}>
        <div class="system-wait patient">
          <ProgressLine
            label="System metrics"
            share={undefined}
            words={reading() || 'reading system metrics'}
          />
          <Show when={reading()}>
            <p class="system-reading">{reading()}</p>
          </Show>
        </div>
      </Match>
      <Match when={model.catalogue()?.metrics.length === 0}>
        <div class="blank" role="status">
          <h2>No system metrics logged</h2>
          <p>They appear here when a run's machine is sampled, or when a script logs some itself:</p>
          <pre>{SNIPPET(sources.project()?.name ?? '')}</pre>
        </div>
      </Match>
      <Match when={runs.noneDrawn() || model.shown().length === 0}>
        <div class="system-none">
          <NoneShown />
        </div>
      </Match>
      <Match when={model.catalogue() && model.places().length === 0}>
        <div class="blank" role="status">
          <Show
            when={(model.own().q ?? '') === '' && (model.own().off ?? '') === ''}
            fallback={
              <>
                <h2>No system metric matches</h2>
                <button type="button" class="link-button" onClick={() => model.set({ q: '', off: '' })}>
                  Clear search and devices
                </button>
              </>
            }
          >
            <h2>No shown run has system metrics</h2>
            <HiddenHave runs={elsewhere()} what="some" />
          </Show>
        </div>
      </Match>
    </Switch>
  )
}

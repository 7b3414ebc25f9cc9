import '../../styles/alerts.css'
import { createComputed, createEffect, createMemo, Match, onCleanup, Show, Switch } from 'solid-js'
import { formatWhen } from '../../../compute/alert-list.ts'
import { formatPlural } from '../../../compute/format.ts'
import { formatCount } from '../../../compute/number.ts'
import type { Notice } from '../../../model/source.ts'
import { useApp } from '../../../state/app.ts'
import { setPageWords } from '../../common/page-words.ts'
import { SourceNotices } from '../../common/source-notices.tsx'
import { NoProject, useNoProject } from '../no-project.tsx'
import type { PageProps } from '../page-entry.ts'
import { AlertsTable } from './alert-table.tsx'
import { AlertsToolbar } from './alert-toolbar.tsx'
import { createAlertList } from './list.ts'
import { Failed, Loading, NoAlerts, NoMatch } from './states.tsx'

/** What the runs of the project warned of, and the way from there to the charts. */
export function AlertsPage(props: PageProps) {
  const { alerts, sources, settled, data, preferences } = useApp()
  const list = createAlertList()
  const status = createMemo(() => alerts()?.status() ?? { kind: 'loading' as const })
  const noProject = useNoProject()

  createComputed(() => {
    const waits =
      status().kind === 'loading' && sources.project() !== undefined && data.status().kind !== 'failed'
    settled.setBusy('alerts', waits)
  })
  onCleanup(() => settled.setBusy('alerts', false))

  createEffect(() => {
    const [newest] = list.all()
    if (!newest) return setPageWords('')
    const failing = new Set(
      list.listed().flatMap(({ level, run, runName }) => (level === 'error' ? [run ?? runName] : [])),
    )
    const total = list.isFiltered()
      ? ` of ${formatPlural(list.all().length, 'alert')}`
      : ` ${list.all().length === 1 ? 'alert' : 'alerts'}`
    const parts = [
      `${formatCount(list.listed().length)}${total} in ${formatPlural(list.rows().length, 'row')}`,
      ...(failing.size > 0 ? [`${formatPlural(failing.size, 'run')} with errors`] : []),
      `newest ${formatWhen(newest.time, Date.now(), preferences.value().timeZone) || newest.timestamp}`,
    ]
    setPageWords(parts.join(', '))
  })
  onCleanup(() => setPageWords(''))

  return (
    <main class="page alerts" classList={{ phone: props.frame === 'phone' }}>
      <h1 class="unseen">{`Alerts of ${sources.project()?.name ?? 'a project'}`}</h1>
      <Show when={props.frame !== 'embed' && list.all().length > 0}>
        <AlertsToolbar list={list} />
      </Show>
      <SourceNotices />
      <Switch>
        <Match when={noProject()}>
          <NoProject />
        </Match>
        <Match when={list.rows().length > 0}>
          <AlertsTable list={list} states={Boolean(sources.source()?.info.live)} />
        </Match>
        <Match when={true}>
          <section class="sheet" id="charts" tabIndex={-1} aria-label="Alerts">
            <Switch fallback={<NoMatch onClear={list.clear} />}>
              <Match when={status().kind === 'loading'}>
                <Show when={data.status().kind !== 'failed'}>
                  <Loading />
                </Show>
              </Match>
              <Match when={failedOf(status())}>
                {(cause) => <Failed cause={cause()} onRetry={() => alerts()?.retry()} />}
              </Match>
              <Match when={list.all().length === 0}>
                <NoAlerts />
              </Match>
            </Switch>
          </section>
        </Match>
      </Switch>
      <span class="unseen" role="status">
        {list.isFiltered() ? `${formatPlural(list.listed().length, 'alert')} listed` : ''}
      </span>
    </main>
  )
}

function failedOf(status: { kind: string; notice?: Notice }): string | undefined {
  return status.kind === 'failed'
    ? `${status.notice?.subject ?? ''}: ${status.notice?.text ?? ''}`
    : undefined
}

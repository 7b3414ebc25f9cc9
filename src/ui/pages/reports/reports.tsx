import '../../styles/reports.css'
import {
  createComputed,
  createEffect,
  createMemo,
  createSignal,
  Match,
  on,
  onCleanup,
  Show,
  Switch,
} from 'solid-js'
import { formatBytes, formatPlural } from '../../../compute/format.ts'
import { formatCount } from '../../../compute/number.ts'
import { useApp } from '../../../state/app.ts'
import { Failed } from '../../common/page-states.tsx'
import { setPageWords } from '../../common/page-words.ts'
import { SourceNotices } from '../../common/source-notices.tsx'
import { StepBar } from '../../common/step-bar.tsx'
import { Icon } from '../../components/icon.tsx'
import { createWidth } from '../../components/width.ts'
import { NoProject, useNoProject } from '../no-project.tsx'
import type { PageProps } from '../page-entry.ts'
import { noteRead } from './file-hash.ts'
import { ReportList } from './list.tsx'
import { createReportsModel, type ReportsModel } from './model.ts'
import { ReportView, type ShownReport } from './report.tsx'
import { createSearch } from './search.ts'
import { NoneShown, ReportsBlank } from './states.tsx'
import { ReportsToolbar } from './toolbar.tsx'

/** Below this width a report takes the place of the list. */
const NARROW = 640

/** Texts that runs logged, with charts of what they logged beside them. */
export function ReportsPage(props: PageProps) {
  const { sources, settled, data } = useApp()
  const [width, takeMain] = createWidth(1000)
  const narrow = () => props.frame === 'phone' || width() < NARROW
  const model = createReportsModel(() => !narrow())
  const noProject = useNoProject()
  // the same element may hold another text
  const [text, setText] = createSignal<HTMLElement | undefined>(undefined, { equals: false })
  const search = createSearch(model, text)
  const shown = createMemo((): ShownReport | undefined => {
    const read = model.texts.read()
    const [report, against] = read?.reports ?? []
    const [payload, other] = read?.texts ?? []
    if (!report || !payload) return undefined
    return {
      ...{ report, text: payload.text ?? '', odd: payload.odd },
      against: against && other ? { report: against, text: other.text ?? '' } : undefined,
    }
  })

  createComputed(() => {
    const waits =
      sources.project() !== undefined &&
      data.status().kind !== 'failed' &&
      ((model.status().kind === 'loading' && data.status().kind === 'ready') ||
        model.texts.waits() ||
        model.heads.busy() ||
        model.searching())
    settled.setBusy('reports', waits)
  })
  onCleanup(() => settled.setBusy('reports', false))
  createEffect(() => setPageWords(wordsOf(model)))
  onCleanup(() => setPageWords(''))
  createEffect(
    on([sources.asked, data.version, data.ended], ([of]) => of !== undefined && noteRead(of, Date.now())),
  )

  const alone = () => (narrow() ? (model.isNamed() ? 'report' : 'list') : undefined)
  const showsReport = () => alone() !== 'list'
  const showsList = () => alone() !== 'report'
  return (
    <main
      class="page reports"
      classList={{ phone: props.frame === 'phone', narrow: narrow() }}
      ref={takeMain}
    >
      <h1 class="unseen">{`Reports of ${sources.project()?.name ?? 'a project'}`}</h1>
      <Show when={!noProject()} fallback={<NoProject />}>
        <Show
          when={model.all().length > 0}
          fallback={
            <>
              <SourceNotices />
              <ReportsBlank model={model} />
            </>
          }
        >
          <Show
            when={props.frame !== 'embed'}
            fallback={
              <Show when={alone() === 'report'}>
                <div class="report-back">
                  <button type="button" class="text-button" onClick={() => model.close()}>
                    <Icon name="left" /> All reports
                  </button>
                </div>
              </Show>
            }
          >
            <ReportsToolbar
              model={model}
              search={search}
              text={alone() === 'list' ? undefined : shown()?.text}
              alone={alone()}
            />
          </Show>
          <Show when={showsReport() && model.ticks().steps.length > 1 && props.frame !== 'phone'}>
            <Steps model={model} phone={false} />
          </Show>
          <SourceNotices />
          <Show when={model.searchFailed()}>
            {(notice) => <p class="report-failed" role="alert">{`Search: ${notice().text}`}</p>}
          </Show>
          <div class="report-panes">
            <Show when={showsList()}>
              <section class="report-index" aria-label="List of reports">
                <Show
                  when={model.lines().length > 0}
                  fallback={
                    <Show when={narrow() || model.chosen()}>
                      <NoneShown model={model} />
                    </Show>
                  }
                >
                  <ReportList model={model} alone={narrow()} />
                </Show>
                <Show when={model.heads.failed()}>
                  {(why) => (
                    <p class="report-failed" role="alert">
                      {`Titles could not be read: ${why()} `}
                      <button type="button" class="link-button" onClick={model.heads.retry}>
                        Retry
                      </button>
                    </p>
                  )}
                </Show>
                <Show when={model.partial()}>
                  <p class="report-partial">Of the rows read so far.</p>
                </Show>
              </section>
            </Show>
            <Show when={showsReport()}>
              <Switch fallback={<section class="report-pane" aria-label="Report" />}>
                <Match when={!model.chosen()}>
                  <section class="report-pane" aria-label="Report">
                    <NoneShown model={model} />
                  </section>
                </Match>
                <Match when={model.texts.failed()}>
                  {(notice) => (
                    <section class="report-pane" aria-label="Report">
                      <Failed
                        what="this report"
                        cause={`${notice().subject}: ${notice().text}`}
                        onRetry={model.texts.retry}
                      />
                    </section>
                  )}
                </Match>
                <Match when={shown()}>
                  {(now) => <ReportView model={model} shown={now()} phone={narrow()} onText={setText} />}
                </Match>
              </Switch>
            </Show>
          </div>
          <Show when={showsReport() && model.ticks().steps.length > 1 && props.frame === 'phone'}>
            <Steps model={model} phone />
          </Show>
        </Show>
      </Show>
    </main>
  )
}

function Steps(props: { model: ReportsModel; phone: boolean }) {
  const { settled } = useApp()
  const { model } = props
  const step = () => {
    const at = model.chosen()?.step
    return at === undefined || Number.isNaN(at) ? undefined : at
  }
  return (
    <StepBar
      ticks={model.ticks()}
      step={step()}
      onStep={model.setStep}
      phone={props.phone}
      drawn={() => settled.wait()}
    />
  )
}

/** What the status bar says. */
function wordsOf(model: ReportsModel): string {
  const all = model.all()
  if (all.length === 0) return ''
  const hidden = model.hiddenRuns().length
  const shown = model.shownCount()
  const runs = new Set(all.map(({ run }) => run)).size - hidden
  const found = model.hits()
  const parts = [
    `${formatPlural(shown, 'report')} in ${formatPlural(runs, 'run')}${hidden > 0 ? `, ${formatCount(all.length - shown)} in hidden runs` : ''}`,
    model.charts().size > 0 ? formatPlural(model.charts().size, 'live chart') : '',
    found && model.text() !== ''
      ? found.searched < found.of
        ? `search covers ${formatCount(found.searched)} of ${formatCount(found.of)}`
        : `searched ${formatBytes(found.letters)} in ${formatCount(Math.round(found.ms))} ms`
      : '',
  ]
  return parts.filter(Boolean).join(' · ')
}

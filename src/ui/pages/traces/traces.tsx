import { Failed } from '../../common/page-states.tsx'
import '../../styles/traces.css'
import {
  createComputed,
  createEffect,
  createMemo,
  createSignal,
  Match,
  onCleanup,
  onMount,
  Show,
  Switch,
} from 'solid-js'
import { formatBytes, formatPlural } from '../../../compute/format.ts'
import { formatCount } from '../../../compute/number.ts'
import { useApp } from '../../../state/app.ts'
import { isTyping } from '../../common/keys.ts'
import { pagePart } from '../../common/page-part.tsx'
import { setPageWords } from '../../common/page-words.ts'
import { SourceNotices } from '../../common/source-notices.tsx'
import { SearchField } from '../../components/search-field.tsx'
import { NoProject, useNoProject } from '../no-project.tsx'
import type { PageProps } from '../page-entry.ts'
import { Detail } from './detail.tsx'
import { Facets } from './facets.tsx'
import { TraceList } from './list.tsx'
import { createTracesModel } from './model.ts'
import { NoMatch, NoTraces, Reading } from './states.tsx'

const Charts = pagePart(async () => (await import('./charts.tsx')).Charts)

/** Conversations and calls of all runs: searched, read, followed over the steps. */
export function TracesPage(props: PageProps) {
  const { sources, settled, data, preferences } = useApp()
  const noProject = useNoProject()
  const status = () => model.listStatus()
  const [field, setField] = createSignal<HTMLInputElement>()
  const count = () => model.list()?.run.length ?? 0
  const narrow = () => props.frame === 'phone'
  const model = createTracesModel(() => !narrow())
  const failure = createMemo(() => {
    const now = status()
    return now.kind === 'failed' ? now.notice : undefined
  })

  createComputed(() => {
    const waits =
      sources.project() !== undefined &&
      data.status().kind !== 'failed' &&
      (status().kind === 'loading' ||
        model.list()?.first === true ||
        model.status().kind === 'loading' ||
        model.searching())
    settled.setBusy('traces', waits)
  })
  onCleanup(() => settled.setBusy('traces', false))

  createEffect(() => {
    const now = model.list()
    if (!now) return setPageWords('')
    const found = model.hits()
    const rest = now.first ? ' read so far' : ''
    const parts = [`${formatPlural(count(), 'trace')} in ${formatPlural(now.runs.length, 'run')}${rest}`]
    if (found && model.text() !== '')
      parts.push(
        found.searched < found.of
          ? `search covers ${formatCount(found.searched)} of ${formatCount(found.of)}`
          : `Searched ${formatBytes(found.bytes)} in ${formatCount(Math.round(found.ms))} ms`,
      )
    setPageWords(parts.join(', '))
  })
  onCleanup(() => setPageWords(''))

  onMount(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || document.querySelector('dialog[open]')) return
      // the browser's own search would miss what is not in the page
      if (
        (event.ctrlKey || event.metaKey) &&
        !event.shiftKey &&
        !event.altKey &&
        event.key.toLowerCase() === 'f'
      ) {
        event.preventDefault()
        field()?.focus()
        field()?.select()
        return
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      if (!preferences.value().singleKeys || model.text() === '') return
      if (event.key !== 'n' && event.key !== 'p') return
      event.preventDefault()
      event.stopPropagation()
      void model.go(event.key === 'n' ? 1 : -1)
    }
    window.addEventListener('keydown', onKey, true)
    onCleanup(() => window.removeEventListener('keydown', onKey, true))
  })

  const counted = () => {
    const now = model.facets()
    if (!now?.hits || model.text() === '') return ''
    const found = model.hits()
    const more = model.searching() && found && found.searched < found.of ? '+' : ''
    return `${formatCount(now.total)}${more} in ${formatCount(now.rows.length)} of ${formatCount(count())}`
  }
  const clear = () => model.set({ q: '', step: '', run: '', role: '' })
  const showsList = () => !narrow() || model.id() === undefined
  const showsDetail = () => !narrow() || model.id() !== undefined

  return (
    <main class="page traces" classList={{ phone: narrow() }}>
      <h1 class="unseen">{`Traces of ${sources.project()?.name ?? 'a project'}`}</h1>
      <SourceNotices />
      <Switch>
        <Match when={noProject()}>
          <NoProject />
        </Match>
        <Match when={failure()}>
          {(notice) => (
            <section class="sheet" id="charts" tabIndex={-1} aria-label="Traces">
              <Failed
                what="the traces"
                cause={`${notice().subject}: ${notice().text}`}
                onRetry={model.retry}
              />
            </section>
          )}
        </Match>
        <Match when={status().kind === 'loading' || (count() === 0 && model.list()?.first !== false)}>
          <section class="sheet" id="charts" tabIndex={-1} aria-label="Traces">
            <Show when={data.status().kind !== 'failed'}>
              <Reading count={count()} />
            </Show>
          </section>
        </Match>
        <Match when={count() === 0}>
          <section class="sheet" id="charts" tabIndex={-1} aria-label="Traces">
            <NoTraces />
          </section>
        </Match>
        <Match when={true}>
          <div class="trace-panes">
            <Show when={showsList()}>
              <section class="trace-side" aria-label="List of traces">
                <div class="trace-search toolbar own">
                  <SearchField
                    label="Search traces"
                    placeholder={narrow() ? 'Search traces' : 'Words of messages, calls, metadata, spans'}
                    hint={narrow() ? undefined : '/'}
                    ref={setField}
                    value={model.text()}
                    onInput={(q) => model.set({ q, role: q === '' ? '' : (model.own().role ?? '') })}
                  >
                    <span class="found">{counted()}</span>
                  </SearchField>
                  <button
                    type="button"
                    class="text-button"
                    aria-pressed={model.tab() === 'charts'}
                    title="Numbers of the traces by step, as charts"
                    onClick={() => model.setTab(model.tab() === 'charts' ? 'conversation' : 'charts')}
                  >
                    Charts
                  </button>
                </div>
                <Show when={model.searchFailed()}>
                  {(notice) => (
                    <p class="search-failed" role="alert">
                      {`Search failed: ${notice().text}. All traces are listed. `}
                      <button type="button" class="link-button" onClick={model.searchAgain}>
                        Search again
                      </button>
                    </p>
                  )}
                </Show>
                <Show when={model.list()?.first || notices(model).length > 0}>
                  <p class="covered" role="status">
                    {[
                      model.list()?.first === false
                        ? ''
                        : `reading traces: list and search cover ${formatCount(count())} so far`,
                      ...notices(model),
                    ]
                      .filter(Boolean)
                      .join('. ')}
                  </p>
                </Show>
                <Facets model={model} />
                <Show
                  when={model.rows().length > 0}
                  fallback={<NoMatch text={model.text()} onClear={clear} />}
                >
                  <TraceList model={model} />
                </Show>
              </section>
            </Show>
            <Show when={showsDetail()}>
              <Show
                when={model.tab() === 'charts'}
                fallback={<Detail model={model} onBack={narrow() ? model.close : undefined} />}
              >
                <Charts model={model} />
              </Show>
            </Show>
          </div>
        </Match>
      </Switch>
      <span class="unseen" role="status">
        {counted() === '' ? '' : `${formatCount(model.facets()?.total ?? 0)} hits`}
      </span>
    </main>
  )
}

function notices(model: ReturnType<typeof createTracesModel>): string[] {
  return model.list()?.notices.map(({ subject, text }) => `${subject}: ${text}`) ?? []
}

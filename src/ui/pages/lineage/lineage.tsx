import '../../styles/lineage.css'
import { createEffect, createMemo, createSignal, For, Match, on, onCleanup, Show, Switch } from 'solid-js'
import { formatPlural } from '../../../compute/format.ts'
import { formatCount } from '../../../compute/number.ts'
import { nameInText } from '../../../compute/visible-name.ts'
import { useApp } from '../../../state/app.ts'
import { createFindKey } from '../../common/find-key.ts'
import { isTyping } from '../../common/keys.ts'
import { createPageState, Failed, Reading } from '../../common/page-states.tsx'
import { setPageWords } from '../../common/page-words.ts'
import { SourceNotices } from '../../common/source-notices.tsx'
import { NoProject, useNoProject } from '../no-project.tsx'
import type { PageProps } from '../page-entry.ts'
import { type GraphControl, GraphView } from './graph-view.tsx'
import { ListView } from './list-view.tsx'
import { createLineageModel, type LineageModel } from './model.ts'
import { SidePanel } from './side.tsx'
import { NoLineage } from './states.tsx'
import { LineageToolbar } from './toolbar.tsx'

/** What versions were made from, and what was made of them: as a graph, and the same as a list. */
export function LineagePage(props: PageProps) {
  const { sources, data, preferences } = useApp()
  const model = createLineageModel()
  const noProject = useNoProject()
  const [graph, setGraph] = createSignal<GraphControl>()
  const [hit, setHit] = createSignal<number>()
  const empty = () => model.answer()?.lineage.nodes.length === 0
  const { failure, loading } = createPageState('lineage', model.status, model.waiting)

  const counts = createMemo(() => {
    const now = model.drawn()
    if (!now) return undefined
    const { first, sizes } = now.picture.folded
    let folded = 0
    let folds = 0
    for (const size of sizes)
      if (size > 1) {
        folded += size
        folds++
      }
    return { nodes: now.part.nodes.length, edges: now.part.from.length, drawn: first.length, folded, folds }
  })
  createEffect(() => {
    const [now, drawn] = [counts(), model.drawn()]
    if (!now || !drawn) return setPageWords('')
    const parts = [formatPlural(now.nodes, 'node'), formatPlural(now.edges, 'edge')]
    setPageWords(`${parts.join(', ')}, laid out in ${formatCount(Math.max(1, Math.round(drawn.ms)))} ms`)
  })
  onCleanup(() => setPageWords(''))

  createEffect(
    on(
      model.param.find,
      (find) => {
        setHit(undefined)
        if (find !== undefined && (model.found()?.length ?? 0) > 0) walk(1)
      },
      { defer: true },
    ),
  )

  /** From the last to the first hit, and back. */
  function walk(by: 1 | -1): void {
    const found = model.found() ?? []
    if (found.length === 0) return
    const now = hit()
    const next =
      now === undefined ? (by > 0 ? 0 : found.length - 1) : (now + by + found.length) % found.length
    setHit(next)
    const place = found[next]
    model.select(place)
    if (place !== undefined) graph()?.see(place)
  }

  const [, setField] = createFindKey((event, to) => {
    const key = event.key.toLowerCase()
    if (event.key === 'Enter' && event.target === to) walk(event.shiftKey ? -1 : 1)
    else {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return false
      if (!preferences.value().singleKeys || model.param.find() === undefined) return false
      if (key === 'n') walk(event.shiftKey ? -1 : 1)
      else if (key === 'p') walk(-1)
      else return false
    }
    return true
  })

  return (
    <main class="page lineage" classList={{ phone: props.frame === 'phone' }}>
      <h1 class="unseen">{`Lineage of ${sources.project()?.name ?? 'a project'}`}</h1>
      <Show when={!noProject()} fallback={<NoProject />}>
        <LineageToolbar
          model={model}
          graph={graph()}
          find={{
            get at() {
              return hit()
            },
            walk,
          }}
          embed={props.frame === 'embed'}
          onField={setField}
        />
        <SourceNotices />
        <Notes model={model} />
        <Switch>
          <Match when={failure()}>
            {(notice) => (
              <Sheet>
                <Failed
                  what="the artifacts"
                  cause={`${notice().subject}: ${notice().text}`}
                  onRetry={model.retry}
                />
              </Sheet>
            )}
          </Match>
          <Match when={loading()}>
            {(now) => (
              <Sheet>
                <Show when={data.status().kind !== 'failed'}>
                  <Reading label="Lineage" words={now().text || 'reading artifacts'} shown />
                </Show>
              </Sheet>
            )}
          </Match>
          <Match when={empty()}>
            <Sheet>
              <NoLineage />
            </Sheet>
          </Match>
          <Match when={model.failed()}>
            {(notice) => (
              <Sheet>
                <Failed verb="lay out" what="the graph" cause={notice().text} onRetry={model.again} />
              </Sheet>
            )}
          </Match>
          <Match when={model.answer()}>
            <div class="lineage-panes">
              <div class="lineage-main">
                <Show when={!model.isList()} fallback={<ListView model={model} />}>
                  <Show
                    when={model.drawn()}
                    fallback={<Reading label="Lineage" words="laying the graph out" shown />}
                  >
                    <GraphView
                      model={model}
                      control={setGraph}
                      // a frame in another page leaves it the wheel
                      wheel={props.frame !== 'embed'}
                    />
                  </Show>
                </Show>
                <Show when={counts()}>
                  {(now) => <Foot counts={now()} waiting={model.waiting()} list={model.isList()} />}
                </Show>
              </div>
              <SidePanel model={model} onSee={(place) => graph()?.see(place)} />
            </div>
          </Match>
        </Switch>
      </Show>
    </main>
  )
}

function Sheet(props: { children: import('solid-js').JSX.Element }) {
  return (
    <section class="sheet" id="charts" tabIndex={-1} aria-label="Lineage">
      {props.children}
    </section>
  )
}

/** What the address names and nobody has, what is not open, what could not be read. */
function Notes(props: { model: LineageModel }) {
  const notes = createMemo(() => {
    const { model } = props
    const answer = model.answer()
    if (!answer) return []
    const elsewhere = answer.elsewhere.map(nameInText).join(', ')
    return [
      ...model
        .unknown()
        .map((key) => `No version or run here is called ${nameInText(key.replace(/^run /, ''))}.`),
      ...(elsewhere === ''
        ? []
        : [
            `Links lead to ${elsewhere}, which this source does not hold: only what links say of it is drawn.`,
          ]),
      ...answer.notices.map(({ subject, text }) => `${nameInText(subject)}: ${text}`),
    ]
  })
  return (
    <Show when={notes().length > 0}>
      <div class="lineage-notes" role="status">
        <ul>
          <For each={notes()}>{(note) => <li>{note}</li>}</For>
        </ul>
      </div>
    </Show>
  )
}

function Foot(props: {
  counts: { nodes: number; edges: number; drawn: number; folded: number; folds: number }
  waiting: boolean
  list: boolean
}) {
  const words = () => {
    const { nodes, drawn, folded, folds } = props.counts
    const parts = [formatPlural(nodes, 'node')]
    if (folds > 0)
      parts.push(`${formatCount(drawn)} drawn`, `${formatCount(folded)} folded into ${formatCount(folds)}`)
    return parts.join(', ')
  }
  return (
    <div class="lineage-foot">
      <span>{words()}</span>
      <span>{formatPlural(props.counts.edges, 'edge')}</span>
      <Show when={props.waiting}>
        <span role="status">laying out</span>
      </Show>
      <span class="gap" />
      <Show when={!props.list}>
        <span class="keys" aria-hidden="true">
          <kbd>←</kbd>
          <kbd>→</kbd> walk <kbd>Enter</kbd> open <kbd>Space</kbd> unfold <kbd>0</kbd> fit
        </span>
      </Show>
    </div>
  )
}

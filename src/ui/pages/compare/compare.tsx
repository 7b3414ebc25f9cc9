import '../../styles/runs.css'
import '../../styles/compare.css'
import {
  createComputed,
  createEffect,
  createMemo,
  createSignal,
  Match,
  onCleanup,
  Show,
  Switch,
} from 'solid-js'
import { formatPlural } from '../../../compute/format.ts'
import { formatCount } from '../../../compute/number.ts'
import { sidesHeld } from '../../../compute/sides-held.ts'
import { nameInText, visibleName } from '../../../compute/visible-name.ts'
import { noticeOf } from '../../../model/errors.ts'
import { useApp } from '../../../state/app.ts'
import { createLate } from '../../../state/base/late.ts'
import { setPageWords } from '../../common/page-words.ts'
import { SourceNotices } from '../../common/source-notices.tsx'
import { NoProject, useNoProject } from '../no-project.tsx'
import type { PageProps } from '../page-entry.ts'
import { AddRuns } from './add-runs.tsx'
import { createAnalysis } from './analysis.ts'
import { createCells } from './cells.ts'
import { CompareTable } from './compare-table.tsx'
import { CompareToolbar } from './compare-toolbar.tsx'
import type { Parts } from './export.ts'
import { createLines } from './lines.ts'
import { createCompareModel } from './model.ts'
import type { SideFailure } from './side-lines.ts'
import { TurnedTable } from './turned-table.tsx'

/** Runs side by side: what differs in their config, what it does to a metric, and how far their metrics are apart. */
export function ComparePage(props: PageProps) {
  const { sources, data, settled, sideCounts } = useApp()
  const model = createCompareModel()
  const analysis = createAnalysis(model)
  const few = createMemo(() => model.columns().length < 2)
  const phone = () => props.frame === 'phone'
  const [unfetched, setUnfetched] = createSignal<SideFailure>()
  /** Of projects with numbers alone nothing is fetched, and nothing asked. */
  const holdsSides = createMemo(() => {
    const held = sidesHeld(data.catalogue()?.others ?? [], sideCounts())
    return !few() && Object.values(held).includes(true)
  })
  const [again, setAgain] = createSignal(true)
  const sides = createLate(
    () => holdsSides() && again(),
    async () => {
      const { createCompareSides } = await import('./sides.tsx')
      return () => createCompareSides(model, phone)
    },
    (error) => {
      setAgain(false)
      setUnfetched({
        ...{ kind: 'failure', id: 'x:code', section: 'media' },
        label: 'Could not load what shows them',
        why: noticeOf(error, 'media').text,
        retry() {
          setUnfetched(undefined)
          setAgain(true)
        },
      })
    },
  )
  const lines = createLines(model, analysis, () => sides() ?? unfetched())
  const cells = createCells(model, analysis)
  const parts: Parts = { model, analysis, lines, cells }
  const noProject = useNoProject()

  createComputed(() => {
    const waits = !analysis.ready() || (holdsSides() && !sides() && !unfetched())
    settled.setBusy('compare', model.all().length > 0 && !few() && data.ended() && waits)
  })
  onCleanup(() => settled.setBusy('compare', false))
  createEffect(() => setPageWords(few() ? '' : wordsOf(parts)))
  onCleanup(() => setPageWords(''))

  return (
    <main class="page compare" classList={{ phone: phone() }}>
      <h1 class="unseen">{`Runs of ${sources.project()?.name ?? 'a project'} compared`}</h1>
      <Show when={!noProject()}>
        <CompareToolbar parts={parts} few={few()} />
      </Show>
      <SourceNotices />
      <Show when={model.unknown().length > 0 && data.exact()}>
        <p class="compare-note" role="status">
          {`Not in this project: ${model.unknown().map(nameInText).join(', ')}`}
        </p>
      </Show>
      <Switch>
        <Match when={noProject()}>
          <NoProject />
        </Match>
        <Match when={few() && (model.all().length > 0 || data.exact())}>
          <section class="sheet" id="charts" tabIndex={-1} aria-label="Compare">
            <div class="blank">
              <h2>Add a run to compare</h2>
              <Show when={model.columns()[0]} fallback={<p>No run is chosen.</p>}>
                {(only) => <p>{`Only ${visibleName(only().label)} is chosen.`}</p>}
              </Show>
              <AddRuns model={model} />
            </div>
          </section>
        </Match>
        <Match when={!few()}>
          <Show when={model.choices.turned()} fallback={<CompareTable parts={parts} phone={phone()} />}>
            <TurnedTable parts={parts} phone={phone()} />
          </Show>
          <Show when={lines.all().length === 0}>
            <div class="blank compare-blank" role="status">
              <h2>No key or metric matches</h2>
              <button
                type="button"
                class="link-button"
                onClick={() => model.choices.set({ q: '', set: '', differ: '' })}
              >
                Show all
              </button>
            </div>
          </Show>
        </Match>
      </Switch>
      <span class="unseen" role="status">
        {model.choices.search() === '' || few() ? '' : `${formatPlural(lines.all().length, 'line')} listed`}
      </span>
    </main>
  )
}

/** What the status bar says: what differs, what pairs are, and what grey is. */
function wordsOf({ model, analysis, lines }: Parts): string {
  const { keys, differing } = lines.counts()
  const said = [
    `${formatPlural(model.columns().length, 'run')}, ${formatCount(differing)} of ${formatPlural(keys, 'key')} differ`,
  ]
  const effects = analysis.effects()
  if (effects) {
    const aside = effects.aside.map((path) => path.slice(path.lastIndexOf('.') + 1))
    const seeds = effects.seeds.length > 0 ? ', same seed or else mean over seeds' : ''
    const { diverged = 0, live = 0, without = 0 } = analysis.left() ?? {}
    const left = [
      diverged > 0 ? `${formatCount(diverged)} diverged` : '',
      live > 0 ? `${formatCount(live)} live` : '',
      without > 0 ? `${formatCount(without)} without a value` : '',
    ].filter((part) => part !== '')
    said.push(
      `Pairs: equal in every other key that varies${seeds}${aside.length > 0 ? `; ${namesOf(aside)} aside` : ''}${left.length > 0 ? `; ${left.join(', ')} left out` : ''}`,
    )
    const n = analysis.repeats().length
    if (n < 3) said.push(`Nothing grey: ${n === 1 ? 'one seed' : 'two seeds'} of the baseline’s config`)
    else said.push(`Grey: within the noise of ${formatCount(n)} seeds`)
  }
  return said.join(' · ')
}

function namesOf(names: readonly string[]): string {
  const last = names.at(-1) ?? ''
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${last}` : last
}

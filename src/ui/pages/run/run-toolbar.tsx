import { createMemo, createSignal, lazy, Show } from 'solid-js'
import { formatCount } from '../../../compute/number.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { useApp } from '../../../state/app.ts'
import type { AskedChange } from '../../common/change-runs.tsx'
import { copied, copyText } from '../../common/clipboard.ts'
import { PageLink } from '../../common/page-link.tsx'
import { Icon } from '../../components/icon.tsx'
import { MenuItems } from '../../components/menu-items.tsx'
import { Popover } from '../../components/popover.tsx'
import { Swatch } from '../../components/swatch.tsx'
import { CompareLink } from '../compare/compare-link.tsx'
import { RUNS } from '../ids.ts'
import type { RunModel } from './model.ts'

const ChangeRuns = lazy(async () => ({ default: (await import('../../common/change-runs.tsx')).ChangeRuns }))

/** Which run it is, the way to its neighbours, and what can be done with it. */
export function RunToolbar(props: { model: RunModel; phone: boolean }) {
  const { runs, changes, location } = useApp()
  const [asked, setAsked] = createSignal<AskedChange>()
  const { model } = props
  const key = () => model.key() ?? ''
  const styled = () => runs.styled(key())
  const shown = () => runs.isShown(key())
  const count = () => model.order.keys().length
  const place = () =>
    model.place() < 0
      ? `not among the ${formatCount(count())} listed`
      : `${formatCount(model.place() + 1)} of ${formatCount(count())}${model.order.words()}`
  const ask = (what: AskedChange) => () => {
    if (what === 'tag' || changes.ready()) setAsked(what)
  }
  async function remove(): Promise<void> {
    if (await changes.delete([key()])) location.patch({ page: RUNS })
  }
  const edits = () => [
    { text: 'Rename', dialog: true, onSelect: ask('rename') },
    { text: 'Tag', dialog: true, onSelect: ask('tag') },
    { text: 'Move to another project', dialog: true, onSelect: ask('move') },
    { text: 'Delete', onSelect: () => void remove() },
  ]
  const actions = () => [
    { text: 'Show in charts', note: 'only this run', onSelect: () => model.showInCharts() },
    {
      text: model.isBaseline() ? 'No baseline' : 'Set as baseline',
      onSelect: () => model.setBaseline(!model.isBaseline()),
    },
    { text: 'Copy name', onSelect: () => void copyText(model.run()?.name ?? '') },
    { text: 'Copy id', disabled: !model.run()?.id, onSelect: () => void copyText(model.run()?.id ?? '') },
  ]
  return (
    <div class="toolbar own run-toolbar" role="toolbar" aria-label="Run">
      <PageLink page={RUNS} class="run-crumb" label="All runs">
        <Show when={!props.phone} fallback={<Icon name="right" />}>
          Runs
        </Show>
      </PageLink>
      <Show when={!props.phone}>
        <Icon name="right" />
      </Show>
      <Show when={model.run()}>
        {(run) => (
          <span class="run-title">
            {/* biome-ignore lint/a11y/useSemanticElements: a native box cannot carry the run's colour */}
            <button
              type="button"
              role="checkbox"
              class="run-tick"
              aria-checked={shown()}
              aria-label={`Show ${run().name} in charts`}
              title="Show in charts"
              onClick={() => runs.toggle(key())}
            >
              <Swatch color={styled()?.style.color ?? ''} dash={styled()?.style.dash ?? []} on={shown()} />
            </button>
            <h1 title={visibleName(run().name)}>{visibleName(run().name)}</h1>
            <Show when={model.isBaseline()}>
              <span class="run-title-base">baseline</span>
            </Show>
          </span>
        )}
      </Show>
      <span class="run-walk">
        <button
          type="button"
          class="icon-button turned"
          aria-label="Previous run"
          title="Previous run ["
          aria-keyshortcuts="["
          disabled={model.place() <= 0}
          onClick={() => model.walk(-1)}
        >
          <Icon name="right" />
        </button>
        <button
          type="button"
          class="icon-button"
          aria-label="Next run"
          title="Next run ]"
          aria-keyshortcuts="]"
          disabled={model.place() < 0 || model.place() >= count() - 1}
          onClick={() => model.walk(1)}
        >
          <Icon name="right" />
        </button>
        <span class="run-place">{place()}</span>
      </span>
      <span class="gap" />
      <Show
        when={!props.phone}
        fallback={
          <Popover label="More about this run" class="icon-button" role="menu" button={<Icon name="more" />}>
            <MenuItems items={[...actions(), undefined, ...edits()]} />
          </Popover>
        }
      >
        <span class="run-said" role="status">
          {copied()}
        </span>
        <button type="button" class="text-button" onClick={() => model.showInCharts()}>
          Show in charts
        </button>
        <button
          type="button"
          class="text-button"
          aria-pressed={model.isBaseline()}
          onClick={() => model.setBaseline(!model.isBaseline())}
        >
          {model.isBaseline() ? 'Baseline' : 'Set as baseline'}
        </button>
        <button
          type="button"
          class="text-button"
          disabled={!model.run()?.id}
          onClick={() => void copyText(model.run()?.id ?? '')}
        >
          Copy id
        </button>
        <CompareRun model={model} />
        <Popover label="Change this run" class="icon-button" role="menu" button={<Icon name="more" />}>
          <MenuItems items={edits()} />
        </Popover>
      </Show>
      <Show when={asked()}>
        {(what) => <ChangeRuns what={what()} keys={[key()]} onClose={() => setAsked(undefined)} />}
      </Show>
    </div>
  )
}

/** Side by side with the rest of its group, else with the runs that charts show. */
function CompareRun(props: { model: RunModel }) {
  const { runs } = useApp()
  const keys = createMemo(() => {
    const own = props.model.key() ?? ''
    const group = props.model.group()?.runs.map(({ key }) => key)
    const others = (group ?? runs.shown().map(({ key }) => key)).filter((key) => key !== own)
    return [own, ...others]
  })
  return <CompareLink keys={keys()} />
}

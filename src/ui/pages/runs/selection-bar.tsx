import '../../styles/selection.css'
import { createMemo, createSignal, type JSX, lazy, Show } from 'solid-js'
import { formatPlural } from '../../../compute/format.ts'
import { formatCount } from '../../../compute/number.ts'
import type { RunKey } from '../../../model/run.ts'
import { useApp } from '../../../state/app.ts'
import type { AskedChange } from '../../common/change-runs.tsx'
import { MenuItems } from '../../components/menu-items.tsx'
import { Popover } from '../../components/popover.tsx'
import { CompareLink } from '../compare/compare-link.tsx'
import type { RunsModel } from './model.ts'
import { pickedFilter } from './selection.ts'

const ChangeRuns = lazy(async () => ({ default: (await import('../../common/change-runs.tsx')).ChangeRuns }))

export interface SelectionBarProps {
  model: RunsModel
  /** The runs that are meant. */
  keys: readonly RunKey[]
  /** How many they are, where telling their keys costs more. */
  count?: number
  /** Of how many. */
  of: number
  /** What they are: `selected`, `held`. */
  word: string
  /** How they came to be it: `by the lasso`. */
  how: string
  /** Words of what takes the choice back; undefined where there is nothing to take back. */
  clear: string | undefined
  onClear(): void
  /** The filter holds them already: there is nothing to keep, and `onLeave`, if any, leaves them out. */
  held?: true
  onLeave?: (() => void) | undefined
  /** More to say beside the count. */
  children?: JSX.Element
}

/** What can be done with some of the runs: `18 selected of 86, by the lasso`. */
export function SelectionBar(props: SelectionBarProps) {
  const { runs, location } = useApp()
  const count = () => props.count ?? props.keys.length
  const picked = () => new Set(props.keys)
  const listed = () => props.model.listed().flatMap((run) => props.model.all()[run] ?? [])
  const shared = createMemo(() =>
    props.held ? 0 : pickedFilter(props.model.filter(), listed(), picked(), true).shared,
  )

  function filter(keep: boolean): void {
    props.model.setFilter(pickedFilter(props.model.filter(), listed(), picked(), keep).filter)
    props.onClear()
  }

  function showInCharts(): void {
    const keys = [...props.keys]
    // soloing what is alone already would bring the others back
    const alone = runs.shownCount() === keys.length && keys.every((key) => runs.isShown(key))
    if (!alone) runs.solo(keys)
    location.patch({ page: location.pages.home })
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form
    <div class="selection-bar" role="group" aria-label={`Runs ${props.word}`}>
      <span role="status">
        <b>{`${formatCount(count())} ${props.word}`}</b>{' '}
        <span class="muted">{`of ${formatCount(props.of)}, ${props.how}`}</span>
      </span>
      {props.children}
      <Show when={shared() > 0}>
        <span class="muted">
          {`${formatPlural(shared(), 'other run')} of the same name ${shared() === 1 ? 'goes' : 'go'} with them`}
        </span>
      </Show>
      <span class="gap" />
      <Show when={count() > 0}>
        <Show when={!props.held}>
          <button type="button" class="text-button primary" onClick={() => filter(true)}>
            Keep only these
          </button>
        </Show>
        <Show when={!props.held || props.onLeave}>
          <button
            type="button"
            class="text-button"
            onClick={() => (props.onLeave ? props.onLeave() : filter(false))}
          >
            Leave these out
          </button>
        </Show>
        <button type="button" class="text-button" onClick={showInCharts}>
          Show in charts
        </button>
      </Show>
      <Show when={props.clear}>
        {(words) => (
          <button type="button" class="text-button" onClick={() => props.onClear()}>
            {words()}
          </button>
        )}
      </Show>
      <CompareLink keys={props.keys} />
      <Show when={count() > 0}>
        <ChangeMenu keys={props.keys} onDone={props.onClear} />
      </Show>
    </div>
  )
}

/** What is changed where the runs lie. */
function ChangeMenu(props: { keys: readonly RunKey[]; onDone(): void }) {
  const { changes } = useApp()
  const [asked, setAsked] = createSignal<{ what: AskedChange; keys: readonly RunKey[] }>()
  const ask = (what: AskedChange) => () => {
    if (what === 'tag' || changes.ready()) setAsked({ what, keys: [...props.keys] })
  }
  return (
    <>
      <Popover label="Change the runs" class="text-button" role="menu" button="Change">
        <MenuItems
          items={[
            { text: 'Tag', dialog: true, onSelect: ask('tag') },
            ...(props.keys.length === 1 ? [{ text: 'Rename', dialog: true, onSelect: ask('rename') }] : []),
            { text: 'Move to another project', dialog: true, onSelect: ask('move') },
            {
              text: 'Delete',
              note: 'Del',
              // undone, they are selected again
              onSelect: () => void changes.delete([...props.keys]),
            },
          ]}
        />
      </Popover>
      <Show when={asked()}>
        {(question) => (
          <ChangeRuns
            {...question()}
            onClose={(done) => {
              const { what } = question()
              setAsked(undefined)
              if (done && what === 'move') props.onDone()
            }}
          />
        )}
      </Show>
    </>
  )
}

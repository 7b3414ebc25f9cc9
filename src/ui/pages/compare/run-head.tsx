import { Show } from 'solid-js'
import { formatPlural } from '../../../compute/format.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { type App, useApp } from '../../../state/app.ts'
import { Icon } from '../../components/icon.tsx'
import { type MenuEntry, MenuItems } from '../../components/menu-items.tsx'
import { Popover } from '../../components/popover.tsx'
import { Swatch } from '../../components/swatch.tsx'
import type { CompareColumn, CompareModel } from './model.ts'

/** A run: whether charts show it, its whole name, and what can be done with it here. */
export function RunHead(props: { model: CompareModel; column: CompareColumn; isBase: boolean }) {
  const app = useApp()
  const { runs } = app
  const keys = () => props.column.places.flatMap((place) => props.model.all()[place]?.key ?? [])
  const styled = () => runs.styled(keys()[0] ?? '')
  const shown = () => keys().every((key) => runs.isShown(key))
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a native box cannot carry the colour */}
      <button
        type="button"
        class="runs-tick"
        role="checkbox"
        aria-checked={shown()}
        aria-label={`Show ${props.column.label} in charts`}
        onClick={() => runs.set(keys(), !shown())}
      >
        <Swatch color={styled()?.style.color ?? ''} dash={styled()?.style.dash ?? []} on={shown()} />
      </button>
      <span class="run-words">
        <b>{visibleName(props.column.label)}</b>
        <Show when={props.isBase || props.column.isGroup}>
          <span class="note">
            {[
              props.isBase ? 'baseline' : '',
              props.column.isGroup ? `mean of ${formatPlural(props.column.places.length, 'run')}` : '',
            ]
              .filter((word) => word !== '')
              .join(', ')}
          </span>
        </Show>
      </span>
      <Popover
        label={`More for ${props.column.label}`}
        class="icon-button run-more"
        role="menu"
        button={<Icon name="more" />}
      >
        <MenuItems items={entriesOf(app, props.model, props.column, props.isBase)} />
      </Popover>
    </>
  )
}

function entriesOf(
  { runs, location }: App,
  model: CompareModel,
  column: CompareColumn,
  isBase: boolean,
): MenuEntry[] {
  return [
    { text: 'Make it the baseline', note: 'b', disabled: isBase, onSelect: () => makeBase(model, column) },
    { text: 'Leave it out', note: 'Delete', onSelect: () => leaveOut(model, column) },
    {
      text: 'Show it alone in charts',
      note: 'o',
      onSelect: () => {
        runs.solo(column.places.flatMap((place) => model.all()[place]?.key ?? []))
        location.patch({ page: location.pages.home })
      },
    },
  ]
}

export function makeBase(model: CompareModel, column: CompareColumn): void {
  model.choices.setBase(model.baseText(column))
}

/** The baseline that goes leaves its place to the next one. */
export function leaveOut(model: CompareModel, column: CompareColumn): void {
  if (model.choices.base() === model.baseText(column)) model.choices.setBase('')
  if (!column.isGroup) model.setRuns(model.keys().filter((key) => key !== column.id))
  // its menu had the focus
  queueMicrotask(() => {
    if (document.activeElement !== document.body) return
    const next = document.querySelector<HTMLElement>('.compare-body [tabindex="0"], .compare .add-runs input')
    next?.focus({ preventScroll: true })
  })
}

import { createMemo, For, Show } from 'solid-js'
import { formatPlural } from '../../../compute/format.ts'
import { formatCount } from '../../../compute/number.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { useApp } from '../../../state/app.ts'
import { arrow, sortOf } from './head-cell.tsx'
import type { RunsModel } from './model.ts'

interface Layout {
  lefts: readonly number[]
  total: number
}

/** Over the names: what neighbours have in common. Pinned columns stand still and have none. */
export function SectionHeads(props: {
  model: RunsModel
  layout: Layout
  visible: readonly [number, number]
}) {
  /** One for each stretch of neighbours in one section. */
  const stretches = createMemo(() => {
    const found: { text: string; left: number; right: number }[] = []
    const { lefts, total } = props.layout
    const [from, to] = props.visible
    const all = props.model.columns()
    for (let i = Math.max(from, props.model.pinned()); i < to; i++) {
      const [text, left, right] = [all[i]?.section ?? '', lefts[i] ?? 0, lefts[i + 1] ?? total]
      const last = found.at(-1)
      if (last?.text === text) last.right = right
      else found.push({ text, left, right })
    }
    return found
  })
  return (
    <div class="runs-sections" aria-hidden="true">
      <For each={stretches()}>
        {(one) => (
          <span
            class="runs-section"
            classList={{ plain: one.text === '' }}
            style={{ left: `${one.left}px`, width: `${one.right - one.left}px` }}
          >
            {visibleName(one.text)}
            <Show when={one.text === 'Config' && props.model.sameInAll().length > 0}>
              {`, ${formatCount(props.model.sameInAll().length)} same in all`}
            </Show>
          </span>
        )}
      </For>
    </div>
  )
}

export function NameHead(props: { model: RunsModel; width: number }) {
  const { model } = props
  const { runs } = useApp()
  const shown = createMemo(
    () => model.listed().filter((run) => runs.isShown(model.all()[run]?.key ?? '')).length,
  )
  const state = () => (shown() === 0 ? 'false' : shown() === model.listed().length ? 'true' : 'mixed')
  const toggle = () =>
    runs.set(
      model.listed().flatMap((run) => model.all()[run]?.key ?? []),
      state() !== 'true',
    )
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table's cell would need a table
    // biome-ignore lint/a11y/useFocusableInteractive: its buttons have the keys
    <div
      role="columnheader"
      class="runs-name-head"
      style={{ width: `${props.width}px` }}
      aria-sort={sortOf(model, 'name')}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: a native box cannot carry the colour */}
      <button
        type="button"
        class="tick-all"
        role="checkbox"
        aria-checked={state()}
        aria-label="Show all listed runs in charts"
        onClick={toggle}
      >
        <i classList={{ on: state() === 'true', some: state() === 'mixed' }} />
      </button>
      <button type="button" class="head-name" onClick={(event) => model.sort('name', event.shiftKey)}>
        Run{arrow(model, 'name')}
      </button>
      <span class="head-note">
        {`${formatCount(model.listed().length)} of ${formatPlural(model.all().length, 'run')}`}
        <Show when={model.groups()}>
          {(groups) => (
            <>
              <br />
              {formatPlural(groups().length, 'group')}
            </>
          )}
        </Show>
      </span>
    </div>
  )
}

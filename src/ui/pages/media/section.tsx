import { type Accessor, createMemo, For, Show } from 'solid-js'
import { formatPlural } from '../../../compute/format.ts'
import { isMediaKind, MEDIA_WORDS } from '../../../compute/media-payload.ts'
import { formatCount } from '../../../compute/number.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { useApp } from '../../../state/app.ts'
import { Icon } from '../../components/icon.tsx'
import { Name } from '../../components/name.tsx'
import { Popover } from '../../components/popover.tsx'
import { Select } from '../../components/select.tsx'
import { LineSample } from '../../components/swatch.tsx'
import { MediaCard } from './card.tsx'
import type { MediaModel } from './model.ts'
import { COLUMN_HEAD, HEAD, type Line, type SectionView } from './section-view.ts'
import { columnOptions, rowOptions } from './sides.ts'
import { moveFocus } from './walk.ts'

/** Lines beyond the window that are in the page already. */
const OVERSCAN = 1

/** A key: its head, the heads of its columns, and those of its lines that are in sight. */
export function MediaSection(props: {
  model: MediaModel
  view: SectionView
  top: number
  window: { top: number; height: number }
}) {
  const { model, view } = props
  const folded = () => model.isFolded(view.key)
  const range = createMemo(
    () => {
      const above = props.window.top - props.top - view.headHeight()
      const height = view.lineHeight()
      const from = Math.max(0, Math.floor(above / height) - OVERSCAN)
      const end = Math.min(view.lines().length, Math.ceil((above + props.window.height) / height) + OVERSCAN)
      return [from, Math.max(from, end)] as const
    },
    undefined,
    { equals: (a, b) => a[0] === b[0] && a[1] === b[1] },
  )
  const shown = createMemo(() => {
    const [from, end] = range()
    return Array.from({ length: end - from }, (_, i) => from + i)
  })
  const note = createNote(model, view)
  return (
    <section
      class="media-section"
      aria-label={visibleName(view.key)}
      style={{ top: `${props.top}px`, height: `${view.height()}px` }}
    >
      <div class="media-head" style={{ height: `${HEAD}px` }}>
        <h2>
          <button type="button" aria-expanded={!folded()} onClick={() => model.fold(view.key)}>
            <Icon name={folded() ? 'right' : 'down'} />
            <b>
              <Name of={view.key} />
            </b>
            <em>{note()}</em>
          </button>
        </h2>
        <Show when={!folded()}>
          <Tools model={model} view={view} />
        </Show>
      </div>
      <Show when={!folded()}>
        {/* biome-ignore lint/a11y/useSemanticElements: of a table all rows would have to be in the page */}
        <div
          role="grid"
          aria-label={`${visibleName(view.key)}, ${formatPlural(view.section().items.length, 'item')}`}
          aria-rowcount={view.lines().length + (view.wrapped() ? 0 : 1)}
          class="media-grid"
          onKeyDown={moveFocus}
          style={{ '--cell': `${view.layout().cell}px`, '--row-head': `${view.layout().head}px` }}
        >
          <Show when={!view.wrapped()}>
            {/* biome-ignore lint/a11y/useSemanticElements: the same */}
            {/* biome-ignore lint/a11y/useFocusableInteractive: its cells have the keys */}
            <div role="row" aria-rowindex="1" class="media-columns" style={{ height: `${COLUMN_HEAD}px` }}>
              <Heads view={view} />
            </div>
          </Show>
          <For each={shown()}>
            {(index) => (
              <Show when={view.lines()[index]}>
                {(line) => <LineOf model={model} view={view} line={line()} index={index} />}
              </Show>
            )}
          </For>
        </div>
      </Show>
    </section>
  )
}

function Heads(props: { view: SectionView }) {
  const { view } = props
  const sides = () => {
    const { rowsBy, columnsBy } = view.placed().places
    return [rowsBy, columnsBy].map((by) => (by.startsWith('config:') ? by.slice(7) : by === 'none' ? '' : by))
  }
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: it only names */}
      <span role="columnheader" class="corner">
        {sides().filter(Boolean).join(' \\ ') || 'values'}
      </span>
      <For each={view.heads()}>
        {(head) => (
          // biome-ignore lint/a11y/useSemanticElements: as above
          // biome-ignore lint/a11y/useFocusableInteractive: it only names
          <span
            role="columnheader"
            class="media-column"
            classList={{ asked: head.step !== undefined && head.step === view.step() }}
            title={visibleName(head.text)}
          >
            {visibleName(head.text) || 'all'}
          </span>
        )}
      </For>
    </>
  )
}

function LineOf(props: { model: MediaModel; view: SectionView; line: Line; index: number }) {
  const { runs } = useApp()
  const { view } = props
  const run = () => (props.line.row.run === undefined ? undefined : runs.styled(props.line.row.run))
  const group = () => runs.byKey().get(props.line.row.run ?? '')?.group ?? ''
  return (
    // biome-ignore lint/a11y/useSemanticElements: as above
    // biome-ignore lint/a11y/useFocusableInteractive: its cells have the keys
    <div
      role="row"
      aria-rowindex={props.index + (view.wrapped() ? 1 : 2)}
      class="media-line"
      classList={{ first: props.line.named }}
      data-line={props.index}
      style={{
        top: `${view.headHeight() + props.index * view.lineHeight()}px`,
        height: `${view.lineHeight()}px`,
      }}
    >
      <Show when={view.layout().head > 0}>
        {/* biome-ignore lint/a11y/useSemanticElements: as above */}
        {/* biome-ignore lint/a11y/useFocusableInteractive: it only names */}
        <div role="rowheader" class="media-row-head" style={{ width: `${view.layout().head}px` }}>
          <Show when={props.line.named}>
            <span class="name" title={visibleName(props.line.row.text)}>
              <Show when={run()}>
                {(one) => <LineSample color={one().style.color} dash={one().style.dash} />}
              </Show>
              <Name of={props.line.row.text} />
            </span>
            <Show when={group()}>
              <small>{visibleName(group())}</small>
            </Show>
          </Show>
        </div>
      </Show>
      <For each={props.line.slots}>
        {(slot, column) => (
          <MediaCard
            model={props.model}
            view={view}
            row={props.line.row}
            column={slot.column}
            cell={slot.cell()}
            place={`${props.index}:${column()}`}
          />
        )}
      </For>
    </div>
  )
}

/** What its rows, columns and step are, in place of the page's; and which of its columns are shown. */
function Tools(props: { model: MediaModel; view: SectionView }) {
  const { runs } = useApp()
  const { model, view } = props
  const all = () => view.grid().columns.length
  const room = () => view.layout().room
  const steps = () => view.placed().places.columnsBy === 'step'
  const shown = () => {
    const at = view.columns()
    if (steps() && !view.near()) return `${formatCount(at.length)} of ${formatCount(all())} steps`
    return `${formatCount((at[0] ?? 0) + 1)} to ${formatCount((at[at.length - 1] ?? 0) + 1)} of ${formatCount(all())}`
  }
  const ownStep = () => model.choices()[view.key]?.step
  const logged = createMemo(() => [
    { value: '', text: 'as the page' },
    ...[...new Set(view.section().items.map(({ step }) => step))]
      .filter(Number.isFinite)
      .sort((a, b) => a - b)
      .map((step) => ({ value: String(step), text: formatCount(step) })),
  ])
  return (
    <span class="media-tools">
      <Show when={ownStep() !== undefined}>
        <span class="warned">{`own step ${formatCount(ownStep() ?? 0)}`}</span>
      </Show>
      <Show when={!view.wrapped() && all() > room()}>
        <Show
          when={steps()}
          fallback={
            <>
              <button
                type="button"
                class="icon-button"
                aria-label="Columns before"
                disabled={view.columns()[0] === 0}
                onClick={() => view.setFrom(view.from() - room())}
              >
                <Icon name="left" />
              </button>
              <span class="note">{shown()}</span>
              <button
                type="button"
                class="icon-button"
                aria-label="Columns after"
                disabled={(view.columns()[view.columns().length - 1] ?? 0) >= all() - 1}
                onClick={() => view.setFrom(view.from() + room())}
              >
                <Icon name="right" />
              </button>
            </>
          }
        >
          <button
            type="button"
            class="text-button"
            aria-pressed={view.near()}
            title="Steps spread over all of them, or those around the step of the page"
            onClick={() => model.set({ window: view.near() ? '' : 'near' })}
          >
            {view.near() ? `Around the step, ${shown()}` : `Spread, ${shown()}`}
          </button>
        </Show>
      </Show>
      <Popover
        label={`Rows, columns and step of ${visibleName(view.key)}`}
        class="icon-button"
        title="This key alone"
        button={<Icon name="sliders" />}
      >
        <div class="form">
          <span class="control wide">
            Rows
            <Select
              label="Rows of this key"
              value={model.rowsOf(view.key)}
              options={rowOptions(runs.configKeys())}
              onChange={(value) => model.choose(view.key, { rows: value as never })}
            />
          </span>
          <span class="control wide">
            Columns
            <Select
              label="Columns of this key"
              value={model.columnsOf(view.key)}
              options={columnOptions(runs.configKeys())}
              onChange={(value) => model.choose(view.key, { cols: value as never })}
            />
          </span>
          <span class="control wide">
            Step
            <Select
              label="Step of this key"
              value={ownStep() === undefined ? '' : String(ownStep())}
              options={logged()}
              onChange={(value) =>
                model.choose(view.key, { step: value === '' ? (undefined as never) : Number(value) })
              }
            />
          </span>
        </div>
      </Popover>
    </span>
  )
}

/** Of so many values of a key their files are not counted: each that is looked at would count them all anew. */
const MOST_LOOKED = 2000

/** What it holds, as far as its files were looked at. */
function createNote(model: MediaModel, view: SectionView): Accessor<string> {
  const { thumbnails, media } = model
  // files are looked at while somebody scrolls, dozens in a frame: what does not depend on them is counted once
  const logged = createMemo(() => {
    const { items } = view.section()
    const counts = new Map<string, number>()
    for (const { kind } of items) counts.set(kind, (counts.get(kind) ?? 0) + 1)
    const runs = new Set(items.map(({ run }) => run)).size
    const kinds = [...counts].map(([kind, n]) => {
      const [one, many] = isMediaKind(kind) ? MEDIA_WORDS[kind] : ['value', 'values']
      return formatPlural(n, one, many)
    })
    return [formatPlural(runs, 'run'), ...kinds]
  })
  return createMemo(() => {
    const parts = [...logged()]
    const { items } = view.section()
    if (items.length > MOST_LOOKED) return parts.join(', ')
    thumbnails.looked()
    const files = items.map((item) => {
      const path = media.known(item)?.path
      return path === undefined ? undefined : thumbnails.known(path)
    })
    const sizes = new Set(
      files.flatMap((file) => (file?.size ? [`${file.size.width} × ${file.size.height}`] : [])),
    )
    const missing = files.filter((file) => file?.missing).length
    const digests = files.map((file) => file?.digest)
    if (sizes.size === 1) parts.push(...sizes)
    const distinct = new Set(digests).size
    if (digests.every((digest) => digest !== undefined) && distinct < digests.length)
      parts.push(`${formatCount(distinct)} distinct`)
    if (missing > 0) parts.push(`${formatCount(missing)} missing`)
    return parts.join(', ')
  })
}

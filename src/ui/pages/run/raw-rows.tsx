import { createEffect, createMemo, createSignal, createUniqueId, For, on, onCleanup, Show } from 'solid-js'
import { formatPlural } from '../../../compute/format.ts'
import { formatCount } from '../../../compute/number.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import type { RunRow } from '../../../model/run-rows.ts'
import { useApp } from '../../../state/app.ts'
import { LongRows, type LongRowsControl } from '../../components/long-rows.tsx'
import { Popover } from '../../components/popover.tsx'
import { copyRows } from './copy-rows.ts'
import type { RunModel } from './model.ts'
import { cellOf, timeOf, widthOfKey } from './raw-cells.ts'
import { RawColumns } from './raw-columns.tsx'
import { RunSection } from './section.tsx'

const ROW = 24
const TOUCH_ROW = 32
/** Heads that stick over the rows. */
const HEADS = 60
/** Row, step, time. */
const LEADING = [60, 76, 132] as const

/** Every row of the run exactly as it was logged, any number of them. */
export function RawRows(props: { model: RunModel; touch: boolean; scroller: HTMLElement | undefined }) {
  const { sources } = useApp()
  const { model } = props
  const { rows } = model
  const id = createUniqueId()
  const [control, setControl] = createSignal<LongRowsControl>()
  /** The row with the keys, and the other end of what is selected. */
  const [current, setCurrent] = createSignal<number>()
  const [other, setOther] = createSignal<number>()
  const [inSight, setInSight] = createSignal({ from: 0, end: 0 })
  const [step, setStep] = createSignal('')
  const [said, setSaid] = createSignal('')
  const [sideways, setSideways] = createSignal({ left: 0, width: 0 })
  const total = () => rows.total() ?? model.run()?.rows ?? 0
  const height = () => (props.touch ? TOUCH_ROW : ROW)
  const selected = createMemo(() => {
    const [a, b] = [current(), other()]
    return a === undefined || b === undefined || a === b
      ? undefined
      : { from: Math.min(a, b), end: Math.max(a, b) + 1 }
  })

  /** Left edge and width of each key's column, px. */
  const layout = createMemo(() => {
    let left = LEADING.reduce((sum, width) => sum + width, 0)
    const columns = model.columns().map((key) => {
      const column = { key, left, width: widthOfKey(key) }
      left += column.width
      return column
    })
    return { columns, total: left }
  })
  const places = createMemo(() => new Map(model.columns().map((key, i) => [key, i])))
  const columnsInSight = createMemo(() => {
    const { left, width } = sideways()
    return layout().columns.filter(
      (one) => one.left + one.width > left - 200 && one.left < left + width + 200,
    )
  })

  createEffect(() => {
    const { scroller } = props
    if (!scroller) return
    const look = (): void => void setSideways({ left: scroller.scrollLeft, width: scroller.clientWidth })
    look()
    const sized = new ResizeObserver(look)
    sized.observe(scroller)
    scroller.addEventListener('scroll', look, { passive: true })
    onCleanup(() => {
      sized.disconnect()
      scroller.removeEventListener('scroll', look)
    })
  })

  /** The step that the link names, or that was typed. */
  const wanted = createMemo(() => model.own().step || undefined)
  createEffect(
    on([wanted, model.key, control], ([now, key, ready]) => {
      setStep(now === undefined ? '' : now)
      if (now !== undefined && key !== undefined && ready) void goToStep(Number(now))
    }),
  )
  createEffect(
    on(
      model.key,
      () => {
        setCurrent(undefined)
        setOther(undefined)
      },
      { defer: true },
    ),
  )

  async function goToStep(at: number): Promise<void> {
    const row = await rows.find(at)
    if (row === undefined) return
    setCurrent(row)
    setOther(undefined)
    control()?.scrollTo(row, 'top')
    const found = rows.row(row)?.step
    setSaid(
      total() === 0
        ? 'no rows'
        : found === at
          ? ''
          : `no row of step ${formatCount(at)}: ${found == null ? 'a row without a step' : `step ${formatCount(found)}`} is shown`,
    )
  }

  function goTo(row: number, extend: boolean): void {
    const to = Math.max(0, Math.min(total() - 1, row))
    if (extend && other() === undefined) setOther(current() ?? to)
    if (!extend) setOther(undefined)
    setCurrent(to)
    control()?.scrollTo(to, 'nearest')
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.altKey) return
    const at = current() ?? inSight().from
    const page = Math.max(1, inSight().end - inSight().from - 2)
    const modified = event.ctrlKey || event.metaKey
    if (modified && event.key === 'c') void copy()
    else if (modified && event.key === 'a') {
      setOther(0)
      setCurrent(total() - 1)
    } else if (modified) return
    else if (event.key === 'ArrowDown') goTo(at + 1, event.shiftKey)
    else if (event.key === 'ArrowUp') goTo(at - 1, event.shiftKey)
    else if (event.key === 'PageDown') goTo(at + page, event.shiftKey)
    else if (event.key === 'PageUp') goTo(at - page, event.shiftKey)
    else if (event.key === 'Home') goTo(0, event.shiftKey)
    else if (event.key === 'End') goTo(total() - 1, event.shiftKey)
    else if (event.key === 'Escape' && selected()) setOther(undefined)
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  /** What is selected, else what is in sight. */
  async function copy(): Promise<void> {
    const { from, end } = selected() ?? inSight()
    setSaid(await copyRows(model, from, end, sources.project()?.name ?? ''))
  }

  const copyLabel = () => {
    const range = selected()
    return range ? `Copy ${formatPlural(range.end - range.from, 'row')} as JSON` : 'Copy as JSON'
  }
  return (
    <RunSection
      place="rows"
      title="Raw rows"
      note={`${formatCount(total())}, ${rows.keepsText() ? 'exact as logged' : 'numbers in their shortest form: this source keeps doubles'}`}
      tools={
        <>
          <span class="run-said" role="status">
            {said()}
          </span>
          <form
            class="control"
            onSubmit={(event) => {
              event.preventDefault()
              const text = step().replaceAll(',', '').trim()
              if (text === '' || !Number.isFinite(Number(text))) return
              if (model.own().step === text) void goToStep(Number(text))
              else model.set({ step: text, at: 'rows' })
            }}
          >
            <label>
              <span class="word">Jump to step</span>
              <span class="field">
                <input
                  type="text"
                  inputmode="decimal"
                  aria-label="Jump to step"
                  autocomplete="off"
                  value={step()}
                  onInput={(event) => setStep(event.currentTarget.value)}
                />
              </span>
            </label>
          </form>
          <Popover
            label={`Columns ${formatCount(model.columns().length)} of ${formatCount(model.keys().length)}`}
            class="text-button"
            button={
              <>
                Columns{' '}
                <span class="found">{`${formatCount(model.columns().length)} of ${formatCount(model.keys().length)}`}</span>
              </>
            }
          >
            <RawColumns model={model} />
          </Popover>
          <button
            type="button"
            class="text-button"
            title={selected() ? 'The selected rows' : 'The rows in sight; Shift and arrows select others'}
            disabled={total() === 0}
            onClick={() => void copy()}
          >
            {copyLabel()}
          </button>
        </>
      }
    >
      <Show
        when={total() > 0}
        fallback={
          <p class="run-none" role="status">
            {rows.ready() ? 'No rows logged' : ''}
          </p>
        }
      >
        {/* biome-ignore lint/a11y/useSemanticElements: of a table all rows would have to be in the page */}
        <div
          role="grid"
          aria-label="Raw rows"
          aria-rowcount={total() + 1}
          aria-colcount={model.columns().length + LEADING.length}
          aria-multiselectable="true"
          aria-activedescendant={current() === undefined ? undefined : `${id}-${current()}`}
          tabIndex={0}
          class="raw-grid"
          style={{ width: `${layout().total}px`, '--row': `${height()}px` }}
          onKeyDown={onKeyDown}
        >
          {/* biome-ignore lint/a11y/useSemanticElements: the same */}
          <div role="rowgroup" class="raw-heads">
            {/* biome-ignore lint/a11y/useSemanticElements: the same */}
            {/* biome-ignore lint/a11y/useFocusableInteractive: nothing to press */}
            <div role="row" aria-rowindex="1" class="raw-line">
              <For each={['Row', 'Step', 'Time']}>
                {(text, i) => (
                  // biome-ignore lint/a11y/useSemanticElements: the same
                  // biome-ignore lint/a11y/useFocusableInteractive: nothing to press
                  <div
                    role="columnheader"
                    aria-colindex={i() + 1}
                    class={i() < 2 ? 'lead number' : 'lead time'}
                    style={{ width: `${LEADING[i()]}px`, left: `${leadingLeft(i())}px` }}
                  >
                    {text}
                  </div>
                )}
              </For>
              <For each={columnsInSight()}>
                {(column) => (
                  // biome-ignore lint/a11y/useSemanticElements: the same
                  // biome-ignore lint/a11y/useFocusableInteractive: nothing to press
                  <div
                    role="columnheader"
                    aria-colindex={(places().get(column.key) ?? 0) + LEADING.length + 1}
                    class="number"
                    title={visibleName(column.key)}
                    style={{ width: `${column.width}px`, left: `${column.left}px` }}
                  >
                    {visibleName(column.key)}
                  </div>
                )}
              </For>
            </div>
          </div>
          <LongRows
            count={total()}
            rowHeight={height()}
            scroller={props.scroller}
            inset={HEADS}
            onRange={(from, end) => {
              setInSight({ from, end })
              rows.look(from, end)
            }}
            control={setControl}
          >
            {(index) => {
              const row = createMemo(() => rows.row(index()))
              const isSelected = createMemo(() => {
                const range = selected()
                return (
                  index() === current() ||
                  (range !== undefined && index() >= range.from && index() < range.end)
                )
              })
              return (
                // biome-ignore lint/a11y/useSemanticElements: a row of such a grid
                // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
                // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys
                <div
                  role="row"
                  id={`${id}-${index()}`}
                  aria-rowindex={index() + 2}
                  aria-selected={isSelected()}
                  class="raw-line"
                  classList={{ lost: row()?.lost }}
                  data-row={index() + 1}
                  title={
                    row()?.lost
                      ? 'This row is not found in its file any more: its numbers as they were read'
                      : undefined
                  }
                  onClick={(event) => goTo(index(), event.shiftKey)}
                >
                  <Lead i={0} class="number quiet">
                    {formatCount(index() + 1)}
                  </Lead>
                  <Lead i={1} class="number">
                    {stepText(row())}
                  </Lead>
                  <Lead i={2} class="time" title={row()?.timestamp}>
                    {timeOf(row()?.timestamp ?? '')}
                  </Lead>
                  <Show
                    when={row()?.unreadable === undefined}
                    fallback={
                      <span class="raw-broken">{`payload is no JSON object: ${row()?.unreadable}`}</span>
                    }
                  >
                    <For each={columnsInSight()}>
                      {(column) => {
                        const text = createMemo(() => row()?.cells[places().get(column.key) ?? -1])
                        const cell = createMemo(() => cellOf(text()))
                        return (
                          // biome-ignore lint/a11y/useSemanticElements: a cell of such a grid
                          // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
                          <div
                            role="gridcell"
                            aria-colindex={(places().get(column.key) ?? 0) + LEADING.length + 1}
                            class={cell().kind}
                            data-value={text()}
                            title={cell().kind === 'other' ? text() : undefined}
                            style={{ width: `${column.width}px`, left: `${column.left}px` }}
                          >
                            {cell().text}
                          </div>
                        )
                      }}
                    </For>
                  </Show>
                </div>
              )
            }}
          </LongRows>
        </div>
      </Show>
      <Show when={rows.failed()}>
        {(notice) => (
          <div class="run-none" role="alert">
            {`Could not read these rows: ${notice().text}`}{' '}
            <button type="button" class="link-button" onClick={() => rows.retry()}>
              Retry
            </button>
          </div>
        )}
      </Show>
    </RunSection>
  )
}

function Lead(props: { i: number; class: string; title?: string | undefined; children: unknown }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a cell of such a grid
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
    <div
      role="gridcell"
      aria-colindex={props.i + 1}
      class={`lead ${props.class}`}
      title={props.title}
      style={{ width: `${LEADING[props.i]}px`, left: `${leadingLeft(props.i)}px` }}
    >
      {props.children as Element}
    </div>
  )
}

function leadingLeft(i: number): number {
  return LEADING.slice(0, i).reduce((sum, width) => sum + width, 0)
}

function stepText(row: RunRow | undefined): string {
  return !row ? '' : row.step === null ? '–' : formatCount(row.step)
}

import { createEffect, createMemo, createSignal, createUniqueId, For, on, onCleanup, Show } from 'solid-js'
import { formatPlural } from '../../../compute/format.ts'
import { formatCount } from '../../../compute/number.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { useApp } from '../../../state/app.ts'
import { LongRows, type LongRowsControl } from '../../components/long-rows.tsx'
import { Popover } from '../../components/popover.tsx'
import { copyRows } from './copy-rows.ts'
import type { RunModel } from './model.ts'
import { LEADING, leadingLeft, widthOfKey } from './raw-cells.ts'
import { RawColumns } from './raw-columns.tsx'
import { RawLine } from './raw-line.tsx'
import { RunSection } from './section.tsx'

const ROW = 24
const TOUCH_ROW = 32
/** Heads that stick over the rows. */
const HEADS = 60

/** Every row of the run exactly as it was logged, any number of them. */
export function RawRows(props: { model: RunModel; touch: boolean; scroller: HTMLElement | undefined }) {
  const { sources, data, settled, resumeReading } = useApp()
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
  // before the first answer, as many as the catalogue has: of a preview those are samples
  const total = () => rows.total() ?? (data.exact() ? (model.run()?.rows ?? 0) : 0)
  const height = () => (props.touch ? TOUCH_ROW : ROW)
  const selected = createMemo(() => {
    const [a, b] = [current(), other()]
    return a === undefined || b === undefined || a === b
      ? undefined
      : { from: Math.min(a, b), end: Math.max(a, b) + 1 }
  })

  function isSelected(row: number): boolean {
    const range = selected()
    return row === current() || (range !== undefined && row >= range.from && row < range.end)
  }

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
  const rowPlaces = createMemo(() => new Map(model.rowKeys().map((key, i) => [key, i])))
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

  createEffect(() => model.setNear(columnsInSight().map(({ key }) => key)))

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
    settled.setBusy('run-step', true)
    const row = await rows.find(at)
    settled.setBusy('run-step', false)
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

  const noteOf = () => {
    const words = rows.keepsText()
      ? 'exact as logged'
      : 'numbers in their shortest form: this source keeps doubles'
    return `${formatCount(total())}${data.exact() ? '' : ' read so far'}, ${words}`
  }
  const noRows = () => {
    if (!rows.ready()) return ''
    if (data.exact()) return 'No rows logged'
    const { state } = data.reading() ?? {}
    return state === 'reading' ? 'reading rows' : 'Only samples were read: rows are there once all of it is.'
  }
  const copyLabel = () => {
    const range = selected()
    return range ? `Copy ${formatPlural(range.end - range.from, 'row')} as JSON` : 'Copy as JSON'
  }
  return (
    <RunSection
      place="rows"
      title="Raw rows"
      note={noteOf()}
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
          <div class="run-none" role="status">
            {noRows()}
            <Show when={data.reading()?.state === 'held' || data.reading()?.state === 'cancelled'}>
              {' '}
              <button type="button" class="link-button" onClick={() => resumeReading()}>
                Read all of it
              </button>
            </Show>
          </div>
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
            {(index) => (
              <RawLine
                id={`${id}-${index()}`}
                index={index()}
                row={rows.row(index())}
                selected={isSelected(index())}
                columns={columnsInSight()}
                places={places()}
                rowPlaces={rowPlaces()}
                onPress={(extend) => goTo(index(), extend)}
              />
            )}
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

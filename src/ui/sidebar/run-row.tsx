import { createMemo, createSignal, lazy, Show } from 'solid-js'
import { splitMiddle } from '../../compute/format.ts'
import { formatValue } from '../../compute/number.ts'
import { visibleName } from '../../compute/visible-name.ts'
import type { Run } from '../../model/run.ts'
import { useApp } from '../../state/app.ts'
import { copyText } from '../common/clipboard.ts'
import { focusOneOf, rowsBeside } from '../components/focus.ts'
import { Icon } from '../components/icon.tsx'
import { MenuItems, Popover } from '../components/popover.tsx'
import { Swatch } from '../components/swatch.tsx'
import type { Painter } from './painter.ts'
import { SlotPicker } from './slot-picker-later.ts'

// needed on a trackio server alone, and seldom there
const ChangeRun = lazy(async () => ({ default: (await import('./change-run.tsx')).ChangeRun }))
const WhyFixed = lazy(async () => ({ default: (await import('./why-fixed.tsx')).WhyFixed }))

export interface RunRowProps {
  runKey: string
  painter: Painter
  /** The one row that Tab reaches. */
  current: boolean
  onFocus(): void
}

/** One run of the list. The whole row is its checkbox, drawn as the swatch. */
export function RunRow(props: RunRowProps) {
  const { runs, view, location } = useApp()
  const run = createMemo(() => runs.byKey().get(props.runKey))
  const base = location.field('base')
  const isBase = createMemo(() => isBaseRun(base(), run()))
  const shown = createMemo(() => runs.isShown(props.runKey))
  const styled = createMemo(() => runs.styled(props.runKey))
  const name = () => run()?.name ?? ''
  const parts = createMemo(() => splitMiddle(visibleName(name())))
  const value = createMemo(() => runs.value(props.runKey))
  const live = createMemo(() => runs.isLive(props.runKey))

  function onClick(event: MouseEvent): void {
    if (event.altKey) runs.solo([props.runKey])
    else if (event.shiftKey) runs.range(props.runKey)
    else runs.toggle(props.runKey)
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === ' ' || event.key === 'Enter') runs.toggle(props.runKey)
    else if (event.key === 'o') runs.solo([props.runKey])
    else if (event.key === '=') location.patch({ base: isBase() ? undefined : `run:${props.runKey}` })
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  const highlight = () => view.setHighlight(props.runKey)
  const leave = () => view.highlight() === props.runKey && view.setHighlight(undefined)
  return (
    <div
      class="run-row"
      classList={{ hot: view.highlight() === props.runKey }}
      onPointerEnter={highlight}
      onPointerLeave={leave}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: a native box cannot carry the run's colour */}
      <div
        class="run-main"
        role="checkbox"
        aria-label={name()}
        aria-checked={shown()}
        data-run-id={run()?.id ?? props.runKey}
        data-slot={runs.slot(props.runKey)}
        title={visibleName(name())}
        tabIndex={props.current ? 0 : -1}
        onClick={onClick}
        onDblClick={() => runs.solo([props.runKey])}
        onKeyDown={onKeyDown}
        onFocus={() => {
          props.onFocus()
          highlight()
        }}
        onBlur={leave}
        onPointerDown={(event) => props.painter.start(event, props.runKey, !shown())}
        onPointerEnter={(event) => props.painter.over(event, props.runKey)}
      >
        <Swatch color={styled()?.style.color ?? ''} dash={styled()?.style.dash ?? []} on={shown()} />
        <span class="run-name">
          <span>{parts()[0]}</span>
          <span>{parts()[1]}</span>
        </span>
        <Show when={isBase()}>
          <span class="run-base">base</span>
        </Show>
        <Show when={live()}>
          <i class="run-live" title="live" />
        </Show>
      </div>
      <Show when={value() !== undefined}>
        <span class="run-value">{formatValue(value() ?? Number.NaN)}</span>
      </Show>
      <RunTools runKey={props.runKey} name={name()} />
    </div>
  )
}

/** Links name a run by its key or its id. */
function isBaseRun(base: string | undefined, run: Run | undefined): boolean {
  return base !== undefined && run !== undefined && (base === `run:${run.key}` || base === `run:${run.id}`)
}

function RunTools(props: { runKey: string; name: string }) {
  const { runs, sources, location } = useApp()
  const isBase = () => isBaseRun(location.view().base, runs.byKey().get(props.runKey))
  const [changing, setChanging] = createSignal<'rename' | 'delete'>()
  let tools: HTMLSpanElement | undefined
  // memos: a live source is another object with every look, and the menu must not be made anew under the
  // pointer
  const id = createMemo(() => runs.byKey().get(props.runKey)?.id)
  const kind = createMemo(() => sources.source()?.kind)
  // runs of a project beside this one belong to another source
  const writable = createMemo(() => sources.source()?.info.writable === true && sources.beside().length === 0)
  const where = (here: string, there = here): string =>
    kind() === 'tracked' ? `${here} this browser` : `${there} the server`

  let beside: Element[] = []
  function change(what: 'rename' | 'delete'): void {
    // the run may be gone from the list before its server has said that it is deleted
    beside = rowsBeside(tools?.closest('li'))
    setChanging(what)
  }

  // the tools that led to the dialog are not drawn any more: the row takes the focus, of a deleted run the
  // next one
  function close(done: boolean): void {
    const row = tools?.closest('li')
    const deleted = done && changing() === 'delete'
    setChanging(undefined)
    if (!deleted || !focusOneOf(beside, '.run-main')) row?.querySelector<HTMLElement>('.run-main')?.focus()
  }

  return (
    <>
      <span class="run-tools" ref={tools}>
        <button
          type="button"
          class="icon-button"
          tabIndex={-1}
          aria-label={`Show only ${props.name}`}
          title="Show only this run (o)"
          onClick={() => runs.solo([props.runKey])}
        >
          <Icon name="solo" />
        </button>
        <Popover
          label={`More about ${props.name}`}
          class="icon-button"
          title="More"
          button={<Icon name="more" />}
        >
          <SlotPicker slot={runs.slot(props.runKey)} onPick={(slot) => runs.setSlot([props.runKey], slot)} />
          <hr class="menu-rule" style={{ border: 0 }} />
          <MenuItems
            plain
            items={[
              { text: 'Show only this run', note: 'o', onSelect: () => runs.solo([props.runKey]) },
              {
                text: 'Baseline',
                note: '=',
                checked: isBase(),
                many: true,
                onSelect: () => location.patch({ base: isBase() ? undefined : `run:${props.runKey}` }),
              },
              { text: 'Copy name', onSelect: () => void copyText(props.name) },
              { text: 'Copy id', disabled: !id(), onSelect: () => void copyText(id() ?? '') },
              undefined,
              {
                text: writable() ? `Rename ${where('in', 'on')}` : 'Rename run',
                disabled: !writable(),
                onSelect: () => change('rename'),
              },
              {
                text: writable() ? `Delete ${where('from')}` : 'Delete run',
                disabled: !writable(),
                onSelect: () => change('delete'),
              },
            ]}
          />
          <Show when={!writable()}>
            <WhyFixed />
          </Show>
        </Popover>
      </span>
      {/* not within the tools: those are not drawn while the pointer is elsewhere, as it is in a dialog */}
      <Show when={changing()}>
        {(what) => <ChangeRun what={what()} runKey={props.runKey} name={props.name} onClose={close} />}
      </Show>
    </>
  )
}

import { createMemo, createSignal, lazy, onCleanup, Show } from 'solid-js'
import { splitMiddle } from '../../compute/format.ts'
import { formatValue } from '../../compute/number.ts'
import { visibleName } from '../../compute/visible-name.ts'
import { useApp } from '../../state/app.ts'
import { focusLost, focusOneOf, rowsBeside } from '../components/focus.ts'
import { Icon } from '../components/icon.tsx'
import { Popover } from '../components/popover.tsx'
import { Swatch } from '../components/swatch.tsx'
import type { Painter } from './painter.ts'
import type { Change } from './run-menu.tsx'

const ChangeRuns = lazy(async () => ({ default: (await import('../common/change-runs.tsx')).ChangeRuns }))
const RenameRun = lazy(async () => ({ default: (await import('./rename-run.tsx')).RenameRun }))
const RunMenu = lazy(async () => ({ default: (await import('./run-menu.tsx')).RunMenu }))

export interface RunRowProps {
  runKey: string
  painter: Painter
  /** The one row that Tab reaches. */
  current: boolean
  onFocus(): void
}

/** One run of the list. The whole row is its checkbox, drawn as the swatch. */
export function RunRow(props: RunRowProps) {
  const { runs, view } = useApp()
  const run = createMemo(() => runs.byKey().get(props.runKey))
  const shown = createMemo(() => runs.isShown(props.runKey))
  const styled = createMemo(() => runs.styled(props.runKey))
  const name = () => run()?.name ?? ''
  const parts = createMemo(() => splitMiddle(visibleName(name())))
  const value = createMemo(() => runs.value(props.runKey))
  const live = createMemo(() => runs.isLive(props.runKey))
  const [changing, setChanging] = createSignal<Change>()
  const logged = () => runs.loggedName(props.runKey)

  function onClick(event: MouseEvent): void {
    if (event.altKey) runs.solo([props.runKey])
    else if (event.shiftKey) runs.range(props.runKey)
    else runs.toggle(props.runKey)
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === ' ' || event.key === 'Enter') runs.toggle(props.runKey)
    else if (event.key === 'o') runs.solo([props.runKey])
    else if (event.key === '=') runs.toggleBase(`run:${props.runKey}`)
    else if (event.key === 'F2') setChanging('view')
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
        title={visibleName(logged() === name() ? name() : `${name()}, logged as ${logged()}`)}
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
        <Show when={runs.baseRun() === props.runKey}>
          <span class="run-base">base</span>
        </Show>
        <Show when={live()}>
          <i class="run-live" title="live" />
        </Show>
      </div>
      <Show when={value() !== undefined}>
        <span class="run-value">{formatValue(value() ?? Number.NaN)}</span>
      </Show>
      <RunTools runKey={props.runKey} name={name()} changing={changing()} setChanging={setChanging} />
    </div>
  )
}

function RunTools(props: {
  runKey: string
  name: string
  changing: Change | undefined
  setChanging(change: Change | undefined): void
}) {
  const { runs, changes } = useApp()
  let tools: HTMLSpanElement | undefined

  let beside: Element[] = []
  let leaving = false
  // the row of a deleted run goes once the engine shows the project without it
  onCleanup(() => {
    if (leaving) queueMicrotask(() => focusLost() && focusOneOf(beside, '.run-main'))
  })
  function change(what: Change): void {
    // the run is gone from the list at once
    beside = rowsBeside(tools?.closest('li'))
    if (what !== 'delete') return props.setChanging(what)
    leaving = true
    void changes.delete([props.runKey]).then((asked) => {
      leaving = asked
    })
  }

  // the tools that led to the dialog are not drawn any more: the row takes the focus, of a deleted run the
  // next one
  function close(done: boolean): void {
    const row = tools?.closest('li')
    const left = done && props.changing === 'move'
    props.setChanging(undefined)
    if (!left || !focusOneOf(beside, '.run-main')) row?.querySelector<HTMLElement>('.run-main')?.focus()
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
          <RunMenu runKey={props.runKey} name={props.name} onChange={change} />
        </Popover>
      </span>
      {/* not within the tools: those are not drawn while the pointer is elsewhere, as it is in a dialog */}
      <Show when={props.changing}>
        {(what) => (
          <Show
            when={what() === 'view'}
            fallback={
              <ChangeRuns
                what={what() === 'move' ? 'move' : 'rename'}
                keys={[props.runKey]}
                onClose={close}
              />
            }
          >
            <RenameRun runKey={props.runKey} name={props.name} onClose={close} />
          </Show>
        )}
      </Show>
    </>
  )
}

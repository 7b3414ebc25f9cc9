import { createMemo, createSignal, type JSX, onMount, Show } from 'solid-js'
import { type AlertRow, formatWhen, LEVEL_WORDS } from '../../../compute/alert-list.ts'
import { formatCount } from '../../../compute/number.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { useApp } from '../../../state/app.ts'
import { RunLink } from '../../common/run-link.tsx'
import { Icon } from '../../components/icon.tsx'
import { Name } from '../../components/name.tsx'
import { Swatch } from '../../components/swatch.tsx'
import type { AlertList } from './list.ts'

export interface AlertLineProps {
  list: AlertList
  row: AlertRow
  index: number
  top: number
  cards: boolean
  states: boolean
  opened: boolean
  reached: boolean
  selected: boolean
  onSelect(): void
  onToggle(): void
  measure(element: HTMLElement): void
}

/** One line: columns, or a card where there is no room for them; opened, all of its text stands below. */
export function AlertLine(props: AlertLineProps) {
  const { runs, preferences } = useApp()
  const alert = () => props.row.alert
  const key = () => alert().run ?? ''
  const styled = createMemo(() => runs.styled(key()))
  const [now] = createSignal(Date.now())
  const when = () =>
    formatWhen(alert().time, now(), preferences.value().timeZone) || visibleName(alert().timestamp)
  const steps = () => {
    const { first, last } = props.row
    if (first === null || last === null) return ''
    return first === last ? formatCount(first) : `${formatCount(first)} to ${formatCount(last)}`
  }
  let line: HTMLDivElement | undefined
  onMount(() => {
    // a height that changes is told by the browser; the virtual list looks itself from then on
    if (line) props.measure(line)
  })

  const level = () => <span class={`level ${alert().level}`}>{LEVEL_WORDS[alert().level]}</span>
  const time = () => (
    <time
      dateTime={Number.isFinite(alert().time) ? new Date(alert().time).toISOString() : undefined}
      title={visibleName(alert().timestamp)}
    >
      {when()}
    </time>
  )
  const run = () => (
    <span class="run" title={visibleName(alert().runName)}>
      <Show when={styled()} fallback={<i class="none" />}>
        {(found) => <Swatch color={found().style.color} dash={found().style.dash} on={runs.isShown(key())} />}
      </Show>
      <Show when={alert().run} fallback={<Name of={alert().runName} />}>
        {(key) => (
          <RunLink run={key()} tabIndex={-1}>
            <Name of={alert().runName} />
          </RunLink>
        )}
      </Show>
    </span>
  )
  const title = () => (
    <span class="title" title={visibleName(alert().title)}>
      <Name of={alert().title} />
    </span>
  )
  const text = () => (
    <Show when={alert().text}>
      {(words) => (
        <span class="text" title={visibleName(words())}>
          <Name of={words()} />
        </span>
      )}
    </Show>
  )
  const repeats = () => (props.row.count > 1 ? `× ${formatCount(props.row.count)}` : '')

  return (
    // biome-ignore lint/a11y/useSemanticElements: a line of a grid of which only a part is in the page
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys
    <div
      role="row"
      class="alert-row"
      ref={line}
      aria-rowindex={props.index + 2}
      aria-selected={props.selected}
      classList={{ opened: props.opened }}
      data-index={props.index}
      data-level={alert().level}
      tabIndex={props.reached ? 0 : -1}
      style={{ top: `${props.top}px` }}
      onClick={() => {
        props.onSelect()
        if (props.cards) props.onToggle()
      }}
      onFocus={() => props.onSelect()}
      onDblClick={() => !props.cards && props.list.showOnCharts(props.row)}
    >
      <Show
        when={!props.cards}
        fallback={
          <>
            <GridCell class="top">
              {level()}
              {title()}
              <span class="hush">{repeats()}</span>
              {time()}
            </GridCell>
            <GridCell class="under">
              {run()}
              <Show when={steps()}>
                <span class="step">{`step ${steps()}`}</span>
              </Show>
              {text()}
            </GridCell>
          </>
        }
      >
        <GridCell>
          <button
            type="button"
            class="twist"
            tabIndex={-1}
            aria-label={props.opened ? 'Less of it' : 'All of it'}
            title="All of it (Space)"
            aria-expanded={props.opened}
            onClick={(event) => {
              event.stopPropagation()
              props.onSelect()
              props.onToggle()
            }}
            onDblClick={(event) => event.stopPropagation()}
          >
            <Icon name="right" />
          </button>
          {level()}
        </GridCell>
        <GridCell class="quiet">{time()}</GridCell>
        <GridCell>{run()}</GridCell>
        <GridCell class="number">{steps()}</GridCell>
        <GridCell class="rule">{title()}</GridCell>
        <GridCell class="quiet">{text()}</GridCell>
        <Show when={props.list.folded()}>
          <GridCell class="number">{repeats()}</GridCell>
        </Show>
        <Show when={props.states}>
          <GridCell class="rule quiet">
            <Show when={alert().run !== undefined}>
              <span class={runs.isLive(key()) ? 'live' : 'ended'}>
                {runs.isLive(key()) ? 'live' : 'ended'}
              </span>
            </Show>
          </GridCell>
        </Show>
      </Show>
      <Show when={props.opened}>
        <Whole list={props.list} row={props.row} />
      </Show>
    </div>
  )
}

function GridCell(props: { class?: string | undefined; children: JSX.Element }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a cell of such a line
    // biome-ignore lint/a11y/useFocusableInteractive: the line has the focus
    <div role="gridcell" class={props.class}>
      {props.children}
    </div>
  )
}

/** All that an alert says, and the way to the charts. */
function Whole(props: { list: AlertList; row: AlertRow }) {
  const alert = () => props.row.alert
  const around = createMemo(() => props.list.steps(props.row))
  // its own lines stay lines
  const lines = () => (alert().text ?? '').split('\n').map(visibleName).join('\n')
  return (
    <GridCell class="whole">
      <b>
        <Name of={alert().title} />
      </b>
      <Show when={alert().text}>
        <p dir="auto">{lines()}</p>
      </Show>
      <div class="facts">
        <span>{visibleName(alert().timestamp)}</span>
        <Show when={!(alert().stored.toLowerCase() in LEVEL_WORDS)}>
          <span>
            {'level as logged: '}
            <Name of={alert().stored || 'none'} />
          </span>
        </Show>
        <Show when={around()}>
          {(steps) => (
            <button
              type="button"
              class="link-button"
              onClick={(event) => {
                event.stopPropagation()
                props.list.showOnCharts(props.row)
              }}
            >
              {`Open in Metrics, step ${formatCount(steps()[0])} to ${formatCount(steps()[1])}`}
            </button>
          )}
        </Show>
      </div>
    </GridCell>
  )
}

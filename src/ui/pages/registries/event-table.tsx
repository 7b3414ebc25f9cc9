import { createEffect, createMemo, createSignal, For, type JSX, Show } from 'solid-js'
import { formatPlural } from '../../../compute/format.ts'
import { formatCount, formatDuration } from '../../../compute/number.ts'
import type { RegistryEvent } from '../../../model/registry.ts'
import { useApp } from '../../../state/app.ts'
import { LongRows, type LongRowsControl } from '../../components/long-rows.tsx'
import { Name } from '../../components/name.tsx'
import { Segmented } from '../../components/segmented.tsx'
import { type RegistriesModel, wordOf } from './model.ts'
import { awayWords, formatMoment, sourceName } from './words.ts'

const ROW = 28
const CARD = 64
const KINDS = [
  { value: 'all', text: 'All' },
  { value: 'promote', text: 'Promote' },
  { value: 'link', text: 'Link' },
  { value: 'unlink', text: 'Unlink' },
  { value: 'other', text: 'Other' },
] as const

/** What happened, newest first; the event that the answer rests on is marked. Or what is linked now. */
export function EventTable(props: { model: RegistriesModel; phone: boolean }) {
  const { model } = props
  const [reached, setReached] = createSignal(0)
  const [scroller, setScroller] = createSignal<HTMLElement>()
  let control: LongRowsControl | undefined
  const versions = () => model.param.list() === 'versions'
  const links = () => model.collection()?.links ?? []
  const count = () => (versions() ? links().length : model.events().length)
  const row = () => (props.phone ? CARD : ROW)
  const head = () => (versions() ? VERSION_HEAD : EVENT_HEAD)
  const kinds = createMemo(() => {
    const there = new Set(model.ofCollection().map(({ event }) => event.kind))
    const others = [...there].some((kind) => !['promote', 'link', 'unlink'].includes(kind))
    return KINDS.filter(({ value }) => value === 'all' || (value === 'other' ? others : there.has(value)))
  })
  const words = () =>
    versions()
      ? `${formatPlural(links().length, 'version')} linked now, the highest first`
      : `${formatCount(model.events().length)}${model.events().length < model.ofCollection().length ? ` of ${formatCount(model.ofCollection().length)}` : ''}, newest first`

  createEffect(() => {
    // fewer of another kind, or versions in their place
    if (reached() >= count()) setReached(Math.max(0, count() - 1))
  })

  function goTo(at: number): void {
    const to = Math.max(0, Math.min(count() - 1, at))
    setReached(to)
    control?.scrollTo(to, 'nearest')
  }

  function act(at: number): void {
    if (versions()) {
      const link = links()[at]
      if (link) model.openVersion(model.sourceOf(link.source), link.source)
      return
    }
    const one = model.events()[at]
    if (one) model.askAbout(one.event)
  }

  function onKeyDown(event: KeyboardEvent): void {
    // the ways from a version have their keys
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== event.currentTarget) return
    const page = Math.max(1, Math.floor((scroller()?.clientHeight ?? ROW) / row()) - 2)
    const moves: Record<string, number> = {
      ArrowDown: reached() + 1,
      ArrowUp: reached() - 1,
      PageDown: reached() + page,
      PageUp: reached() - page,
      Home: 0,
      End: count() - 1,
    }
    const to = moves[event.key]
    if (to !== undefined) goTo(to)
    else if (event.key === 'Enter' || event.key === ' ') act(reached())
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <>
      <div class="registry-events-head">
        <Segmented
          label="List"
          options={[
            { value: 'events', text: 'Events' },
            { value: 'versions', text: 'Versions' },
          ]}
          value={versions() ? 'versions' : 'events'}
          onChange={(list) => model.set({ list: list === 'versions' ? list : '' })}
        />
        <span class="words">{words()}</span>
        <span class="gap" />
        <Show when={!versions() && kinds().length > 2}>
          <Segmented
            label="Kind of event"
            options={kinds()}
            value={model.param.kind() || 'all'}
            onChange={(kind) => model.set({ kind: kind === 'all' ? '' : kind })}
          />
        </Show>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a table holds every row of it; of these few are in the page */}
      <div
        class="registry-rows"
        classList={{ cards: props.phone, versions: versions() }}
        role="grid"
        aria-label={versions() ? 'Versions' : 'Events'}
        aria-rowcount={count() + 1}
        tabIndex={0}
        aria-activedescendant={count() > 0 ? `registry-row-${reached()}` : undefined}
        ref={setScroller}
        onKeyDown={onKeyDown}
      >
        {/* biome-ignore lint/a11y/useSemanticElements: lines of a list of which few are in the page */}
        {/* biome-ignore lint/a11y/useFocusableInteractive: nothing in it can be done */}
        <div class="head" role="row" aria-rowindex={1} classList={{ unseen: props.phone }}>
          <For each={head()}>
            {({ text, class: kind }) => (
              // biome-ignore lint/a11y/useSemanticElements: a head of such a grid
              // biome-ignore lint/a11y/useFocusableInteractive: it does nothing
              <span role="columnheader" class={kind}>
                {text}
              </span>
            )}
          </For>
        </div>
        <LongRows
          count={count()}
          rowHeight={row()}
          scroller={scroller()}
          inset={props.phone ? 0 : ROW}
          role="rowgroup"
          control={(given) => {
            control = given
          }}
        >
          {(at) => (
            // biome-ignore lint/a11y/useSemanticElements: lines of a list of which few are in the page
            // biome-ignore lint/a11y/useKeyWithClickEvents: the grid takes the keys
            // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus, and says which row is meant
            <div
              class="row"
              role="row"
              id={`registry-row-${at()}`}
              aria-rowindex={at() + 2}
              aria-selected={reached() === at()}
              classList={{
                reached: reached() === at(),
                answers: !versions() && model.events()[at()]?.place === model.answering(),
                refused: !versions() && model.events()[at()]?.event.effect === 'refused',
              }}
              onClick={() => {
                setReached(at())
                if (!versions()) act(at())
              }}
            >
              <Show
                when={versions()}
                fallback={
                  <Show when={model.events()[at()]}>
                    {(one) => <EventCells model={model} event={one().event} place={one().place} />}
                  </Show>
                }
              >
                <VersionCells model={model} at={at()} />
              </Show>
            </div>
          )}
        </LongRows>
      </div>
    </>
  )
}

function Cell(props: { class: string; children?: JSX.Element }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a cell of such a line
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
    <span role="gridcell" class={props.class}>
      {props.children}
    </span>
  )
}

const EVENT_HEAD = [
  { text: 'time ↓', class: 'on' },
  { text: 'kind', class: '' },
  { text: 'alias', class: '' },
  { text: 'version', class: '' },
  { text: 'source, and the run that made it', class: 'wide' },
  { text: 'by run', class: '' },
  { text: 'in place for', class: 'number' },
]

function EventCells(props: { model: RegistriesModel; event: RegistryEvent; place: number }) {
  const { model } = props
  const { preferences } = useApp()
  const move = () => props.event.moves[0]
  const more = () => props.event.moves.length - 1
  const lasted = () => {
    const now = model.lasted(props.place)
    if (!now) return ''
    const words = formatDuration(now.ms / 1000)
    return now.still ? `now, ${words}` : words
  }
  const what = () => {
    const { effect, why, kind, collection } = props.event
    if (effect === 'refused') return why ?? 'refused'
    if (effect === 'nothing') return 'changed nothing'
    if (kind === 'create')
      return collection === undefined ? 'the registry was made' : 'the collection was made'
    return kind === 'update' ? 'another description' : undefined
  }
  return (
    <>
      <Cell class="time">{formatMoment(props.event.time, preferences.value().timeZone, true)}</Cell>
      <Cell class="kind">
        <Name of={props.event.kind} />
      </Cell>
      <Cell class={move()?.alias === model.alias() ? 'alias strong' : 'alias'}>
        <Show when={move()}>
          {(one) => (
            <>
              <Name of={one().alias} />
              {more() > 0 ? `, ${more()} more` : ''}
            </>
          )}
        </Show>
      </Cell>
      <Cell class="version">
        <Show when={move()} fallback={wordOf(props.event.version)}>
          {(one) => (
            <>
              <span class="was">{`${wordOf(one().from) || '–'} → `}</span>
              {wordOf(one().to) || '–'}
            </>
          )}
        </Show>
      </Cell>
      <Cell class="wide">
        <Show when={what()} fallback={<Source model={model} event={props.event} />}>
          {(words) => <span class="note">{words()}</span>}
        </Show>
      </Cell>
      <Cell class="by">
        <Name of={props.event.by?.name ?? ''} />
      </Cell>
      <Cell class="number">{lasted()}</Cell>
    </>
  )
}

function Source(props: { model: RegistriesModel; event: RegistryEvent }) {
  return (
    <Show when={props.event.source}>
      {(source) => {
        const found = () => props.model.sourceOf(source())
        const run = () => {
          const now = found()
          return now.kind === 'there' ? now.run : undefined
        }
        return (
          <>
            <i class="mark" style={{ '--c': props.model.colorOf(source()) ?? 'var(--axis)' }} />
            <Name of={sourceName(source())} />
            <Show when={run()}>{(one) => <span class="was">{` of ${one().name}`}</span>}</Show>
          </>
        )
      }}
    </Show>
  )
}

const VERSION_HEAD = [
  { text: 'version ↓', class: 'on' },
  { text: 'aliases', class: '' },
  { text: 'source', class: 'wide' },
  { text: 'linked', class: '' },
  { text: 'by run', class: '' },
  { text: 'leads to', class: 'acts' },
]

function VersionCells(props: { model: RegistriesModel; at: number }) {
  const { model } = props
  const { preferences } = useApp()
  const link = () => model.collection()?.links[props.at]
  return (
    <Show when={link()}>
      {(one) => {
        const found = () => model.sourceOf(one().source)
        return (
          <>
            <Cell class="version">{`v${one().version}`}</Cell>
            <Cell class="alias">{one().aliases.join(', ')}</Cell>
            <Cell class="wide">
              <i class="mark" style={{ '--c': model.colorOf(one().source) ?? 'var(--axis)' }} />
              <Name of={`${one().source.project}/${sourceName(one().source)}`} />
              <Show when={awayWords(found(), one().source)}>
                {(words) => <span class="note">{`, ${words()}`}</span>}
              </Show>
            </Cell>
            <Cell class="time">{formatMoment(one().created, preferences.value().timeZone)}</Cell>
            <Cell class="by">
              <Name of={one().by?.name ?? ''} />
            </Cell>
            <Cell class="acts">
              <SourceActs model={model} source={one().source} />
            </Cell>
          </>
        )
      }}
    </Show>
  )
}

/** The ways to a version, its run and its curves, where its project is open. */
export function SourceActs(props: {
  model: RegistriesModel
  source: Parameters<RegistriesModel['sourceOf']>[0]
}) {
  const { model } = props
  const found = () => model.sourceOf(props.source)
  const hasRun = () => {
    const now = found()
    return now.kind === 'there' && now.run !== undefined
  }
  return (
    <Show when={found().kind === 'there'}>
      <button
        type="button"
        class="link-button"
        onClick={(event) => {
          event.stopPropagation()
          model.openVersion(found(), props.source)
        }}
      >
        Files
      </button>
      <Show when={hasRun()}>
        <button
          type="button"
          class="link-button"
          onClick={(event) => {
            event.stopPropagation()
            model.openRunOf(found())
          }}
        >
          Run
        </button>
        <button
          type="button"
          class="link-button"
          onClick={(event) => {
            event.stopPropagation()
            model.showCurves(found())
          }}
        >
          Curves
        </button>
      </Show>
    </Show>
  )
}

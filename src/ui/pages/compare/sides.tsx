import '../../styles/media.css'
import '../../styles/compare-sides.css'
import { createComputed, createMemo, For, onCleanup, Show } from 'solid-js'
import { formatPlural } from '../../../compute/format.ts'
import { commonStep } from '../../../compute/last-logged.ts'
import { isMediaKind, MEDIA_WORDS } from '../../../compute/media-payload.ts'
import { formatCount } from '../../../compute/number.ts'
import { sidesHeld } from '../../../compute/sides-held.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { MEDIA_KINDS } from '../../../model/media.ts'
import type { RunKey } from '../../../model/run.ts'
import { useApp } from '../../../state/app.ts'
import { createLoggedSides } from '../../../state/pages/logged-sides.ts'
import type { MediaItem } from '../../../state/pages/media.ts'
import { HistogramCard } from '../../charts/histogram/card.tsx'
import { CardBody } from '../media/card.tsx'
import { paneOf } from '../media/open-panes.ts'
import { openHistogram, openMedia, openPanes, openTableDiff, openTables, openTraces } from '../open-sides.ts'
import type { CompareColumn, CompareModel } from './model.ts'
import {
  OUTLINES_HEIGHT,
  PICTURE,
  SIDE_LABELS,
  type SideFailure,
  type SideLine,
  type SideSection,
  type Sides,
} from './side-lines.ts'
import { WORDS } from './sizes.ts'

/** Kinds that are looked at where they stand; others are words until they are opened. */
const SEEN = new Set<string | undefined>(['trackio.image', 'trackio.video', 'trackio.markdown'])

/** What the compared runs logged beside numbers, as lines of the comparison. */
export function createCompareSides(model: CompareModel, phone: () => boolean): Sides {
  const app = useApp()
  const { ask, settled, data, sources, sideCounts, runs } = app
  const held = createMemo(() => sidesHeld(data.catalogue()?.others ?? [], sideCounts()))
  const logged = createLoggedSides({
    ...{ ask, settled, data },
    project: sources.asked,
    live: () => Boolean(sources.source()?.info.live),
    find: sources.media,
    wants: (kind) => held()[kind],
  })
  const { media, thumbnails, tables, histograms, traces, sizes } = logged
  createComputed(() => {
    settled.setBusy('sides', media.busy() || thumbnails.pending() > 0 || sizes.busy())
  })
  onCleanup(() => settled.setBusy('sides', false))

  /** Runs of each column, and of all. */
  const keysOf = (column: CompareColumn | undefined): RunKey[] =>
    (column?.places ?? []).flatMap((place) => model.all()[place]?.key ?? [])
  const members = createMemo(() => [...new Set(model.columns().flatMap(keysOf))])

  const mediaLines = createMemo(() => {
    const kinds = logged.mediaKeys()
    const order = (key: string): number => (MEDIA_KINDS as readonly string[]).indexOf(kinds.get(key) ?? '')
    return [...kinds.keys()]
      .filter((key) => members().some((run) => logged.mediaOf(run, key).length > 0))
      .sort((a, b) => order(a) - order(b) || (a < b ? -1 : 1))
      .map(
        (key): SideLine => ({
          kind: 'media',
          id: `i:${key}`,
          label: key,
          key,
          seen: SEEN.has(kinds.get(key)),
        }),
      )
  })
  const histogramLines = createMemo(() =>
    [...logged.histogramSteps()]
      .filter(([, byRun]) => members().some((run) => byRun.has(run)))
      .map(([key]): SideLine => ({ kind: 'histogram', id: `h:${key}`, label: key, key })),
  )
  const tableLines = createMemo(() =>
    tables
      .keys()
      .filter(({ runs: byRun }) => members().some((run) => byRun.has(run)))
      .map(({ key }): SideLine => ({ kind: 'table', id: `t:${key}`, label: key, key })),
  )
  const traceLines = createMemo((): SideLine[] =>
    held().traces ? [{ kind: 'traces', id: 'traces', label: 'Traces' }] : [],
  )
  const LINES: Record<SideSection, () => readonly SideLine[]> = {
    media: mediaLines,
    histograms: histogramLines,
    tables: tableLines,
    traces: traceLines,
  }

  function failure(section: SideSection): SideFailure | undefined {
    const of = (why: string, retry: () => void): SideFailure => ({
      ...{ kind: 'failure', id: `x:${section}`, section, why, retry },
      label: `Could not read which ${SIDE_LABELS[section].toLowerCase()} there are`,
    })
    if (section === 'media' || section === 'tables') {
      const { status, retry } = section === 'media' ? media : tables
      const now = status()
      return held()[section] && now.kind === 'failed' ? of(now.notice.text, retry) : undefined
    }
    const why = section === 'histograms' ? histograms.error() : undefined
    return why === undefined ? undefined : of(why, histograms.retry)
  }

  /** The value that stands for a run: the first of those it logged last. */
  function lastOf(column: CompareColumn | undefined, key: string): readonly MediaItem[] {
    const [run] = keysOf(column)
    return run === undefined || column?.isGroup ? [] : logged.lastMedia(run, key)
  }
  /** The last step of the runs that have a key, where it is one and the same. */
  function sameStep(line: SideLine): number | undefined {
    const steps = new Set(
      model.columns().flatMap((column) => {
        const [run] = keysOf(column)
        if (column.isGroup || run === undefined) return []
        if (line.kind === 'media') return lastOf(column, line.key)[0]?.step ?? []
        return line.kind === 'table' ? (logged.lastTable(run, line.key)?.step ?? []) : []
      }),
    )
    const [step] = steps
    return steps.size === 1 && step !== undefined && Number.isFinite(step) ? step : undefined
  }
  const stepText = (step: number): string => (Number.isFinite(step) ? `step ${formatCount(step)}` : 'no step')

  function openAll(line: SideLine & { kind: 'media' }): void {
    openPanes(
      app,
      model.columns().flatMap((column) => {
        const [item] = lastOf(column, line.key)
        return item ? [paneOf(item, logged.mediaOf(item.run, item.key), true)] : []
      }),
    )
  }
  /** The first run that has a table: the others are held against it. */
  function firstTable(key: string): { run: RunKey; step: number } | undefined {
    for (const column of model.columns()) {
      const [run] = keysOf(column)
      const last = column.isGroup || run === undefined ? undefined : logged.lastTable(run, key)
      if (run !== undefined && last) return { run, step: last.step }
    }
    return undefined
  }
  function diff(line: SideLine & { kind: 'table' }, column: CompareColumn | undefined): boolean {
    const [run] = keysOf(column)
    const from = firstTable(line.key)
    const last = run === undefined || column?.isGroup ? undefined : logged.lastTable(run, line.key)
    if (run === undefined || !from || !last || run === from.run) return false
    openTableDiff(app, line.key, from, { run, step: last.step })
    return true
  }
  const holders = (line: SideLine): RunKey[] => members().filter((run) => has(line, run))
  function has(line: SideLine, run: RunKey): boolean {
    if (line.kind === 'media') return logged.mediaOf(run, line.key).length > 0
    if (line.kind === 'histogram') return logged.histogramSteps().get(line.key)?.has(run) ?? false
    if (line.kind === 'table')
      return tables.keys().some(({ key, runs: byRun }) => key === line.key && byRun.has(run))
    return (logged.traceCounts()?.get(run)?.traces ?? 0) > 0
  }
  const histogramStep = (key: string): number | undefined => {
    const byRun = logged.histogramSteps().get(key)
    return commonStep(members().flatMap((run) => (byRun?.has(run) ? [byRun.get(run) ?? []] : [])))
  }

  function open(line: SideLine, column: number | undefined): boolean {
    const at = column === undefined ? undefined : model.columns()[column]
    switch (line.kind) {
      case 'media':
        if (!at) openMedia(app, line.key, holders(line))
        else if (lastOf(at, line.key).length === 0) return false
        else openAll(line)
        return true
      case 'table':
        if (at) return diff(line, at)
        openTables(app, line.key, holders(line))
        return true
      case 'histogram':
        openHistogram(app, line.key, holders(line), histogramStep(line.key))
        return true
      case 'traces': {
        const [run] = keysOf(at)
        if (run === undefined || at?.isGroup || !has(line, run)) return false
        openTraces(app, run)
        return true
      }
    }
  }

  /** Of a group how many its runs logged: none of them stands for the others. */
  function text(line: SideLine, at: number): string {
    const column = model.columns()[at]
    const of = keysOf(column)
    const sum = (count: (run: RunKey) => number): number => of.reduce((all, run) => all + count(run), 0)
    const many = (count: number, words: [string, string]): string =>
      count > 0 ? formatPlural(count, ...words) : ''
    switch (line.kind) {
      case 'media': {
        const [item] = lastOf(column, line.key)
        if (!item)
          return many(
            sum((run) => logged.mediaOf(run, line.key).length),
            ['item', 'items'],
          )
        const payload = media.payload(item)
        return `${payload?.caption || payload?.path || item.kind} at ${stepText(item.step)}`
      }
      case 'table': {
        const last = column?.isGroup ? undefined : logged.lastTable(of[0] ?? '', line.key)
        if (!last)
          return many(
            sum((run) => tablesOf(line.key, run)),
            ['table', 'tables'],
          )
        const size = last.size()
        if (size?.state === 'failed') return size.why
        return size?.state === 'ready'
          ? `${size.rows} × ${size.columns} at ${stepText(last.step)}`
          : 'still being read'
      }
      case 'histogram':
        return many(
          sum((run) => logged.histogramSteps().get(line.key)?.get(run)?.length ?? 0),
          ['step', 'steps'],
        )
      case 'traces':
        return many(
          sum((run) => logged.traceCounts()?.get(run)?.traces ?? 0),
          ['trace', 'traces'],
        )
    }
  }
  function waits(line: SideLine): boolean {
    // counting them begins reading them
    if (line.kind === 'traces')
      return (!logged.traceCounts() || !traces.list()?.complete) && traces.status().kind !== 'failed'
    return model.columns().some((column) => {
      const [run] = keysOf(column)
      if (column.isGroup || run === undefined) return false
      if (line.kind === 'table') {
        const last = logged.lastTable(run, line.key)
        return last !== undefined && last.size() === undefined
      }
      const [item] = line.kind === 'media' ? lastOf(column, line.key) : []
      return item !== undefined && media.payload(item) === undefined && media.failed() === undefined
    })
  }
  const tablesOf = (key: string, run: RunKey): number =>
    tables
      .keys()
      .find((one) => one.key === key)
      ?.runs.get(run)?.length ?? 0

  function MediaSide(props: { line: SideLine & { kind: 'media' }; column: number }) {
    const column = () => model.columns()[props.column]
    const items = createMemo(() => lastOf(column(), props.line.key))
    const item = () => items()[0]
    const size = () => (model.choices.turned() ? PICTURE.turned : phone() ? PICTURE.phone : PICTURE.wide)
    const payload = createMemo(() => {
      const now = item()
      return now && media.payload(now)
    })
    const under = () => {
      const [now, many] = [item(), items().length]
      if (!now) return ''
      const step = sameStep(props.line) === undefined ? stepText(now.step) : ''
      return [step, many > 1 ? `1 of ${formatCount(many)}` : ''].filter(Boolean).join(', ')
    }
    const name = () => {
      const now = item()
      const kind = now && isMediaKind(now.kind) ? MEDIA_WORDS[now.kind][0] : 'value'
      return [
        kind,
        visibleName(column()?.label ?? ''),
        stepText(now?.step ?? Number.NaN),
        visibleName(payload()?.caption ?? ''),
      ]
        .filter(Boolean)
        .join(', ')
    }
    return (
      <Show
        when={item()}
        fallback={<Without column={column()} line={props.line} words={['item', 'items']} />}
      >
        {(now) => (
          <span class="side-media" style={{ width: `${size()}px` }}>
            <Show
              when={payload() || !media.failed()}
              fallback={<Failed why={media.failed() ?? ''} retry={media.retry} />}
            >
              <button
                type="button"
                class="side-picture"
                tabIndex={-1}
                title={visibleName(payload()?.caption ?? '') || 'Side by side, in Media (Enter)'}
                style={{ height: `${props.line.seen ? size() : WORDS}px` }}
                onClick={() => openAll(props.line)}
              >
                <span class="unseen">{name()}</span>
                <span class="card-open">
                  <CardBody model={logged} item={now()} cell={size()} />
                </span>
              </button>
            </Show>
            {/* kept free where it says nothing: pictures of a line stand beside each other */}
            <span class="note">{under()}</span>
          </span>
        )}
      </Show>
    )
  }

  /** Of a run that has none; of a group how many there are. */
  function Without(props: {
    column: CompareColumn | undefined
    line: SideLine & { kind: 'media' | 'table' }
    words: [string, string]
  }) {
    const many = () => {
      const of = (run: RunKey): number =>
        props.line.kind === 'media'
          ? logged.mediaOf(run, props.line.key).length
          : tablesOf(props.line.key, run)
      return props.column?.isGroup ? keysOf(props.column).reduce((sum, run) => sum + of(run), 0) : 0
    }
    return <span class="value none">{many() > 0 ? formatPlural(many(), ...props.words) : 'not logged'}</span>
  }

  function TableSide(props: { line: SideLine & { kind: 'table' }; column: number }) {
    const column = () => model.columns()[props.column]
    const run = () => (column()?.isGroup ? undefined : keysOf(column())[0])
    const last = createMemo(() => {
      const now = run()
      return now === undefined ? undefined : logged.lastTable(now, props.line.key)
    })
    const ready = () => {
      const size = last()?.size()
      return size?.state === 'ready' ? size : undefined
    }
    const failed = () => {
      const size = last()?.size()
      return size?.state === 'failed' ? size.why : undefined
    }
    const isFirst = () => firstTable(props.line.key)?.run === run()
    return (
      <Show
        when={last()}
        fallback={<Without column={column()} line={props.line} words={['table', 'tables']} />}
      >
        {(now) => (
          <span class="side-lines">
            <Show
              when={failed() === undefined}
              fallback={<Failed why={failed() ?? ''} retry={sizes.retry} />}
            >
              <Show when={ready()} fallback={<i class="cell-waits" />}>
                {(size) => (
                  <span title={size().notes.join(', ')}>
                    {`${formatCount(size().rows)} × ${formatCount(size().columns)}`}
                    <Show when={size().notes.length > 0}>
                      <span class="side-odd" title={size().notes.join(', ')}>
                        {` ${size().notes.join(', ')}`}
                      </span>
                    </Show>
                  </span>
                )}
              </Show>
            </Show>
            <span class="note">
              <Show when={sameStep(props.line) === undefined}>{stepText(now().step)}</Show>
              <Show when={!isFirst()}>
                <button
                  type="button"
                  class="link-button"
                  tabIndex={-1}
                  title={`Row by row against ${nameOf(firstTable(props.line.key)?.run)} (Enter)`}
                  aria-label={`Compare ${visibleName(props.line.label)} of ${visibleName(column()?.label ?? '')} with ${nameOf(firstTable(props.line.key)?.run)}`}
                  onClick={() => diff(props.line, column())}
                >
                  Compare rows
                </button>
              </Show>
            </span>
          </span>
        )}
      </Show>
    )
  }
  const nameOf = (run: RunKey | undefined): string => visibleName(runs.byKey().get(run ?? '')?.name ?? '')

  function TracesSide(props: { line: SideLine; column: number }) {
    const column = () => model.columns()[props.column]
    const found = createMemo(() => {
      const counts = logged.traceCounts()
      if (!counts) return undefined
      return keysOf(column()).reduce(
        (sum, run) => {
          const own = counts.get(run)
          return own ? { traces: sum.traces + own.traces, errors: sum.errors + own.errors } : sum
        },
        { traces: 0, errors: 0 },
      )
    })
    const failed = () => {
      const now = traces.status()
      return now.kind === 'failed' ? now.notice.text : undefined
    }
    const complete = () => traces.list()?.complete ?? false
    const text = () => `${formatCount(found()?.traces ?? 0)}${complete() ? '' : ' so far'}`
    const leads = () => column()?.isGroup === false && (found()?.traces ?? 0) > 0
    return (
      <Show when={failed() === undefined} fallback={<Failed why={failed() ?? ''} retry={traces.retry} />}>
        <Show when={found()} fallback={<i class="cell-waits" />}>
          {(count) => (
            <span class="side-lines">
              <Show
                when={leads()}
                fallback={
                  <span class="value none">{count().traces > 0 || !complete() ? text() : 'not logged'}</span>
                }
              >
                <button
                  type="button"
                  class="link-button"
                  tabIndex={-1}
                  title="In Traces (Enter)"
                  aria-label={`${formatPlural(count().traces, 'trace')} of ${visibleName(column()?.label ?? '')}`}
                  onClick={() => open(props.line, props.column)}
                >
                  {text()}
                </button>
              </Show>
              <Show when={count().errors > 0}>
                <span class="note">{`${formatCount(count().errors)} ended with an error`}</span>
              </Show>
            </span>
          )}
        </Show>
      </Show>
    )
  }

  /** In place of a value that could not be read. */
  function Failed(props: { why: string; retry(): void }) {
    return (
      <span class="side-failed">
        <span class="bad" title={props.why}>
          {`could not be read: ${props.why}`}
        </span>
        <button type="button" class="link-button" tabIndex={-1} onClick={() => props.retry()}>
          Retry
        </button>
      </span>
    )
  }

  function middleText(line: SideLine): string {
    if (line.kind === 'traces')
      return (
        traces
          .list()
          ?.notices.map(({ subject, text }) => `${subject}: ${text}`)
          .join(', ') ?? ''
      )
    if (line.kind === 'histogram') return ''
    const step = sameStep(line)
    const what =
      line.kind === 'table'
        ? 'rows × columns'
        : MEDIA_WORDS[logged.mediaKeys().get(line.key) as keyof typeof MEDIA_WORDS]?.[0]
    return `${what}, ${step === undefined ? 'each at its last step' : `all at step ${formatCount(step)}`}`
  }

  const PAGE = { media: 'Media', table: 'Tables', histogram: 'Histograms', traces: 'Traces' }
  return {
    lines: (section) => LINES[section](),
    failure,
    has,
    open,
    ...{ text, waits },
    label: (line) => (
      <Show when={line.kind !== 'traces'} fallback={<span class="key-name">{line.label}</span>}>
        <button
          type="button"
          class="key-name link-button"
          tabIndex={-1}
          title={`These runs in ${PAGE[line.kind]} (Enter)`}
          onClick={() => open(line, undefined)}
        >
          {visibleName(line.label)}
        </button>
      </Show>
    ),
    middle: (line) => <span class="quiet side-middle">{middleText(line)}</span>,
    cell: (line, column) =>
      line.kind === 'media' ? (
        <MediaSide line={line} column={column} />
      ) : line.kind === 'table' ? (
        <TableSide line={line} column={column} />
      ) : line.kind === 'traces' ? (
        <TracesSide line={line} column={column} />
      ) : null,
    outlines: (keys, width) => (
      <div class="side-outlines">
        <For each={keys}>
          {(key) => {
            const line: SideLine = { kind: 'histogram', id: `h:${key}`, label: key, key }
            const step = createMemo(() => histogramStep(key))
            const shown = createMemo(() =>
              holders(line).flatMap((run) => {
                const styled = runs.styled(run)
                return styled ? [styled] : []
              }),
            )
            return (
              <div style={{ width: `${width}px` }}>
                <HistogramCard
                  metric={key}
                  title={visibleName(key)}
                  kind="outlines"
                  runs={shown()}
                  axis={{ kind: 'symlog', range: 'most' }}
                  step={step()}
                  width={width}
                  height={OUTLINES_HEIGHT}
                  opens="Open in Histograms"
                  onOpen={() => open(line, undefined)}
                />
              </div>
            )
          }}
        </For>
      </div>
    ),
  }
}

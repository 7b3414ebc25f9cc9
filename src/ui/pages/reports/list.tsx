import { createEffect, createMemo, createSignal, on, Show } from 'solid-js'
import { formatPlural } from '../../../compute/format.ts'
import { formatCount } from '../../../compute/number.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { useApp } from '../../../state/app.ts'
import { placeOf, type Report } from '../../../state/pages/reports.ts'
import { LongRows, type LongRowsControl } from '../../components/long-rows.tsx'
import { Name } from '../../components/name.tsx'
import { LineSample } from '../../components/swatch.tsx'
import type { ListLine, ReportsModel } from './model.ts'

/** A head has one, a report two of them. */
const ROW = 26

/** The reports by key; arrows walk them. */
export function ReportList(props: {
  model: ReportsModel
  /** A report takes its place. */
  alone: boolean
}) {
  const { model } = props
  const [scroller, setScroller] = createSignal<HTMLElement>()
  const [reached, setReached] = createSignal(0)
  let control: LongRowsControl | undefined
  const at = () => Math.min(reached(), Math.max(0, model.listed().length - 1))
  const active = () => model.listed()[at()]
  const places = createMemo(
    () => new Map(model.lines().flatMap((line, i) => (line.kind === 'report' ? [[line.report.id, i]] : []))),
  )
  const order = createMemo(() => new Map(model.listed().map(({ id }, i) => [id, i])))

  createEffect(
    on([() => model.chosen()?.id, order], ([id]) => {
      const place = id === undefined ? undefined : order().get(id)
      if (place === undefined) return
      setReached(place)
      reach(id ?? '')
    }),
  )
  function reach(id: string): void {
    const line = places().get(id)
    if (line === undefined) return
    control?.scrollTo(line + 1, 'nearest')
    control?.scrollTo(line, 'nearest')
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const last = model.listed().length - 1
    const page = Math.max(1, Math.floor((scroller()?.clientHeight ?? ROW) / (2 * ROW)) - 1)
    const moves: Record<string, number> = {
      ArrowDown: at() + 1,
      ArrowUp: at() - 1,
      PageDown: at() + page,
      PageUp: at() - page,
      Home: 0,
      End: last,
    }
    const next = moves[event.key]
    if (event.key === 'Enter' || event.key === ' ') open(active(), true)
    else if (next === undefined) return
    else {
      const to = Math.max(0, Math.min(last, next))
      setReached(to)
      const report = model.listed()[to]
      if (report) reach(report.id)
      if (!props.alone) open(report, false)
    }
    event.preventDefault()
    event.stopPropagation()
  }

  function open(report: Report | undefined, opens: boolean): void {
    if (report) model.choose(report, { opens })
  }
  return (
    <div
      class="report-list"
      id="charts"
      role="listbox"
      aria-label="Reports"
      tabIndex={0}
      aria-activedescendant={active() && `report-${places().get(active()?.id ?? '')}`}
      ref={setScroller}
      onKeyDown={onKeyDown}
    >
      <LongRows
        count={model.lines().length}
        rowHeight={ROW}
        scroller={scroller()}
        role="presentation"
        control={(given) => {
          control = given
        }}
      >
        {(row) => (
          <Line
            model={model}
            line={model.lines()[row()]}
            place={row()}
            nth={order().get(idOf(model.lines()[row()])) ?? 0}
            reached={active()?.id === idOf(model.lines()[row()])}
            onOpen={(report) => open(report, true)}
          />
        )}
      </LongRows>
    </div>
  )
}

function idOf(line: ListLine | undefined): string {
  return line?.kind === 'report' ? line.report.id : ''
}

function Line(props: {
  model: ReportsModel
  line: ListLine | undefined
  place: number
  nth: number
  reached: boolean
  onOpen(report: Report): void
}) {
  const head = () => (props.line?.kind === 'head' ? props.line : undefined)
  const report = () => (props.line?.kind === 'report' ? props.line : undefined)
  return (
    <>
      <Show when={head()}>{(line) => <Head {...line()} />}</Show>
      <Show when={report()}>
        {(line) => <Item {...props} report={line().report} hidden={line().hidden} />}
      </Show>
    </>
  )
}

function Head(props: { key: string; steps: number; runs: number; hidden: boolean }) {
  return (
    // the options say themselves what they are of
    <div class="report-key" aria-hidden="true">
      <Show when={!props.hidden} fallback={`${formatPlural(props.steps, 'key')} in hidden runs`}>
        <Name of={props.key} />
        <span>
          {`, ${formatPlural(props.steps, 'step')}${props.runs > 1 ? ` of ${formatPlural(props.runs, 'run')}` : ''}`}
        </span>
      </Show>
    </div>
  )
}

function Item(props: {
  model: ReportsModel
  report: Report
  hidden: boolean
  place: number
  nth: number
  reached: boolean
  onOpen(report: Report): void
}) {
  const { model } = props
  const { runs } = useApp()
  const head = createMemo(() => model.heads.get(props.report.id, placeOf(props.report)))
  const style = createMemo(() => runs.styled(props.report.run)?.style)
  const step = () => (Number.isNaN(props.report.step) ? 'no step' : formatCount(props.report.step, 10))
  const title = () => {
    const now = head()
    return now ? now.title || now.odd || 'Empty' : ''
  }
  const hits = () => (model.text() === '' ? 0 : (model.hits()?.hits.get(props.report.id) ?? 0))
  const name = () => visibleName(model.runName(props.report.run))
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the keys
    <div
      role="option"
      id={`report-${props.place}`}
      class="report-item"
      classList={{ hidden: props.hidden, reached: props.reached }}
      aria-selected={model.chosen()?.id === props.report.id}
      aria-posinset={props.nth + 1}
      aria-setsize={model.listed().length}
      data-key={props.report.key}
      data-step={props.report.step}
      onClick={() => props.onOpen(props.report)}
    >
      <b dir="auto" classList={{ odd: head()?.odd !== undefined }} title={visibleName(title())}>
        {visibleName(title())}
      </b>
      <span class="unseen">{`, ${props.hidden ? 'of a hidden run' : visibleName(props.report.key)}, `}</span>
      <span class="of">
        <Show when={style()} fallback={<i class="none" />}>
          {(found) => <LineSample color={found().color} dash={found().dash} />}
        </Show>
        <bdi class="name" title={name()}>
          {props.hidden ? `${name()}, ${visibleName(props.report.key)}` : name()}
        </bdi>
        <Show when={hits() > 0}>
          <span class="hits">{`${formatPlural(hits(), 'hit')}`}</span>
        </Show>
        <span class="unseen">, step </span>
        <span class="step">{step()}</span>
      </span>
    </div>
  )
}

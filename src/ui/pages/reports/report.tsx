import {
  createEffect,
  createMemo,
  createSignal,
  createUniqueId,
  type JSX,
  Match,
  on,
  onCleanup,
  Show,
  Switch,
} from 'solid-js'
import { formatMoment } from '../../../compute/alert-list.ts'
import { formatPlural } from '../../../compute/format.ts'
import { formatCount } from '../../../compute/number.ts'
import type { Sliced } from '../../../compute/slices.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { useApp } from '../../../state/app.ts'
import type { Report } from '../../../state/pages/reports.ts'
import { RunLink } from '../../common/run-link.tsx'
import { createSliced } from '../../common/sliced.ts'
import { Words } from '../../common/words.tsx'
import { Name } from '../../components/name.tsx'
import { LineSample } from '../../components/swatch.tsx'
import type { ReportsModel } from './model.ts'
import { type LaidOut, layOut } from './parts.ts'
import { ReportSide } from './side.tsx'
import { ReportText } from './text.tsx'

export interface ShownReport {
  report: Report
  text: string
  odd: string | undefined
  /** What it is compared with. */
  against: { report: Report; text: string } | undefined
}

/** One report, as it is read, with what it is made of beside it. */
export function ReportView(props: {
  model: ReportsModel
  shown: ShownReport
  phone: boolean
  /** Its text stands, in what scrolls; undefined while it is laid out. */
  onText(scroller: HTMLElement | undefined): void
}) {
  const { model } = props
  const { settled } = useApp()
  const [scroller, setScroller] = createSignal<HTMLElement>()
  /** Differs each time that a text stands, also where the one before did. */
  const [made, setMade] = createSignal<number>()
  let count = 0
  const id = createUniqueId()
  /** A report with its text laid out: the one before stays until then, with what is said of it. */
  const view = createSliced(
    createMemo(() => laidOut(props.shown)),
    (busy) => settled.setBusy(id, busy),
  )
  const shown = () => view()?.shown ?? props.shown
  createEffect(
    // from step to step of one report the eye stays where it is
    on(
      () => `${shown().report.key}\n${shown().report.run}`,
      () => {
        const element = scroller()
        if (element) element.scrollTop = 0
      },
    ),
  )
  createEffect(() => props.onText(made() === undefined ? undefined : scroller()))
  onCleanup(() => props.onText(undefined))
  const facts = () => <Facts model={model} shown={shown()} />
  return (
    <section
      class="report-pane"
      // beside the list, Space goes on in the text: a page's step bar takes it from #charts
      id={props.phone ? 'charts' : undefined}
      aria-label="Report"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reached by keys
      tabIndex={0}
      ref={setScroller}
    >
      <Show when={view()} fallback={<article class="report-text" />}>
        {(now) => (
          <Switch
            fallback={
              <ReportText
                model={model}
                laid={now().laid}
                run={now().shown.report.run}
                phone={props.phone}
                facts={facts}
                onMade={(whole) => setMade(whole ? ++count : undefined)}
              />
            }
          >
            <Match when={now().shown.odd !== undefined || now().shown.text.trim() === ''}>
              <article class="report-text">
                {facts()}
                <p class="note" role="status">
                  {now().shown.odd === undefined ? 'This report is empty.' : `Not shown: ${now().shown.odd}.`}
                </p>
              </article>
            </Match>
            <Match when={now().laid.why}>
              <AsWritten shown={now().shown} facts={facts} why={now().laid.why ?? ''} />
            </Match>
          </Switch>
        )}
      </Show>
      <Show when={!props.phone && view()}>
        {(now) => (
          <ReportSide
            model={model}
            report={now().shown.report}
            headings={now().laid.headings}
            scroller={scroller()}
            made={made() !== undefined}
          />
        )}
      </Show>
    </section>
  )
}

function* laidOut(shown: ShownReport): Sliced<{ shown: ShownReport; laid: LaidOut }> {
  return { shown, laid: yield* layOut(shown.text, shown.against?.text) }
}

function AsWritten(props: { shown: ShownReport; facts: () => JSX.Element; why: string }) {
  return (
    <article class="report-text" dir="auto">
      {props.facts()}
      <p class="note">{`Shown as it is written: ${props.why}.`}</p>
      <pre class="as-written">
        <Show when={props.shown.against} fallback={props.shown.text}>
          {(against) => <Words before={against().text} after={props.shown.text} plain />}
        </Show>
      </pre>
    </article>
  )
}

/** Whose report it is, of which step. */
function Facts(props: { model: ReportsModel; shown: ShownReport }) {
  const { runs, preferences } = useApp()
  const { model } = props
  const report = () => props.shown.report
  const style = createMemo(() => runs.styled(report().run)?.style)
  const asked = () => {
    const { step } = model.own()
    return step && Number(step) !== report().step ? Number(step) : undefined
  }
  const when = () => formatMoment(report().time, preferences.value().timeZone)
  const step = () => (Number.isNaN(report().step) ? 'no step' : `step ${formatCount(report().step, 10)}`)
  const nth = () => {
    const same = model.steps().filter((one) => Object.is(one.step, report().step))
    return same.length > 1
      ? `${formatCount(same.findIndex(({ id }) => id === report().id) + 1)} of ${formatPlural(same.length, 'report')} of this step`
      : ''
  }
  return (
    <p class="report-facts">
      <span>
        <Name of={report().key} />,
      </span>
      <Show when={style()}>{(found) => <LineSample color={found().color} dash={found().dash} />}</Show>
      <span>
        <RunLink run={report().run}>
          <bdi>{visibleName(model.runName(report().run))}</bdi>
        </RunLink>
        ,
      </span>
      <span>{[step(), nth(), when()].filter(Boolean).join(', ')}</span>
      <Show when={asked() !== undefined}>
        <span class="warn" role="status">{`asked ${formatCount(asked() ?? 0, 10)}`}</span>
      </Show>
      <Show when={!runs.isShown(report().run)}>
        <span class="hush">the run is hidden</span>
      </Show>
      <Show
        when={props.shown.against}
        fallback={
          <Show when={model.own().diff && !model.against()}>
            <span class="hush">no such step to compare with</span>
          </Show>
        }
      >
        {(against) => (
          <span class="against">
            {`against ${Number.isNaN(against().report.step) ? 'the one without a step' : `step ${formatCount(against().report.step, 10)}`}`}
            <Show when={against().text === props.shown.text}>{': the same text'}</Show>
          </span>
        )}
      </Show>
    </p>
  )
}

import { createEffect, createMemo, createSignal, on, onCleanup, Show } from 'solid-js'
import { formatPlural } from '../../../compute/format.ts'
import { formatCount } from '../../../compute/number.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { placeOf, type Report } from '../../../state/pages/reports.ts'
import type { MarkdownHeading } from '../../common/markdown-html.ts'
import { LongRows, type LongRowsControl } from '../../components/long-rows.tsx'
import type { ReportsModel } from './model.ts'
import { focusOn, headingsIn, headingsOf } from './text.tsx'

/** Headings of a deeper level are no part of the outline. */
const DEEPEST = 3
const ROW = 24

/** What the report is made of, and at which steps it was logged. */
export function ReportSide(props: {
  model: ReportsModel
  report: Report
  headings: readonly MarkdownHeading[]
  scroller: HTMLElement | undefined
  made: boolean
}) {
  return (
    <aside class="report-side" aria-label="About this report">
      <Show when={props.headings.length > 1}>
        <Outline headings={props.headings} scroller={props.scroller} made={props.made} />
      </Show>
      <Steps {...props} />
    </aside>
  )
}

function Outline(props: {
  headings: readonly MarkdownHeading[]
  scroller: HTMLElement | undefined
  made: boolean
}) {
  const [reached, setReached] = createSignal(0)
  const [list, setList] = createSignal<HTMLElement>()
  let control: LongRowsControl | undefined
  const shown = createMemo(() =>
    props.headings.flatMap((heading, at) => (heading.level <= DEEPEST ? [{ ...heading, at }] : [])),
  )
  const top = createMemo(() => shown().reduce((least, { level }) => Math.min(least, level), DEEPEST))
  /** The heading in sight, or that of the outline which it stands below. */
  const current = createMemo(() =>
    Math.max(
      0,
      shown().findLastIndex(({ at }) => at <= reached()),
    ),
  )

  createEffect(
    on([() => props.scroller, () => props.made, shown], ([scroller]) => {
      if (!scroller) return
      const look = (): void => void setReached(Math.max(0, headingAt(scroller)))
      look()
      scroller.addEventListener('scroll', look, { passive: true })
      onCleanup(() => scroller.removeEventListener('scroll', look))
    }),
  )
  createEffect(on(current, (row) => control?.scrollTo(row, 'nearest')))

  function goTo(at: number): void {
    const heading = headingsIn(props.scroller)[at]
    heading?.scrollIntoView({ block: 'start' })
    if (heading) focusOn(heading)
  }
  return (
    <nav aria-label="On this page">
      <h2>On this page</h2>
      <div class="outline" role="presentation" ref={setList}>
        <LongRows
          count={shown().length}
          rowHeight={ROW}
          scroller={list()}
          role="presentation"
          control={(given) => {
            control = given
          }}
        >
          {(row) => (
            <Show when={shown()[row()]}>
              {(heading) => (
                <button
                  type="button"
                  style={{ 'padding-left': `${12 * (heading().level - top())}px` }}
                  aria-current={current() === row() ? 'true' : undefined}
                  title={visibleName(heading().text)}
                  onClick={() => goTo(heading().at)}
                >
                  {visibleName(heading().text)}
                </button>
              )}
            </Show>
          )}
        </LongRows>
      </div>
    </nav>
  )
}

/** Which heading of the text was reached at the top of what scrolls: of its stretches only the one there is laid out for it. */
function headingAt(scroller: HTMLElement): number {
  const edge = scroller.getBoundingClientRect().top + 40
  let before = 0
  let here: HTMLElement[] = []
  for (const part of scroller.querySelectorAll<HTMLElement>('.report-part')) {
    if (part.getBoundingClientRect().top > edge) break
    before += here.length
    here = headingsOf(part)
  }
  return before + here.findLastIndex((one) => one.getBoundingClientRect().top <= edge)
}

/** Newest on top; of those that are not shown, how many words changed from there to here. */
function Steps(props: { model: ReportsModel; report: Report }) {
  const { model } = props
  const [scroller, setScroller] = createSignal<HTMLElement>()
  const steps = createMemo(() => model.steps().toReversed())
  return (
    <section class="report-steps" aria-label="Steps of this report">
      <h2>{steps().length === 1 ? 'Logged once' : 'Steps of this report'}</h2>
      <div class="steps" role="presentation" ref={setScroller}>
        <LongRows count={steps().length} rowHeight={ROW} scroller={scroller()} role="presentation">
          {(row) => <Show when={steps()[row()]}>{(step) => <Step {...props} step={step()} />}</Show>}
        </LongRows>
      </div>
    </section>
  )
}

function Step(props: { model: ReportsModel; report: Report; step: Report }) {
  const { model } = props
  const here = () => props.step.id === props.report.id
  const change = createMemo(() =>
    here()
      ? undefined
      : model.changes.get(`${props.step.id} ${props.report.id}`, [
          placeOf(props.step),
          placeOf(props.report),
        ]),
  )
  const words = () => {
    const now = change()
    return now ? `${now.replaced ? 'about ' : ''}+${formatCount(now.added)} −${formatCount(now.removed)}` : ''
  }
  const own = () => {
    const head = model.heads.get(props.step.id, placeOf(props.step))
    return head ? formatPlural(head.words, 'word') : ''
  }
  const name = () => (Number.isNaN(props.step.step) ? 'no step' : formatCount(props.step.step, 10))
  const compared = () => model.against()?.id === props.step.id
  return (
    <div class="report-step">
      <button
        type="button"
        aria-current={here() ? 'step' : undefined}
        onClick={() => model.choose(props.step, { opens: true })}
      >
        {name()}
      </button>
      <Show when={!here()} fallback={<span>{own()}</span>}>
        <button
          type="button"
          class="report-change"
          aria-pressed={compared()}
          aria-label={`Compare with step ${name()}: ${words()} words`}
          title="Words added and removed since then; press to see them"
          disabled={Number.isNaN(props.step.step)}
          onClick={() =>
            model.set({ ...model.nameOf(props.report), diff: compared() ? '' : String(props.step.step) })
          }
        >
          {words()}
        </button>
      </Show>
    </div>
  )
}

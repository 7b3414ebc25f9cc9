import { createMemo, createSignal, For, Show } from 'solid-js'
import { formatCount } from '../../../compute/number.ts'
import { cardHeight, leafName } from '../../../compute/sections.ts'
import { CAPTION, HistogramCard, type HistogramKind } from '../../charts/histogram/card.tsx'
import { heatHeight } from '../../charts/histogram/heat.tsx'
import { Icon } from '../../components/icon.tsx'
import { Name } from '../../components/name.tsx'
import { HistogramCell } from './cell.tsx'
import type { HistogramsModel } from './model.ts'
import { chartName, PercentileCard } from './percentiles.tsx'

/** Height of the strip that is open, and of the pictures below it. */
const OPEN = 288
const BELOW = 240
const PHONE_CARD = 230

export interface SectionProps {
  model: HistogramsModel
  section: { key: string; name: string; metrics: string[] }
  width: number
  columns: number
  phone: boolean
}

/** The histograms of one section of names, as the page's view has them. */
export function HistogramSection(props: SectionProps) {
  const [folded, setFolded] = createSignal(false)
  const { model } = props
  const mixed = () => model.view() === 'mixed'
  const opened = () => (mixed() ? model.open() : undefined)
  const rest = createMemo(() => props.section.metrics.filter((metric) => metric !== opened()))
  return (
    <section class="histograms-section" aria-label={props.section.name} data-section={props.section.key}>
      <div class="section-head">
        <h2>
          <button type="button" aria-expanded={!folded()} onClick={() => setFolded(!folded())}>
            <Icon name={folded() ? 'right' : 'down'} />
            <b>
              <Name of={props.section.name} />
            </b>{' '}
            <em>{formatCount(props.section.metrics.length)}</em>
          </button>
        </h2>
      </div>
      <Show when={!folded()}>
        <Show when={props.section.metrics.find((metric) => metric === opened())}>
          {(metric) => <Opened {...props} metric={metric()} />}
        </Show>
        <div class="histograms-grid" style={{ '--n': props.columns }}>
          <For each={rest()}>{(metric) => <Card {...props} metric={metric} />}</For>
        </div>
      </Show>
    </section>
  )
}

type OneProps = SectionProps & { metric: string }

/** One histogram in the page's view. */
function Card(props: OneProps) {
  const { model } = props
  const title = () => leafName(props.metric)
  const kind = (): HistogramKind => {
    const now = model.view()
    return now === 'ridge' || now === 'outlines' ? now : 'heat'
  }
  const runs = createMemo(
    () => {
      const now = model.view()
      const one = model.runOf(props.metric)
      return now === 'mixed' || now === 'ridge'
        ? one
          ? [one]
          : []
        : [...model.runsWith(props.metric)].reverse()
    },
    [],
    { equals: (a, b) => a.length === b.length && a.every((run, i) => run === b[i]) },
  )
  const base = () => (props.phone ? PHONE_CARD : cardHeight(props.width / props.columns))
  const height = () =>
    model.view() === 'heat' ? CAPTION + 1 + heatHeight(runs().length, base() - CAPTION - 1) : base()
  const width = () => Math.floor(props.width / props.columns)
  const name = () => (model.view() === 'percentiles' ? chartName(props.metric, model.only()) : props.metric)
  return (
    <HistogramCell metric={name()} title={title()} height={height()}>
      <Show
        when={model.view() === 'percentiles'}
        fallback={
          <HistogramCard
            metric={props.metric}
            title={title()}
            kind={kind()}
            runs={runs()}
            axis={model.axis()}
            step={model.step()}
            width={width()}
            height={height()}
            opens="Open"
            onOpen={() => {
              model.set({ view: '', open: props.metric })
              document.getElementById('charts')?.focus({ preventScroll: true })
            }}
            onStep={model.setStep}
          />
        }
      >
        <PercentileCard
          model={model}
          metric={props.metric}
          title={title()}
          width={width()}
          height={height()}
          legend={props.phone}
        />
      </Show>
    </HistogramCell>
  )
}

/** The one that is open: its strip with the bins of a step, and below them ridge, percentiles and outlines. */
function Opened(props: OneProps) {
  const { model } = props
  const title = () => leafName(props.metric)
  const one = createMemo(() => {
    const run = model.runOf(props.metric)
    return run ? [run] : []
  })
  const third = () => (props.phone || props.width < 760 ? props.width : Math.floor(props.width / 3))
  const common = () => ({
    metric: props.metric,
    axis: model.axis(),
    step: model.step(),
    onStep: model.setStep,
  })
  return (
    <>
      <div class="histograms-grid" style={{ '--n': 1 }}>
        <HistogramCell metric={props.metric} title={title()} height={OPEN}>
          <HistogramCard
            {...common()}
            title={title()}
            kind="heat"
            runs={one()}
            width={props.width}
            height={OPEN}
            side={!props.phone && props.width >= 760}
          />
        </HistogramCell>
      </div>
      <div class="histograms-grid" style={{ '--n': third() === props.width ? 1 : 3 }}>
        <HistogramCell metric={`ridge of ${props.metric}`} title={title()} height={BELOW}>
          <HistogramCard
            {...common()}
            title={title()}
            figure={`ridge of ${props.metric}`}
            kind="ridge"
            runs={one()}
            width={third()}
            height={BELOW}
          />
        </HistogramCell>
        <HistogramCell metric={chartName(props.metric, model.only())} title={title()} height={BELOW}>
          <PercentileCard
            model={model}
            metric={props.metric}
            title={title()}
            width={third()}
            height={BELOW}
            legend={props.phone}
          />
        </HistogramCell>
        <HistogramCell metric={`outlines of ${props.metric}`} title={title()} height={BELOW}>
          <HistogramCard
            {...common()}
            title={title()}
            figure={`outlines of ${props.metric}`}
            kind="outlines"
            runs={model.runsWith(props.metric)}
            width={third()}
            height={BELOW}
          />
        </HistogramCell>
      </div>
    </>
  )
}

import { createMemo, Show } from 'solid-js'
import type { Spread } from '../../../compute/interval.ts'
import { makeRowFormat, type RowFormat } from '../../../compute/row-format.ts'
import { type Analysis, isCertain, refusalText } from './analysis.ts'
import { configText } from './config-text.ts'
import type { CompareLine } from './lines.ts'
import type { CompareModel } from './model.ts'

const WIDTH = 80

/** Of a key why nothing is said of it, or against what its values are held; of a value the change to it. */
export function EffectCell(props: {
  model: CompareModel
  analysis: Analysis
  line: CompareLine & { kind: 'config' | 'effect' }
}) {
  const { model, analysis } = props
  const effect = createMemo(() => analysis.effectOf(props.line.key))
  const change = createMemo(() => {
    const { line } = props
    return line.kind === 'effect' ? effect()?.to(model.columns()[line.column]?.places[0] ?? -1) : undefined
  })
  const words = () => {
    const [found, of] = [effect(), change()]
    if (of?.why) return refusalText(of.why())
    if (!found || props.line.kind === 'effect') return ''
    if (found.refused) return refusalText(found.why())
    const member = model.columnMembers()[0]?.[0] ?? 0
    return `against ${configText(model.table().values[props.line.key]?.[member])}, by value`
  }
  return (
    <Show when={change()?.spread} fallback={<span class="quiet">{words()}</span>}>
      {(spread) => <Change spread={spread()} analysis={analysis} />}
    </Show>
  )
}

function Change(props: { spread: Spread; analysis: Analysis }) {
  const x = (value: number): number =>
    Math.max(
      2,
      Math.min(WIDTH - 2, WIDTH / 2 + (value / (1.5 * props.analysis.greatest() || 1)) * (WIDTH / 2 - 2)),
    )
  const half = () => (Number.isNaN(props.spread.half) ? 0 : props.spread.half)
  const tone = () => toneOf(props.spread, props.analysis.direction())
  return (
    <span class={`alone ${tone()}`}>
      <svg width={WIDTH} height="16" aria-hidden="true">
        <path class="line" d={`M2 8H${WIDTH - 2}`} />
        <path class="zero" d={`M${WIDTH / 2 + 0.5} 1V15`} />
        <path class="half" d={`M${x(props.spread.mean - half())} 8H${x(props.spread.mean + half())}`} />
        <circle cx={x(props.spread.mean)} cy="8" r="3.2" />
      </svg>
      <span>{meanText(props.spread, props.analysis)}</span>
      <span class="quiet">{intervalText(props.spread, props.analysis)}</span>
    </span>
  )
}

/** One pair has no interval, so it is told from nothing, but not called noise either. */
function toneOf(spread: Spread, direction: 'min' | 'max' | undefined): string {
  if (spread.n < 2) return 'plain'
  if (!isCertain(spread)) return 'noise'
  const better = direction === 'max' ? spread.mean > 0 : direction === 'min' ? spread.mean < 0 : false
  return better ? 'good' : 'plain'
}

/** All effects have as many decimals, but where that leaves nothing of one. */
function formatOf({ mean }: Spread, analysis: Analysis): RowFormat {
  const greatest = analysis.greatest()
  return Math.abs(mean) * 1000 < greatest ? makeRowFormat([mean], 0, 2) : makeRowFormat([greatest], 0, 3)
}

function meanText(spread: Spread, analysis: Analysis): string {
  const text = formatOf(spread, analysis).change(spread.mean)
  return spread.n > 1 && !isCertain(spread) ? `≈ ${text}` : text
}

function intervalText(spread: Spread, analysis: Analysis): string {
  const n = `n ${spread.n}`
  return Number.isNaN(spread.half) ? n : `± ${formatOf(spread, analysis).value(spread.half)}, ${n}`
}

/** All that is said of a key in one text: for a file, and where there is no room for lines. */
export function effectText(model: CompareModel, analysis: Analysis, key: number): string {
  const effect = analysis.effectOf(key)
  if (!effect) return ''
  if (effect.refused) return refusalText(effect.why())
  const values = model.table().values[key] ?? []
  return analysis
    .valuesBeside(key)
    .map((column) => {
      const change = effect.to(model.columns()[column]?.places[0] ?? -1)
      const said = change?.spread
        ? `${meanText(change.spread, analysis)} ${intervalText(change.spread, analysis)}`
        : change
          ? refusalText(change.why())
          : ''
      return `to ${configText(values[model.columnMembers()[column]?.[0] ?? 0])}: ${said}`
    })
    .join('; ')
}

import { createMemo, For, Show } from 'solid-js'
import { binRange, type Summary } from '../../../compute/column-summary.ts'
import { formatPlural } from '../../../compute/format.ts'
import { formatCount } from '../../../compute/number.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { useApp } from '../../../state/app.ts'
import { type Bars, createBarBrush } from '../../components/bar-brush.ts'
import { exact, filterSubject, valueText } from './cells.ts'
import type { TableColumn } from './columns.ts'
import { brushOfBars, sharesOf } from './head-brush.ts'
import type { RunsModel } from './model.ts'

/**
 * What a column holds over all runs: bars, those of listed runs darker, and under them the least and the
 * greatest value. Bars that are dragged over, or walked by arrows, are a condition of the filter.
 */
export function HeadSummary(props: {
  model: RunsModel
  column: TableColumn
  summary: Summary
  binOf: Int8Array
}) {
  const { zone } = useZone()
  const held = createMemo(() => {
    const counts = props.summary.bins.map(() => 0)
    for (const run of props.model.listed()) {
      const bin = props.binOf[run] ?? -1
      if (bin >= 0) counts[bin] = (counts[bin] ?? 0) + 1
    }
    return counts
  })
  const most = createMemo(() => Math.max(1, ...props.summary.bins))
  const text = (value: number) => {
    const kind = props.column.data()?.kind
    return kind === undefined || kind === 'text'
      ? exact(value)
      : valueText(props.column.spec, kind, value, zone())
  }
  const isTime = () => props.column.spec.kind === 'fact' && props.column.spec.fact === 'started'
  const words = createMemo(() => {
    const { distinct, least, greatest, each, log } = props.summary
    if (distinct === 0) return ['none', '']
    if (Number.isNaN(least) || (each && each.length <= 5 && props.column.spec.kind === 'config'))
      return [distinct === 1 ? '1 value' : `${formatCount(distinct)} distinct`, '']
    if (least === greatest) return [text(least), '']
    const ends = [text(least), text(greatest)].map((end) => end.replace(isTime() ? / \d\d:\d\d$/ : /$/, ''))
    // two days have no room for their hours
    if (isTime() && ends[0] !== ends[1]) return ends
    return [text(least), `${text(greatest)}${log ? ' log' : ''}`]
  })
  const subject = () => filterSubject(props.column.spec)
  const many = () => props.summary.bins.length > 1
  /** Of many texts the bars are the most frequent ones alone, which is no range. */
  const brushes = () => subject() !== undefined && many() && !(textual() && !props.summary.each)
  const textual = () => Number.isNaN(props.summary.least)
  const brush = createMemo(() => {
    const of = subject()
    return of === undefined ? undefined : props.model.brushes.of(of)
  })
  const picked = createBarBrush({
    ...{ write, enabled: brushes },
    count: () => props.summary.bins.length,
    width: (box) => Math.min(box, props.summary.bins.length * MOST_BAR),
    // a click on what is brushed alone takes the brush away
    isHeld([first, last]) {
      const [one] = shares()
      const n = props.summary.bins.length
      return (
        one !== undefined &&
        shares().length === 1 &&
        Math.round(one[0] * n) === first &&
        Math.round(one[1] * n) === last + 1
      )
    },
  })

  const shares = createMemo((): [number, number][] => {
    const [moved, set, n] = [picked.draft(), brush(), props.summary.bins.length]
    if (moved) return [[moved[0] / n, (moved[1] + 1) / n]]
    return set ? sharesOf(props.summary, set) : []
  })

  function write(at: Bars | undefined): void {
    const of = subject()
    if (of !== undefined) props.model.brushes.set(of, at && brushOfBars(props.summary, at))
  }

  const spoken = () => {
    const [first, last] = picked.walked() ?? [0, 0]
    if (!brush()) return 'all values'
    const count = held().reduce((sum, n) => sum + n, 0)
    return `${barText(props.summary, first, text)[0]} to ${barText(props.summary, last, text)[1]}, ${formatPlural(count, 'run')}`
  }

  const drawn = () => (
    <>
      <For each={props.summary.bins}>
        {(count, i) => (
          <i title={barTitle(props.summary, i(), count, text)}>
            <b style={{ height: `${(20 * count) / most()}px` }} />
            <b class="held" style={{ height: `${(20 * (held()[i()] ?? 0)) / most()}px` }} />
          </i>
        )}
      </For>
      <For each={shares()}>
        {([start, end]) => (
          <u
            class="head-brush"
            style={{
              left: `calc(${start} * min(100%, ${props.summary.bins.length * MOST_BAR}px))`,
              width: `calc(${end - start} * min(100%, ${props.summary.bins.length * MOST_BAR}px))`,
            }}
          />
        )}
      </For>
    </>
  )
  return (
    <>
      <Show
        when={brushes()}
        fallback={
          <span class="head-bars" aria-hidden="true">
            {drawn()}
          </span>
        }
      >
        <span
          class="head-bars pick"
          role="slider"
          tabIndex={0}
          aria-label={`Range of ${props.column.label}`}
          aria-valuemin={0}
          aria-valuemax={props.summary.bins.length - 1}
          aria-valuenow={picked.walked()?.[0] ?? 0}
          aria-valuetext={spoken()}
          title="Drag for a condition of the filter; arrows with Shift do the same, Delete takes it away"
          {...picked.on}
        >
          {drawn()}
        </span>
      </Show>
      <span class="head-range" title={words().filter(Boolean).join(' to ')}>
        <span>{words()[0]}</span>
        <span>{words()[1]}</span>
      </span>
      <Show when={props.summary.nonFinite > 0}>
        <span class="head-bad">{`${formatCount(props.summary.nonFinite)} not finite`}</span>
      </Show>
    </>
  )
}

/** Few bars are no wider than this, px. */
const MOST_BAR = 29

function barText(summary: Summary, bin: number, text: (value: number) => string): [string, string] {
  const one = summary.each?.[bin]
  if (one !== undefined) {
    const word = typeof one === 'number' ? text(one) : visibleName(one)
    return [word, word]
  }
  const [from, to] = binRange(summary, bin)
  return [text(from), text(to)]
}

function barTitle(summary: Summary, bin: number, count: number, text: (value: number) => string): string {
  const runs = formatPlural(count, 'run')
  if (summary.each?.[bin] === undefined && Number.isNaN(summary.least)) return runs
  const [from, to] = barText(summary, bin, text)
  return from === to ? `${from}: ${runs}` : `${from} to ${to}: ${runs}`
}

/** Times are told in the zone that the settings say. */
export function useZone(): { zone: () => 'local' | 'utc' } {
  const { preferences } = useApp()
  return { zone: () => preferences.value().timeZone }
}

import { createMemo, createSignal, For, onCleanup, onMount, Show } from 'solid-js'
import { formatCount, formatValue } from '../../../compute/number.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import type { TracesModel } from './model.ts'
import { promptMeasure } from './same-prompt.ts'

/** Traces of one prompt over their steps; a click or an arrow goes to one. */
export function PromptStrip(props: {
  model: TracesModel
  rows: readonly number[]
  marks: readonly { at: number; label: string }[]
  onChoose(at: number): void
  title: string
}) {
  const [width, setWidth] = createSignal(0)
  const HEIGHT = 50
  let box: HTMLDivElement | undefined
  onMount(() => {
    if (!box) return
    const sized = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? 0))
    sized.observe(box)
    onCleanup(() => sized.disconnect())
  })
  const list = () => props.model.list()
  const measure = createMemo(() => {
    const now = list()
    return now && promptMeasure(now, props.rows)
  })
  const points = createMemo(() => {
    const [now, of] = [list(), measure()]
    if (!now || !of) return []
    return props.rows
      .map((at) => ({ at, step: now.step[at] as number, value: of.values[at] as number }))
      .filter(({ step, value }) => !Number.isNaN(step) && Number.isFinite(value))
  })
  const span = createMemo(() => {
    const all = points()
    const values = all.map(({ value }) => value)
    return {
      steps: [all[0]?.step ?? 0, all.at(-1)?.step ?? 1] as const,
      values: [Math.min(...values), Math.max(...values)] as const,
    }
  })
  const x = (step: number): number => {
    const [from, to] = span().steps
    return to === from ? width() / 2 : 8 + ((width() - 16) * (step - from)) / (to - from)
  }
  const y = (value: number): number => {
    const [low, high] = span().values
    return high === low ? HEIGHT / 2 - 8 : HEIGHT - 22 - ((HEIGHT - 30) * (value - low)) / (high - low)
  }
  const marked = () => new Map(props.marks.map(({ at, label }) => [at, label]))
  /** A mark's label lies over what stands there. */
  const isUnder = (place: number): boolean =>
    props.marks.some(({ at }) => Math.abs(x(list()?.step[at] ?? Number.NaN) - place) < 70)
  const now = () => points().findIndex(({ at }) => at === props.marks[0]?.at)
  const words = () => {
    const point = points()[now()]
    return point
      ? `step ${formatCount(point.step)}, ${visibleName(measure()?.name ?? '')} ${formatValue(point.value, 5)}`
      : ''
  }
  const runs = createMemo(() => {
    // of a run that answered several times at a step the line goes through their mean
    const by = new Map<number, Map<number, number[]>>()
    for (const { at, step, value } of points()) {
      const run = list()?.run[at] ?? 0
      const steps = by.get(run) ?? new Map<number, number[]>()
      by.set(run, steps)
      steps.set(step, [...(steps.get(step) ?? []), value])
    }
    return [...by].map(([run, steps]) => ({
      path: [...steps]
        .map(([step, values], i) => {
          const mean = values.reduce((a, b) => a + b, 0) / values.length
          return `${i === 0 ? 'M' : 'L'}${x(step).toFixed(1)} ${y(mean).toFixed(1)}`
        })
        .join(''),
      color: props.model.styleOf(run)?.color ?? 'var(--ink-3)',
    }))
  })
  const go = (by: number): void => {
    const point = points()[Math.max(0, Math.min(points().length - 1, now() + by))]
    if (point) props.onChoose(point.at)
  }
  return (
    <div class="prompt-strip">
      <div class="strip-title">
        <b>{props.title}</b>
        <span>{`${formatCount(props.rows.length)} traces, ${visibleName(measure()?.name ?? '')}`}</span>
      </div>
      <div
        class="strip"
        ref={box}
        role="slider"
        tabIndex={0}
        aria-label={`${props.title} over the steps`}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, points().length - 1)}
        aria-valuenow={Math.max(0, now())}
        aria-valuetext={words()}
        onKeyDown={(event) => {
          const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, Home: -1e9, End: 1e9 }[
            event.key
          ]
          if (by === undefined) return
          event.preventDefault()
          event.stopPropagation()
          go(by)
        }}
        onClick={(event) => {
          const left = event.clientX - (box?.getBoundingClientRect().left ?? 0)
          const top = event.clientY - (box?.getBoundingClientRect().top ?? 0)
          let best: { at: number; far: number } | undefined
          for (const { at, step, value } of points()) {
            const far = Math.abs(x(step) - left) + Math.abs(y(value) - top) / 4
            if (!best || far < best.far) best = { at, far }
          }
          if (best) props.onChoose(best.at)
        }}
      >
        <Show when={width() > 0}>
          <svg width={width()} height={HEIGHT} aria-hidden="true">
            <line class="axis" x1="0" x2={width()} y1={HEIGHT - 16} y2={HEIGHT - 16} />
            <For each={runs()}>{({ path, color }) => <path d={path} stroke={color} />}</For>
            <For each={points()}>
              {({ at, step, value }) => (
                <>
                  <Show when={marked().has(at)}>
                    <line class="cursor" x1={x(step)} x2={x(step)} y1="0" y2={HEIGHT - 16} />
                  </Show>
                  <circle
                    cx={x(step)}
                    cy={y(value)}
                    r={marked().has(at) ? 4 : 2.2}
                    fill={props.model.styleOf(list()?.run[at] ?? 0)?.color ?? 'var(--ink-3)'}
                  />
                </>
              )}
            </For>
          </svg>
          <span class="end left" classList={{ under: isUnder(8) }}>
            {formatCount(span().steps[0])}
          </span>
          <span class="end right" classList={{ under: isUnder(width() - 8) }}>
            {formatCount(span().steps[1])}
          </span>
          <For each={props.marks}>
            {({ at, label }) => {
              const step = () => list()?.step[at] ?? Number.NaN
              return (
                <Show when={!Number.isNaN(step())}>
                  <span class="chip" style={{ left: `${Math.max(26, Math.min(width() - 26, x(step())))}px` }}>
                    {`${label} ${formatCount(step())}`.trim()}
                  </span>
                </Show>
              )
            }}
          </For>
        </Show>
      </div>
    </div>
  )
}

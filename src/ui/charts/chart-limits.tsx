import '../styles/limits.css'
import { createSignal, onCleanup, onMount } from 'solid-js'
import type { ChartModel } from './chart-model.ts'

/** Typed y limits of one chart. Empty fields mean the limits the chart has now. */
export function ChartLimits(props: { model: ChartModel; onClose(): void }) {
  let first: HTMLInputElement | undefined
  const now = props.model.scene()?.frame.y ?? [0, 1]
  const [min, setMin] = createSignal(String(Number(now[0].toPrecision(6))))
  const [max, setMax] = createSignal(String(Number(now[1].toPrecision(6))))
  const limits = () => ({ min: Number(min() || now[0]), max: Number(max() || now[1]) })
  const valid = () =>
    Number.isFinite(limits().min) && Number.isFinite(limits().max) && limits().min < limits().max
  onMount(() => {
    const host = first?.closest('figure, dialog')
    first?.select()
    onCleanup(() => {
      if (first?.form?.contains(document.activeElement))
        host?.querySelector<HTMLElement>('.chart-overlay, .chart-table')?.focus()
    })
  })

  function apply(event: Event): void {
    event.preventDefault()
    if (!valid()) return
    props.model.view.setRange(props.model.metric(), { kind: 'manual', ...limits() })
    props.onClose()
  }

  function key(event: KeyboardEvent): void {
    event.stopPropagation()
    if (event.key !== 'Escape') return
    event.preventDefault()
    props.onClose()
  }

  return (
    <form class="chart-limits" onSubmit={apply} onKeyDown={key}>
      <label>
        Min{' '}
        <input
          ref={first}
          inputmode="decimal"
          value={min()}
          onInput={(event) => setMin(event.currentTarget.value)}
        />
      </label>
      <label>
        Max <input inputmode="decimal" value={max()} onInput={(event) => setMax(event.currentTarget.value)} />
      </label>
      <button type="submit" disabled={!valid()}>
        Set
      </button>
      <button type="button" class="chart-link" onClick={() => props.onClose()}>
        Cancel
      </button>
    </form>
  )
}

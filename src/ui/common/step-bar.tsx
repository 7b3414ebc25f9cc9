import '../styles/step-bar.css'
import { createEffect, createMemo, createSignal, For, onCleanup, Show } from 'solid-js'
import {
  nearestTick,
  type Otherwise,
  ordinal,
  parseOtherwise,
  type StepTicks,
  tickFrom,
} from '../../compute/media-steps.ts'
import { formatCount } from '../../compute/number.ts'
import { lowerBound } from '../../compute/thin.ts'
import { stepTicks } from '../../compute/ticks.ts'
import { useApp } from '../../state/app.ts'
import { Icon } from '../components/icon.tsx'
import { Select } from '../components/select.tsx'
import { createWidth } from '../components/width.ts'
import { isTyping } from './keys.ts'

export interface StepBarProps {
  ticks: StepTicks
  /** One of the ticks; undefined while there are none. */
  step: number | undefined
  onStep(step: number): void
  /** What stands where a run has nothing at the step; left out where the page has no such choice. */
  otherwise?: Otherwise | undefined
  /** How far back the usual choice looks. */
  usual?: number | undefined
  onOtherwise?(otherwise: Otherwise): void
  /** Resolves once what the step shows is drawn: playing waits for it, and skips nothing. */
  drawn?(): Promise<void>
  /** Docked, with larger buttons. */
  phone?: boolean | undefined
}

/** Places along the line that ticks are drawn at; more than a screen has pixels would be drawn over each other. */
const PLACES = 2000
const RATES = [1, 2, 4, 8] as const

/**
 * The step of a page: a tick for each logged step, tall where every shown run logged. Arrows, Home, End and the
 * keys `,` and `.` walk the ticks, Space plays them; it never stands between two.
 */
export function StepBar(props: StepBarProps) {
  const { preferences } = useApp()
  const [playing, setPlaying] = createSignal(false)
  const [rate, setRate] = createSignal(2)
  const [width, takeLine] = createWidth()
  let line: HTMLElement | undefined
  const steps = () => props.ticks.steps
  const first = () => steps()[0] ?? 0
  const last = () => steps()[steps().length - 1] ?? 0
  const span = () => last() - first() || 1
  const share = (step: number) => (steps().length < 2 ? 0 : (step - first()) / span())
  const at = () => (props.step === undefined ? -1 : lowerBound(steps(), props.step))
  const labels = createMemo(() => stepTicks(steps(), Math.max(2, Math.floor(width() / 64))))
  const paths = createMemo(() => {
    const seen: (Set<number> | undefined)[] = [new Set(), new Set()]
    steps().forEach((step, i) => {
      seen[props.ticks.every[i] ?? 0]?.add(Math.round(share(step) * PLACES))
    })
    const [some, every] = seen.map((places) => [...(places ?? [])])
    return {
      some: (some ?? []).map((x) => `M${x} 3v5`).join(''),
      every: (every ?? []).map((x) => `M${x} 0v11`).join(''),
    }
  })

  function go(by: number): void {
    if (props.step === undefined) return
    const next = tickFrom(steps(), props.step, by)
    if (next !== undefined) props.onStep(next)
  }

  /** From the last tick it begins anew. */
  function togglePlay(): void {
    if (!playing() && props.step === last()) props.onStep(first())
    setPlaying(!playing())
  }

  // each step stands for its time, and until its pictures are drawn
  createEffect(() => {
    if (!playing()) return
    const { step } = props
    if (step === undefined || step === last()) return void setPlaying(false)
    let over = false
    const pause = new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, 1000 / rate())
      onCleanup(() => clearTimeout(timer))
    })
    void Promise.all([pause, props.drawn?.()]).then(() => {
      if (!over && playing()) go(1)
    })
    onCleanup(() => {
      over = true
    })
  })

  function onKeys(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    if (!preferences.value().singleKeys || isTyping(event.target)) return
    if (document.querySelector('dialog[open]')) return
    const by = { ',': -1, '.': 1, '<': -10, '>': 10, ';': -10, ':': 10 }[event.key]
    // Space presses a button that has the focus, and chooses a card
    const plain =
      event.target === document.body || (event.target instanceof HTMLElement && event.target.id === 'charts')
    if (by !== undefined && (event.shiftKey || Math.abs(by) === 1)) go(by)
    else if (event.key === ' ' && plain) togglePlay()
    else return
    event.preventDefault()
  }
  document.addEventListener('keydown', onKeys)
  onCleanup(() => document.removeEventListener('keydown', onKeys))

  function onSliderKey(event: KeyboardEvent): void {
    const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 }[
      event.key
    ]
    if (by !== undefined) go(event.shiftKey && Math.abs(by) === 1 ? by * 10 : by)
    else if (event.key === 'Home') props.onStep(first())
    else if (event.key === 'End') props.onStep(last())
    else if (event.key === ' ') togglePlay()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  function pointTo(event: PointerEvent): void {
    const box = line?.getBoundingClientRect()
    if (!box || box.width === 0) return
    const part = Math.max(0, Math.min(1, (event.clientX - box.left) / box.width))
    const step = nearestTick(steps(), first() + part * span())
    if (step !== undefined && step !== props.step) props.onStep(step)
  }

  const words = () => `${ordinal(at() + 1)} of ${formatCount(steps().length)}${props.phone ? '' : ' logged'}`
  const usual = () => props.usual ?? 0
  const choices = createMemo(() => {
    const beyond = [usual(), usual() * 10].filter((within, i) => within > 0 && (i === 0 || within < span()))
    return [
      ...beyond.map((within) => ({
        value: `before:${within}`,
        text: `last before, within ${formatCount(within)}`,
      })),
      { value: `before:Infinity`, text: 'last before, however far' },
      { value: 'nearest', text: 'nearest' },
      { value: 'nothing', text: 'nothing' },
    ]
  })
  const chosen = () => {
    const now = props.otherwise
    return now?.kind === 'before' ? `before:${now.within}` : (now?.kind ?? '')
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a row everywhere
    <div class="step-bar" classList={{ phone: props.phone }} role="group" aria-label="Step">
      <div class="step-label">
        <b>{props.step === undefined ? 'No step' : `Step ${formatCount(props.step)}`}</b>
        <span>{props.step === undefined ? '' : words()}</span>
      </div>
      <div class="step-buttons">
        <button
          type="button"
          class="icon-button"
          aria-label="Previous step"
          title="Previous step ,"
          disabled={at() <= 0}
          onClick={() => go(-1)}
        >
          <Icon name="left" />
        </button>
        <button
          type="button"
          class="icon-button"
          aria-label={playing() ? 'Pause' : 'Play'}
          title="Play the steps, Space"
          disabled={steps().length < 2}
          onClick={togglePlay}
        >
          <Icon name={playing() ? 'pause' : 'play'} />
        </button>
        <button
          type="button"
          class="icon-button"
          aria-label="Next step"
          title="Next step ."
          disabled={at() < 0 || at() >= steps().length - 1}
          onClick={() => go(1)}
        >
          <Icon name="right" />
        </button>
      </div>
      <div class="step-scale">
        <div
          class="step-line"
          ref={(element) => {
            line = element
            takeLine(element)
          }}
          role="slider"
          tabIndex={0}
          aria-label="Step"
          aria-valuemin={first()}
          aria-valuemax={last()}
          aria-valuenow={props.step ?? first()}
          aria-valuetext={props.step === undefined ? 'none' : `${formatCount(props.step)}, ${words()}`}
          onKeyDown={onSliderKey}
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId)
            setPlaying(false)
            pointTo(event)
          }}
          onPointerMove={(event) => {
            if (event.currentTarget.hasPointerCapture(event.pointerId)) pointTo(event)
          }}
        >
          <svg viewBox={`0 0 ${PLACES} 11`} preserveAspectRatio="none" aria-hidden="true">
            <path class="some" d={paths().some} />
            <path class="every" d={paths().every} />
          </svg>
          <Show when={props.step !== undefined}>
            <i class="step-handle" style={{ left: `${100 * share(props.step ?? 0)}%` }} />
          </Show>
        </div>
        <div class="step-numbers" aria-hidden="true">
          <For each={labels().values}>
            {(value, i) => (
              <span style={{ left: `${100 * share(value)}%` }}>{labels().labels[i()] ?? ''}</span>
            )}
          </For>
        </div>
      </div>
      <Show when={!props.phone}>
        <Show when={props.otherwise !== undefined}>
          <span class="control">
            <span class="word">Otherwise</span>
            <Select
              label="Otherwise"
              title="What stands where a run logged nothing at this step"
              value={chosen()}
              options={choices()}
              onChange={(value) => props.onOtherwise?.(parseOtherwise(value, usual()))}
            />
          </span>
        </Show>
        <span class="control">
          <span class="word">Play</span>
          <Select
            label="Steps a second"
            value={String(rate())}
            options={RATES.map((value) => ({ value: String(value), text: `${value} a second` }))}
            onChange={(value) => setRate(Number(value))}
          />
        </span>
      </Show>
    </div>
  )
}

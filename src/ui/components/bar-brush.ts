import { type Accessor, createSignal } from 'solid-js'

/** The first and the last of some bars. */
export type Bars = readonly [number, number]

export interface BarBrush {
  /** While bars are dragged over. */
  draft: Accessor<Bars | undefined>
  /** Where the keys are. */
  walked: Accessor<Bars | undefined>
  on: {
    onPointerDown(event: BarEvent): void
    onPointerMove(event: BarEvent): void
    onPointerUp(): void
    onPointerCancel(): void
    onKeyDown(event: KeyboardEvent): void
  }
}

type BarEvent = PointerEvent & { currentTarget: HTMLElement }

/**
 * Chooses bars of a histogram: dragged over, or walked by arrows, with Shift several; Delete lets go, and so does a
 * press on what is held.
 */
export function createBarBrush(options: {
  count(): number
  /** Width of the bars in a box of this width, px. */
  width?(box: number): number
  enabled(): boolean
  /** One bar at a time alone, by the pointer and by keys. */
  single?(): boolean
  isHeld(bars: Bars): boolean
  write(bars: Bars | undefined): void
}): BarBrush {
  const { count, write } = options
  const [draft, setDraft] = createSignal<Bars>()
  const [walked, setWalked] = createSignal<Bars>()
  const within = (bar: number): number => Math.max(0, Math.min(count() - 1, bar))
  const barAt = ({ currentTarget, clientX }: BarEvent): number => {
    const { left, width } = currentTarget.getBoundingClientRect()
    return within(Math.floor(((clientX - left) / (options.width?.(width) ?? width)) * count()))
  }
  let from = 0
  return {
    draft,
    walked,
    on: {
      onPointerDown(event) {
        if (!options.enabled() || event.button !== 0) return
        from = barAt(event)
        setDraft([from, from])
        event.currentTarget.setPointerCapture(event.pointerId)
        event.preventDefault()
      },
      onPointerMove(event) {
        if (!draft()) return
        const to = barAt(event)
        setDraft(options.single?.() ? [to, to] : [Math.min(from, to), Math.max(from, to)])
      },
      onPointerUp() {
        const bars = draft()
        setDraft(undefined)
        if (bars) write(options.isHeld(bars) ? undefined : bars)
      },
      onPointerCancel: () => setDraft(undefined),
      onKeyDown(event) {
        if (event.altKey || event.ctrlKey || event.metaKey) return
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
        if (event.key === 'Delete' || event.key === 'Backspace' || event.key === 'Escape') {
          setWalked(undefined)
          write(undefined)
        } else if (step) {
          const before = walked()
          const end = step > 0 ? 0 : count() - 1
          const next: Bars = !before
            ? [end, end]
            : event.shiftKey && !options.single?.()
              ? [before[0], Math.max(before[0], within(before[1] + step))]
              : [within(before[0] + step), within(before[0] + step)]
          setWalked(next)
          write(next)
        } else return
        event.preventDefault()
        event.stopPropagation()
      },
    },
  }
}

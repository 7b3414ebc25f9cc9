import '../styles/overview.css'
import { createEffect, createMemo, createSignal, createUniqueId, For, onCleanup, Show } from 'solid-js'
import type { FrameQuery } from '../../model/view.ts'
import { createFrames } from '../../state/data/charts.ts'
import { frameQuery } from '../../state/view/frame-query.ts'
import { formatX } from './chart-axes.ts'
import type { ChartModel, Drawn } from './chart-model.ts'
import { LineChart } from './line-chart.tsx'
import { fromPixel, GUTTER, makeScene, toPixel, xMap } from './scene.ts'
import { drawnRuns } from './with-groups.ts'

/** The least of the whole axis that a window shows, CSS pixels. */
const LEAST = 4
/** One press of an arrow, as a share of the whole axis; ten with Shift. */
const STEP = 0.01

type Part = 'start' | 'end' | 'window'
const SLIDERS = [
  ['window', 'overview-window', 'Part in view'],
  ['start', 'overview-grip', 'Start of the part in view'],
  ['end', 'overview-grip', 'End of the part in view'],
] as const

/**
 * The whole x axis under a chart in full screen, with the part in view as a window: its ends and the window
 * itself are dragged, or moved by keys; a drag beside it makes another one.
 */
export function Overview(props: { model: ChartModel; width: number; height: number; ratio: number }) {
  const { model } = props
  const { view } = model
  const [drawn, setDrawn] = createSignal<Drawn>()
  let strip: HTMLDivElement | undefined

  const frames = createFrames({
    query: createMemo((): FrameQuery | undefined => {
      const width = Math.floor((props.width - GUTTER.left - GUTTER.plain) * props.ratio)
      const whole = frameQuery(view, model.metric(), width)
      if (!whole) return undefined
      const { zoom: _, ...query } = whole
      // limits that were set for a part may leave the whole out
      return { ...query, raw: false, range: query.range.kind === 'manual' ? { kind: 'robust' } : query.range }
    }),
    version: view.dataVersion,
    exact: view.exact,
    holdY: () => undefined,
    ask: (query, signal, version) => view.frame(query, signal, version),
  })
  const id = createUniqueId()
  createEffect(() => view.setBusy(id, frames.waiting()))
  onCleanup(() => view.setBusy(id, false))

  const scene = createMemo(() => {
    const now = frames.status()
    if (now.kind !== 'ready' || now.frame.single) return undefined
    return makeScene(
      now.frame,
      now.query,
      drawnRuns(view, model.metric()),
      view.theme(),
      view.integer(model.metric()),
      view.timeZone(),
    )
  })

  /** The window in CSS pixels of the strip, and what the pixels are. */
  const place = createMemo(() => {
    const now = drawn()
    if (!now || !scene()) return undefined
    const map = xMap(now.scene, now.box)
    const [left, right] = [now.box.left, now.box.left + now.box.width]
    const inside = (pixel: number): number => Math.max(left, Math.min(right, pixel))
    const { min, max } = view.zoom() ?? {}
    const from = min === undefined ? left : inside(toPixel(map, min))
    const to = max === undefined ? right : inside(toPixel(map, max))
    return { map, left, right, from: Math.min(from, right - LEAST), to: Math.max(to, left + LEAST), now }
  })

  function show(from: number, to: number, replace: boolean): void {
    const at = place()
    if (!at) return
    // pixels at an end are that end, also of rows that are still to come
    const isSteps = at.now.scene.query.x.kind === 'step'
    const x = (pixel: number): number => {
      const value = fromPixel(at.map, pixel)
      return isSteps ? Math.round(value) : value
    }
    const min = from <= at.left ? undefined : x(from)
    const max = to >= at.right ? undefined : x(to)
    if (min !== undefined && max !== undefined && min >= max) return
    view.setZoom(min === undefined && max === undefined ? undefined : { min, max }, replace)
  }

  function move(part: Part, by: number, from: number, to: number, replace: boolean): void {
    const at = place()
    if (!at) return
    if (part === 'start') show(Math.max(at.left, Math.min(to - LEAST, from + by)), to, replace)
    else if (part === 'end') show(from, Math.min(at.right, Math.max(from + LEAST, to + by)), replace)
    else {
      const far = Math.max(at.left - from, Math.min(at.right - to, by))
      show(from + far, to + far, replace)
    }
  }

  function onPointerDown(event: PointerEvent): void {
    const at = place()
    if (!at || !strip || event.button !== 0 || !(event.target instanceof Element)) return
    const part = event.target.closest<HTMLElement>('[data-part]')?.dataset.part as Part | undefined
    const origin = strip.getBoundingClientRect().left
    const start = event.clientX
    const { from, to } = at
    let moved = false
    const stop = new AbortController()
    const { signal } = stop
    event.preventDefault()
    if (event.target instanceof HTMLElement && part) event.target.closest<HTMLElement>('[data-part]')?.focus()
    addEventListener(
      'pointermove',
      ({ clientX, pointerId }) => {
        if (pointerId !== event.pointerId || (!moved && Math.abs(clientX - start) < 3)) return
        if (part) move(part, clientX - start, from, to, moved)
        else {
          const [a, b] = [Math.min(start, clientX) - origin, Math.max(start, clientX) - origin]
          if (b - a < LEAST) return
          show(a, b, moved)
        }
        moved = true
      },
      { signal },
    )
    for (const type of ['pointerup', 'pointercancel'] as const)
      addEventListener(type, ({ pointerId }) => pointerId === event.pointerId && stop.abort(), { signal })
  }

  function onKeyDown(event: KeyboardEvent, part: Part): void {
    const at = place()
    if (!at || event.ctrlKey || event.metaKey || event.altKey) return
    const step = (at.right - at.left) * STEP * (event.shiftKey ? 10 : 1)
    const by = {
      ArrowLeft: -step,
      ArrowDown: -step,
      ArrowRight: step,
      ArrowUp: step,
      Home: Number.NEGATIVE_INFINITY,
      End: Number.POSITIVE_INFINITY,
    }[event.key]
    if (by === undefined) return
    event.preventDefault()
    // the full screen's own arrows walk the metrics
    event.stopPropagation()
    move(part, by, at.from, at.to, event.repeat)
  }

  /** What a slider says of itself. */
  function said(part: Part): { now: number; text: string } {
    const at = place()
    if (!at) return { now: 0, text: '' }
    const value = (pixel: number): string => formatX(at.now.scene, fromPixel(at.map, pixel))
    const pixel = part === 'start' ? at.from : part === 'end' ? at.to : (at.from + at.to) / 2
    return {
      now: Math.round((100 * (pixel - at.left)) / (at.right - at.left)),
      text: part === 'window' ? `${value(at.from)} to ${value(at.to)}` : value(pixel),
    }
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: no fieldset, it is a picture with handles
    <div
      class="overview"
      ref={strip}
      role="group"
      aria-label="Overview of the whole axis"
      style={{ height: `${props.height}px` }}
      onPointerDown={onPointerDown}
    >
      <LineChart
        scene={scene()}
        width={props.width}
        height={props.height}
        ratio={props.ratio}
        dimmed={false}
        bare
        onDraw={(drawing, box) => setDrawn({ scene: drawing, box })}
      />
      <Show when={place()}>
        {(at) => (
          <>
            <i class="overview-out" style={{ left: `${at().left}px`, width: `${at().from - at().left}px` }} />
            <i class="overview-out" style={{ left: `${at().to}px`, width: `${at().right - at().to}px` }} />
            <For each={SLIDERS}>
              {([part, name, label]) => (
                <div
                  class={name}
                  data-part={part}
                  role="slider"
                  tabIndex={0}
                  aria-label={label}
                  aria-valuemin={0}
                  aria-valuemax={100}
                  aria-valuenow={said(part).now}
                  aria-valuetext={said(part).text}
                  style={{
                    left: `${part === 'end' ? at().to : at().from}px`,
                    ...(part === 'window' && { width: `${at().to - at().from}px` }),
                  }}
                  onKeyDown={(event) => onKeyDown(event, part)}
                />
              )}
            </For>
          </>
        )}
      </Show>
    </div>
  )
}

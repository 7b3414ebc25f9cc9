import { createEffect, createMemo, createSignal, on, onCleanup, onMount, Show } from 'solid-js'
import { summaryOf } from '../../../../compute/column-summary.ts'
import { formatPlural } from '../../../../compute/format.ts'
import { formatCount } from '../../../../compute/number.ts'
import { extentOf, type Polygon, pointsInside } from '../../../../compute/polygon.ts'
import type { Column } from '../../../../compute/run-columns.ts'
import { visibleName } from '../../../../compute/visible-name.ts'
import { useApp } from '../../../../state/app.ts'
import { parseColor, readTokens } from '../../../charts/design-tokens.ts'
import { setPageWords } from '../../../common/page-words.ts'
import type { TableColumn } from '../columns.ts'
import type { RunsModel } from '../model.ts'
import { SelectionBar } from '../selection-bar.tsx'
import { TableBelow } from './below.tsx'
import type { Choices } from './choices.ts'
import type { ColorState } from './color-state.ts'
import type { RunColors } from './colors.ts'
import { AT_ONCE } from './held.ts'
import { ScatterCaption } from './scatter-caption.tsx'
import { boxOf, drawFrame, drawFrontier, drawSeeds, drawWords, ticksOf, xOf, yOf } from './scatter-frame.ts'
import { drawPoints } from './scatter-points.ts'
import type { ScatterScene } from './scatter-scene.ts'
import { frontierWords, pointWords, ScatterTooltip } from './scatter-tooltip.tsx'

/** A point that is so near is meant, px. */
const NEAR = 20
/** Less than this is a click, px. */
const STILL = 4
/** Corners of a lasso are so far apart, px. */
const CORNER = 6
/** Radii, px: of few points, of many, of most; with a column of sizes from the least to the greatest. */
const RADII: readonly (readonly [number, number])[] = [
  [300, 4],
  [2000, 3],
  [Infinity, 2.2],
]
const SIZES = [2.5, 10] as const

export interface ScatterProps {
  model: RunsModel
  choices: Choices
  colors: ColorState
  scene: ScatterScene | undefined
  phone: boolean
}

/** Each run as a point, one column against another. */
export function Scatter(props: ScatterProps) {
  const { model, choices, colors } = props
  const { view, theme, settled, preferences } = useApp()
  const { selection } = model
  const zone = () => preferences.value().timeZone
  const height = () => (props.phone ? 360 : 470)
  let plot: HTMLDivElement | undefined
  let frame: HTMLCanvasElement | undefined
  let points: HTMLCanvasElement | undefined
  const [width, setWidth] = createSignal(0)
  const [spoken, setSpoken] = createSignal('')

  onMount(() => {
    const element = plot
    if (!element) return
    setWidth(element.clientWidth)
    const sized = new ResizeObserver(() => setWidth(element.clientWidth))
    sized.observe(element)
    onCleanup(() => sized.disconnect())
  })

  const placed = createMemo(() => {
    const now = props.scene
    if (!now || width() === 0) return undefined
    const down = ticksOf(now.y, height() - 52, true, zone())
    const box = boxOf(
      width(),
      height(),
      down.map(({ text }) => text),
    )
    const x = Float32Array.from(now.x.axis.shares, (share) => xOf(box, share))
    const y = Float32Array.from(now.y.axis.shares, (share) => yOf(box, share))
    const ratio = window.devicePixelRatio || 1
    const pixels = { x: x.map((at) => at * ratio), y: y.map((at) => at * ratio) }
    return { box, x, y, pixels, ticks: { x: ticksOf(now.x, box.width, false, zone()), y: down } }
  })

  // the lasso: corners as shares of the axes in the link, as pixels while it is drawn

  const [drawing, setDrawing] = createSignal<number[]>()
  const lasso = createMemo((): Polygon => {
    const numbers = (model.own().lasso ?? '').split(',').map(Number)
    return numbers.length >= 6 && numbers.length % 2 === 0 && numbers.every(Number.isFinite) ? numbers : []
  })
  const outline = createMemo((): Polygon => {
    const now = drawing()
    const box = placed()?.box
    if (now || !box) return now ?? []
    return lasso().map((share, k) => (k % 2 === 0 ? xOf(box, share) : yOf(box, share)))
  })
  /** Places of the drawn runs in a polygon of pixels. */
  function within(polygon: Polygon): number[] {
    const at = placed()
    if (!at || polygon.length < 6) return []
    const inside = pointsInside(at.x, at.y, polygon)
    return (props.scene?.drawn ?? []).filter((run) => inside[run])
  }
  const keysOf = (runs: readonly number[]) => runs.flatMap((run) => model.all()[run]?.key ?? [])
  // a link that names a lasso selects what is in it
  createEffect(
    on([lasso, () => placed() !== undefined], ([now, there]) => {
      if (there && now.length > 0 && selection.count() === 0)
        selection.set(keysOf(within(outline())), 'by the lasso')
    }),
  )
  /** What is lit: the picked ones, while a lasso is drawn those in it. */
  const lit = createMemo(() => {
    const mask = new Uint8Array(model.all().length)
    const now = drawing()
    if (now) for (const run of within(now)) mask[run] = 1
    else
      model.all().forEach(({ key }, run) => {
        if (selection.has(key)) mask[run] = 1
      })
    return mask
  })
  const picked = createMemo(() => (props.scene?.drawn ?? []).filter((run) => lit()[run]))

  /** What the table lists: while a lasso is drawn over many runs, what it listed before. */
  const listed = createMemo((before: readonly number[]) => {
    const drawn = props.scene?.drawn ?? []
    if (drawing() && drawn.length > AT_ONCE) return before
    return picked().length > 0 ? picked() : drawn
  }, [])

  // drawing

  const radius = createMemo(() => {
    const n = props.scene?.drawn.length ?? 0
    return RADII.find(([most]) => n <= most)?.[1] ?? 2
  })
  function sized(canvas: HTMLCanvasElement | undefined): CanvasRenderingContext2D | undefined {
    const ratio = window.devicePixelRatio || 1
    const [w, h] = [Math.round(width() * ratio), Math.round(height() * ratio)]
    const context = canvas?.getContext('2d')
    if (!canvas || !context || w === 0) return undefined
    if (canvas.width !== w || canvas.height !== h) {
      canvas.width = w
      canvas.height = h
    }
    return context
  }
  createEffect(() => {
    const [now, at] = [props.scene, placed()]
    const context = sized(frame)
    if (!context || !now || !at) return
    const ratio = window.devicePixelRatio || 1
    const tokens = readTokens(theme())
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    context.clearRect(0, 0, width(), height())
    drawFrame(context, at.box, at.ticks, tokens)
    drawWords(context, at.box, now.x, tokens)
    if (choices.draws('seeds')) drawSeeds(context, at.box, now, tokens.ink3)
    if (choices.draws('frontier')) drawFrontier(context, at.box, now, tokens.ink2, 0)
  })
  /** Colours as numbers, told once for all that is drawn with them. */
  let numbers: { of: RunColors; rgb: Int32Array } | undefined
  function numbersOf(of: RunColors): Int32Array {
    if (numbers?.of !== of)
      numbers = {
        of,
        rgb: Int32Array.from({ length: model.all().length }, (_, run) => parseColor(of.of(run))),
      }
    return numbers.rgb
  }
  let image: ImageData | undefined
  createEffect(() => {
    const [now, at, scale, on] = [props.scene, placed(), colors.colors(), lit()]
    const context = sized(points)
    if (!context || !now || !at || !scale) return
    const ratio = window.devicePixelRatio || 1
    const base = radius()
    const { sizes } = now
    const some = picked().length > 0
    const { width: w, height: h } = context.canvas
    if (image?.width !== w || image.height !== h) image = context.createImageData(w, h)
    else image.data.fill(0)
    const order = now.drawn.filter((run) => !on[run])
    for (const run of picked()) order.push(run)
    const colorOf = numbersOf(scale)
    drawPoints(image, order, at.pixels.x, at.pixels.y, {
      paper: parseColor(readTokens(theme()).paper),
      colorOf: (run) => colorOf[run]!,
      radiusOf: (run) => {
        const share = sizes?.[run]
        const plain =
          share === undefined
            ? base
            : Number.isNaN(share)
              ? SIZES[0]
              : SIZES[0] + (SIZES[1] - SIZES[0]) * Math.sqrt(share)
        return ratio * (plain + (on[run] ? 0.5 : 0) - 0.5)
      },
      ring: base > 2.5 ? ratio : 0,
      opacityOf: (run) => (on[run] ? 1 : some ? 0.6 : 0.85),
    })
    context.putImageData(image, 0, 0)
    // rings lie over the points
    const { frontier } = now
    if (frontier && choices.draws('frontier')) {
      context.setTransform(ratio, 0, 0, ratio, 0, 0)
      context.strokeStyle = readTokens(theme()).ink2
      context.lineWidth = 1.25
      for (const run of frontier.runs) {
        context.beginPath()
        context.arc(at.x[run]!, at.y[run]!, base + 2, 0, 2 * Math.PI)
        context.stroke()
      }
    }
  })
  createEffect(() => settled.setBusy('plot', props.scene === undefined || colors.colors() === undefined))
  onCleanup(() => {
    settled.setBusy('plot', false)
    view.setHighlight(undefined)
  })

  // what is pointed at

  const placeOfRun = createMemo(() => new Map(model.all().map(({ key }, i) => [key, i])))
  const hot = createMemo(() => {
    const run = placeOfRun().get(view.highlight() ?? '')
    return run !== undefined && props.scene?.drawn.includes(run) ? run : undefined
  })
  const [near, setNear] = createSignal(false)
  function nearest(px: number, py: number): number | undefined {
    const at = placed()
    if (!at) return undefined
    let [best, least] = [-1, NEAR * NEAR]
    for (const run of props.scene?.drawn ?? []) {
      const [dx, dy] = [at.x[run]! - px, at.y[run]! - py]
      const far = dx * dx + dy * dy
      if (far <= least) [best, least] = [run, far]
    }
    return best < 0 ? undefined : best
  }
  function light(run: number | undefined): void {
    setNear(run !== undefined)
    view.setHighlight(run === undefined ? undefined : model.all()[run]?.key)
  }
  const pixelOf = (event: PointerEvent): [number, number] => {
    const box = plot?.getBoundingClientRect()
    return [event.clientX - (box?.left ?? 0), event.clientY - (box?.top ?? 0)]
  }
  let pending = 0
  let last: PointerEvent | undefined
  function onPointerMove(event: PointerEvent): void {
    last = event
    if (pending === 0)
      pending = requestAnimationFrame(() => {
        pending = 0
        if (!last) return
        const [x, y] = pixelOf(last)
        const now = drawing()
        if (!now) return light(nearest(x, y))
        const [ax, ay] = [now.at(-2) ?? 0, now.at(-1) ?? 0]
        if (Math.hypot(x - ax, y - ay) >= CORNER) setDrawing([...now, x, y])
      })
  }
  onCleanup(() => cancelAnimationFrame(pending))
  function onPointerDown(event: PointerEvent): void {
    if (event.button !== 0 || !placed()) return
    const target = event.currentTarget as HTMLElement
    const [x, y] = pixelOf(event)
    const more = event.shiftKey
    target.setPointerCapture(event.pointerId)
    light(undefined)
    setDrawing([x, y])
    target.addEventListener(
      'lostpointercapture',
      () => {
        const polygon = drawing() ?? []
        const [fromX, toX, fromY, toY] = extentOf(polygon)
        setDrawing(undefined)
        if (toX - fromX < STILL && toY - fromY < STILL) return click(nearest(x, y), more)
        const runs = within(polygon)
        const box = placed()?.box
        if (!box) return
        const shares = polygon.map((at, k) =>
          (k % 2 === 0 ? (at - box.left) / box.width : 1 - (at - box.top) / box.height).toFixed(3),
        )
        // with others picked before, it alone does not say which
        if (more) {
          selection.set([...selection.keys(), ...keysOf(runs)], 'by lassos')
          model.set({ lasso: '' })
        } else {
          selection.set(keysOf(runs), 'by the lasso')
          model.set({ lasso: shares.join(',') })
        }
      },
      { once: true },
    )
  }
  function click(run: number | undefined, more: boolean): void {
    if (model.own().lasso) model.set({ lasso: '' })
    if (run === undefined) {
      if (!more) selection.clear()
      return
    }
    if (more) selection.toggle(keysOf([run]), 'by hand')
    else selection.set(keysOf([run]), 'by hand')
  }
  function clear(): void {
    selection.clear()
    if (model.own().lasso) model.set({ lasso: '' })
  }

  function onKeyDown(event: KeyboardEvent): void {
    const now = props.scene
    if (event.ctrlKey || event.metaKey || event.altKey || !now || now.drawn.length === 0) return
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -1, ArrowUp: 1 }[event.key]
    if (step !== undefined) {
      const { shares } = (event.key === 'ArrowLeft' || event.key === 'ArrowRight' ? now.x : now.y).axis
      const order = [...now.drawn].sort((a, b) => shares[a]! - shares[b]! || a - b)
      const at = order.indexOf(hot() ?? -1)
      go(
        order[
          at < 0 ? (step > 0 ? 0 : order.length - 1) : Math.max(0, Math.min(order.length - 1, at + step))
        ],
      )
    } else if (event.key === ' ') {
      const run = hot()
      if (run !== undefined) {
        click(run, true)
        say(run)
      }
    } else if (event.key === 'f' && now.frontier) selection.set(keysOf(now.frontier.runs), 'as the frontier')
    else if (event.key === 'Escape' && selection.count() > 0) clear()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  function go(run: number | undefined): void {
    if (run === undefined) return
    light(run)
    say(run)
  }
  function say(run: number): void {
    if (props.scene) setSpoken(pointWords(model, props.scene, run, zone()))
  }

  const where = createMemo((): Column | undefined => {
    const now = props.scene
    return now && { kind: 'text', values: model.all().map((_, run) => frontierWords(now, run) || undefined) }
  })
  /** Whether a run is on the frontier, or behind how many, as the last column of the table. */
  const told: TableColumn = {
    ...{ id: 'told:frontier', chosen: 'told:frontier', spec: { kind: 'told', by: 'frontier' } },
    ...{ label: 'Frontier', section: '', direction: undefined, failed: () => undefined },
    data: where,
    summary: createMemo(() => {
      const data = where()
      return data && summaryOf(data)
    }),
  }

  /** From the run to both axes. */
  function leader(at: NonNullable<ReturnType<typeof placed>>): string {
    const [x, y] = [at.x[hot() ?? 0] ?? 0, at.y[hot() ?? 0] ?? 0]
    return `M${x} ${y + 8}V${at.box.top + at.box.height}M${at.box.left} ${y}H${x - 8}`
  }

  const total = () => props.scene?.drawn.length ?? 0
  createEffect(() => {
    const now = props.scene
    if (!now) return setPageWords('')
    const ends = [now.y, now.x].flatMap(({ column, good }) =>
      good ? `${visibleName(column.label)}: ${good === 'min' ? 'lower' : 'higher'} is better` : [],
    )
    setPageWords(
      [`${formatCount(total())} of ${formatPlural(model.all().length, 'run')} drawn`, ends.join('; ')]
        .filter(Boolean)
        .join(' · '),
    )
  })
  const summary = (): string => {
    const now = props.scene
    if (!now) return 'scatter plot, still computed'
    return `${now.y.column.label} against ${now.x.column.label}, ${formatPlural(total(), 'run')}${now.frontier ? `, ${formatCount(now.frontier.runs.length)} on the frontier` : ''}`
  }

  return (
    <>
      <figure class="scatter" aria-label="Scatter plot of runs">
        <ScatterCaption {...{ model, choices, colors }} scene={props.scene} />
        <div
          class="scatter-plot"
          style={{ height: `${height()}px` }}
          ref={plot}
          role="application"
          aria-roledescription="scatter plot"
          aria-label={summary()}
          aria-description="Arrow keys walk the runs along an axis, Space picks one, f the frontier, Esc none"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it has keys of its own, as its role says
          tabIndex={0}
          data-drawn={total()}
          data-frontier={props.scene?.frontier?.runs.length}
          onPointerMove={onPointerMove}
          onPointerDown={onPointerDown}
          onPointerLeave={() => !drawing() && light(undefined)}
          onKeyDown={onKeyDown}
          onBlur={() => light(undefined)}
        >
          <canvas ref={frame} />
          <canvas ref={points} />
          <svg width={width()} height={height()} aria-hidden="true">
            <Show when={outline().length >= 4}>
              <polygon class="lasso" points={outline().join(' ')} />
            </Show>
            <Show when={placed()}>
              {(at) => (
                <Show when={hot() !== undefined}>
                  <path class="leader" d={leader(at())} />
                  <circle class="hot" cx={at().x[hot() ?? 0]} cy={at().y[hot() ?? 0]} r={radius() + 3.5} />
                </Show>
              )}
            </Show>
          </svg>
          <Show when={near() && props.scene}>
            {(now) => (
              <Show when={hot() !== undefined && placed()}>
                {(at) => (
                  <ScatterTooltip
                    model={model}
                    scene={now()}
                    run={hot() ?? 0}
                    x={at().x[hot() ?? 0] ?? 0}
                    y={at().y[hot() ?? 0] ?? 0}
                    width={width()}
                    height={height()}
                  />
                )}
              </Show>
            )}
          </Show>
          <Show when={props.scene && total() === 0}>
            <div class="blank" role="status">
              <h2>{model.listed().length === 0 ? 'No run matches' : 'No run has both values'}</h2>
              <Show when={model.listed().length === 0}>
                <button type="button" class="link-button" onClick={() => model.setFilter('')}>
                  Clear filter
                </button>
              </Show>
            </div>
          </Show>
        </div>
        <span class="unseen" role="status">
          {spoken()}
        </span>
      </figure>
      <SelectionBar
        model={model}
        keys={drawing() ? [] : keysOf(picked())}
        count={picked().length}
        of={total()}
        word="selected"
        how={selection.count() > 0 ? selection.how() : 'drag around runs to select them'}
        clear={picked().length > 0 ? 'Clear' : undefined}
        onClear={clear}
      />
      <TableBelow model={model} runs={listed()} phone={props.phone} told={props.scene?.frontier && told} />
    </>
  )
}

import {
  batch,
  createEffect,
  createMemo,
  createSignal,
  createUniqueId,
  lazy,
  Match,
  onCleanup,
  onMount,
  Show,
  Switch,
  untrack,
} from 'solid-js'
import { FEW } from '../../state/view/frame-query.ts'
import type { ChartModel, Drawn } from './chart-model.ts'
import { drawHighlight } from './draw-lines.ts'
import { drawLastValues } from './draw-marks.ts'
import { nearestRun } from './hit.ts'
import { LineChart } from './line-chart.tsx'
import { type Dirty, drawOverlay, type Selection } from './overlay.ts'
import { overlayQueue } from './plot-queue.ts'
import type { PointerActs } from './pointer.ts'
import { axisMap, type Box, fromPixel, type Scene, xMap, yMap } from './scene.ts'

// fetched at the first hover: no chart needs it to stand
const BarChart = lazy(async () => ({ default: (await import('./bar-chart.tsx')).BarChart }))
const Tooltip = lazy(async () => ({ default: (await import('./tooltip.tsx')).Tooltip }))

export interface ChartPlotProps {
  model: ChartModel
  width: number
  height: number
  ratio: number
  /** False for the card behind the full screen. */
  active: boolean
  onFullscreen?: (() => void) | undefined
  onTable(): void
}

/** How long a highlight has to stay before the charts beside the pointer's draw it too. */
const FOLLOW_MS = 60
const SPEAK_MS = 500

/** What keys do in a chart, and what is spoken of it. */
const keys = () => import('./chart-keys.ts')

/**
 * What turns events into acts, and what a chart needs once whoever served the page has gone. Fetched while
 * the page is idle, so that no chart waits beside it.
 */
export async function fetchActs(): Promise<typeof import('./pointer.ts')> {
  const [pointer] = await Promise.all([import('./pointer.ts'), keys(), import('./chart-states.tsx')])
  return pointer
}

/** The page is not settled without. */
function takePointer(target: HTMLElement, acts: PointerActs, wait: (waits: boolean) => void): () => void {
  let dispose: (() => void) | undefined
  let gone = false
  wait(true)
  fetchActs()
    .then(({ makePointer }) => {
      if (!gone) dispose = makePointer(target, acts)
    })
    .finally(() => wait(false))
  return () => {
    gone = true
    dispose?.()
  }
}

/**
 * The picture, and above it two canvases of its size: the highlighted line, and the crosshair, which takes
 * pointer and keys.
 */
export function ChartPlot(props: ChartPlotProps) {
  const { model } = props
  const { view } = model
  let highlight: HTMLCanvasElement | undefined
  let overlay: HTMLCanvasElement | undefined
  let dirty: Dirty
  let highlighted = false
  const overlayOwner = {}
  const highlightOwner = {}
  const hoverOwner = {}
  const pointerId = createUniqueId()
  let following: ReturnType<typeof setTimeout> | undefined
  const [layer, setLayer] = createSignal<HTMLCanvasElement>()
  const [selection, setSelection] = createSignal<Selection>()
  const [pointerY, setPointerY] = createSignal<number>()
  const [touched, setTouched] = createSignal(false)
  const [anchor, setAnchor] = createSignal<DOMRect>()
  const [spoken, setSpoken] = createSignal('')

  const mine = createMemo(() => props.active && view.cursor()?.metric === model.metric())
  const dimmed = createMemo(() => model.hot() !== undefined && (model.scene()?.lines.length ?? 0) > FEW)

  onMount(() => {
    if (!overlay) return
    setLayer(overlay)
    const acts: PointerActs = {
      box: () => (model.scene()?.frame.single ? undefined : model.drawn()?.box),
      hover: (x, y) => overlayQueue.add(hoverOwner, () => hover(x, y)),
      leave,
      pin,
      select: setSelection,
      zoomX(from, to) {
        const map = currentX()
        const taken = map && { min: fromPixel(map, from), max: fromPixel(map, to) }
        if (taken) (view.select ?? view.setZoom)(taken)
      },
      zoomY(top, bottom) {
        const drawn = model.drawn()
        if (!drawn || bottom - top < 3) return
        const map = yMap(drawn.scene, drawn.box)
        view.setRange(model.metric(), {
          kind: 'manual',
          min: fromPixel(map, bottom),
          max: fromPixel(map, top),
        })
      },
      pan(pixels, started) {
        const drawn = model.drawn()
        if (!drawn) return
        const map = wantedX(drawn)
        const { left, width } = drawn.box
        view.setZoom(
          { min: fromPixel(map, left - pixels), max: fromPixel(map, left + width - pixels) },
          !started,
        )
      },
      scale,
      reset() {
        view.setZoom(undefined)
        if (view.range(model.metric()).kind === 'manual') view.setRange(model.metric(), undefined)
      },
    }
    const dispose = takePointer(overlay, acts, (waits) => view.setBusy(pointerId, waits))
    onCleanup(dispose)
    const touch = (event: PointerEvent): void => {
      setTouched(event.pointerType === 'touch')
    }
    overlay.addEventListener('pointerdown', touch)
    overlay.addEventListener('pointermove', touch)
  })

  createEffect(() => {
    if (!model.visible()) return
    const drawn = model.drawn()
    const cursor = view.cursor()
    const now = {
      x: cursor?.x,
      chip: mine(),
      pinned: cursor?.pinned ?? false,
      focus: model.focus()?.key,
      selection: selection(),
    }
    // a canvas that nothing was drawn on costs nothing: most overlays never get that far while the page is
    // scrolled
    if (now.x === undefined && !now.selection && !dirty) return
    overlayQueue.add(overlayOwner, () => {
      const pen = penOf(overlay)
      if (pen && drawn && !drawn.scene.frame.single)
        dirty = drawOverlay(pen, drawn.scene, drawn.box, now, dirty)
    })
  })

  createEffect(() => {
    if (!model.visible()) return
    const drawn = model.drawn()
    const hot = model.hot()
    if (hot === undefined && !highlighted) return
    const draw = () => overlayQueue.add(highlightOwner, () => drawHot(drawn?.scene, drawn?.box, hot))
    // the nearest run changes with nearly every move among many lines: the other charts follow once it stays
    clearTimeout(following)
    if (view.cursor() === undefined || mine()) draw()
    else following = setTimeout(draw, FOLLOW_MS)
  })

  createEffect(() => {
    const width = Math.round(props.width * props.ratio)
    const height = Math.round(props.height * props.ratio)
    for (const canvas of [highlight, overlay]) {
      if (!canvas || (canvas.width === width && canvas.height === height)) continue
      canvas.width = width
      canvas.height = height
    }
    dirty = undefined
  })

  let speaking: ReturnType<typeof setTimeout> | undefined
  createEffect(() => {
    const asked = mine() && pointerY() === undefined && model.focus() && view.cursor()
    if (!asked || speaking !== undefined) return
    speaking = setTimeout(() => {
      speaking = undefined
      // a probe that fails is a chart that fails, which says so itself
      keys()
        .then(({ sentence }) => untrack(() => sentence(model)))
        .then(setSpoken, () => setSpoken(''))
    }, SPEAK_MS)
  })

  onCleanup(() => {
    clearTimeout(speaking)
    clearTimeout(following)
    for (const owner of [overlayOwner, highlightOwner, hoverOwner]) overlayQueue.remove(owner)
    if (untrack(mine)) view.setCursor(undefined)
  })

  function currentX() {
    const drawn = model.drawn()
    return drawn && xMap(drawn.scene, drawn.box)
  }

  /** The x axis as asked for, which wheel and pan go on from: its frame may still be on its way. */
  function wantedX({ scene, box }: Drawn) {
    const zoom = view.zoom()
    const [low, high] = zoom ? scene.frame.xFull : scene.frame.x
    return axisMap(
      [zoom?.min ?? low, zoom?.max ?? high],
      scene.query.xScale === 'log',
      box.left,
      box.left + box.width,
    )
  }

  function crosshairAt(pixel: number, py: number): number | undefined {
    const drawn = model.drawn()
    const map = currentX()
    if (!drawn || !map) return undefined
    const { left, width } = drawn.box
    const mark = drawn.scene.alerts?.snap(drawn.box, pixel, py)
    if (mark !== undefined) return mark
    const x = fromPixel(map, Math.max(left, Math.min(left + width, pixel)))
    return drawn.scene.query.x.kind === 'step' ? Math.round(x) : x
  }

  function hover(px: number, py: number): void {
    const drawn = model.drawn()
    const x = crosshairAt(px, py)
    if (!drawn || x === undefined) return
    // Read before anything changes: the layout is still clean.
    const rect = overlay?.getBoundingClientRect()
    batch(() => {
      setAnchor(rect)
      model.setInside(true)
      setPointerY(py)
      if (!view.cursor()?.pinned) view.setCursor({ x, metric: model.metric(), pinned: false })
      view.setHighlight(nearestRun(drawn.scene, drawn.box, px, py))
    })
  }

  function leave(): void {
    overlayQueue.remove(hoverOwner)
    if (!model.inside()) return
    batch(() => {
      model.setInside(false)
      const cursor = view.cursor()
      if (cursor && !cursor.pinned) view.setCursor(undefined)
      view.setHighlight(undefined)
    })
  }

  function pin(px: number, py: number): void {
    const x = crosshairAt(px, py)
    if (x === undefined) return
    batch(() => {
      setPointerY(py)
      view.setCursor({ x, metric: model.metric(), pinned: !view.cursor()?.pinned })
    })
  }

  function scale(around: number, factor: number, started: boolean): void {
    const drawn = model.drawn()
    if (!drawn) return
    const map = wantedX(drawn)
    const { left, width } = drawn.box
    const full = drawn.scene.frame.xFull
    const low = fromPixel(map, around + (left - around) * factor)
    const high = fromPixel(map, around + (left + width - around) * factor)
    if (low <= full[0] && high >= full[1]) view.setZoom(undefined, !started)
    else if (high > low) view.setZoom({ min: Math.max(low, full[0]), max: Math.min(high, full[1]) }, !started)
  }

  function drawHot(scene: Scene | undefined, box: Box | undefined, hot: string | undefined): void {
    const pen = penOf(highlight)
    if (!pen || !highlight) return
    pen.setTransform(1, 0, 0, 1, 0, 0)
    pen.clearRect(0, 0, highlight.width, highlight.height)
    const line = scene?.lines.find((candidate) => candidate.run.key === hot)
    highlighted = line !== undefined
    if (!scene || !box || !line || scene.frame.single) return
    drawHighlight(pen, scene, line, box, props.ratio)
    pen.setTransform(props.ratio, 0, 0, props.ratio, 0, 0)
    drawLastValues(pen, scene, box, hot)
  }

  function penOf(canvas: HTMLCanvasElement | undefined): CanvasRenderingContext2D | undefined {
    const pen = canvas?.getContext('2d') ?? undefined
    pen?.setTransform(props.ratio, 0, 0, props.ratio, 0, 0)
    return pen
  }

  function key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (!act(event)) return
    event.preventDefault()
    event.stopPropagation()
  }

  function act(event: KeyboardEvent): boolean {
    const many = event.shiftKey ? 10 : 1
    switch (event.key) {
      case 'ArrowLeft':
        return walk(-many)
      case 'ArrowRight':
        return walk(many)
      case 'Home':
        return walk(-Infinity)
      case 'End':
        return walk(Infinity)
      case 'ArrowUp':
      case 'ArrowDown':
        void keys().then(({ stepFocus }) => view.setHighlight(stepFocus(model, event.key === 'ArrowUp')))
        return true
      case 'Enter':
        props.onFullscreen?.()
        return props.onFullscreen !== undefined
      case 't':
        props.onTable()
        return true
      case 'Escape': {
        const had = view.cursor() !== undefined
        batch(() => {
          view.setCursor(undefined)
          view.setHighlight(undefined)
        })
        return had
      }
      default:
        return false
    }
  }

  function walk(by: number): boolean {
    void keys().then(({ stepCrosshair }) => {
      const x = stepCrosshair(model, by)
      if (x === undefined) return
      batch(() => {
        setAnchor(overlay?.getBoundingClientRect())
        setPointerY(undefined)
        view.setCursor({ x, metric: model.metric(), pinned: false })
      })
    })
    return true
  }

  function blur(): void {
    if (model.inside() || pointerY() !== undefined) return
    if (mine() && !view.cursor()?.pinned) view.setCursor(undefined)
  }

  return (
    <div
      class="chart-plot"
      classList={{ 'chart-blank': model.scene() === undefined }}
      style={{ width: `${props.width}px`, height: `${props.height}px` }}
    >
      <Switch>
        <Match when={model.scene()?.frame.single && model.scene()}>
          {(scene) => (
            <BarChart
              scene={scene()}
              width={props.width}
              height={props.height}
              ratio={props.ratio}
              hot={model.hot()}
              onDraw={drew}
            />
          )}
        </Match>
        <Match when={true}>
          <LineChart
            scene={model.scene()}
            width={props.width}
            height={props.height}
            ratio={props.ratio}
            dimmed={dimmed()}
            onDraw={drew}
          />
        </Match>
      </Switch>
      <canvas class="chart-layer" ref={highlight} />
      {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: a chart that takes keys is an application (design §12) */}
      <canvas
        class="chart-layer chart-overlay"
        classList={{ 'chart-passive': model.scene()?.frame.single ?? false }}
        ref={overlay}
        tabindex="0"
        role="application"
        aria-roledescription="chart"
        aria-label={model.summary()}
        onKeyDown={key}
        onBlur={blur}
      />
      <Show when={mine() && !selection() && view.cursor()}>
        {(cursor) => (
          <Show when={layer()}>
            {(element) => (
              <Tooltip
                model={model}
                dialog={element().closest('dialog') ?? undefined}
                rect={anchor() ?? element().getBoundingClientRect()}
                x={cursor().x}
                pointerY={pointerY()}
                docked={touched()}
              />
            )}
          </Show>
        )}
      </Show>
      <div class="chart-spoken" aria-live="polite">
        {spoken()}
      </div>
    </div>
  )

  function drew(scene: Scene, box: Box): void {
    model.setDrawn({ scene, box })
  }
}

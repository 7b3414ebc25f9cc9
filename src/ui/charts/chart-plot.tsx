import {
  createEffect,
  createMemo,
  createSignal,
  createUniqueId,
  lazy,
  Match,
  onCleanup,
  onMount,
  Show,
  Suspense,
  Switch,
  untrack,
} from 'solid-js'
import { FEW } from '../../state/view/frame-query.ts'
import type { ActsOptions } from './chart-acts.ts'
import type { ChartModel } from './chart-model.ts'
import { LineChart } from './line-chart.tsx'
import type { Dirty, Selection } from './overlay.ts'
import { overlayQueue } from './plot-queue.ts'
import type { Box, Scene } from './scene.ts'

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

type Acts = typeof import('./chart-acts.ts')
const [acts, setActs] = createSignal<Acts>()

/**
 * What turns events into acts, and what a chart needs once whoever served the page has gone. Fetched while
 * the page is idle, so that no chart waits beside it.
 */
export async function fetchActs(): Promise<Acts> {
  const [found] = await Promise.all([import('./chart-acts.ts'), import('./chart-states.tsx')])
  setActs(() => found)
  return found
}

/** The page is not settled without. */
function takeActs(options: ActsOptions, wait: (waits: boolean) => void): () => void {
  let dispose: (() => void) | undefined
  let gone = false
  wait(true)
  fetchActs()
    .then(({ makeActs }) => {
      if (!gone) dispose = makeActs(options)
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
    onCleanup(
      takeActs(
        {
          ...{ model, canvas: overlay, mine, pointerY, setPointerY, setAnchor, setSelection },
          onFullscreen: props.onFullscreen,
          onTable: () => props.onTable(),
        },
        (waits) => view.setBusy(pointerId, waits),
      ),
    )
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
      from: cursor?.from,
      chip: mine(),
      pinned: cursor?.pinned ?? false,
      focus: model.focus()?.key,
      selection: selection(),
    }
    // a canvas that nothing was drawn on costs nothing: most overlays never get that far while the page is
    // scrolled
    if (now.x === undefined && !now.selection && !dirty) return
    const draw = acts()?.drawOverlay
    overlayQueue.add(overlayOwner, () => {
      const pen = penOf(overlay)
      if (pen && draw && drawn && !drawn.scene.frame.single)
        dirty = draw(pen, drawn.scene, drawn.box, now, dirty)
    })
  })

  createEffect(() => {
    if (!model.visible()) return
    const drawn = model.drawn()
    const hot = model.hot()
    if (hot === undefined && !highlighted) return
    const found = acts()
    const draw = () =>
      overlayQueue.add(highlightOwner, () => {
        highlighted = found?.drawHot(highlight, drawn, hot, props.ratio) ?? false
      })
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
      untrack(() => acts()?.sentence(model))?.then(setSpoken, () => setSpoken(''))
    }, SPEAK_MS)
  })

  onCleanup(() => {
    clearTimeout(speaking)
    clearTimeout(following)
    for (const owner of [overlayOwner, highlightOwner]) overlayQueue.remove(owner)
    if (untrack(mine)) view.setCursor(undefined)
  })

  function penOf(canvas: HTMLCanvasElement | undefined): CanvasRenderingContext2D | undefined {
    const pen = canvas?.getContext('2d') ?? undefined
    pen?.setTransform(props.ratio, 0, 0, props.ratio, 0, 0)
    return pen
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
            <Suspense>
              <BarChart
                scene={scene()}
                width={props.width}
                height={props.height}
                ratio={props.ratio}
                hot={model.hot()}
                onDraw={drew}
              />
            </Suspense>
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
      />
      <Show when={mine() && !selection() && view.cursor()}>
        {(cursor) => (
          <Show when={layer()}>
            {(element) => (
              // its own: that of the full screen would take the dialog out of the page until it is here
              <Suspense>
                <Tooltip
                  model={model}
                  dialog={element().closest('dialog') ?? undefined}
                  rect={anchor() ?? element().getBoundingClientRect()}
                  x={cursor().x}
                  pointerY={pointerY()}
                  docked={touched()}
                />
              </Suspense>
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

import { type Accessor, batch, type Setter } from 'solid-js'
import { stepCrosshair, stepFocus } from './chart-keys.ts'
import type { ChartModel, Drawn } from './chart-model.ts'
import { drawHighlight } from './draw-highlight.ts'
import { drawLastValues } from './draw-marks.ts'
import { nearestRun } from './hit.ts'
import type { Selection } from './overlay.ts'
import { led, leftBehind, pinned } from './pins.ts'
import { overlayQueue } from './plot-queue.ts'
import { makePointer } from './pointer.ts'
import { axisMap, fromPixel, toPixel, xMap, yMap } from './scene.ts'

export { sentence } from './chart-keys.ts'
export { drawOverlay } from './overlay.ts'

/** The highlighted line over the picture, with its last value; whether there is one. */
export function drawHot(
  canvas: HTMLCanvasElement | undefined,
  drawn: Drawn | undefined,
  hot: string | undefined,
  ratio: number,
): boolean {
  const pen = canvas?.getContext('2d')
  if (!pen || !canvas) return false
  pen.setTransform(1, 0, 0, 1, 0, 0)
  pen.clearRect(0, 0, canvas.width, canvas.height)
  const line = drawn?.scene.lines.find((candidate) => candidate.run.key === hot)
  if (!drawn || !line || drawn.scene.frame.single) return line !== undefined
  drawHighlight(pen, drawn.scene, line, drawn.box, ratio)
  pen.setTransform(ratio, 0, 0, ratio, 0, 0)
  drawLastValues(pen, drawn.scene, drawn.box, hot)
  return true
}

export interface ActsOptions {
  model: ChartModel
  /** The canvas that takes pointer and keys. */
  canvas: HTMLCanvasElement
  /** This chart has the crosshair's tooltip. */
  mine: Accessor<boolean>
  /** Height of the pointer in the canvas, CSS pixels; undefined for keys. */
  pointerY: Accessor<number | undefined>
  setPointerY: Setter<number | undefined>
  setAnchor: Setter<DOMRect | undefined>
  setSelection: Setter<Selection | undefined>
  onFullscreen?: (() => void) | undefined
  onTable(): void
}

/** A press this near to a pinned crosshair is on it; CSS pixels. */
const ON_PIN = { mouse: 4, touch: 24 }

/** Turns pointer and keys on a chart into acts on the page's view. Returns its disposer. */
export function makeActs(options: ActsOptions): () => void {
  const { model, canvas, mine, pointerY, setPointerY, setAnchor, setSelection } = options
  const { view } = model
  const hoverOwner = {}
  const stop = new AbortController()
  canvas.addEventListener('keydown', onKeyDown, { signal: stop.signal })
  canvas.addEventListener('blur', blur, { signal: stop.signal })
  const dispose = makePointer(canvas, {
    box: () => (model.scene()?.frame.single ? undefined : model.drawn()?.box),
    hover: (x, y, touch) => overlayQueue.add(hoverOwner, () => hover(x, y, touch)),
    leave,
    pin: (x, y) => pin(x, y, ON_PIN.mouse),
    tap,
    select: setSelection,
    zoomX(from, to) {
      const map = currentX()
      if (map) view.setZoom({ min: fromPixel(map, from), max: fromPixel(map, to) })
    },
    zoomY(top, bottom) {
      const drawn = model.drawn()
      if (!drawn || bottom - top < 3) return
      const map = yMap(drawn.scene, drawn.box)
      view.setRange(model.metric(), { kind: 'manual', min: fromPixel(map, bottom), max: fromPixel(map, top) })
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

  function hover(px: number, py: number, touch: boolean): void {
    const drawn = model.drawn()
    const x = crosshairAt(px, py)
    if (!drawn || x === undefined) return
    // Read before anything changes: the layout is still clean.
    const rect = canvas.getBoundingClientRect()
    const cursor = view.cursor()
    batch(() => {
      setAnchor(rect)
      model.setInside(true)
      setPointerY(py)
      // a mouse passes by what is pinned, a finger is put down on purpose
      if (touch || !cursor?.pinned) view.setCursor(led(cursor, x, model.metric()))
      view.setHighlight(nearestRun(drawn.scene, drawn.box, px, py))
    })
  }

  function leave(): void {
    overlayQueue.remove(hoverOwner)
    if (!model.inside()) return
    batch(() => {
      model.setInside(false)
      view.setCursor(leftBehind(view.cursor()))
      view.setHighlight(undefined)
    })
  }

  function pin(px: number, py: number, reach: number): void {
    const x = crosshairAt(px, py)
    if (x === undefined) return
    batch(() => {
      setAnchor(canvas.getBoundingClientRect())
      setPointerY(py)
      view.setCursor(pinned(view.cursor(), x, model.metric(), isAtCursor(px, reach)))
    })
  }

  /** A finger puts the crosshair down; a tap on it pins it, and the next one elsewhere pins another. */
  function tap(px: number, py: number): void {
    if (view.cursor()?.pinned || (mine() && isAtCursor(px, ON_PIN.touch))) pin(px, py, ON_PIN.touch)
    else hover(px, py, true)
  }

  function isAtCursor(px: number, reach: number): boolean {
    const [map, cursor] = [currentX(), view.cursor()]
    return map !== undefined && cursor !== undefined && Math.abs(toPixel(map, cursor.x) - px) <= reach
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

  function onKeyDown(event: KeyboardEvent): void {
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
        view.setHighlight(stepFocus(model, event.key === 'ArrowUp'))
        return true
      case ' ': {
        const cursor = view.cursor()
        if (cursor) view.setCursor(pinned(cursor, cursor.x, model.metric(), true))
        return cursor !== undefined
      }
      case 'Enter':
        options.onFullscreen?.()
        return options.onFullscreen !== undefined
      case 't':
        options.onTable()
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
    const x = stepCrosshair(model, by)
    if (x === undefined) return true
    batch(() => {
      setAnchor(canvas.getBoundingClientRect())
      setPointerY(undefined)
      view.setCursor(led(view.cursor(), x, model.metric()))
    })
    return true
  }

  function blur(): void {
    if (model.inside() || pointerY() !== undefined) return
    if (mine()) view.setCursor(leftBehind(view.cursor()))
  }

  return () => {
    dispose()
    stop.abort()
    overlayQueue.remove(hoverOwner)
  }
}

import { createEffect, createSignal, onCleanup, onMount, Show } from 'solid-js'
import { useApp } from '../../../state/app.ts'
import { movedBy, type PictureViews, placeOf, zoomedAt } from './picture-view.ts'
import { designTokens } from './tokens.ts'

/** What a pane draws: any source with pixels of its own. */
export interface Drawable {
  source: ImageBitmap | OffscreenCanvas
  width: number
  height: number
}

const OVERVIEW = 64

/**
 * A picture that is zoomed by the wheel, by two fingers and by + and −, moved by dragging, and read pixel by pixel.
 * Enlarged pixels stay squares.
 */
export function PicturePane(props: {
  index: number
  label: string
  picture: Drawable | undefined
  views: PictureViews
  /** Values of a pixel, in words. */
  read(x: number, y: number): string
  /** The wheel scrolls the page while there are more panes than fit. */
  scrolls: boolean
}) {
  const { theme } = useApp()
  const { views } = props
  const [box, setBox] = createSignal({ width: 0, height: 0 })
  const [spoken, setSpoken] = createSignal('')
  let canvas: HTMLCanvasElement | undefined
  let overview: HTMLCanvasElement | undefined
  const fingers = new Map<number, { x: number; y: number }>()
  const view = () => views.of(props.index)
  const pixel = () => {
    const at = views.probe()
    const picture = props.picture
    if (!at || !picture) return undefined
    return {
      x: Math.min(picture.width - 1, Math.floor(at.x * picture.width)),
      y: Math.min(picture.height - 1, Math.floor(at.y * picture.height)),
    }
  }

  onMount(() => {
    const element = canvas
    if (!element) return
    const measure = (): void => void setBox({ width: element.clientWidth, height: element.clientHeight })
    const sized = new ResizeObserver(measure)
    sized.observe(element)
    measure()
    // the page may not cancel a wheel that it listens to passively
    element.addEventListener('wheel', onWheel, { passive: false })
    onCleanup(() => sized.disconnect())
  })

  createEffect(() => {
    theme()
    const context = canvas?.getContext('2d')
    const { width, height } = box()
    if (!canvas || !context || width === 0 || height === 0) return
    const ratio = window.devicePixelRatio || 1
    const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)]
    if (canvas.width !== w) canvas.width = w
    if (canvas.height !== h) canvas.height = h
    const tokens = designTokens()
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    context.fillStyle = tokens.sunken
    context.fillRect(0, 0, width, height)
    const picture = props.picture
    if (!picture) return
    const { left, top, scale } = placeOf(view(), picture, { width, height })
    context.imageSmoothingEnabled = scale * ratio < 1
    context.imageSmoothingQuality = 'high'
    context.drawImage(picture.source, left, top, picture.width * scale, picture.height * scale)
    const at = pixel()
    if (at) ring(context, left + at.x * scale, top + at.y * scale, scale)
  })
  createEffect(() => {
    const context = overview?.getContext('2d')
    const picture = props.picture
    const { width, height } = box()
    if (!overview || !context || !picture || width === 0) return
    const ratio = window.devicePixelRatio || 1
    overview.width = overview.height = OVERVIEW * ratio
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    const scale = OVERVIEW / Math.max(picture.width, picture.height)
    const [w, h] = [picture.width * scale, picture.height * scale]
    const [x0, y0] = [(OVERVIEW - w) / 2, (OVERVIEW - h) / 2]
    context.fillStyle = designTokens().sunken
    context.fillRect(0, 0, OVERVIEW, OVERVIEW)
    context.drawImage(picture.source, x0, y0, w, h)
    const place = placeOf(view(), picture, { width, height })
    const share = (px: number, size: number) => Math.max(0, Math.min(1, px / (size * place.scale)))
    const [from, to] = [share(-place.left, picture.width), share(width - place.left, picture.width)]
    const [up, down] = [share(-place.top, picture.height), share(height - place.top, picture.height)]
    ring(context, x0 + from * w, y0 + up * h, (to - from) * w, (down - up) * h)
  })

  function zoomBy(by: number, x = box().width / 2, y = box().height / 2): void {
    if (props.picture) views.set(props.index, zoomedAt(view(), by, x, y, props.picture, box()))
  }
  function onWheel(event: WheelEvent): void {
    if (props.scrolls && !event.ctrlKey && !event.metaKey) return
    event.preventDefault()
    const at = canvas?.getBoundingClientRect()
    if (at)
      zoomBy(
        Math.exp(-event.deltaY / (event.ctrlKey ? 100 : 400)),
        event.clientX - at.left,
        event.clientY - at.top,
      )
  }
  function probeAt(event: PointerEvent): void {
    const at = canvas?.getBoundingClientRect()
    const picture = props.picture
    if (!at || !picture) return
    const { left, top, scale } = placeOf(view(), picture, box())
    const x = (event.clientX - at.left - left) / scale / picture.width
    const y = (event.clientY - at.top - top) / scale / picture.height
    views.setProbe(x >= 0 && x < 1 && y >= 0 && y < 1 ? { x, y } : undefined)
  }
  function onMove(event: PointerEvent): void {
    const before = fingers.get(event.pointerId)
    if (!before || !props.picture) return probeAt(event)
    const now = { x: event.clientX, y: event.clientY }
    const [other] = [...fingers].flatMap(([id, place]) => (id === event.pointerId ? [] : [place]))
    fingers.set(event.pointerId, now)
    if (other) {
      const spread = (a: { x: number; y: number }) => Math.hypot(a.x - other.x, a.y - other.y) || 1
      const at = canvas?.getBoundingClientRect()
      zoomBy(
        spread(now) / spread(before),
        (now.x + other.x) / 2 - (at?.left ?? 0),
        (now.y + other.y) / 2 - (at?.top ?? 0),
      )
    } else views.set(props.index, movedBy(view(), now.x - before.x, now.y - before.y, props.picture, box()))
  }
  function onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const picture = props.picture
    const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key]
    if (event.key === '+' || event.key === '=') zoomBy(1.5)
    else if (event.key === '-') zoomBy(1 / 1.5)
    else if (event.key === '0') views.reset()
    else if (by && picture) {
      const at = pixel() ?? { x: picture.width >> 1, y: picture.height >> 1 }
      const step = event.shiftKey ? 10 : 1
      const to = (place: number, d: number, size: number) =>
        (Math.max(0, Math.min(size - 1, place + d * step)) + 0.5) / size
      views.setProbe({ x: to(at.x, by[0] ?? 0, picture.width), y: to(at.y, by[1] ?? 0, picture.height) })
      setSpoken(words())
    } else return
    event.preventDefault()
    event.stopPropagation()
  }
  const words = () => {
    const at = pixel()
    return at && props.picture ? `${at.x}, ${at.y}  ${props.read(at.x, at.y)}` : ''
  }
  return (
    <div class="picture-pane">
      {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: it is moved and zoomed by keys */}
      <canvas
        ref={canvas}
        tabIndex={0}
        role="application"
        aria-roledescription="picture"
        aria-label={`${props.label}${props.picture ? `, ${props.picture.width} by ${props.picture.height} pixels` : ''}`}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId)
          fingers.set(event.pointerId, { x: event.clientX, y: event.clientY })
        }}
        onPointerMove={onMove}
        onPointerUp={(event) => fingers.delete(event.pointerId)}
        onPointerCancel={(event) => fingers.delete(event.pointerId)}
        onPointerLeave={() => views.setProbe(undefined)}
        onDblClick={() => views.reset()}
        onKeyDown={onKey}
      />
      <Show when={view().zoom > 1.001 && props.picture}>
        {/* biome-ignore lint/a11y/noAriaHiddenOnFocusable: a canvas takes no focus */}
        <canvas ref={overview} class="picture-overview" aria-hidden="true" />
      </Show>
      <Show when={words()}>
        <output class="picture-pixel">{words()}</output>
      </Show>
      <span class="unseen" aria-live="polite">
        {spoken()}
      </span>
    </div>
  )
}

/** A frame that is seen on any picture: black around white. */
function ring(context: CanvasRenderingContext2D, x: number, y: number, width: number, height = width): void {
  const small = Math.max(0, 6 - width) / 2
  const [w, h] = [Math.max(6, width), Math.max(6, height)]
  context.lineWidth = 3
  context.strokeStyle = '#000'
  context.strokeRect(x - small, y - small, w, h)
  context.lineWidth = 1
  context.strokeStyle = '#fff'
  context.strokeRect(x - small, y - small, w, h)
}

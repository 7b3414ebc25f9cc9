import { createSignal } from 'solid-js'

/** What part of a picture a pane shows: the place of its middle as shares of width and height, and how much larger
 * than the whole fits. */
export interface PictureView {
  zoom: number
  x: number
  y: number
}

const WHOLE: PictureView = { zoom: 1, x: 0.5, y: 0.5 }
/** Image pixels may become this large, CSS px. */
const LARGEST = 96

export type PictureViews = ReturnType<typeof createPictureViews>

/** The views of panes: one for all while they are linked. */
export function createPictureViews() {
  const [linked, setLinked] = createSignal(true)
  const [shared, setShared] = createSignal(WHOLE)
  const [own, setOwn] = createSignal<ReadonlyMap<number, PictureView>>(new Map())
  /** The pixel under the pointer, as shares of width and height. */
  const [probe, setProbe] = createSignal<{ x: number; y: number }>()
  return {
    linked,
    probe,
    setProbe,
    of: (pane: number): PictureView => (linked() ? shared() : (own().get(pane) ?? shared())),
    set(pane: number, view: PictureView): void {
      if (linked()) setShared(view)
      else setOwn(new Map(own()).set(pane, view))
    },
    setLinked(on: boolean, from: number): void {
      if (on) setShared(own().get(from) ?? shared())
      setOwn(new Map())
      setLinked(on)
    },
    reset(): void {
      setShared(WHOLE)
      setOwn(new Map())
    },
  }
}

/** CSS px. */
export interface Box {
  width: number
  height: number
}

/** CSS px for each pixel of a picture that fits as a whole. */
export function fitScale(picture: Box, pane: Box): number {
  return Math.min(pane.width / picture.width, pane.height / picture.height)
}

/** Where a picture lies in its pane: its left and top, and px for each of its pixels. */
export function placeOf(
  view: PictureView,
  picture: Box,
  pane: Box,
): { left: number; top: number; scale: number } {
  const scale = fitScale(picture, pane) * view.zoom
  return {
    left: pane.width / 2 - view.x * picture.width * scale,
    top: pane.height / 2 - view.y * picture.height * scale,
    scale,
  }
}

/** The same view `by` times as large, with the point at (px, py) of the pane where it is. */
export function zoomedAt(
  view: PictureView,
  by: number,
  px: number,
  py: number,
  picture: Box,
  pane: Box,
): PictureView {
  const fit = fitScale(picture, pane)
  const zoom = Math.max(1, Math.min(Math.max(1, LARGEST / fit), view.zoom * by))
  const place = placeOf(view, picture, pane)
  const [x, y] = [(px - place.left) / place.scale, (py - place.top) / place.scale]
  return held(
    {
      zoom,
      x: (x - (px - pane.width / 2) / (fit * zoom)) / picture.width,
      y: (y - (py - pane.height / 2) / (fit * zoom)) / picture.height,
    },
    picture,
    pane,
  )
}

/** Moved by so many px; the picture's edge does not come into the pane's middle. */
export function movedBy(view: PictureView, dx: number, dy: number, picture: Box, pane: Box): PictureView {
  const scale = fitScale(picture, pane) * view.zoom
  return held(
    { ...view, x: view.x - dx / scale / picture.width, y: view.y - dy / scale / picture.height },
    picture,
    pane,
  )
}

/** Where all of one side is in sight, it stands in the middle; else nothing beyond the picture is in sight. */
function held(view: PictureView, picture: Box, pane: Box): PictureView {
  const scale = fitScale(picture, pane) * view.zoom
  const keep = (at: number, size: number, room: number): number => {
    const half = room / 2 / (size * scale)
    return half >= 0.5 ? 0.5 : Math.max(half, Math.min(1 - half, at))
  }
  return {
    zoom: view.zoom,
    x: keep(view.x, picture.width, pane.width),
    y: keep(view.y, picture.height, pane.height),
  }
}

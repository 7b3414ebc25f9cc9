/*
 * Scrolling over more than an element can be high. Chrome ends at 16,777,200 px, which is 699,000 rows of 24:
 * five million have 120,000,000. So a list that is higher than `MOST` is shown in an element of that height.
 * Near its ends a pixel is a pixel; in between one of the element stands for several of the list. Small moves
 * (a wheel, a key, a finger) go through the list pixel by pixel all the same: the place in the list is
 * remembered, and the element is put where it belongs to once the scrolling has ended.
 */

/** An element of this height is drawn by every browser, and a GPU's single precision has quarters of a pixel. */
export const MOST = 4_000_000
/** As far from its ends a pixel is a pixel: more than one gesture covers. */
const EDGE = 100_000
/** Moves of more than so many windows at once are of the scroll bar's thumb, or to an end. */
const NEAR = 4

/** Heights in px: of the list, and of the element that stands for it. */
export interface ScrollScale {
  real: number
  shown: number
}

export function scrollScale(real: number): ScrollScale {
  return { real, shown: Math.min(real, MOST) }
}

/** How many pixels of the list one of the element stands for between its ends. */
function ratio({ real, shown }: ScrollScale): number {
  return (real - 2 * EDGE) / (shown - 2 * EDGE)
}

/** Place in the list that belongs to one in the element. Outside of it they differ by what the list is higher. */
export function toReal(scale: ScrollScale, at: number): number {
  const { real, shown } = scale
  if (real === shown || at <= EDGE) return at
  if (at >= shown - EDGE) return real - (shown - at)
  return EDGE + (at - EDGE) * ratio(scale)
}

/** The other way round. */
export function toShown(scale: ScrollScale, at: number): number {
  const { real, shown } = scale
  if (real === shown || at <= EDGE) return at
  if (at >= real - EDGE) return shown - (real - at)
  return EDGE + (at - EDGE) / ratio(scale)
}

/**
 * Where the list is once the element was scrolled from `before` to `now`; `window`: the height of what is seen
 * of it.
 */
export function scrolled(
  scale: ScrollScale,
  before: { shown: number; real: number },
  now: number,
  window: number,
): number {
  if (scale.real === scale.shown) return now
  const moved = now - before.shown
  if (Math.abs(moved) > NEAR * window) return toReal(scale, now)
  // at its ends the element has no room left, so the list has none either
  if (now <= 0) return now
  if (now >= scale.shown - window) return toReal(scale, now)
  return Math.max(0, Math.min(scale.real - window, before.real + moved))
}

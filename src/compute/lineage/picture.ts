import { type Foldable, type Folded, foldSiblings } from './fold.ts'
import { type Layout, type LayoutGraph, layOut } from './layout.ts'

/** A graph to be folded and laid out. */
export interface PictureCall extends Foldable, Pick<LayoutGraph, 'width' | 'height' | 'columns' | 'rows'> {}

export interface Picture {
  folded: Folded
  layout: Layout
}

/** Both at once, where it may take its time: folding two thousand nodes takes 30 ms, laying them out seconds. */
export function pictureOf(call: PictureCall): Picture {
  const folded = foldSiblings(call)
  const { width, height, columns, rows } = call
  const { from, to, first } = folded
  return { folded, layout: layOut({ count: first.length, from, to, width, height, columns, rows }) }
}

/** Buffers of it that move from thread to thread. */
export function buffersOf({ folded, layout }: Picture): ArrayBuffer[] {
  const { place, first, sizes, unfolded, from, to } = folded
  const { x, y, start, vias, turned } = layout
  return [place, first, sizes, unfolded, from, to, x, y, start, vias, turned].flatMap(({ buffer }) =>
    buffer instanceof ArrayBuffer ? [buffer] : [],
  )
}

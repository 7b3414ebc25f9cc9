import { formatCount } from '../../../compute/number.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import type { ShownRun } from '../../../state/view/chart-context.ts'
import { clip, ROW } from '../draw-bars.ts'
import type { Pen } from '../pen.ts'
import type { Scene } from '../scene.ts'
import type { FigureOptions } from './figure-options.ts'

export const PAD = 16
const TITLE = 32
export const LEGEND_ROW = 18
const WORDS_ROW = 15
export const AXIS_TITLE = 18
/** From the left of a legend's sample to its name, and from there to the next sample. */
export const SAMPLE = { name: 22, gap: 16 }

interface Placed {
  text: string
  x: number
  /** Of its middle. */
  y: number
}

/** Where everything stands, CSS pixels of the figure. */
export interface FigurePlan {
  title: Placed | undefined
  /** Plot with its gutters; axis titles stand outside. */
  plot: { left: number; top: number; width: number; height: number }
  legend: (Placed & { run: ShownRun })[]
  /** `and 12 more runs`: what has no room is said. */
  more: Placed | undefined
  words: Placed[]
}

/**
 * Divides a figure: title above, words below, legend at its side, and the plot in what is left. Names are cut
 * in the middle, runs never without a word.
 */
export function planFigure(
  pen: Pen,
  scene: Scene,
  options: FigureOptions,
  words: readonly string[],
): FigurePlan {
  const { width, height } = options
  const { font } = scene.tokens
  const inner = width - 2 * PAD
  pen.font = `600 14px ${font}`
  const title = options.title
    ? { text: clip(pen, options.title, inner), x: PAD, y: TITLE / 2 + 4 }
    : undefined
  const top = title ? TITLE : 8
  pen.font = `11px ${font}`
  const lines = wrapped(pen, words, inner)
  const foot = lines.length > 0 ? lines.length * WORDS_ROW + 14 : 6
  const placedWords = lines.map((text, i) => ({ text, x: PAD, y: height - foot + 8 + (i + 0.5) * WORDS_ROW }))
  const titles = options.axisTitles && !scene.frame.single ? AXIS_TITLE : 0
  const plot = { left: titles, top, width: width - titles, height: height - top - foot - titles }
  const plan: FigurePlan = { title, plot, legend: [], more: undefined, words: placedWords }
  if (scene.frame.single) planBars(scene, plan)
  else if (options.legend === 'right') planRight(pen, scene, plan, width)
  else if (options.legend === 'below') planBelow(pen, scene, plan, height - foot, inner)
  return plan
}

/** Bars carry their names themselves. */
function planBars(scene: Scene, plan: FigurePlan): void {
  const fit = Math.max(1, Math.floor((plan.plot.height - 12) / ROW.least))
  if (scene.lines.length <= fit) return
  plan.plot.height -= LEGEND_ROW
  const left = scene.lines.length - (fit - 1)
  plan.more = { text: moreRuns(left), x: PAD, y: plan.plot.top + plan.plot.height + LEGEND_ROW / 2 }
}

function planRight(pen: Pen, scene: Scene, plan: FigurePlan, width: number): void {
  const { plot } = plan
  const rows = Math.max(1, Math.floor((plot.height - 16) / LEGEND_ROW))
  const column = Math.min(
    widest(pen, scene) + SAMPLE.name + SAMPLE.gap,
    Math.max(110, Math.round(width * 0.34)),
  )
  const columns = Math.min(
    Math.ceil(scene.lines.length / rows),
    Math.max(1, Math.floor((width * 0.45) / column)),
  )
  const x = width - columns * column
  plot.width -= columns * column
  place(pen, scene, plan, { x, y: plot.top + 8, column, columns, rows }, 'down')
}

function planBelow(pen: Pen, scene: Scene, plan: FigurePlan, bottom: number, inner: number): void {
  const { plot } = plan
  const wanted = Math.min(widest(pen, scene) + SAMPLE.name + SAMPLE.gap, inner)
  const columns = Math.max(1, Math.min(scene.lines.length, Math.floor(inner / wanted)))
  const rows = Math.min(
    Math.ceil(scene.lines.length / columns),
    Math.max(1, Math.floor((plot.height * 0.45) / LEGEND_ROW)),
  )
  const height = rows * LEGEND_ROW + 6
  plot.height -= height
  place(
    pen,
    scene,
    plan,
    { x: PAD, y: bottom - height + 4, column: Math.floor(inner / columns), columns, rows },
    'across',
  )
}

interface Grid {
  x: number
  y: number
  column: number
  columns: number
  rows: number
}

function place(pen: Pen, scene: Scene, plan: FigurePlan, grid: Grid, order: 'down' | 'across'): void {
  const all = [...scene.lines].reverse() // newest first, as the page lists them
  const room = grid.rows * grid.columns
  const named = all.length <= room ? all.length : room - 1
  const at = (i: number): { x: number; y: number } => {
    const [column, row] =
      order === 'down'
        ? [Math.floor(i / grid.rows), i % grid.rows]
        : [i % grid.columns, Math.floor(i / grid.columns)]
    return { x: grid.x + column * grid.column, y: grid.y + (row + 0.5) * LEGEND_ROW }
  }
  pen.font = `12px ${scene.tokens.font}`
  plan.legend = all.slice(0, named).map(({ run }, i) => ({
    run,
    text: clip(pen, visibleName(run.name), grid.column - SAMPLE.name - SAMPLE.gap),
    ...at(i),
  }))
  if (named < all.length) plan.more = { text: moreRuns(all.length - named), ...at(named) }
}

function moreRuns(count: number): string {
  return count === 1 ? 'and 1 more run' : `and ${formatCount(count)} more runs`
}

function widest(pen: Pen, scene: Scene): number {
  pen.font = `12px ${scene.tokens.font}`
  let most = 0
  for (const { run } of scene.lines) most = Math.max(most, pen.measureText(visibleName(run.name)).width)
  return Math.ceil(most) + 1
}

/** Words joined by commas, in as many lines as they need. */
function wrapped(pen: Pen, words: readonly string[], width: number): string[] {
  const lines: string[] = []
  for (const word of words) {
    const last = lines[lines.length - 1]
    const joined = last === undefined ? word : `${last}, ${word}`
    if (last !== undefined && pen.measureText(joined).width <= width) lines[lines.length - 1] = joined
    else lines.push(clip(pen, word, width))
  }
  return lines
}

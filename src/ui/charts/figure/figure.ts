import { fileName } from '../../../compute/file-name.ts'
import type { Frame, FrameQuery } from '../../../model/view.ts'
import type { ChartView } from '../../../state/view/chart-context.ts'
import { frameQuery } from '../../../state/view/frame-query.ts'
import { linesWords } from '../chart-model.ts'
import { makeScene, type Scene } from '../scene.ts'
import { withAlerts } from '../with-alerts.ts'
import { drawnRuns, withGroups } from '../with-groups.ts'
import { carriedWords, clippedWords, rowsWords, treatmentWords } from '../words.ts'
import { drawFigure } from './draw.ts'
import { type FigureOptions, figureOptions } from './figure-options.ts'
import { figureRuns, figureTokens, themeOf } from './look.ts'
import { SvgPen } from './svg-pen.ts'

/** What the chart of a metric asks on the page, at the figure's own width. */
export function figureQuery(
  view: ChartView,
  metric: string,
  { format, width, scale }: FigureOptions,
): FrameQuery | undefined {
  return frameQuery(view, metric, Math.round(width * (format === 'png' ? scale : 1)))
}

/** The frame in the figure's own colours. */
export function figureScene(
  view: ChartView,
  metric: string,
  frame: Frame,
  query: FrameQuery,
  options: FigureOptions,
): Scene {
  const theme = themeOf(options.background)
  const runs = figureRuns(drawnRuns(view, metric), view.theme(), theme)
  const scene = makeScene(frame, query, runs, theme, view.integer(metric), view.timeZone())
  Object.defineProperty(scene, 'tokens', { value: figureTokens(options.background) })
  return withGroups(withAlerts(scene, view), view)
}

/** What the figure shows, in the words of the page: where from, smoothing, scale, range, runs, rows. */
export function figureWords(view: ChartView, scene: Scene): string[] {
  const { frame, query, lines } = scene
  return [
    view.projectName(),
    frame.single ? 'single values' : treatmentWords(scene),
    ...carriedWords(scene),
    query.yScale === 'log' && !frame.single ? 'log y' : '',
    query.xScale === 'log' && !frame.single ? 'log x' : '',
    frame.single ? '' : `range ${query.range.kind}`,
    frame.single ? '' : clippedWords(frame),
    scene.alerts?.key ?? '',
    ...(scene.groups?.words ?? []),
    scene.groups?.lines || linesWords(lines),
    rowsWords(scene),
  ].filter(Boolean)
}

/**
 * Draws the figure on a canvas, `ratio` of its pixels in one of the figure's. Throws where the browser has no
 * canvas of that size.
 */
export function paintFigure(
  canvas: HTMLCanvasElement,
  scene: Scene,
  options: FigureOptions,
  words: readonly string[],
  ratio: number,
): void {
  canvas.width = Math.round(options.width * ratio)
  canvas.height = Math.round(options.height * ratio)
  const context = canvas.getContext('2d')
  if (!context) throw new Error(`canvas: no drawing on ${canvas.width} × ${canvas.height} pixels`)
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  drawFigure(context, scene, options, options.provenance ? words : [])
}

export function pngFigure(scene: Scene, options: FigureOptions, words: readonly string[]): Promise<Blob> {
  const canvas = document.createElement('canvas')
  paintFigure(canvas, scene, options, words, options.scale)
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error('png: the browser made no image of this size'))),
      'image/png',
    ),
  )
}

export function svgFigure(scene: Scene, options: FigureOptions, words: readonly string[]): string {
  const context = document.createElement('canvas').getContext('2d')
  const pen = new SvgPen(scene.tokens.font, (text, font) => {
    if (!context) return text.length * 6
    context.font = font
    return context.measureText(text).width
  })
  drawFigure(pen, scene, options, options.provenance ? words : [])
  return pen.end(options.width, options.height, options.title || scene.query.metric, words.join(', '))
}

export function figureName(view: ChartView, metric: string, ending: string): string {
  return fileName([view.projectName(), metric], ending)
}

/**
 * The chart as PNG at once, in the way chosen last. Rejects where there is nothing to draw or reading failed.
 */
export async function quickPng(view: ChartView, metric: string): Promise<Blob> {
  const options: FigureOptions = { ...figureOptions(metric, view.theme()), format: 'png' }
  const query = figureQuery(view, metric, options)
  const frame = query && (await view.frame(query))
  if (!query || !frame || frame.ends.length === 0) throw new Error(`${metric}: no shown run has it`)
  const scene = figureScene(view, metric, frame, query, options)
  return await pngFigure(scene, options, figureWords(view, scene))
}

import type uPlot from 'uplot'
import type { Ticks } from '../../compute/ticks.ts'
import type { Tokens } from './design-tokens.ts'
import { GUTTER } from './scene.ts'

/** What the options read anew at every drawing. */
export interface AxesSource {
  tokens(): Tokens
  /** Positions are in the scale's own units (log10 on a log axis), so uPlot's scales are always linear. */
  x(): { limits: [number, number]; ticks: Ticks }
  y(): { limits: [number, number]; ticks: Ticks }
  right(): number
  draw(plot: uPlot): void
}

/**
 * uPlot gives the canvas, the axes and the scales; it has no data: lines are drawn in its `draw` hook, and
 * pointer and crosshair live on canvases of our own, so that a move of the pointer never redraws the base.
 */
export function chartOptions(width: number, height: number, source: AxesSource): uPlot.Options {
  const font = (): string => `11px ${source.tokens().font}`
  return {
    width,
    height,
    pxAlign: 1,
    legend: { show: false },
    cursor: { show: false },
    padding: [GUTTER.top, () => source.right(), 0, 0],
    scales: {
      x: { time: false, auto: false, range: () => source.x().limits },
      y: { auto: false, range: () => source.y().limits },
    },
    series: [{}, { scale: 'y', paths: () => null, points: { show: false } }],
    axes: [
      {
        scale: 'x',
        side: 2,
        size: GUTTER.bottom,
        gap: 4,
        font: font(),
        stroke: () => source.tokens().ink3,
        splits: () => source.x().ticks.values,
        values: () => source.x().ticks.labels,
        grid: { show: false },
        ticks: { show: true, size: 4, width: 1, stroke: () => source.tokens().axis },
        border: { show: true, width: 1, stroke: () => source.tokens().axis },
      },
      {
        scale: 'y',
        side: 3,
        size: GUTTER.left,
        gap: GUTTER.gap,
        font: font(),
        stroke: () => source.tokens().ink3,
        splits: () => source.y().ticks.values,
        values: () => source.y().ticks.labels,
        // One device pixel: see the ratio in line-chart.tsx.
        grid: { show: true, width: 1, stroke: () => source.tokens().grid },
        ticks: { show: false },
      },
    ],
    hooks: { draw: [(plot: uPlot) => source.draw(plot)] },
  }
}

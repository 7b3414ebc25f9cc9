import { createEffect, onCleanup, untrack } from 'solid-js'
import uPlot from 'uplot'
import type { Ticks } from '../../compute/ticks.ts'
import { xTicks, yTicks } from './chart-axes.ts'
import { chartOptions } from './chart-options.ts'
import { drawLines } from './draw-lines.ts'
import {
  drawBests,
  drawChevrons,
  drawEnds,
  drawLastValues,
  drawNonFinite,
  rightGutter,
} from './draw-marks.ts'
import { drawQueue } from './plot-queue.ts'
import { type Box, GUTTER, type Scene } from './scene.ts'

export interface LineChartProps {
  scene: Scene | undefined
  width: number
  height: number
  ratio: number
  dimmed: boolean
  /** Axes and lines alone. */
  bare?: boolean
  onDraw(scene: Scene, box: Box): void
}

/** The base picture: grid, axes, lines, marks, last values. Created and redrawn through the shared queue. */
export function LineChart(props: LineChartProps) {
  const owner = {}
  let host: HTMLDivElement | undefined
  let plot: uPlot | undefined
  let right: number = GUTTER.plain
  let scene: Scene | undefined
  let x: { limits: [number, number]; ticks: Ticks } = { limits: [0, 1], ticks: { values: [], labels: [] } }
  let y = x

  createEffect(() => {
    const next = props.scene
    const size = [props.width, props.height, props.ratio] as const
    if (next && size[0] > 0 && size[1] > 0) drawQueue.add(owner, () => untrack(() => render(next)))
  })

  onCleanup(() => {
    drawQueue.remove(owner)
    plot?.destroy()
  })

  function render(next: Scene): void {
    if (!host) return
    scene = next
    if (!plot) {
      measure()
      plot = new uPlot(
        chartOptions(props.width, props.height, {
          tokens: () => tokensNow(),
          x: () => x,
          y: () => y,
          right: () => right,
          draw,
        }),
        [
          [0, 1],
          [null, null],
        ],
        host,
      )
      return
    }
    const resized = plot.width !== props.width || plot.height !== props.height
    measure()
    const target = plot
    target.batch(() => {
      if (resized) target.setSize({ width: props.width, height: props.height })
      target.redraw(true, true)
      target.setScale('x', { min: x.limits[0], max: x.limits[1] })
      target.setScale('y', { min: y.limits[0], max: y.limits[1] })
    })
  }

  function tokensNow() {
    if (!scene) throw new Error('line chart: drawn without a scene')
    return scene.tokens
  }

  /** Decides the gutter and the ticks before uPlot lays out the axes. */
  function measure(): void {
    if (!scene) return
    right = props.bare ? GUTTER.plain : rightGutter(pen(), scene)
    const box: Box = {
      left: GUTTER.left,
      top: GUTTER.top,
      width: props.width - GUTTER.left - right,
      height: props.height - GUTTER.top - GUTTER.bottom,
    }
    x = axis(scene.frame.x, xTicks(scene, box), scene.query.xScale === 'log')
    y = axis(scene.frame.y, yTicks(scene, box), scene.query.yScale === 'log')
  }

  function draw(target: uPlot): void {
    if (!scene) return
    const ratio = uPlot.pxRatio
    const { left, top, width, height } = target.bbox
    const box: Box = { left: left / ratio, top: top / ratio, width: width / ratio, height: height / ratio }
    const context = target.ctx
    context.save()
    if (scene.query.yScale === 'linear' && scene.frame.y[0] < 0 && scene.frame.y[1] > 0)
      zeroLine(context, scene, box, ratio)
    context.setTransform(1, 0, 0, 1, 0, 0)
    drawLines(context, scene, box, ratio)
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    if (!props.bare) {
      drawChevrons(context, scene, box)
      drawNonFinite(context, scene, box)
      drawBests(context, scene, box)
      drawEnds(context, scene, box)
      drawLastValues(context, scene, box)
      scene.alerts?.draw(context, box)
      scene.groups?.draw(context, box)
    }
    context.restore()
    const done = scene
    props.onDraw(done, box)
  }

  return <div class="chart-base" classList={{ 'chart-dim': props.dimmed }} ref={host} />
}

/** The y value 0 inside the box is a stronger line than the grid. */
function zeroLine(context: CanvasRenderingContext2D, scene: Scene, box: Box, ratio: number): void {
  const [low, high] = scene.frame.y
  const row = Math.round((box.top + box.height * (high / (high - low))) * ratio)
  context.setTransform(1, 0, 0, 1, 0, 0)
  context.fillStyle = scene.tokens.axis
  context.fillRect(Math.round(box.left * ratio), row, Math.round(box.width * ratio), 1)
}

function axis(
  limits: [number, number],
  ticks: Ticks,
  log: boolean,
): { limits: [number, number]; ticks: Ticks } {
  if (!log) return { limits, ticks }
  return {
    limits: [Math.log10(limits[0]), Math.log10(limits[1])],
    ticks: { values: ticks.values.map(Math.log10), labels: ticks.labels },
  }
}

let measuring: CanvasRenderingContext2D | null | undefined

function pen(): CanvasRenderingContext2D {
  measuring ??= document.createElement('canvas').getContext('2d')
  if (!measuring) throw new Error('canvas: no 2d context')
  return measuring
}

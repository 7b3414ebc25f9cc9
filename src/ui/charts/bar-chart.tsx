import { createEffect, onCleanup, untrack } from 'solid-js'
import { barsHeight, drawBars } from './draw-bars.ts'
import { drawQueue } from './plot-queue.ts'
import type { Box, Scene } from './scene.ts'

export interface BarChartProps {
  scene: Scene
  width: number
  height: number
  ratio: number
  hot: string | undefined
  onDraw(scene: Scene, box: Box): void
}

/** Single values: bars instead of lines of one point. Scrolls when there are more than fit. */
export function BarChart(props: BarChartProps) {
  const owner = {}
  let canvas: HTMLCanvasElement | undefined

  createEffect(() => {
    const { scene, width, ratio, hot } = props
    const height = barsHeight(scene.lines.length, props.height)
    if (width > 0) drawQueue.add(owner, () => untrack(() => render(scene, width, height, ratio, hot)))
  })
  onCleanup(() => drawQueue.remove(owner))

  function render(scene: Scene, width: number, height: number, ratio: number, hot: string | undefined): void {
    const pen = canvas?.getContext('2d')
    if (!canvas || !pen) return
    canvas.width = Math.round(width * ratio)
    canvas.height = Math.round(height * ratio)
    canvas.style.width = `${width}px`
    canvas.style.height = `${height}px`
    pen.setTransform(ratio, 0, 0, ratio, 0, 0)
    drawBars(pen, scene, width, height, hot)
    props.onDraw(scene, { left: 0, top: 0, width, height })
  }

  return (
    <div class="chart-bars" style={{ height: `${props.height}px` }}>
      <canvas ref={canvas} />
    </div>
  )
}

import { createEffect } from 'solid-js'
import { joinBins } from '../../../compute/histogram-cells.ts'
import { binsAt } from '../../../compute/histogram-strip.ts'
import { logTicks } from '../../../compute/ticks.ts'
import { useApp } from '../../../state/app.ts'
import type { ShownRun } from '../../../state/view/chart-context.ts'
import { readTokens } from '../design-tokens.ts'
import { drawAxes, EDGE, penOn } from './draw.ts'
import type { HeatModel } from './heat.tsx'

/** The bins of one entry beside its strip, on the same axis of values: a bar for each, by the logarithm of its count. */
export function BinsSide(props: {
  model: HeatModel
  run: ShownRun | undefined
  /** Undefined where the run has none at the step. */
  entry: number | undefined
  width: number
  label: string
}) {
  const { theme } = useApp()
  let canvas: HTMLCanvasElement | undefined

  createEffect(() => {
    const { model } = props
    const [data, scale, ratio] = [model.options.data(), model.scale(), model.ratio()]
    const tokens = readTokens(theme())
    const height = model.options.height()
    const pen = penOn(canvas, props.width, height, ratio)
    if (!pen || !data || !scale) return
    const box = { left: 8, top: EDGE.top, width: props.width - 24, height: height - EDGE.top - EDGE.bottom }
    const [least, most] = data.common.counts
    // the least count has a bar too: an axis of logarithms has no 0
    const from = least / 2
    const share = (count: number): number =>
      most > 0 ? Math.max(0, Math.log(count / from) / Math.log(most / from)) : 0
    const ticks = most > from ? logTicks(least, most, Math.max(2, Math.floor(box.width / 56))) : undefined
    drawAxes(pen, box, tokens, ticks ? { x: ticks, xShare: share, grid: 'x' } : {})
    if (props.entry === undefined) return
    const high = Math.max(1, Math.round(box.height * ratio))
    const cells = joinBins(
      binsAt(data, props.entry),
      [scale.low, scale.high],
      (value) => scale.share(value) * high,
      high,
    )
    pen.fillStyle = props.run?.style.color ?? tokens.ink2
    for (let i = 0; i < cells.length; i++) {
      const count = cells.counts[i] as number
      if (count === 0) continue
      const [a, b] = [(cells.from[i] as number) / ratio, (cells.to[i] as number) / ratio]
      // a hairline of paper between bars that have room for it
      const gap = b - a > 2.5 ? 1 : 0
      pen.fillRect(box.left, box.top + box.height - b + gap / 2, share(count) * box.width, b - a - gap)
    }
  })
  return (
    <div class="histogram-box" style={{ height: `${props.model.options.height()}px` }}>
      <canvas class="chart-layer" ref={canvas} role="img" aria-label={props.label} />
    </div>
  )
}

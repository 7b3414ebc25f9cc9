import { createEffect, onMount } from 'solid-js'

export interface SparkProps {
  /** Least and greatest value of each column, NaN where there is none. */
  low: Float32Array
  high: Float32Array
  color: string
  width: number
  height: number
}

/** A line as small as a cell: from the least to the greatest value of each column, with a dot at its end. */
export function Spark(props: SparkProps) {
  let canvas: HTMLCanvasElement | undefined

  function draw(): void {
    const context = canvas?.getContext('2d')
    if (!canvas || !context) return
    const scale = window.devicePixelRatio
    canvas.width = Math.round(props.width * scale)
    canvas.height = Math.round(props.height * scale)
    context.scale(scale, scale)
    const { low, high, width, height } = props
    let [least, greatest] = [Infinity, -Infinity]
    for (let i = 0; i < low.length; i++) {
      if ((low[i] as number) < least) least = low[i] as number
      if ((high[i] as number) > greatest) greatest = high[i] as number
    }
    if (!(greatest >= least)) return
    const pad = 3
    const x = (i: number): number => pad + ((width - 2 * pad) * i) / Math.max(1, low.length - 1)
    const y = (value: number): number =>
      greatest === least
        ? height / 2
        : height - pad - ((height - 2 * pad) * (value - least)) / (greatest - least)
    context.strokeStyle = props.color
    context.fillStyle = props.color
    context.lineWidth = 1.25
    context.lineJoin = 'round'
    context.beginPath()
    let last = -1
    for (let i = 0; i < low.length; i++) {
      const [a, b] = [low[i] as number, high[i] as number]
      if (a !== a) continue
      // the way through a column begins at the end that is nearer to where the line comes from
      const before = last < 0 ? a : ((low[last] as number) + (high[last] as number)) / 2
      const up = Math.abs(before - a) <= Math.abs(before - b)
      if (last < 0) context.moveTo(x(i), y(a))
      else context.lineTo(x(i), y(up ? a : b))
      context.lineTo(x(i), y(up ? b : a))
      last = i
    }
    context.stroke()
    if (last < 0) return
    context.beginPath()
    context.arc(x(last), y(((low[last] as number) + (high[last] as number)) / 2), 1.75, 0, 2 * Math.PI)
    context.fill()
  }

  onMount(() => createEffect(draw))
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a canvas takes no focus
    <canvas
      ref={canvas}
      class="spark"
      aria-hidden="true"
      style={{ width: `${props.width}px`, height: `${props.height}px` }}
    />
  )
}

import { createEffect, createMemo, createSignal, onCleanup, onMount, Show } from 'solid-js'
import { formatCount } from '../../../compute/number.ts'
import type { SpanTree } from '../../../compute/trace-spans.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { useApp } from '../../../state/app.ts'
import { durationWords } from './words.ts'

const LEVEL = 24
const BAR = 19
const LEVELS = 4

/** The upper levels of the tree over the time, as a picture; a click chooses the span there. */
export function FlameStrip(props: {
  tree: SpanTree
  path: ReadonlySet<number>
  color: string
  chosen: number
  onChoose(row: number): void
}) {
  const { theme } = useApp()
  const [width, setWidth] = createSignal(0)
  let canvas: HTMLCanvasElement | undefined
  let box: HTMLDivElement | undefined
  onMount(() => {
    if (!box) return
    const sized = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? 0))
    sized.observe(box)
    onCleanup(() => sized.disconnect())
  })
  // from the level of what is chosen, so that deep ones can be seen too
  const first = createMemo(() => {
    const depth = props.tree.depth[props.chosen] ?? 0
    return Math.max(0, Math.min(depth - 1, props.tree.deepest + 1 - LEVELS))
  })
  const levels = () => Math.min(LEVELS, props.tree.deepest + 1)
  const scale = () => width() / (props.tree.to - props.tree.from)

  createEffect(() => {
    theme()
    const context = canvas?.getContext('2d')
    if (!canvas || !context || width() === 0) return
    const pixels = window.devicePixelRatio
    canvas.width = Math.round(width() * pixels)
    canvas.height = Math.round(levels() * LEVEL * pixels)
    context.scale(pixels, pixels)
    const styles = getComputedStyle(canvas)
    const colorOf = (name: string): string => styles.getPropertyValue(name).trim()
    const [axis, edge, error, ink, paper] = ['--axis', '--edge', '--error', '--ink', '--paper'].map(colorOf)
    context.font = `11px ${styles.fontFamily}`
    context.textBaseline = 'middle'
    const { tree } = props
    for (let row = 0; row < tree.spans.length; row++) {
      const level = (tree.depth[row] as number) - first()
      if (level < 0 || level >= LEVELS) continue
      const x = ((tree.start[row] as number) - tree.from) * scale()
      const w = Math.max(1, (tree.duration[row] as number) * scale())
      if (Number.isNaN(x + w)) continue
      const y = level * LEVEL
      const isFailed = tree.failed[row] === 1
      // what goes on beside it lies behind it
      context.fillStyle = paper ?? ''
      context.fillRect(x, y, Math.max(1, w), LEVEL)
      context.globalAlpha = isFailed ? 0.35 : tree.kinds[row] === 'generation' ? 0.6 : 0.4
      context.fillStyle = (isFailed ? error : tree.kinds[row] === 'generation' ? edge : axis) ?? ''
      context.fillRect(x, y, Math.max(1, w - 1), BAR)
      context.globalAlpha = 1
      if (props.path.has(row)) {
        context.fillStyle = props.color
        context.fillRect(x, y + BAR, Math.max(1, w - 1), 2)
      }
      if (row === props.chosen) {
        context.strokeStyle = ink ?? ''
        context.strokeRect(x + 0.5, y + 0.5, Math.max(1, w - 2), BAR - 1)
      }
      if (w < 40) continue
      context.save()
      context.beginPath()
      context.rect(x, y, w - 4, BAR)
      context.clip()
      context.fillStyle = ink ?? ''
      const name = visibleName(tree.names[row] ?? '').slice(0, 100)
      context.fillText(`${name}, ${durationWords(tree.duration[row] as number)}`, x + 5, y + BAR / 2 + 0.5)
      context.restore()
    }
  })

  return (
    <div class="flame" ref={box}>
      <canvas
        ref={canvas}
        role="img"
        aria-label={`Spans over the time, levels ${first() + 1} to ${first() + levels()} of ${formatCount(props.tree.deepest + 1)}`}
        style={{ width: '100%', height: `${levels() * LEVEL}px` }}
        onClick={(event) => {
          const bounds = event.currentTarget.getBoundingClientRect()
          const level = first() + Math.floor((event.clientY - bounds.top) / LEVEL)
          const time = props.tree.from + (event.clientX - bounds.left) / scale()
          const slack = 2 / scale()
          const { tree } = props
          let found = -1
          for (let row = 0; row < tree.spans.length; row++)
            if (
              tree.depth[row] === level &&
              (tree.start[row] as number) - slack <= time &&
              (tree.start[row] as number) + (tree.duration[row] as number) + slack >= time
            )
              found = row
          if (found >= 0) props.onChoose(found)
        }}
      />
      <Show when={props.tree.deepest + 1 > LEVELS}>
        <span class="flame-levels">
          {`levels ${formatCount(first() + 1)} to ${formatCount(first() + levels())} of ${formatCount(props.tree.deepest + 1)}`}
        </span>
      </Show>
    </div>
  )
}

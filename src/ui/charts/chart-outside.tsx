import '../styles/chart-outside.css'
import { formatX } from './chart-axes.ts'
import type { Scene } from './scene.ts'

/** That no point lies in the x range, and the way to all of them. */
export function ChartOutside(props: { scene: Scene; onFull(): void }) {
  const words = () => {
    const { min, max } = props.scene.query.zoom ?? {}
    const [from, to] = [min, max].map((end) => (end === undefined ? '' : formatX(props.scene, end)))
    return from && to
      ? `No points between ${from} and ${to}`
      : from
        ? `No points from ${from} on`
        : `No points up to ${to}`
  }
  // where a line passes through, between a point before and one behind, the words leave it its place
  const crossed = () => {
    const { x, main } = props.scene.frame
    return props.scene.lines.some(({ index }) => {
      const [from, to] = [main.starts[index] ?? 0, main.starts[index + 1] ?? 0]
      return from < to && (main.xs[from] ?? Number.NaN) <= x[0] && (main.xs[to - 1] ?? Number.NaN) >= x[1]
    })
  }
  return (
    <div class="chart-state chart-outside" classList={{ 'chart-crossed': crossed() }}>
      <b>{words()}</b>
      <button type="button" class="chart-link" onClick={() => props.onFull()}>
        Show the full range
      </button>
    </div>
  )
}

import { formatX } from './overlay.ts'
import type { Scene } from './scene.ts'

/** That no point lies in the x range, and the way to all of them. */
export function ChartOutside(props: { scene: Scene; onFull(): void }) {
  const words = () => {
    const { min, max } = props.scene.query.zoom ?? {}
    const [from, to] = [min, max].map((end) => (end === undefined ? '' : formatX(props.scene, end)))
    return from && to ? `No points between ${from} and ${to}` : from ? `No points from ${from} on` : `No points up to ${to}`
  }
  return (
    <div class="chart-state chart-outside">
      <b>{words()}</b>
      <button type="button" class="chart-link" onClick={() => props.onFull()}>
        Show the full range
      </button>
    </div>
  )
}

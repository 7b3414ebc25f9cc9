import { formatValue } from '../../compute/number.ts'
import { formatX, xWord } from './chart-axes.ts'
import type { ChartModel } from './chart-model.ts'
import { changeWords } from './delta.ts'
import { pointBefore, probeAt } from './scene.ts'

/**
 * Where the crosshair goes by `by` drawn points of the focused run (logged steps, unless the chart is
 * thinned); ±Infinity: its ends.
 */
export function stepCrosshair(model: ChartModel, by: number): number | undefined {
  const scene = model.scene()
  const run = model.focus()
  const line = scene?.lines.find((candidate) => candidate.run.key === run?.key)
  if (!scene || !line) return undefined
  const { xs, starts } = scene.frame.main
  const inView = (x: number): boolean => x >= scene.frame.x[0] && x <= scene.frame.x[1]
  const places: number[] = []
  for (let i = starts[line.index] ?? 0; i < (starts[line.index + 1] ?? 0); i++) {
    const x = xs[i] ?? NaN
    if (inView(x) && x !== places[places.length - 1]) places.push(x)
  }
  if (places.length === 0) return undefined
  const cursor = model.view.cursor()
  if (by === -Infinity || (cursor === undefined && by > 0 && by !== Infinity)) return places[0]
  if (by === Infinity || cursor === undefined) return places[places.length - 1]
  let at = places.findLastIndex((x) => x <= cursor.x)
  // From between two points, a step to the left ends on the point just left.
  if (by < 0 && at >= 0 && places[at] !== cursor.x) at++
  return places[Math.max(0, Math.min(places.length - 1, at + by))]
}

/** The neighbour of the focused run: `up` = the line above it at the crosshair (or by last value). */
export function stepFocus(model: ChartModel, up: boolean): string | undefined {
  const scene = model.scene()
  if (!scene || scene.lines.length === 0) return undefined
  const x = model.view.cursor()?.x ?? scene.frame.x[1]
  const height = (index: number): number => {
    const at = pointBefore(scene.frame.main, index, x)
    const y = scene.frame.main.ys[at] ?? NaN
    return Number.isFinite(y) ? y : -Infinity
  }
  const sorted = scene.lines
    .map((line) => ({ key: line.run.key, y: height(line.index) }))
    .sort((a, b) => b.y - a.y)
  const now = model.hot()
  const at = sorted.findIndex((item) => item.key === now)
  if (at < 0) return (up ? sorted[sorted.length - 1] : sorted[0])?.key
  return sorted[Math.max(0, Math.min(sorted.length - 1, at + (up ? -1 : 1)))]?.key
}

/** `Step 9,200, muon-lr2e-2-s0 3.3335, lowest of 5`: logged values, as the tooltip has them. */
export async function sentence(model: ChartModel): Promise<string> {
  const { crosshair } = model
  if (!(await crosshair.settled())) return ''
  const drawn = model.drawn()
  const run = model.focus()
  const at = crosshair.answered()?.at
  if (!drawn || !run || at === undefined) return ''
  const { scene } = drawn
  const keys = scene.lines.map((line) => line.run.key)
  const values = keys.map((key) => crosshair.point(key)?.logged)
  const own = values[keys.indexOf(run.key)]
  const finite = values.filter((value) => value !== undefined && Number.isFinite(value))
  const rank = finite.filter((value) => Number(value) < Number(own)).length
  const place = rank === 0 ? 'lowest' : rank === finite.length - 1 ? 'highest' : `${rank + 1} from the lowest`
  const among = finite.length > 1 && Number.isFinite(own) ? `, ${place} of ${finite.length}` : ''
  const value = own === undefined ? 'no value' : formatValue(own, 5, scene.integer)
  const alerts = scene.alerts?.at(drawn.box, at) ?? []
  const warned = alerts.length > 0 ? `. ${(await import('./alert-marks.ts')).spokenAlerts(alerts)}` : ''
  const from = model.view.cursor()?.from
  if (from !== undefined) {
    const { logged } = await model.view.probe(probeAt(drawn, [run.key], from))
    const before = formatValue(logged[0] ?? Number.NaN, 5, scene.integer)
    const change = changeWords(logged[0], own, scene)
    return `${xWord(scene.query)} ${formatX(scene, from)} to ${formatX(scene, at)}, ${run.name} ${before} to ${value}, change ${change}${warned}`
  }
  return `${xWord(scene.query)} ${formatX(scene, at)}, ${run.name} ${value}${among}${warned}`
}

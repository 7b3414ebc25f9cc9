import { formatCount, formatDuration, formatValue } from '../../compute/number.ts'
import { decimalMark } from '../../compute/number-style.ts'
import {
  clockTicks,
  durationTicks,
  formatClock,
  linearTicks,
  scaleTicks,
  type Ticks,
} from '../../compute/ticks.ts'
import { visibleName } from '../../compute/visible-name.ts'
import type { FrameQuery } from '../../model/view.ts'
import { type Box, GUTTER, type Scene, toPixel, xMap } from './scene.ts'

/** One y tick for 34 px, 3 to 5 of them, 8 in full screen (one more where 1-2-5 leaves no other choice). */
export function yTicks(scene: Scene, box: Pick<Box, 'height'>): Ticks {
  const most = Math.max(3, Math.min(box.height > 400 ? 8 : 5, Math.floor(box.height / 34))) + 1
  const ticks = scaleTicks(
    scene.frame.y[0],
    scene.frame.y[1],
    most,
    scene.query.yScale,
    GUTTER.left - GUTTER.gap,
  )
  return scene.unit ? withUnit(ticks, scene.unit) : ticks
}

/** 11 px letters are 6 px wide: so many have room in the gutter. */
const MOST_LETTERS = 7

/** The uppermost label bears the unit where it has room; the caption has it too. */
function withUnit(ticks: Ticks, unit: string): Ticks {
  const last = ticks.labels.length - 1
  const text = `${ticks.labels[last]} ${unit}`
  if (last < 0 || text.length > MOST_LETTERS) return ticks
  return { ...ticks, labels: ticks.labels.with(last, text) }
}

/** As many x ticks as leave 16 px between their labels, one per 38 px at most. */
export function xTicks(scene: Scene, box: Box): Ticks {
  const map = xMap(scene, box)
  for (let most = Math.max(2, Math.min(9, Math.floor(box.width / 38))); most > 2; most--) {
    const ticks = xTicksOf(scene, most)
    const room = Math.min(
      ...ticks.values
        .slice(1)
        .map((value, i) => toPixel(map, value) - toPixel(map, ticks.values[i] ?? value)),
    )
    // 11 px digits are 6 px wide.
    if (Math.max(0, ...ticks.labels.map((label) => label.length)) * 6 + 16 <= room) return ticks
  }
  return xTicksOf(scene, 2)
}

function xTicksOf(scene: Scene, most: number): Ticks {
  const [low, high] = scene.frame.x
  const { x, xScale } = scene.query
  if (xScale === 'log') return scaleTicks(low, high, most, 'log')
  switch (x.kind) {
    case 'relative':
      return durationTicks(low, high, most)
    case 'wall':
      return clockTicks(low, high, most, scene.timeZone)
    case 'step':
      return whole(linearTicks(low, high, most))
    case 'metric':
      return linearTicks(low, high, most)
  }
}

/** The word for x values: `Step`, `Time`, or the metric's name. */
export function xWord(query: FrameQuery): string {
  switch (query.x.kind) {
    case 'step':
      return 'Step'
    case 'relative':
      return 'Elapsed'
    case 'wall':
      return 'Time'
    case 'metric':
      return visibleName(query.x.name)
  }
}

/** An x value in words: `9,200`, `2 h 41 m`, `23 Nov 14:05:09`. */
export function formatX(scene: Pick<Scene, 'query' | 'timeZone'>, x: number): string {
  switch (scene.query.x.kind) {
    case 'step':
      return formatCount(x, 0)
    case 'relative':
      return formatDuration(x)
    case 'wall':
      return formatClock(x, scene.timeZone)
    case 'metric':
      return formatValue(x, 5)
  }
}

/** There is no step 0.5. */
function whole(ticks: Ticks): Ticks {
  const keep = ticks.values.map((value) => Number.isInteger(value))
  if (keep.every(Boolean) || !keep.some(Boolean)) return ticks
  const labels = linearTicks(
    ticks.values[0] ?? 0,
    ticks.values[ticks.values.length - 1] ?? 1,
    ticks.values.length,
  ).labels
  const decimals = new RegExp(`\\${decimalMark()}0+$`)
  const strip = (text: string): string => text.replace(decimals, '')
  return {
    values: ticks.values.filter((_, i) => keep[i]),
    labels: labels.filter((_, i) => keep[i]).map(strip),
  }
}

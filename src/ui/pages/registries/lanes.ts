import { clockTicks } from '../../../compute/ticks.ts'
import type { Collection, Holding } from '../../../model/registry.ts'

export const LEFT = 112
export const RIGHT = 16
export const TOP = 18
export const BAR = 26
const FOOT = 32
/** Room for the label of a tick. */
const TICK = 96

/** A holding as it is drawn. */
export interface Bar {
  holding: Holding
  x: number
  width: number
}

export interface Lane {
  alias: string
  /** Top of its bars. */
  y: number
  bars: Bar[]
}

export interface Lanes {
  lanes: Lane[]
  height: number
  ticks: { x: number; label: string }[]
  x(time: number): number
  time(x: number): number
  lane(y: number): Lane | undefined
}

/** Aliases of a collection over time: a lane each, with a bar for each version that held it. */
export function layLanes(
  { holdings }: Collection,
  aliases: readonly string[],
  { span, width, zone, now }: { span: [number, number]; width: number; zone: 'local' | 'utc'; now: number },
): Lanes {
  const [from, to] = span
  const room = Math.max(1, width - LEFT - RIGHT)
  const pitch = aliases.length > 8 ? 32 : 43
  const x = (time: number): number => LEFT + ((time - from) / (to - from)) * room
  const lanes = aliases.map((alias, i): Lane => {
    const bars = holdings
      .filter((one) => one.alias === alias)
      .map((holding): Bar => {
        // since when may not be known
        const start = Math.max(LEFT, x(holding.from))
        // a hair between one and the next; what lasted an instant is seen all the same
        const end = x(holding.to ?? Math.max(now, to)) - 1
        return { holding, x: start, width: Math.max(2, end - start) }
      })
    return { alias, y: TOP + i * pitch, bars }
  })
  const { values, labels } = clockTicks(from, to, Math.max(2, Math.floor(room / TICK)), zone)
  return {
    lanes,
    height: TOP + lanes.length * pitch + FOOT,
    ticks: values.map((value, i) => ({ x: x(value), label: labels[i] ?? '' })),
    x,
    time: (px) => Math.min(to, Math.max(from, from + ((px - LEFT) / room) * (to - from))),
    lane: (y) =>
      lanes.find((lane) => y >= lane.y - (pitch - BAR) / 2 && y < lane.y + BAR + (pitch - BAR) / 2),
  }
}

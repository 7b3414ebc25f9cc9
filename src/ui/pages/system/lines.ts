import { PALETTES, slotStyle } from '../../../compute/color.ts'
import { type DeviceMetric, deviceKey } from '../../../compute/devices.ts'
import type { ShownRun } from '../../../state/view/chart-context.ts'

/** How lines of many devices are drawn; `auto` chooses by their number. */
export type Draw = 'auto' | 'lines' | 'mean' | 'strip'

/** Up to this many devices of one run are told apart by colour; more stand behind their mean. */
const MOST_COLOURS = 8
/** From this many devices on lines cannot be read: a strip has a row for each. */
export const STRIP_FROM = 9

/**
 * Lines of a metric, in drawing order. One run with few devices: a colour for each. Else thin lines of the
 * run's colour, and the mean over them at full weight. `devices`: those that are shown.
 */
export function linesOf(
  metric: DeviceMetric,
  devices: readonly string[],
  runs: readonly ShownRun[],
  draw: Draw,
  theme: 'light' | 'dark',
): ShownRun[] {
  if (metric.devices.length === 0) return [...runs]
  const alone = runs.length === 1
  const [only] = runs
  if (alone && only && draw !== 'mean' && devices.length <= MOST_COLOURS)
    return devices.map((device) => ofDevice(only, device, metric.devices.indexOf(device), theme))
  const thin = (run: ShownRun): ShownRun[] =>
    devices.map((device) => ({
      ...run,
      key: deviceKey(run.key, { kind: 'device', device }),
      name: alone ? device : `${run.name} ${device}`,
      label: device,
      style: { ...run.style, dash: [], weight: 'thin' },
    }))
  const mean = (run: ShownRun): ShownRun => ({
    ...run,
    key: deviceKey(run.key, { kind: 'mean', devices: [...devices] }),
    name: alone ? 'mean' : `${run.name} mean`,
    ...(alone && { label: 'mean' }),
    style: draw === 'mean' ? run.style : { ...run.style, weight: 'lead' },
  })
  // a single device is its own mean
  if (devices.length === 1)
    return runs.map((run) => ({
      ...run,
      key: deviceKey(run.key, { kind: 'device', device: devices[0] ?? '' }),
    }))
  if (draw === 'mean') return runs.map(mean)
  return [...runs.flatMap(thin), ...runs.map(mean)]
}

function ofDevice(run: ShownRun, device: string, place: number, theme: 'light' | 'dark'): ShownRun {
  const { color, dash } = slotStyle(place)
  return {
    ...run,
    key: deviceKey(run.key, { kind: 'device', device }),
    name: device,
    label: device,
    style: { color: PALETTES[theme][color] ?? PALETTES[theme][0], dash },
  }
}

/*
 * System metrics are named by device: `gpu/0/power`, `gpu/1/power`, `cpu/3/utilization`. Those of one kind
 * make one metric, `gpu/power`, with a line for each device.
 */

/** A metric as it is logged, taken apart. */
export interface DeviceName {
  /** `gpu/0`; undefined for what belongs to no device: `gpu/total_power`, `memory/percent`. */
  device: string | undefined
  /** What devices share: `gpu/power`; a metric of none is its own. */
  metric: string
}

/** The last number that stands between two slashes names the device, as in trackio's own names. */
export function deviceOf(name: string): DeviceName {
  const parts = name.split('/')
  for (let i = parts.length - 2; i > 0; i--)
    if (/^\d+$/.test(parts[i] as string)) {
      const device = parts.slice(0, i + 1).join('/')
      return { device, metric: [...parts.slice(0, i), ...parts.slice(i + 1)].join('/') }
    }
  return { device: undefined, metric: name }
}

/** A metric of some devices: those that log it, and whether something of no device has its name too. */
export interface DeviceMetric {
  /** As it is called: `gpu/power`, with a star for the number where that is a metric by itself. */
  name: string
  /** In the order of their numbers; empty for a metric of no device. */
  devices: string[]
  /** As they are logged: one for each device, or its own name. */
  logged: string[]
}

/** The metrics that names come to, in the order of their first appearance in sorted names. */
export function mergeDevices(names: readonly string[]): DeviceMetric[] {
  const own = new Set(names)
  const merged = new Map<string, { device: string; logged: string }[]>()
  const alone: DeviceMetric[] = []
  for (const logged of names) {
    const { device, metric } = deviceOf(logged)
    if (device === undefined) {
      alone.push({ name: logged, devices: [], logged: [logged] })
      continue
    }
    const name = own.has(metric) ? starred(device, metric) : metric
    const parts = merged.get(name)
    if (parts) parts.push({ device, logged })
    else merged.set(name, [{ device, logged }])
  }
  const together = [...merged].map(([name, parts]): DeviceMetric => {
    parts.sort((a, b) => compareDevices(a.device, b.device))
    return { name, devices: parts.map(({ device }) => device), logged: parts.map(({ logged }) => logged) }
  })
  return [...together, ...alone].sort((a, b) => compareDevices(a.name, b.name))
}

/** `cpu/utilization` of `cpu/3` with a star in the number's place. */
function starred(device: string, metric: string): string {
  const group = device.slice(0, device.lastIndexOf('/') + 1)
  return `${group}*/${metric.slice(group.length)}`
}

/** By text, numbers among it by their value: `gpu/2` before `gpu/10`. */
export function compareDevices(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true }) || (a < b ? -1 : a > b ? 1 : 0)
}

/** The place of devices that are neighbours in one machine: `node-03/gpu/1` stands with `node-03`. */
export function nodeOf(device: string): string {
  const parts = device.split('/')
  return parts.slice(0, -2).join('/')
}

/** What a device logs a metric under: `gpu/power` of `gpu/1` is `gpu/1/power`. */
export function loggedName(metric: string, device: string): string {
  const group = device.slice(0, device.lastIndexOf('/') + 1)
  const leaf = metric.slice(group.length)
  return `${device}/${leaf.startsWith('*/') ? leaf.slice(2) : leaf}`
}

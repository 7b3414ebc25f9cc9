import type { DeviceMetric } from './devices.ts'
import { marked } from './number-style.ts'

/*
 * What trackio's system metrics measure, by their names (`trackio/gpu.py`, `trackio/cpu.py`), and by the names
 * that people give to those they log themselves.
 */

/** What a row of the summary tells of a machine. */
export type SystemRole = 'utilization' | 'power' | 'memory' | 'temperature'

const UNITS: readonly [RegExp, string][] = [
  // what counts or is a share of one comes first: `memory_usage` is from 0 to 1
  [/(^|\/)(memory_usage|performance_state|throttle_\w+|power_plugged|detected)$/, ''],
  [/(^|[/_])(count|errors|iops)(_|$)/, ''],
  [/util(i[sz]ation)?(_percent)?$|percent$|fan_speed$|_pct$/i, '%'],
  [/(^|[/_])(pcie_[rt]x|mb_per_sec)$|_mb_per_sec$/, 'MB/s'],
  [/(_bytes|bytes)$/i, 'bytes'],
  [/(^|[/_])(power|power_limit|total_power|power_w|watts?|power_watts)$/i, 'W'],
  [/(^|\/)(energy_consumed)$/, 'J'],
  [/(^|[/_])(temp|temperature|max_temp)$|(^|\/)temp\/[^/]+$/i, '°C'],
  [/clock$|(^|\/)frequency(_max)?$/, 'MHz'],
  [/(^|\/)(memory|swap)\/(used|total|available)$|memory$|memory_(used|allocated|reserved|gib)$/, 'GiB'],
]

/** `%`, `W`, `GiB`, …; '' where the name says nothing. */
export function systemUnit(metric: string): string {
  return UNITS.find(([form]) => form.test(metric))?.[1] ?? ''
}

/** Values from 0 to 100, on which full and idle have a place. */
export function isShare(metric: string): boolean {
  return systemUnit(metric) === '%'
}

const ROLES: Record<SystemRole, RegExp> = {
  utilization: /(^|\/)(gpu_)?util(i[sz]ation)?(_percent)?$|(^|\/)cpu_percent$/i,
  power: /(^|\/)(power|power_w|power_watts|watts?)$/i,
  memory: /(^|\/)(allocated_memory|memory_(used|allocated|gib)|memory)$|(^|\/)memory\/used$/i,
  temperature: /(^|\/)(temp|temperature)$/i,
}
/** Parts of a machine that are told of where there are several with the same role. */
const FIRST = [/^(.*\/)?gpus?\//i, /^(.*\/)?(tpu|npu|hpu|xpu)s?\//i, /^(.*\/)?(cpu|memory|host)\//i]

/** Which metric tells a role: that of the GPUs where there are some, else the processor's. */
export function roleMetric(metrics: readonly DeviceMetric[], role: SystemRole): DeviceMetric | undefined {
  const found = metrics.filter(({ name }) => ROLES[role].test(name))
  return [...found].sort((a, b) => rankOf(a) - rankOf(b))[0]
}

function rankOf({ name, devices }: DeviceMetric): number {
  const part = FIRST.findIndex((form) => form.test(name))
  // a whole that is logged stands for its parts: `cpu/utilization` for its cores
  return 4 * (part < 0 ? FIRST.length : part) + (name.includes('*') ? 2 : devices.length > 0 ? 0 : 1)
}

const ORDER: readonly RegExp[] = [
  ROLES.utilization,
  ROLES.power,
  ROLES.memory,
  ROLES.temperature,
  /memory|utili[sz]ation|power|temp|percent/i,
]

/**
 * In the order of the page: GPUs first, of each part of the machine what tells its load first, then the rest
 * by name; what never moves (limits, totals, counts) last of its part.
 */
export function orderSystem(metrics: readonly DeviceMetric[]): DeviceMetric[] {
  const place = (metric: DeviceMetric): number => {
    const part = FIRST.findIndex((form) => form.test(metric.name))
    const load = ORDER.findIndex((form) => form.test(metric.name))
    const still = /(total_memory|_limit|_max|count_\w+|\/total)$/.test(metric.name) ? 10 : 0
    return (
      100 * (part < 0 ? FIRST.length : part) +
      (load < 0 ? ORDER.length : load) +
      still +
      (metric.name.includes('*') ? 6 : 0)
    )
  }
  return metrics
    .map((metric, i) => ({ metric, i, at: place(metric) }))
    .sort((a, b) => a.at - b.at || a.i - b.i)
    .map(({ metric }) => metric)
}

/** Joules as people read energy: `6.48 kWh`, `312 Wh`, `84 J`. */
export function formatEnergy(joules: number): string {
  if (!Number.isFinite(joules)) return '–'
  if (joules >= 3.6e5) return `${fixed(joules / 3.6e6)} kWh`
  return joules >= 3600 ? `${fixed(joules / 3600)} Wh` : `${fixed(joules)} J`
}

/** Watts: `8.17 kW`, `529 W`. */
export function formatPower(watts: number): string {
  if (!Number.isFinite(watts)) return '–'
  return watts >= 1000 ? `${fixed(watts / 1000)} kW` : `${fixed(watts)} W`
}

function fixed(value: number): string {
  return marked(value >= 1000 ? String(Math.round(value)) : value.toPrecision(3))
}

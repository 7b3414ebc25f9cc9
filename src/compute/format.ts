import { marked, numberStyle } from './number-style.ts'

const UNITS = {
  decimal: { base: 1000, names: ['bytes', 'kB', 'MB', 'GB', 'TB'] },
  binary: { base: 1024, names: ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] },
}

/**
 * Bytes with three digits at most: `218 MB`, `1.9 GB`, `12.4 MB`, `0 bytes`; in units of 1024 where the style
 * has them.
 */
export function formatBytes(bytes: number): string {
  const { power, base, name } = unitOf(bytes)
  return `${scaled(bytes, base ** power)} ${power === 0 && bytes === 1 ? 'byte' : name}`
}

/** Progress in the unit of the total: `4.7 of 12.4 MB`. */
export function formatBytesOf(done: number, total: number): string {
  const { power, base, name } = unitOf(total)
  return `${scaled(Math.min(done, total), base ** power)} of ${scaled(total, base ** power)} ${name}`
}

function unitOf(bytes: number): { power: number; base: number; name: string } {
  const { base, names } = UNITS[numberStyle().sizes]
  let power = 0
  while (power < names.length - 1 && bytes >= base ** (power + 1)) power++
  return { power, base, name: names[power] as string }
}

/**
 * How long ago `then` was, both in ms since 1970: `3 s ago`, `4 min ago`, `2 h ago`; older ones as a date:
 * `18 Nov`, `18 Nov 2024`.
 */
export function formatAgo(then: number, now: number, zone: 'local' | 'utc'): string {
  if (!Number.isFinite(then)) return ''
  const seconds = Math.max(0, Math.round((now - then) / 1000))
  if (seconds < 60) return `${seconds} s ago`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`
  const timeZone = zone === 'utc' ? 'UTC' : undefined
  const year = new Date(then).getUTCFullYear() === new Date(now).getUTCFullYear() ? undefined : 'numeric'
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year, timeZone }).format(then)
}

/** `1 run`, `6 runs`, with thousands separators. */
const counts = new Intl.NumberFormat('en-US')

export function formatPlural(count: number, one: string, many = `${one}s`): string {
  return `${marked(counts.format(count))} ${count === 1 ? one : many}`
}

/**
 * Splits a name so that its end can stay visible when the middle is clipped: the tail is at most `tail`
 * characters.
 */
export function splitMiddle(name: string, tail = 8): [string, string] {
  if (name.length <= tail * 2) return [name, '']
  return [name.slice(0, -tail), name.slice(-tail)]
}

function scaled(bytes: number, unit: number): string {
  const value = bytes / unit
  if (unit === 1) return String(Math.round(value))
  return marked(
    value >= 100
      ? value.toFixed(0)
      : value >= 10
        ? String(Number(value.toFixed(1)))
        : String(Number(value.toFixed(value < 1 ? 1 : 2))),
  )
}

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB']

/** Bytes in decimal units with three digits at most: `218 MB`, `1.9 GB`, `12.4 MB`, `0 bytes`. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3))
  return `${scaled(bytes, power)} ${power === 0 && bytes === 1 ? 'byte' : UNITS[power]}`
}

/** Progress in the unit of the total: `4.7 of 12.4 MB`. */
export function formatBytesOf(done: number, total: number): string {
  const power = total < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(total) / 3))
  return `${scaled(Math.min(done, total), power)} of ${scaled(total, power)} ${UNITS[power]}`
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
  return `${counts.format(count)} ${count === 1 ? one : many}`
}

/**
 * Splits a name so that its end can stay visible when the middle is clipped: the tail is at most `tail`
 * characters.
 */
export function splitMiddle(name: string, tail = 8): [string, string] {
  if (name.length <= tail * 2) return [name, '']
  return [name.slice(0, -tail), name.slice(-tail)]
}

function scaled(bytes: number, power: number): string {
  const value = bytes / 1000 ** power
  if (power === 0) return String(Math.round(value))
  return value >= 100
    ? value.toFixed(0)
    : value >= 10
      ? String(Number(value.toFixed(1)))
      : String(Number(value.toFixed(value < 1 ? 1 : 2)))
}

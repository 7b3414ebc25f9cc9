import type { Scale } from '../model/view.ts'
import { axisLabels } from './axis-labels.ts'
import { formatCount, formatDuration, formatLogTicks, formatTicks } from './number.ts'

/** Tick positions in data units, ascending, with a label each. */
export interface Ticks {
  values: number[]
  labels: string[]
  /** What all labels leave out, to be said beside the axis: `× 10⁻³⁰⁰`, `+ 123,456,700`. */
  note?: string
}

/**
 * At most `most` ticks in [low, high] at 1, 2 or 5 × 10ⁿ, at 2.5 × 10ⁿ where those would be fewer than three.
 * With `room` (CSS pixels) no label is wider.
 */
export function linearTicks(low: number, high: number, most: number, room = Number.POSITIVE_INFINITY): Ticks {
  const { values, step } = evenSteps(low, high, most)
  const { labels, note } = axisLabels(values, step, room)
  return note === '' ? { values, labels } : { values, labels, note }
}

/**
 * At most `most` ticks (two or more) along logged steps in ascending order: whole numbers where all steps are, so
 * that none stands for a step that cannot be.
 */
export function stepTicks(steps: ArrayLike<number>, most: number): Ticks {
  const [low, high] = [steps[0], steps[steps.length - 1]]
  if (low === undefined || high === undefined) return { values: [], labels: [] }
  if (low === high) return { values: [low], labels: [formatCount(low)] }
  const whole = Array.prototype.every.call(steps, Number.isInteger)
  const { values, step } = evenSteps(low, high, most, whole)
  // a round number alone would not tell how far the next one is
  if (values.length < 2) return { values: [low, high], labels: [formatCount(low), formatCount(high)] }
  return { values, labels: formatTicks(values, step) }
}

/**
 * True values of a log axis: 1-2-5 in each decade, only decades (or every n-th) where those would be more
 * than `most`. An axis too short for two such ticks is ticked like a linear one.
 */
export function logTicks(low: number, high: number, most: number, room?: number): Ticks {
  if (!(low > 0 && high > low)) return { values: [], labels: [] }
  const from = Math.floor(Math.log10(low) + 1e-9)
  const to = Math.ceil(Math.log10(high) - 1e-9)
  const inside = (value: number): boolean =>
    value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9) && Number.isFinite(value)
  for (const mantissas of [[1, 2, 5], [1, 3], [1]]) {
    const values: number[] = []
    for (let e = from; e <= to && values.length < 100; e++)
      for (const m of mantissas) if (inside(m * 10 ** e)) values.push(m * 10 ** e)
    if (values.length <= most && values.length >= 2) return { values, labels: formatLogTicks(values) }
    if (values.length < 2) break
  }
  for (let every = 2; every < 700; every++) {
    const values: number[] = []
    for (let e = Math.ceil(from / every) * every; e <= to; e += every)
      if (inside(10 ** e)) values.push(10 ** e)
    if (values.length <= most && values.length >= 2) return { values, labels: formatLogTicks(values) }
    if (values.length < 2) break
  }
  return linearTicks(low, high, most, room)
}

/**
 * Ticks of a linear or log axis; `room` as for linearTicks (labels of a log axis are short by themselves).
 */
export function scaleTicks(low: number, high: number, most: number, scale: Scale, room?: number): Ticks {
  return scale === 'log' ? logTicks(low, high, most, room) : linearTicks(low, high, most, room)
}

const SECOND_STEPS = [1, 2, 5, 10, 15, 30]
const DURATIONS = [
  ...SECOND_STEPS,
  ...SECOND_STEPS.map((s) => s * 60),
  ...[1, 2, 3, 6, 12].map((h) => h * 3600),
  ...[1, 2, 5, 7, 14, 30, 60, 90, 180, 365].map((d) => d * 86_400),
]

/** Ticks for seconds of elapsed time: whole seconds, minutes, hours, days, labelled `30 m`, `1 h 30 m`. */
export function durationTicks(low: number, high: number, most: number): Ticks {
  const span = high - low
  if (span < most) {
    const { values, step } = evenSteps(low, high, most)
    const labels = formatTicks(values, step)
    return { values, labels: labels.map((label) => `${label} s`) }
  }
  const step = DURATIONS.find((candidate) => Math.floor(high / candidate) - Math.ceil(low / candidate) < most)
  if (step === undefined) {
    const days = evenSteps(low / 86_400, high / 86_400, most)
    const labels = formatTicks(days.values, days.step)
    return { values: days.values.map((day) => day * 86_400), labels: labels.map((label) => `${label} d`) }
  }
  const values = multiples(low, high, step)
  return { values, labels: values.map((value) => (value === 0 ? '0' : formatDuration(value))) }
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/**
 * Ticks for points in time (ms since 1970) at whole minutes, hours and days of the local or UTC clock:
 * `14:30`, and `3 Nov` at midnight. Spans under four seconds are labelled in seconds with decimals.
 */
export function clockTicks(low: number, high: number, most: number, zone: 'local' | 'utc'): Ticks {
  const offset = zone === 'utc' ? 0 : -new Date((low + high) / 2).getTimezoneOffset() * 60_000
  const from = (low + offset) / 1000
  const to = (high + offset) / 1000
  if (!(to > from) || Math.abs(to) > 8.64e12) return { values: [], labels: [] }
  const step = DURATIONS.find((candidate) => Math.floor(to / candidate) - Math.ceil(from / candidate) < most)
  const seconds =
    to - from < most
      ? evenSteps(from, to, most).values
      : step === undefined
        ? evenSteps(from, to, most).values
        : multiples(from, to, step)
  const labels = seconds.map((second) => clockLabel(second, step ?? 365 * 86_400, to - from < most))
  return { values: seconds.map((second) => second * 1000 - offset), labels }
}

/** A point in time in words: `23 Nov 14:05:09`. */
export function formatClock(ms: number, zone: 'local' | 'utc'): string {
  if (!Number.isFinite(ms) || Math.abs(ms) > 8.64e15) return '–'
  const offset = zone === 'utc' ? 0 : -new Date(ms).getTimezoneOffset() * 60_000
  const date = new Date(ms + offset)
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.toISOString().slice(11, 19)}`
}

function clockLabel(second: number, step: number, fractions: boolean): string {
  const date = new Date(Math.round(second * 1000))
  const iso = date.toISOString()
  if (fractions) return iso.slice(14, 22)
  if (step > 180 * 86_400) return `${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`
  if (step >= 86_400 || iso.slice(11, 19) === '00:00:00')
    return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`
  return step < 60 ? iso.slice(11, 19) : iso.slice(11, 16)
}

function evenSteps(
  low: number,
  high: number,
  most: number,
  whole = false,
): { values: number[]; step: number } {
  const span = high - low
  if (!(span > 0) || !Number.isFinite(span))
    return { values: Number.isFinite(low) ? [low] : [], step: Math.abs(low) || 1 }
  const power = Math.max(whole ? 1 : 0, 10 ** Math.floor(Math.log10(span / Math.max(1, most))))
  for (const step of [power, 2 * power, 5 * power, 10 * power, 20 * power, 50 * power]) {
    const values = multiples(low, high, step)
    if (values.length > most) continue
    // 5 leaves too few where 2 gives too many: 0.55, 0.60 becomes 0.525, 0.55, 0.575, …
    const halved = values.length < 3 && !(whole && step % 2 !== 0)
    const finer = halved ? multiples(low, high, step / 2) : []
    return finer.length > 2 && finer.length <= most ? { values: finer, step: step / 2 } : { values, step }
  }
  return { values: [low], step: span }
}

function multiples(low: number, high: number, step: number): number[] {
  const slack = 1e-9
  const first = Math.ceil(low / step - slack)
  const last = Math.floor(high / step + slack)
  const values: number[] = []
  // From whole multiples, not by adding up: 0.1 + 0.2 would print as 0.30000000000000004.
  for (let k = first; k <= last && values.length < 200; k++)
    values.push(k === 0 ? 0 : step < 1 ? k / Math.round(1 / step) || k * step : k * step)
  return values
}

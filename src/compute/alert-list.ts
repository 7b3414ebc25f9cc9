import { ALERT_LEVELS, type Alert, type AlertLevel } from '../model/alert.ts'

/** A line of the list: an alert, or several of one run, level and title folded into one. */
export interface AlertRow {
  /** Stays while repeats come. */
  id: string
  /** The newest of them, by the order that was given. */
  alert: Alert
  count: number
  /** Least and greatest step; null where none of them has one. */
  first: number | null
  last: number | null
}

export interface AlertFilter {
  /**
   * Plain words that title and text must hold together, in any case, and comparisons of the step: `nan step >
   * 500`.
   */
  text: string
  level: AlertLevel | undefined
  /** Key or name of the one run. */
  run: string | undefined
  /** Of shown runs alone. */
  shown: boolean
}

export type AlertOrder = 'time' | 'step' | 'level' | 'run'

const STEP = /(?:^|\s)step\s*(<=|>=|<|>|=)\s*(-?\d[\d,_]*(?:\.\d+)?(?:e\d+)?)(?=\s|$)/gi
const COMPARE: Record<string, (a: number, b: number) => boolean> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '=': (a, b) => a === b,
}

/** The alerts that pass, in their order. An alert without a step passes no comparison of it. */
export function filterAlerts(
  alerts: readonly Alert[],
  filter: AlertFilter,
  isShown: (run: string) => boolean,
): Alert[] {
  const tests = [...filter.text.matchAll(STEP)].map(([, sign = '', number = '']) => {
    const wanted = Number(number.replaceAll(/[,_]/g, ''))
    return (step: number) => COMPARE[sign]?.(step, wanted) ?? false
  })
  const words = filter.text.replaceAll(STEP, ' ').toLowerCase().split(/\s+/).filter(Boolean)
  return alerts.filter((alert) => {
    const { step, title, text, run, runName, level } = alert
    if (filter.level !== undefined && level !== filter.level) return false
    if (filter.run !== undefined && run !== filter.run && runName !== filter.run) return false
    if (filter.shown && (run === undefined || !isShown(run))) return false
    if (tests.some((test) => step === null || !test(step))) return false
    if (words.length === 0) return true
    const whole = `${title}\n${text ?? ''}`.toLowerCase()
    return words.every((word) => whole.includes(word))
  })
}

/** Levels as a person reads them. */
export const LEVEL_WORDS: Record<AlertLevel, string> = { error: 'Error', warn: 'Warn', info: 'Info' }

/** How many there are of each level. */
export function countLevels(alerts: readonly Pick<Alert, 'level'>[]): Record<AlertLevel, number> {
  const counts = { error: 0, warn: 0, info: 0 }
  for (const { level } of alerts) counts[level]++
  return counts
}

/**
 * Alerts, newest first, as lines; with `fold` one for all of a run, level and title, where the newest of them
 * stood.
 */
export function foldAlerts(alerts: readonly Alert[], fold: boolean): AlertRow[] {
  const rows = new Map<string, AlertRow>()
  for (const alert of alerts) {
    const key = fold ? JSON.stringify([alert.run ?? null, alert.runName, alert.level, alert.title]) : alert.id
    const row = rows.get(key)
    if (!row) rows.set(key, { id: key, alert, count: 1, first: alert.step, last: alert.step })
    else {
      row.count++
      if (alert.step === null) continue
      row.first = Math.min(row.first ?? alert.step, alert.step)
      row.last = Math.max(row.last ?? alert.step, alert.step)
    }
  }
  return [...rows.values()]
}

/**
 * Lines that were newest first, by something else; equal ones stay newest first. Lines without a step come
 * last either way.
 */
export function sortAlerts(rows: readonly AlertRow[], by: AlertOrder, descending: boolean): AlertRow[] {
  if (by === 'time') return descending ? [...rows] : [...rows].reverse()
  const sign = descending ? -1 : 1
  return [...rows].sort((a, b) => {
    if (by === 'level')
      return sign * (ALERT_LEVELS.indexOf(b.alert.level) - ALERT_LEVELS.indexOf(a.alert.level))
    if (by === 'run') return sign * compare(a.alert.runName, b.alert.runName)
    if (a.last === null || b.last === null) return Number(a.last === null) - Number(b.last === null)
    return sign * (a.last - b.last)
  })
}

/**
 * Where charts are looked at for what happened from one step to another: 5 % of the run's steps more to both
 * sides, and one step at least.
 */
export function stepsAround(
  from: number,
  to: number,
  run: { firstStep: number | null; lastStep: number | null } | undefined,
): [number, number] {
  const extent = (run?.lastStep ?? 0) - (run?.firstStep ?? 0)
  const side = Math.max(1, Math.round(0.05 * extent))
  return [from - side, to + side]
}

/**
 * When it was, both in ms since 1970: `Today 10:39`, `Yesterday 21:58`, `22 Nov 08:29`, `22 Nov 2025 08:29`;
 * '' for no time.
 */
export function formatWhen(then: number, now: number, zone: 'local' | 'utc'): string {
  if (!Number.isFinite(then)) return ''
  const { day, clock } = formatsOf(zone)
  const date = day.format(then)
  const word =
    date === day.format(now) ? 'Today' : date === day.format(now - 86_400_000) ? 'Yesterday' : undefined
  const year = new Date(now).getUTCFullYear()
  return `${word ?? date.replace(new RegExp(` ${year}$`), '')} ${clock.format(then)}`
}

/** The same in full, whatever the day: `25 Nov 2026, 11:02`; '' for no time. */
export function formatMoment(then: number, zone: 'local' | 'utc'): string {
  return Number.isFinite(then) ? `${formatsOf(zone).day.format(then)}, ${formatClock(then, zone)}` : ''
}

/** `21:50` */
export function formatClock(then: number, zone: 'local' | 'utc'): string {
  return Number.isFinite(then) ? formatsOf(zone).clock.format(then) : ''
}

const formats: Partial<Record<'local' | 'utc', ReturnType<typeof makeFormats>>> = {}

/** Making one takes a hundred times as long as using it. */
function formatsOf(zone: 'local' | 'utc'): ReturnType<typeof makeFormats> {
  formats[zone] ??= makeFormats(zone === 'utc' ? 'UTC' : undefined)
  return formats[zone]
}

function makeFormats(timeZone: string | undefined) {
  return {
    day: new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone }),
    clock: new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone }),
  }
}

const names = new Intl.Collator('en', { numeric: true })
function compare(a: string, b: string): number {
  return names.compare(a, b)
}

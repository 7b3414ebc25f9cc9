import type { RunKey } from './run.ts'
import type { Notice } from './source.ts'

/** Levels as trackio has them, the gravest first. */
export const ALERT_LEVELS = ['error', 'warn', 'info'] as const
export type AlertLevel = (typeof ALERT_LEVELS)[number]

/** All that a project's runs warned of, newest first. */
export interface Alerts {
  alerts: Alert[]
  /** What of them cannot be read. */
  notices: Notice[]
}

/** What a run warned of. */
export interface Alert {
  /** Tells it from every other alert of the project. */
  id: string
  /** Of the catalogue; undefined where no run that is listed logged it. */
  run: RunKey | undefined
  /** As it is listed, or as the alert names it. */
  runName: string
  /** `warn` where it is none of those that trackio knows; `stored` is what is written. */
  level: AlertLevel
  stored: string
  /** As stored, and in ms since 1970 (NaN where it is no time). */
  timestamp: string
  time: number
  step: number | null
  title: string
  text: string | null
}

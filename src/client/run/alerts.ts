import { TrackioError } from '../../model/errors.ts'
import { warn, wordsOf } from '../base/warn.ts'

/** How bad an alert is. */
export const AlertLevel = { INFO: 'info', WARN: 'warn', ERROR: 'error' } as const
export type AlertLevel = (typeof AlertLevel)[keyof typeof AlertLevel]

/** What an alert takes beside its title. */
export interface AlertOptions {
  /** Default: none. */
  text?: string | null
  /** Default `warn`. */
  level?: AlertLevel | string
  /** Default: that of the last row. */
  step?: number
  /** Address that the alert is posted to. Default: that of `init`. */
  webhookUrl?: string | null
}

const ORDER: AlertLevel[] = ['info', 'warn', 'error']

/** Parsed as trackio does: any case, spaces around it. */
export function alertLevelOf(level: unknown): AlertLevel {
  const found = ORDER.find((one) => one === String(level).toLowerCase().trim())
  if (!found)
    throw new TrackioError(
      'level',
      `Invalid alert level '${String(level)}'. Expected one of: ${ORDER.join(', ')}.`,
    )
  return found
}

export interface Alert {
  level: AlertLevel
  title: string
  text: string | null
  project: string
  run: string
  step: number
  /** ISO, UTC. */
  timestamp: string
}

/** As trackio prints it: `[TRACKIO WARN] title: text (step 3)`. */
export function printAlert({ level, title, text, step }: Alert): void {
  const line = `[TRACKIO ${level.toUpperCase()}] ${title}${text ? `: ${text}` : ''} (step ${step})`
  if (level === 'info') console.info(line)
  else if (level === 'warn') console.warn(line)
  else console.error(line)
}

/**
 * Posts an alert to a webhook, in the form that Slack or Discord want where it is theirs. Failures are
 * warnings.
 */
export function postAlert(url: string, alert: Alert, least: AlertLevel | undefined): void {
  if (least && ORDER.indexOf(alert.level) < ORDER.indexOf(least)) return
  const slack = url.includes('hooks.slack.com')
  const discord = /discord(app)?\.com\/api\/webhooks/.test(url)
  const body = JSON.stringify(slack ? slackBody(alert) : discord ? discordBody(alert) : alert)
  // Slack answers no preflight, which a JSON content type would cause
  fetch(url, {
    method: 'POST',
    body,
    keepalive: true,
    ...(slack ? {} : { headers: { 'Content-Type': 'application/json' } }),
  }).then(
    (answer) => {
      if (!answer.ok)
        warn(`Failed to send webhook: the server answered ${answer.status} ${answer.statusText}`)
    },
    (cause: unknown) => warn(`Failed to send webhook: ${wordsOf(cause)}`),
  )
}

const EMOJI: Record<AlertLevel, string> = { info: 'ℹ️', warn: '⚠️', error: '🚨' }
const COLOURS: Record<AlertLevel, number> = { info: 0x3498db, warn: 0xf1c40f, error: 0xe74c3c }

function slackBody({ level, title, text, project, run, step }: Alert): unknown {
  const section = (words: string): unknown => ({ type: 'section', text: { type: 'mrkdwn', text: words } })
  return {
    blocks: [
      section(`${EMOJI[level]} *[${level.toUpperCase()}] ${title}*`),
      ...(text ? [section(text)] : []),
      {
        type: 'context',
        elements: [{ type: 'mrkdwn', text: `Project: ${project}  •  Run: ${run}  •  Step ${step}` }],
      },
    ],
  }
}

function discordBody({ level, title, text, project, run, step }: Alert): unknown {
  return {
    embeds: [
      {
        title: `${EMOJI[level]} [${level.toUpperCase()}] ${title}`,
        color: COLOURS[level],
        footer: { text: `Project: ${project}  •  Run: ${run}  •  Step ${step}` },
        ...(text ? { description: text } : {}),
      },
    ],
  }
}

import type { ChangedRun, StoredChange, StoredPlace } from '../../model/change.ts'

/** For so long a change can be undone, ms: it is shown, and not made. */
export const UNDO_MS = 10_000

/**
 * Where it is made. A server and a file are reached by the page that asked alone: it has the token, and the
 * person's permission. `source`: the id of the open source, as long as that page lives.
 */
export type ChangePlace =
  | StoredPlace
  | { kind: 'server'; url: string; host: string; project: string }
  | { kind: 'file'; source: string; path: string; project: string }

/**
 * `waiting`: can be undone until its time. `making`: is being written. `left`: its page was closed before it was
 * sent to the server or written to the file, so nothing was changed.
 */
export type ChangeState = 'waiting' | 'making' | 'made' | 'undone' | 'failed' | 'left'

/** A change that somebody asked for. */
export interface Entry {
  /** Random. */
  id: string
  /** When it was asked for, and when it is made, ms since 1970. */
  at: number
  until: number
  place: ChangePlace
  change: StoredChange
  /** Of the page that asked. */
  page: string
  state: ChangeState
  /** Why it failed, in words. */
  why?: string
  /** Somebody closed the line that told of it. */
  seen?: true
}

const STATES: readonly string[] = ['waiting', 'making', 'made', 'undone', 'failed', 'left']

/** Of what was stored; undefined for what is none: another release wrote it, or somebody's hand. */
export function parseEntry(text: string | null): Entry | undefined {
  const value = parsed(text)
  const { id, at, until, page, state, why, seen } = value
  if (typeof id !== 'string' || typeof page !== 'string' || typeof state !== 'string') return undefined
  if (typeof at !== 'number' || typeof until !== 'number' || !STATES.includes(state)) return undefined
  const place = placeOf(record(value.place))
  const change = changeOf(record(value.change))
  if (!place || !change) return undefined
  return {
    ...{ id, at, until, place, change, page, state: state as ChangeState },
    ...(typeof why === 'string' && { why }),
    ...(seen === true && { seen }),
  }
}

function placeOf(value: Record<string, unknown>): ChangePlace | undefined {
  const text = (key: string): string => (typeof value[key] === 'string' ? value[key] : '')
  const project = text('project')
  switch (value.kind) {
    case 'kept':
    case 'tracked':
      return { kind: value.kind, name: text('name'), project }
    case 'server':
      return { kind: 'server', url: text('url'), host: text('host'), project }
    case 'file':
      return { kind: 'file', source: text('source'), path: text('path'), project }
    default:
      return undefined
  }
}

function changeOf(value: Record<string, unknown>): StoredChange | undefined {
  if (value.kind === 'delete-project') return { kind: 'delete-project' }
  const runs = Array.isArray(value.runs) ? value.runs.flatMap((run) => runOf(record(run)) ?? []) : []
  const [first] = runs
  if (!first || runs.length !== (value.runs as unknown[]).length) return undefined
  if (value.kind === 'delete') return { kind: 'delete', runs }
  if (value.kind === 'move' && typeof value.to === 'string') return { kind: 'move', runs, to: value.to }
  if (value.kind === 'rename' && typeof value.name === 'string')
    return { kind: 'rename', runs: [first], name: value.name }
  return undefined
}

function runOf({ key, id, name, shared }: Record<string, unknown>): ChangedRun | undefined {
  if (typeof key !== 'string' || typeof name !== 'string') return undefined
  return { key, name, id: typeof id === 'string' ? id : null, ...(shared === true && { shared }) }
}

function record(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {}
}

function parsed(text: string | null): Record<string, unknown> {
  try {
    return record(JSON.parse(text ?? 'null'))
  } catch (error) {
    if (error instanceof SyntaxError) return {}
    throw error
  }
}

import { ALERT_LEVELS, type Alert, type AlertLevel } from '../../model/alert.ts'
import type { RunKey } from '../../model/run.ts'
import { parseTimeText } from '../columns/time.ts'
import { type TableRows, textIn } from '../formats/table-rows.ts'

/** A run as alerts name it. */
interface Named {
  key: RunKey
  id: string | null
  name: string
}

/**
 * The alerts of a project, newest first; of one moment, the one that was logged last first. An alert belongs
 * to the run with its id; one without an id, or of a project whose metrics have none, to the run of its name.
 * Levels compare without case, as the importer of fragments leaves them as they are written.
 */
export function alertsOf(table: TableRows, runs: readonly Named[]): Alert[] {
  const byId = new Map(runs.flatMap((run) => (run.id === null ? [] : [[run.id, run] as const])))
  const byName = new Map(runs.map((run) => [run.name, run]))
  const hasIds = byId.size > 0
  const at = (column: string, row: number): string | null => textIn(table, column, row)
  const alerts = Array.from({ length: table.rows }, (_, row): Alert => {
    const [id, name, timestamp] = [at('run_id', row), at('run_name', row) ?? '', at('timestamp', row) ?? '']
    const named = byName.get(name)
    const run = hasIds && id !== null ? (byId.get(id) ?? (named?.id === null ? named : undefined)) : named
    const stored = at('level', row) ?? 'warn'
    return {
      id: at('alert_id', row) ?? `row ${at('id', row) ?? row}`,
      run: run?.key,
      runName: run?.name ?? name,
      level: levelOf(stored),
      stored,
      timestamp,
      time: parseTimeText(timestamp),
      step: numberOf(at('step', row)),
      title: at('title', row) ?? '',
      text: at('text', row),
    }
  })
  return alerts.reverse().sort((a, b) => (a.timestamp < b.timestamp ? 1 : a.timestamp > b.timestamp ? -1 : 0))
}

function levelOf(stored: string): AlertLevel {
  const lower = stored.toLowerCase()
  return ALERT_LEVELS.find((level) => level === lower) ?? 'warn'
}

function numberOf(text: string | null): number | null {
  const value = text === null ? Number.NaN : Number(text)
  return Number.isFinite(value) ? value : null
}

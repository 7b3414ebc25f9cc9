import type { Alert, AlertLevel } from '../model/alert.ts'
import type { RunKey } from '../model/run.ts'
import type { ProjectId } from '../model/source.ts'
import type { AskEngine } from './ask-engine.ts'
import { failWith } from './fail-with.ts'

/** Which alerts. */
export interface AlertsWanted {
  run?: RunKey | undefined
  level?: AlertLevel | undefined
  /** ms since 1970: later ones, and those whose time cannot be read (NaN): nobody knows that they are older. */
  since?: number | undefined
  signal?: AbortSignal | undefined
}

/** What the runs of a project warned of, newest first. Rejects where not all of it can be read. */
export async function readAlerts(
  ask: AskEngine,
  project: ProjectId,
  { run, level, since, signal }: AlertsWanted,
): Promise<Alert[]> {
  const { alerts, notices } = await ask((engine) => engine.ask('alerts', { project }, { signal }))
  failWith(notices[0])
  return alerts.filter(
    (one) =>
      (run === undefined || one.run === run) &&
      (level === undefined || one.level === level) &&
      (since === undefined || !(one.time <= since)),
  )
}

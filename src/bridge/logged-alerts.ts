import type { Alert, AlertLevel } from '../model/alert.ts'
import { TrackioError } from '../model/errors.ts'
import type { RunKey } from '../model/run.ts'
import type { ProjectId } from '../model/source.ts'
import type { AskEngine } from './ask-engine.ts'

/** Which alerts. */
export interface AlertsWanted {
  run?: RunKey | undefined
  level?: AlertLevel | undefined
  /** ms since 1970: later ones alone. */
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
  const [wrong] = notices
  if (wrong) throw new TrackioError(wrong.subject, wrong.text, wrong.action)
  return alerts.filter(
    (one) =>
      (run === undefined || one.run === run) &&
      (level === undefined || one.level === level) &&
      (since === undefined || one.time > since),
  )
}

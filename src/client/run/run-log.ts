import { canonicalProject } from '../../model/project-name.ts'
import type { AlertRow, Batch, RunBegun } from '../../model/tracking.ts'
import { warn, wordsOf } from '../base/warn.ts'
import { makeRunClock } from './clock.ts'
import type { OpenRow } from './logged-row.ts'
import type { Outbox, Parcel, Sender } from './outbox.ts'
import { makeRowBuffer, sizeOf } from './row-buffer.ts'

/** How much a run logged, and what became of it. Pieces are rows, system rows and alerts. */
export interface RunCounts {
  /** Pieces that were logged and not dropped. */
  logged: number
  /** Of these, how many the outbox took. */
  taken: number
  stored: number
  /** Rows that are nowhere. */
  dropped: number
  /** Values that could not be stored and were left out of their rows. */
  leftOut: number
  /** Media files that could not be stored. */
  unstored: number
}

/**
 * What a run logged, from the call until the outbox takes it. Before the storage knows the run, its rows wait
 * for their steps, and its alerts for their name.
 */
export interface RunLog {
  readonly counts: Readonly<RunCounts>
  readonly sender: Sender
  /** A row of `rowOf`. `step`: one above the last unless given. */
  row(row: string | OpenRow, step: number | undefined): void
  /** A row of `systemRowOf`. */
  systemRow(row: string): void
  /** `fire` makes the alert once the run is known: `time` in ms, `step` is that of the last row. */
  alert(fire: (time: number, step: number) => AlertRow): void
  /** Says and counts a value that is left out of its row. */
  leaveOut(call: 'log' | 'log_system', key: string, cause: unknown): void
  /** Counts a row that was none. */
  drop(): void
  /** The storage knows the run: what waited is numbered, and may be taken. */
  begin(begun: RunBegun): void
  /** The run cannot begin: its rows are dropped. */
  giveUp(cause: unknown): void
}

/** `config`: its JSON, asked for with the first row. `space`: where the rows are to be delivered later. */
export function makeRunLog(
  run: { project: string; space: string | null; name(): string; config(): string },
  outbox: Outbox,
): RunLog {
  const counts: RunCounts = { logged: 0, taken: 0, stored: 0, dropped: 0, leftOut: 0, unstored: 0 }
  const clock = makeRunClock()
  const rows = makeRowBuffer(true, (key, cause) => leaveOut('log', key, cause))
  const systemRows = makeRowBuffer(false, (key, cause) => leaveOut('log_system', key, cause))
  let alerts: AlertRow[] = []
  /** What is done once the run is known. */
  let early: (() => void)[] = []
  let known: RunBegun | undefined
  let config: string | undefined
  let configTaken = false
  let settle: () => void = () => {}
  /** Resolves when the run has begun or cannot. */
  const settled = new Promise<void>((resolve) => {
    settle = resolve
  })
  const sender: Sender = {
    project: run.project,
    get logged() {
      return counts.logged
    },
    get taken() {
      return counts.taken
    },
    take,
    stored: (pieces) => {
      counts.stored += pieces
    },
    unstored: (files) => {
      counts.unstored += files
    },
    hold: () => (known ? rows.ready() : settled),
  }
  outbox.join(sender)

  function leaveOut(call: 'log' | 'log_system', key: string, cause: unknown): void {
    counts.leftOut++
    warn(`trackio.${call}() skipped metric '${key}': ${wordsOf(cause)}`)
  }

  /** Counts a row; false when it is dropped, as there is no room for it. */
  function admit(size: number): boolean {
    if (outbox.admit(size)) {
      counts.logged++
      return true
    }
    counts.dropped++
    warn(
      `trackio: storage is slower than logging and memory is full: rows of run '${run.name()}' are being dropped. Log less often, or await trackio.flush() now and then.`,
    )
    return false
  }

  /** A row that was dropped still counts a step. */
  function number(row: string | OpenRow | undefined, given: number | undefined, time: number): void {
    const step = clock.step(given)
    if (row !== undefined) rows.push(Math.max(time, known?.lastTime ?? 0), step, row)
  }

  function take(): Parcel | undefined {
    if (!known) return undefined
    const name = run.name()
    const taken = rows.take(`${canonicalProject(run.project)}/${name}`)
    const system = systemRows.take('')
    const fired = alerts
    alerts = []
    if (!taken && !system && fired.length === 0) return undefined
    const batch: Batch = { run: { project: run.project, id: known.id, name }, space: run.space }
    if (taken) {
      batch.rows = taken.rows
      if (taken.traces.length > 0) batch.traces = taken.traces
      if (taken.files.length > 0) batch.files = taken.files
      if (!configTaken) batch.config = config
      configTaken = true
    }
    if (system) batch.system = system.rows
    if (fired.length > 0) batch.alerts = fired
    const pieces = (taken?.rows.times.length ?? 0) + (system?.rows.times.length ?? 0) + fired.length
    counts.taken += pieces
    return { batch, pieces, size: (taken?.size ?? 0) + (system?.size ?? 0) }
  }

  return {
    counts,
    sender,
    leaveOut,
    row(row, given) {
      config ??= run.config()
      const time = clock.now()
      const kept = admit(sizeOf(row)) ? row : undefined
      if (known) number(kept, given, time)
      else early.push(() => number(kept, given, time))
      outbox.soon(time)
    },
    systemRow(row) {
      const time = clock.now()
      if (admit(sizeOf(row))) systemRows.push(time, 0, row)
      outbox.soon(time)
    },
    alert(fire) {
      const time = clock.now()
      counts.logged++
      const work = (): void => void alerts.push(fire(time, clock.lastStep()))
      if (known) work()
      else early.push(work)
      outbox.soon(time)
    },
    drop() {
      counts.dropped++
    },
    begin(begun) {
      known = begun
      clock.continueFrom(begun)
      for (const work of early.splice(0)) work()
      settle()
    },
    giveUp(cause) {
      const { logged } = counts
      early = []
      counts.dropped += logged
      counts.logged = counts.taken
      outbox.leave(sender)
      settle()
      if (logged > 0)
        warn(`trackio.init() failed, so ${logged} rows that were logged are not kept: ${wordsOf(cause)}`)
    },
  }
}

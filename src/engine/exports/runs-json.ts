import { compare } from '../projects/project.ts'
import type { Value } from './export-values.ts'

/** A run as trackio's `runs.json` has it. */
export interface RunEntry {
  id: string | null
  name: string | null
  /** Smallest timestamp, as text. */
  created_at: string | null
  /** Largest step; null for a run that logged nothing. */
  last_step: number | null
  log_count: number
}

/** What a static export says of the project beside its tables; these two keys are all there are. */
export interface ExportSettings {
  color_palette: string[]
  plot_order: string[]
}

/** trackio's own, for who has chosen nothing. */
export const DEFAULT_SETTINGS: ExportSettings = {
  color_palette: [
    '#A8769B',
    '#E89957',
    '#3B82F6',
    '#10B981',
    '#EF4444',
    '#8B5CF6',
    '#14B8A6',
    '#F59E0B',
    '#EC4899',
    '#06B6D4',
  ],
  plot_order: [],
}

/** Collects the runs of a project from its rows, as trackio's query does. */
export interface RunList {
  /** A row of the metrics. Where the table has no ids (before 0.24), the name is the id. */
  add(
    id: Value | undefined,
    name: Value | undefined,
    timestamp: Value | undefined,
    step: Value | undefined,
  ): void
  /** A row of the uses of other projects' artifacts: such runs are listed though they logged nothing. */
  addExternal(id: Value | undefined, name: Value | undefined, created: Value | undefined): void
  entries(): RunEntry[]
}

export function makeRunList(): RunList {
  const runs = new Map<string, RunEntry>()
  const external = new Map<string, RunEntry>()
  return {
    add(id, name, timestamp, step) {
      const run = entryOf(runs, text(id === undefined ? name : id), text(name))
      const time = text(timestamp)
      if (time !== null && (run.created_at === null || time < run.created_at)) run.created_at = time
      // without a column of steps (before 0.0.16) a step is the row's place
      const number =
        step === undefined
          ? run.log_count
          : typeof step === 'bigint' || typeof step === 'number'
            ? Number(step)
            : null
      if (number !== null && (run.last_step === null || number > run.last_step)) run.last_step = number
      run.log_count++
    },
    addExternal(id, name, created) {
      if (name === null || name === undefined) return
      const run = entryOf(external, text(id), text(name))
      const time = text(created)
      if (time !== null && (run.created_at === null || time < run.created_at)) run.created_at = time
    },
    entries() {
      const listed = sorted(runs)
      const ids = new Set(listed.map((run) => run.id).filter((id) => id !== null))
      const names = new Set(listed.map((run) => run.name).filter((name) => name !== null))
      for (const run of sorted(external)) {
        const id = run.id || run.name
        if ((id !== null && ids.has(id)) || names.has(run.name ?? '')) continue
        listed.push({ ...run, id })
        if (id !== null) ids.add(id)
        if (run.name !== null) names.add(run.name)
      }
      return listed.sort((a, b) => compare(a.created_at ?? '', b.created_at ?? ''))
    },
  }
}

function entryOf(runs: Map<string, RunEntry>, id: string | null, name: string | null): RunEntry {
  const key = JSON.stringify([id, name])
  let run = runs.get(key)
  if (!run) {
    run = { id, name, created_at: null, last_step: null, log_count: 0 }
    runs.set(key, run)
  }
  return run
}

/** Oldest first; of one time in the order of id and name, as the groups come out of SQLite. */
function sorted(runs: Map<string, RunEntry>): RunEntry[] {
  const by = (pick: (run: RunEntry) => string | null) => (a: RunEntry, b: RunEntry) =>
    compare(pick(a) ?? '', pick(b) ?? '')
  const [time, id, name] = [by((run) => run.created_at), by((run) => run.id), by((run) => run.name)]
  return [...runs.values()].sort((a, b) => time(a, b) || id(a, b) || name(a, b))
}

function text(value: Value | undefined): string | null {
  return value === null || value === undefined ? null : String(value)
}

import type { RunKey } from '../../model/run.ts'
import type { Notice } from '../../model/source.ts'
import type { ProjectReader } from '../formats/dataset.ts'
import { type TableRows, textIn } from '../formats/table-rows.ts'
import type { TraceRow } from '../tables/trace-store.ts'

interface Named {
  key: RunKey
  id: string | null
  name: string
}

/**
 * Gives out the rows of a project's table of traces as they are read. A trace belongs to the run with its id;
 * where the metrics have no ids, or none of this one, to the only run of its name.
 */
export async function eachTraceOf(
  reader: ProjectReader,
  runs: readonly Named[],
  take: (row: TraceRow) => void,
  signal: AbortSignal | undefined,
): Promise<Notice[]> {
  const runOf = makeFinder(runs)
  const table = await reader.tableRows?.('traces', signal, takePart)
  if (!table) return []
  takePart(table)
  return table.notices

  function takePart(part: TableRows): void {
    for (let row = 0; row < part.rows; row++) {
      const at = (column: string): string | null => textIn(part, column, row)
      const [id, name] = [at('run_id'), at('run_name') ?? '']
      const run = runOf(id, name)
      take({
        id: at('id') ?? `row ${row}`,
        run: run?.key,
        runName: run?.name ?? name,
        timestamp: at('timestamp') ?? '',
        step: numberOf(at('step')),
        key: at('key') ?? '',
        index: numberOf(at('trace_index')),
        messages: at('messages') || '[]',
        metadata: at('metadata') || '{}',
        // releases before 0.37 had none
        spans: at('spans') || '[]',
      })
    }
  }
}

/** Rows that are enough to tell whose a trace is. */
const WHOSE = ['id', 'run_id', 'run_name']

/** How many rows of that table belong to each run; what they say is not read, where a format can do without. */
export async function countTracesOf(
  reader: ProjectReader,
  runs: readonly Named[],
  signal: AbortSignal | undefined,
): Promise<Map<RunKey, number>> {
  const runOf = makeFinder(runs)
  const counts = new Map<RunKey, number>()
  const table = await reader.tableRows?.('traces', signal, takePart, WHOSE)
  if (table) takePart(table)
  return counts

  function takePart(part: TableRows): void {
    for (let row = 0; row < part.rows; row++) {
      const run = runOf(textIn(part, 'run_id', row), textIn(part, 'run_name', row) ?? '')
      if (run) counts.set(run.key, (counts.get(run.key) ?? 0) + 1)
    }
  }
}

function makeFinder(runs: readonly Named[]): (id: string | null, name: string) => Named | undefined {
  const byId = new Map(runs.flatMap((run) => (run.id === null ? [] : [[run.id, run] as const])))
  const byName = new Map<string, Named | undefined>()
  for (const run of runs) byName.set(run.name, byName.has(run.name) ? undefined : run)
  return (id, name) => (id === null ? undefined : byId.get(id)) ?? byName.get(name)
}

function numberOf(text: string | null): number | null {
  const value = text === null || text === '' ? Number.NaN : Number(text)
  return Number.isFinite(value) ? value : null
}

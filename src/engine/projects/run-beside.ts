import type { RunBeside } from '../../model/run-rows.ts'
import type { LoggedRun, ProjectReader } from '../formats/dataset.ts'
import { type TableRows, textIn } from '../formats/table-rows.ts'

/** Values of a run that are no numbers, by their kind, and the artifacts that it is linked to. */
export function besideOf(
  reader: ProjectReader,
  run: { id: string | null; name: string; logged?: LoggedRun | undefined } | undefined,
): RunBeside {
  if (!run) return { kinds: {}, artifacts: 0 }
  const kinds: Record<string, number> = {}
  for (const counts of run.logged?.kinds ?? [])
    for (const [kind, n] of counts ?? []) kinds[kind] = (kinds[kind] ?? 0) + n
  const { run_artifact_links: own, external_run_artifact_links: external } = reader.runTables()
  const linked = (table: TableRows | undefined): number => {
    let count = 0
    for (let row = 0; row < (table?.rows ?? 0); row++) if (table && isOf(table, row)) count++
    return count
  }
  return { kinds: reader.others ? undefined : kinds, artifacts: linked(own) + linked(external) }

  /** By id where both have one, else by name. */
  function isOf(table: TableRows, row: number): boolean {
    const id = textIn(table, 'run_id', row)
    return id !== null && run?.id != null ? id === run.id : textIn(table, 'run_name', row) === run?.name
  }
}

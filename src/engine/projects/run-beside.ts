import type { OtherKey } from '../../model/metric.ts'
import type { RunBeside } from '../../model/run-rows.ts'
import type { LoggedRun, ProjectReader } from '../formats/dataset.ts'
import { type TableRows, textIn } from '../formats/table-rows.ts'

/** Values of a run that are no numbers, by their kind, and the artifacts that it is linked to. */
export function besideOf(
  reader: ProjectReader,
  run: { id: string | null; name: string; logged?: LoggedRun | undefined } | undefined,
): RunBeside {
  if (!run) return { others: [], artifacts: 0 }
  const { names } = reader.keys()
  const others = (run.logged?.kinds ?? []).flatMap((counts, key): OtherKey[] =>
    counts && counts.size > 0 ? [{ name: names[key] ?? '', kinds: Object.fromEntries(counts) }] : [],
  )
  const { run_artifact_links: own, external_run_artifact_links: external } = reader.runTables()
  const linked = (table: TableRows | undefined): number => {
    let count = 0
    for (let row = 0; row < (table?.rows ?? 0); row++) if (table && isOf(table, row)) count++
    return count
  }
  return { others: reader.others ? undefined : others, artifacts: linked(own) + linked(external) }

  /** By id where both have one, else by name. */
  function isOf(table: TableRows, row: number): boolean {
    const id = textIn(table, 'run_id', row)
    return id !== null && run?.id != null ? id === run.id : textIn(table, 'run_name', row) === run?.name
  }
}

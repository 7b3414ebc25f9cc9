import type { Run } from '../../model/run.ts'
import { parseTimeText } from '../columns/time.ts'
import { type RunTables, type TableRows, textIn } from '../formats/table-rows.ts'
import type { RunSide } from './configs.ts'

interface Named {
  id: string | null
  name: string
}

/** What is known of a project's runs besides. */
export interface Known {
  logged: readonly Named[]
  /** Runs of the metrics have ids. */
  hasIds: boolean
  /** Canonical name of the project; asked only where there are links: its patterns take 3 ms to compile. */
  project: () => string
  /** What configs say of a run. */
  side(run: Named): RunSide
}

interface Link extends Named {
  /** Canonical project of the run; null where the row does not say. */
  project: string | null
  created: string
}

/**
 * Runs that trackio lists because an artifact link names them, though they logged no metric: links of this
 * project whose name and id the metrics do not know; a link without id counts only if no link with an id has
 * its name. Then the runs of other projects' artifacts (external links) that are unknown by id and by name.
 */
export function linkedRuns(tables: RunTables, known: Known): Run[] {
  const { logged, hasIds, project } = known
  const names = new Set(logged.map((run) => run.name))
  const ids = new Set(logged.map((run) => run.id))
  const own = linksIn(tables.run_artifact_links).filter(
    (link) => link.project === null || link.project === project(),
  )
  const runs = new Map<string, Run>()
  for (const link of own) {
    if (names.has(link.name)) continue
    if (hasIds && link.id !== null && ids.has(link.id)) continue
    if (hasIds && link.id === null && own.some((other) => other.name === link.name && other.id)) continue
    add(hasIds ? link.id : null, link)
  }
  const listed = [...runs.values()]
  for (const link of linksIn(tables.external_run_artifact_links)) {
    const id = link.id ?? link.name
    if (names.has(link.name) || ids.has(id) || listed.some((run) => run.id === id || run.name === link.name))
      continue
    add(id, link)
  }
  return [...runs.values()]

  function add(id: string | null, link: Link): void {
    const before = runs.get(id ?? link.name)
    if (!before) runs.set(id ?? link.name, runWithoutRows({ id, name: link.name }, link.created, known))
    else if (link.created < before.createdAt)
      Object.assign(before, { createdAt: link.created, created: parseTimeText(link.created) })
  }
}

/** Runs of a static export's list that are not among the known ones: by id where both have one, else by name. */
export function missingRuns({ runs }: RunTables, known: Known): Run[] {
  if (!runs) return []
  const { logged, hasIds } = known
  return Array.from({ length: runs.rows }, (_, row) => ({
    id: textIn(runs, 'id', row),
    name: textIn(runs, 'name', row) ?? '',
    created: textIn(runs, 'created_at', row) ?? '',
  }))
    .filter(
      ({ id, name }) =>
        !logged.some((run) => (hasIds && id !== null && run.id !== null ? run.id === id : run.name === name)),
    )
    .map(({ id, name, created }) => runWithoutRows({ id: hasIds ? id : null, name }, created, known))
}

/** A row without a run's name says nothing. */
function linksIn(table: TableRows | undefined): Link[] {
  if (!table) return []
  return Array.from({ length: table.rows }, (_, row): Link[] => {
    const name = textIn(table, 'run_name', row)
    const created = textIn(table, 'created_at', row) ?? ''
    if (name === null) return []
    return [{ id: textIn(table, 'run_id', row), name, project: textIn(table, 'run_project', row), created }]
  }).flat()
}

/** A run that something names though it logged nothing. `created`: a timestamp as stored, '' for none. */
function runWithoutRows({ id, name }: Named, created: string, { side }: Known): Run {
  return {
    key: id ?? name,
    id,
    name,
    status: null,
    slot: 0,
    ...side({ id, name }),
    createdAt: created,
    created: parseTimeText(created),
    lastTimestamp: '',
    last: Number.NaN,
    rows: 0,
    firstStep: null,
    lastStep: null,
  }
}

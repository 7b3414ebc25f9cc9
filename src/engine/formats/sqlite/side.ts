import { makeSide, type Side, takeConfig, takeLink } from '../side.ts'
import type { Damage } from './btree.ts'
import type { Pages } from './image.ts'
import { textOf } from './record.ts'
import { readRows, type Schema, type Table } from './schema.ts'

/** Reads the tables that stand beside the metrics. */
export async function readSide(pages: Pages, schema: Schema, damage: Damage[]): Promise<Side> {
  const side = makeSide()
  const configs = schema.tables.get('configs')
  if (configs) {
    const [project, id, name, config] = columns(configs, 'project_name', 'run_id', 'run_name', 'config')
    await readRows(
      pages,
      configs.root,
      (row) => takeConfig(side, { project: textOf(row, project), id: textOf(row, id), name: textOf(row, name), text: textOf(row, config) }),
      damage,
    )
  }
  for (const [table, from, source] of [
    ['run_artifact_links', 'own', 'run_project'],
    ['external_run_artifact_links', 'external', ''],
  ] as const) {
    const links = schema.tables.get(table)
    if (!links) continue
    const [id, name, project, created] = columns(links, 'run_id', 'run_name', source, 'created_at')
    await readRows(
      pages,
      links.root,
      (row) =>
        takeLink(side, from, {
          id: textOf(row, id),
          name: textOf(row, name),
          project: textOf(row, project),
          created: textOf(row, created),
        }),
      damage,
    )
  }
  return side
}

function columns(table: Table, ...names: string[]): [number, number, number, number] {
  const [a = -1, b = -1, c = -1, d = -1] = names.map((name) => table.columns.findIndex((column) => column.toLowerCase() === name))
  return [a, b, c, d]
}

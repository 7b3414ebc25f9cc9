import { createHash } from 'node:crypto'
import type { EngineApi } from '../../../src/bridge/engine-api.ts'
import { readArtifacts } from '../../../src/bridge/logged-artifacts.ts'
import { readFiles } from '../../../src/bridge/logged-files.ts'
import { createEngine } from '../../../src/engine/api.ts'
import { ROW_TABLES } from '../../../src/engine/formats/table-rows.ts'
import { MEDIA_KINDS } from '../../../src/model/media.ts'
import type { NamedFile, ProjectId } from '../../../src/model/source.ts'

/*
 * All that a project holds, in a form that compares: rows of every table, the bytes of every file that is named
 * anywhere.
 */

export type Inventory = Record<string, unknown[]>

/** Files as a source, in an engine of their own. */
export async function opened(
  files: NamedFile[],
  name?: string,
): Promise<{ engine: EngineApi; project: ProjectId; named: string }> {
  const engine = createEngine()
  const { projects } = await engine.open({ kind: 'files', name: name ?? 'made', files, live: false })
  const found = name === undefined ? projects[0] : projects.find((one) => one.name === name)
  if (!found) throw new Error(`${name}: not among ${projects.map((one) => one.name).join(', ')}`)
  await engine.ask('settled', { project: found.id })
  return { engine, project: found.id, named: found.name }
}

export async function inventoryOf(engine: EngineApi, project: ProjectId): Promise<Inventory> {
  const inventory: Inventory = {}
  const metrics = await rows(engine, project, 'metrics', [
    'run_id',
    'run_name',
    'timestamp',
    'step',
    'metrics',
  ])
  inventory.metrics = metrics.map(([run, name, time, step, payload]) => [
    run,
    name,
    time,
    step,
    plain(payload),
  ])
  for (const [table, columns] of Object.entries(ROW_TABLES)) {
    const found = await rows(engine, project, table, columns)
    inventory[table] = found.map((row) =>
      row.map((cell, c) => (JSON_COLUMNS.has(columns[c] ?? '') ? plain(cell) : String(cell))),
    )
  }
  const values = await engine.ask('values', {
    project,
    kinds: [...MEDIA_KINDS, 'trackio.table', 'trackio.histogram'],
  })
  const places = Array.from(values.run, (run, i) => ({
    run: values.runs[run] ?? '',
    key: values.keys[values.key[i] ?? -1] ?? '',
    row: values.row[i] ?? -1,
  }))
  const logged = await engine.ask('valuesAt', { project, at: places })
  inventory.values = places.map(({ run, key }, i) => [
    run,
    key,
    values.step[i],
    plain(JSON.stringify(logged[i])),
  ])
  const paths = pathsIn([inventory.values, inventory.traces]).sort()
  inventory.media = await Promise.all(
    paths.map(async (path) => [path, await hashOf(await engine.ask('media', { project, path }))]),
  )
  const ask = <T>(question: (engine: EngineApi) => Promise<T>): Promise<T> => question(engine)
  const artifacts = await readArtifacts(ask, project, {}, (digest) =>
    engine.ask('artifactFile', { project, digest }),
  )
  inventory.blobs = []
  for (const { name, versions } of artifacts)
    for (const version of versions)
      for (const { path, ref } of await version.manifest()) {
        const blob = ref === undefined ? await version.file(path).catch(() => undefined) : undefined
        inventory.blobs.push([name, version.version, path, ref ?? (await hashOf(blob))])
      }
  const { files } = await readFiles(ask, project, { part: 'saved' })
  inventory.saved = await Promise.all(
    files
      .sort((a, b) => (a.path < b.path ? -1 : 1))
      .map(async (file) => [file.path, await hashOf(await file.blob())]),
  )
  inventory.marks = [await engine.ask('marks', { project })]
  return inventory
}

/** How many there are of each, none left out: what the tables of a test compare first. */
export function countsOf(inventory: Inventory): Record<string, number> {
  return Object.fromEntries(
    Object.entries(inventory)
      .map(([name, list]) => [name, list.length] as const)
      .filter(([, count]) => count > 0),
  )
}

const JSON_COLUMNS: ReadonlySet<string> = new Set([
  ...['config', 'metrics', 'messages', 'metadata', 'spans', 'manifest', 'payload'],
])

/** Files that values name, in JSON or in JSON texts within it. */
function pathsIn(values: unknown): string[] {
  const named = JSON.stringify(values).matchAll(/file_path\\*":\\*"([^"\\]+)/g)
  return [...new Set([...named].map(([, path]) => String(path)))]
}

async function rows(
  engine: EngineApi,
  project: ProjectId,
  table: string,
  columns: readonly string[],
): Promise<unknown[][]> {
  const schema = await engine.ask('sql', { project, text: `PRAGMA table_info("${table}")` })
  const there = new Set(schema.rows.map(([, name]) => name))
  if (there.size === 0) return []
  const wanted = columns.map((column) => (there.has(column) ? `"${column}"` : 'NULL'))
  const { rows, truncated } = await engine.ask('sql', {
    project,
    text: `SELECT ${wanted.join(', ')} FROM "${table}"`,
    most: 1e6,
  })
  if (truncated) throw new Error(`${table}: cut`)
  return rows.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
}

/** JSON with its members in order, those that are null left out: "not logged", as everywhere here. */
function plain(text: unknown): unknown {
  if (typeof text !== 'string') return text
  try {
    return JSON.stringify(sorted(JSON.parse(text)))
  } catch {
    return text
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).filter(([, member]) => member !== null)
  return Object.fromEntries(
    members.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, member]) => [key, sorted(member)]),
  )
}

async function hashOf(blob: Blob | undefined): Promise<string> {
  if (!blob) return 'lost'
  return createHash('sha256')
    .update(new Uint8Array(await blob.arrayBuffer()))
    .digest('hex')
    .slice(0, 16)
}

import { FREED_PARTS, type HeldProject, type Memory, type MemoryPart } from '../../model/memory.ts'
import { bytesOf } from '../columns/series-store.ts'
import type { OpenDataset } from '../formats/dataset.ts'
import { allHolders, type Holder } from '../projects/held.ts'
import type { Project } from '../projects/project.ts'
import { seriesCaches } from '../projects/series-cache.ts'

/** What is open. */
export interface OpenProjects {
  /** With the dataset that each is of; one may have several. */
  projects: readonly { project: Project; dataset: OpenDataset }[]
  /** Several looked at as one: what is held for all of them together. */
  together: readonly Project[]
  /** Holders of this engine, beside those of all. */
  holders: readonly Holder[]
}

/** Bytes of what is held in memory, by project and part. */
export async function memoryOf(open: OpenProjects): Promise<Memory> {
  const seen = new Set<object>()
  const datasets = new Set<OpenDataset>()
  const projects = open.projects.map(({ project, dataset }) => {
    const held = heldFor(project, open.holders, seen)
    if (!datasets.has(dataset)) held.bytes.pages += dataset.held?.() ?? 0
    datasets.add(dataset)
    return held
  })
  for (const project of open.together) {
    // its columns are those of its members
    const held = heldFor(project, open.holders, seen, false)
    if (sum(held) > 0) projects.push(held)
  }
  const { heapBytes } = await import('../formats/sqlite/sqlite.ts')
  const counted = projects.reduce((all, { bytes }) => all + bytes.charts, 0)
  const cached = seriesCaches.reduce((all, cache) => all + cache.size(), 0)
  return { projects, left: cached - counted, sqlite: await heapBytes() }
}

/** Lets go of what is made again when somebody asks: of one project, or of all. */
export function freeMemory(open: OpenProjects, id?: string): void {
  const holders = [...allHolders(), ...open.holders]
  const all = [...open.projects.map(({ project }) => project), ...open.together]
  for (const project of all) {
    if (id !== undefined && project.info.id !== id) continue
    for (const holder of holders) if (FREED_PARTS.includes(holder.part)) holder.free?.(project)
    for (const identity of identitiesOf(project, holders))
      for (const cache of seriesCaches) cache.drop(identity)
  }
  for (const { project, dataset } of open.projects)
    if (id === undefined || project.info.id === id) dataset.free?.()
  if (id === undefined) for (const cache of seriesCaches) cache.clear()
}

function heldFor(project: Project, more: readonly Holder[], seen: Set<object>, own = true): HeldProject {
  const holders = [...allHolders(), ...more]
  const none = { columns: 0, charts: 0, tables: 0, histograms: 0, traces: 0, pages: 0 }
  const bytes: Record<MemoryPart, number> = { ...none, columns: own ? columnBytes(project) : 0 }
  for (const holder of holders) bytes[holder.part] += holder.held(project).bytes
  for (const identity of identitiesOf(project, holders)) {
    // lines of several projects at once are kept by the columns of each
    if (seen.has(identity)) continue
    seen.add(identity)
    for (const cache of seriesCaches) bytes.charts += cache.bytesOf(identity)
  }
  const { id, name } = project.info
  return { id, name, bytes }
}

function columnBytes(project: Project): number {
  return project
    .runs()
    .flatMap(({ logged, sample }) => [logged, sample])
    .reduce((all, part) => all + (part ? bytesOf(part.columns) : 0), 0)
}

function identitiesOf(project: Project, holders: readonly Holder[]): object[] {
  const columns = project
    .runs()
    .flatMap(({ logged, sample }) => [logged, sample])
    .flatMap((part) => part?.columns.metrics.filter((column) => column !== undefined) ?? [])
  return [...columns, ...holders.flatMap((holder) => holder.held(project).identities ?? [])]
}

function sum({ bytes }: HeldProject): number {
  return Object.values(bytes).reduce((a, b) => a + b, 0)
}

import { isAbort, noticeOf } from '../../model/errors.ts'
import type { OpenProgress, Waiting } from '../../model/questions.ts'
import { isRegistryName, type Registries, registryOf } from '../../model/registry.ts'
import type { Notice } from '../../model/source.ts'
import type { Connector } from '../connectors/connector.ts'
import type { OpenDataset, ProjectReader } from '../formats/dataset.ts'
import type { Project } from '../projects/project.ts'
import { decodeRegistry, REGISTRY_TABLES, type RegistryTables } from '../tables/registries.ts'

/** A source that is open. */
export interface RegistrySource {
  connector: Pick<Connector, 'registries'>
  datasets: readonly OpenDataset[]
  projects: ReadonlyMap<ProjectReader, Project>
}

/**
 * All registries of these sources: those among their projects, whether they lie in a database or as files of a
 * bucket, and those that a server finds in its buckets. What cannot be read is a notice, and the others are
 * there all the same.
 */
export async function registriesOf(
  sources: Iterable<RegistrySource>,
  { signal, onProgress }: Waiting<OpenProgress>,
): Promise<Registries> {
  const all: Registries = { registries: [], notices: [] }
  for (const source of sources) {
    for (const dataset of source.datasets)
      for (const { info, reader } of dataset.projects) {
        signal?.throwIfAborted()
        const id = source.projects.get(reader)?.info.id
        if (!isRegistryName(info.name) || id === undefined) continue
        onProgress?.({ text: `reading ${info.name}`, bytes: 0, totalBytes: 0 })
        try {
          await dataset.opened?.(signal)
          const name = registryOf(info.name)
          const about = { key: id, name, place: info.file, project: id }
          const found = decodeRegistry(await tablesOf(reader, signal), about)
          if (found) all.registries.push(found)
          else if (reader.runs().length === 0) all.notices.push(unmade(info))
        } catch (cause) {
          if (isAbort(cause)) throw cause
          all.notices.push(noticeOf(cause, info.file))
        }
      }
    const elsewhere = await source.connector.registries?.(signal)
    all.notices.push(...(elsewhere?.notices ?? []))
    for (const { name, place, tables } of elsewhere?.found ?? []) {
      const about = { key: `${place} ${name}`, name, place, project: undefined }
      const registry = decodeRegistry(tables, about)
      if (registry) all.registries.push(registry)
    }
  }
  all.registries.sort((a, b) => compare(a.name, b.name) || compare(a.place, b.place))
  return all
}

async function tablesOf(reader: ProjectReader, signal: AbortSignal | undefined): Promise<RegistryTables> {
  const tables: RegistryTables = {}
  for (const name of REGISTRY_TABLES) tables[name] = await reader.tableRows?.(name, signal)
  return tables
}

function unmade({ name, file }: { name: string; file: string }): Notice {
  return {
    level: 'info',
    subject: file,
    text: `${name} has the name of a registry, but none was ever made in it: its metadata name no time of creation`,
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

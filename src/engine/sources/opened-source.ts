import { AccessError, isAbort, noticeOf, TrackioError } from '../../model/errors.ts'
import type { Notice, SourceId, SourceInfo } from '../../model/source.ts'
import type { Connector } from '../connectors/connector.ts'
import type { OpenDataset, OpenOptions, ProjectReader } from '../formats/dataset.ts'
import type { ProjectFiles } from '../formats/project-files.ts'
import type { Project } from '../projects/project.ts'

/** An open source. */
export interface Source {
  id: SourceId
  connector: Connector
  datasets: OpenDataset[]
  /** Said when it was opened. */
  notices: Notice[]
  /** By path: why parts of it cannot be opened; tried again at every look. */
  failed: Map<string, Notice>
  /** Projects by reader, in the order they became known. */
  projects: Map<ProjectReader, Project>
  /** Nobody is told of anything before `open` has answered: whoever asked looks then anyway. */
  answered: boolean
  /** By path: the files of each part, and how they looked when they were last read. */
  projectFiles: Map<string, ProjectFiles>
  stamps: Map<string, string>
  /** Bytes over the network that were told of. */
  received: number
  /** Fires when it is closed. */
  closing: AbortController
  /** The last look at it, however it ended: the next one waits for it. */
  looked: Promise<unknown>
}

/** A project with what it is of. */
export interface ProjectEntry {
  project: Project
  reader: ProjectReader
  dataset: OpenDataset
  source: Source
}

/**
 * Opens the parts of a source; those that fail are named. Throws when nothing could be opened, or when
 * whoever reads has to say who they are.
 */
export async function openDatasets(
  connector: Connector,
  projectFiles: readonly ProjectFiles[],
  wait: OpenOptions,
): Promise<{ datasets: OpenDataset[]; failed: Map<string, Notice> }> {
  const datasets: OpenDataset[] = []
  const failed = new Map<string, Notice>()
  for (const files of projectFiles) {
    wait.signal?.throwIfAborted()
    // the first one is opened at once, so that a source that cannot be read says so where it was asked for
    if (isLazy(connector, files) && datasets.length > 0) {
      datasets.push(await lazily(connector, files))
      continue
    }
    try {
      datasets.push(await connector.open(files, wait))
    } catch (cause) {
      // what one part asks for, the others would ask for as well
      const forAll = isAbort(cause) || (cause instanceof AccessError && datasets.length === 0)
      if (projectFiles.length === 1 || forAll) throw cause
      failed.set(files.path, noticeOf(cause, files.path))
    }
  }
  if (datasets.length > 0) return { datasets, failed }
  throw nothingOpened(connector.name, [...failed.values()])
}

/** Whose fragments are is only known by reading; every other part has its project in its name. */
export function isLazy(connector: Connector, files: ProjectFiles): boolean {
  return connector.lazy && files.project !== undefined
}

export async function lazily(connector: Connector, files: ProjectFiles): Promise<OpenDataset> {
  const { lateDataset } = await import('./lazy.ts')
  return lateDataset(files, (now, signal) => connector.open(now, { signal }))
}

export function nothingOpened(name: string, notices: readonly Notice[]): TrackioError {
  const shown = notices.slice(0, 3).map(({ subject, text }) => `${subject}: ${text}`)
  const more = notices.length > shown.length ? `; and ${notices.length - shown.length} more` : ''
  return new TrackioError(name, shown.join('; ') + more, notices[0]?.action ?? '')
}

/** A source as the page knows it. */
export function describe({ id, connector, datasets, failed, projects, notices }: Source): SourceInfo {
  return {
    id,
    name: connector.name,
    bytes: datasets.reduce((sum, dataset) => sum + dataset.bytes, 0),
    live: connector.live,
    every: connector.every,
    local: connector.local,
    host: connector.host,
    link: connector.link,
    writable: connector.writable,
    projects: [...projects.values()].map((project) => project.info),
    notices: [...connector.notices(), ...notices, ...failed.values()],
  }
}

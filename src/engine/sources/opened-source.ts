import { AccessError, isAbort, noticeOf, TrackioError } from '../../model/errors.ts'
import type { Notice, SourceId, SourceInfo } from '../../model/source.ts'
import type { Connector } from '../connectors/connector.ts'
import type { OpenFile, OpenOptions, ProjectReader } from '../formats/dataset.ts'
import type { Unit } from '../formats/layout.ts'
import type { Project } from '../projects/project.ts'
import { lazyFile } from './lazy.ts'

/** An open source. */
export interface Source {
  id: SourceId
  connector: Connector
  files: OpenFile[]
  /** Said when it was opened. */
  notices: Notice[]
  /** By path: why parts of it cannot be opened; tried again at every look. */
  failed: Map<string, Notice>
  /** Projects by reader, in the order they became known. */
  projects: Map<ProjectReader, Project>
  /** Nobody is told of anything before `open` has answered: whoever asked looks then anyway. */
  answered: boolean
  /** By path: the units, and how they looked when they were last read. */
  units: Map<string, Unit>
  stamps: Map<string, string>
  /** Bytes over the network that were told of. */
  received: number
  /** Fires when it is closed. */
  closing: AbortController
  /** The last look at it, however it ended: the next one waits for it. */
  looked: Promise<unknown>
}

/** A project with what it is of. */
export interface Held {
  project: Project
  reader: ProjectReader
  file: OpenFile
  source: Source
}

/**
 * Opens the parts of a source; those that fail are named. Throws when nothing could be opened, or when
 * whoever reads has to say who they are.
 */
export async function openUnits(
  connector: Connector,
  units: readonly Unit[],
  wait: OpenOptions,
): Promise<{ files: OpenFile[]; failed: Map<string, Notice> }> {
  const files: OpenFile[] = []
  const failed = new Map<string, Notice>()
  for (const unit of units) {
    wait.signal?.throwIfAborted()
    // the first one is opened at once, so that a source that cannot be read says so where it was asked for
    if (isLazy(connector, unit) && files.length > 0) {
      files.push(lazily(connector, unit))
      continue
    }
    try {
      files.push(await connector.open(unit, wait))
    } catch (cause) {
      // what one part asks for, the others would ask for as well
      const forAll = isAbort(cause) || (cause instanceof AccessError && files.length === 0)
      if (units.length === 1 || forAll) throw cause
      failed.set(unit.path, noticeOf(cause, unit.path))
    }
  }
  if (files.length > 0) return { files, failed }
  throw nothingOpened(connector.name, [...failed.values()])
}

/** Whose fragments are is only known by reading; every other part has its project in its name. */
export function isLazy(connector: Connector, unit: Unit): boolean {
  return connector.lazy && unit.kind !== 'fragments'
}

export function lazily(connector: Connector, unit: Unit): OpenFile {
  return lazyFile(unit, (now, signal) => connector.open(now, { signal }))
}

export function nothingOpened(name: string, notices: readonly Notice[]): TrackioError {
  const shown = notices.slice(0, 3).map(({ subject, text }) => `${subject}: ${text}`)
  const more = notices.length > shown.length ? `; and ${notices.length - shown.length} more` : ''
  return new TrackioError(name, shown.join('; ') + more, notices[0]?.action ?? '')
}

/** A source as the page knows it. */
export function describe({ id, connector, files, failed, projects, notices }: Source): SourceInfo {
  return {
    id,
    name: connector.name,
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
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

import type { Accessor } from 'solid-js'
import type { EngineApi } from '../../bridge/engine-api.ts'
import { buildLineage, type LineageProject, namedProjects } from '../../compute/lineage/build.ts'
import type { Lineage } from '../../model/lineage.ts'
import { canonicalProject } from '../../model/project-name.ts'
import { membersOf, type Notice, type ProjectId, type ProjectInfo } from '../../model/source.ts'
import { createGrowing, type GrowingStatus } from './growing.ts'

/** The lineage of all that a project's artifacts and runs hang together with, in the sources that hold it. */
export interface LineageAnswer {
  lineage: Lineage
  projects: LineageProject[]
  /** Canonical names of projects that links speak of and that the source has not. */
  elsewhere: string[]
  notices: Notice[]
}

export interface LineageOptions {
  ask: EngineApi['ask']
  project: Accessor<ProjectId | undefined>
  /** All that are open: links lead from one to another of the same source. */
  projects: Accessor<readonly ProjectInfo[]>
  version: Accessor<number>
  wanted: Accessor<boolean>
  live: Accessor<boolean>
}

export function createLineage(options: LineageOptions): {
  status: Accessor<GrowingStatus<LineageAnswer>>
  retry(): void
} {
  const { project, projects, version, wanted, live } = options
  return createGrowing<LineageAnswer>({
    ...{ subject: 'lineage', project, version, wanted, live, isSame },
    ask: (id, signal, onText) => readLineage(options.ask, projects(), id, signal, onText),
  })
}

/**
 * Asks for the artifacts of a project, and of those that these speak of, until none is named that was not
 * asked: a run of another project may have made what a third one used.
 */
export async function readLineage(
  ask: EngineApi['ask'],
  all: readonly ProjectInfo[],
  id: ProjectId,
  signal: AbortSignal,
  onText: (text: string) => void,
): Promise<LineageAnswer> {
  const found: LineageProject[] = []
  const waiting = membersOf(id).flatMap((member) => all.find((one) => one.id === member) ?? [])
  const sources = new Set(waiting.map(({ source }) => source))
  const known = new Set<ProjectId>()
  for (let one = waiting.shift(); one; one = waiting.shift()) {
    if (known.has(one.id)) continue
    known.add(one.id)
    onText(`reading the artifacts of ${one.name}`)
    const artifacts = await ask('artifacts', { project: one.id }, { signal })
    found.push({ name: canonicalProject(one.name), id: one.id, artifacts })
    for (const name of namedProjects(found)) {
      const other = all.find(
        (project) => sources.has(project.source) && canonicalProject(project.name) === name,
      )
      if (other && !known.has(other.id)) waiting.push(other)
    }
  }
  return {
    lineage: buildLineage(found),
    projects: found,
    elsewhere: namedProjects(found),
    notices: found.flatMap(({ artifacts }) => artifacts.notices),
  }
}

function isSame(a: LineageAnswer, b: LineageAnswer): boolean {
  const sign = ({ lineage: { nodes, from, to }, notices }: LineageAnswer): string =>
    JSON.stringify([nodes, [...from], [...to], notices])
  return sign(a) === sign(b)
}

import { membersOf, type ProjectId } from '../../model/source.ts'
import { combineProjects } from '../projects/comparison.ts'
import type { Holder } from '../projects/held.ts'
import type { Project } from '../projects/project.ts'
import { makeSystemProject, type SystemProject } from '../projects/system-project.ts'
import type { ProjectEntry } from './opened-source.ts'

/** System metrics of open projects, each by itself or of several as one (`systemOf`). */
export interface Systems {
  of(id: ProjectId): Project
  /** Reads what is there by now. */
  update(id: ProjectId, onProgress: (rows: number) => void, signal?: AbortSignal | undefined): Promise<void>
  /** Reads all that is there by now. */
  whole(id: ProjectId, signal?: AbortSignal | undefined): Promise<void>
  holder: Holder
}

export function makeSystems(entry: (id: ProjectId) => ProjectEntry): Systems {
  const systems = new WeakMap<Project, SystemProject>()
  const together = new WeakMap<Project, { members: Project[]; project: Project }>()

  return {
    of(id) {
      const members = membersOf(id).map(systemOfMember)
      const [first] = members
      if (!first || members.length === 1) return first ?? systemOfMember(id)
      const known = together.get(first)
      if (known?.project.info.id === id && members.every((member, i) => member === known.members[i]))
        return known.project
      const project = combineProjects({ ...first.info, id }, members)
      together.set(first, { members, project })
      return project
    },
    async update(id, onProgress, signal) {
      const read = new Map<ProjectId, number>()
      await Promise.all(
        membersOf(id).map((member) =>
          systemOfMember(member).update((rows) => {
            read.set(member, rows)
            onProgress([...read.values()].reduce((sum, n) => sum + n, 0))
          }, signal),
        ),
      )
    },
    holder: {
      part: 'columns',
      held: (project) => systems.get(project)?.held() ?? { bytes: 0 },
    },
    async whole(id, signal) {
      await Promise.all(membersOf(id).map((member) => systemOfMember(member).whole(signal)))
    },
  }

  function systemOfMember(id: ProjectId): SystemProject {
    const { project, reader } = entry(id)
    const found = systems.get(project) ?? makeSystemProject(project, reader)
    systems.set(project, found)
    return found
  }
}

import type { EngineEvent } from '../../bridge/engine-api.ts'
import { membersOf, type ProjectId } from '../../model/source.ts'
import { combineProjects } from '../projects/comparison.ts'
import type { Project } from '../projects/project.ts'
import { combineReadings } from '../projects/readings.ts'
import type { Sources } from './open-sources.ts'

/** Projects as they are asked for: each by itself, or several as one. */
export interface Together {
  of(id: ProjectId): Project
  /**
   * What is to be said besides an event of one project: the same, under the ids that it is looked at together
   * with others by.
   */
  echoes(event: EngineEvent): EngineEvent[]
  /** Lets go of those of which a member was closed. */
  forgetClosed(): void
  /** Those that were asked for. */
  all(): Project[]
}

/** A page looks at one at a time; what was asked for long ago is told of no more. */
const MOST = 8

export function makeTogether(sources: Sources): Together {
  /** In the order they were last asked for; made anew when one of them was replaced. */
  const made = new Map<ProjectId, { project: Project; members: Project[] }>()

  return {
    of(id) {
      const members = membersOf(id).map((member) => sources.entry(member).project)
      const [first] = members
      if (!first || members.length === 1) return first ?? sources.entry(id).project
      const known = made.get(id)
      made.delete(id)
      const same = known?.members.every((member, i) => member === members[i])
      const bytes = members.reduce((sum, { info }) => sum + info.bytes, 0)
      const entry =
        known && same ? known : { project: combineProjects({ ...first.info, id, bytes }, members), members }
      made.set(id, entry)
      for (const old of made.keys()) if (made.size > MOST) made.delete(old)
      return entry.project
    },
    echoes(event) {
      if (!('project' in event)) return []
      return [...made.keys()].flatMap((id): EngineEvent[] => {
        const members = membersOf(id)
        if (!members.includes(event.project)) return []
        // one of them is closed: nobody looks at these together any more
        if (!members.every((member) => sources.has(member))) {
          made.delete(id)
          return []
        }
        if (event.kind !== 'reading') return [{ kind: event.kind, project: id }]
        const reading = combineReadings(members.map((member) => sources.entry(member).reader.reading()))
        return [{ kind: 'reading', project: id, reading }]
      })
    },
    all: () => [...made.values()].map(({ project }) => project),
    forgetClosed() {
      for (const id of made.keys()) if (!membersOf(id).every((member) => sources.has(member))) made.delete(id)
    },
  }
}

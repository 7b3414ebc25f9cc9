import { hashOf } from '../../compute/hash.ts'
import { metricOf, runOf } from '../../model/line-key.ts'
import type { FrameQuery } from '../../model/view.ts'
import type { Project } from '../projects/project.ts'

/**
 * Tells whether a frame asked again would show something else: the same text for the same query while none of
 * its lines has other points. Nothing is computed for it, so that a chart whose runs logged nothing new costs
 * next to nothing.
 */
export function frameVersionOf(project: Project, query: FrameQuery): string {
  let text = project.exact() ? 'exact' : 'preview'
  for (const key of [...query.runs, ...(query.base?.runs ?? [])]) {
    const run = project.run(runOf(key))
    const own = metricOf(key, query.metric)
    for (const metric of query.x.kind === 'metric' ? [own, query.x.name] : [own])
      text += ` ${(run && project.version(run, metric)) ?? ''}`
  }
  // a thousand runs have 20 kB of versions
  return hashOf(text)
}

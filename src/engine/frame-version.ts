import type { FrameQuery } from '../model/view.ts'
import type { Project } from './project.ts'

/**
 * Tells whether a frame asked again would show something else: the same text for the same query while none of its lines has other points. Nothing is
 * computed for it, so that a chart whose runs logged nothing new costs next to nothing.
 */
export function frameVersionOf(project: Project, query: FrameQuery): string {
  const metrics = query.x.kind === 'metric' ? [query.metric, query.x.name] : [query.metric]
  let text = project.exact() ? 'exact' : 'preview'
  for (const key of query.runs) {
    const run = project.run(key)
    for (const metric of metrics) text += ` ${(run && project.version(run, metric)) ?? ''}`
  }
  return hashOf(text)
}

/** 53 bits of a text, as cyrb53 mixes them (https://github.com/bryc/code/blob/master/jshash/experimental/cyrb53.js): a thousand runs have 20 kB of versions. */
function hashOf(text: string): string {
  let a = 0xdeadbeef
  let b = 0x41c6ce57
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    a = Math.imul(a ^ code, 2654435761)
    b = Math.imul(b ^ code, 1597334677)
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36)
}

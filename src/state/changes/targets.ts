import type { Library } from '../data/library.ts'
import type { Sources } from '../sources/sources.ts'
import type { Changes } from './changes.ts'

/** Projects that runs of the one on screen can move to; undefined where they cannot move. */
export function moveTargets({
  sources,
  library,
  changes,
}: {
  sources: Sources
  library: Library
  changes: Pick<Changes, 'access'>
}): { names: string[]; fresh: boolean } | undefined {
  const source = sources.source()
  const status = library.status()
  if (!source || status.kind !== 'ready' || changes.access().kind !== 'yes') return undefined
  if (source.kind === 'tracked')
    return {
      names: status.tracked.map(({ name }) => name).filter((name) => name !== sources.project()?.name),
      fresh: true,
    }
  if (source.kind !== 'kept') return undefined
  const names = status.projects.filter(({ form }) => form === 'database').map(({ name }) => name)
  return { names: names.filter((name) => name !== source.info.name), fresh: false }
}

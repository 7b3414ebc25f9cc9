import { lazy } from 'solid-js'
import { formatPlural } from '../../../compute/format.ts'
import type { App } from '../../../state/app.ts'
import { ARTIFACTS } from '../ids.ts'
import type { PageEntry } from '../page-entry.ts'

export const artifactsPage: PageEntry = {
  id: ARTIFACTS,
  label: 'Artifacts',
  key: 'v',
  needs: 'runs',
  own: {
    view: /^\w+$/,
    of: /./,
    to: /./,
    show: /^(changed|added|removed|same)$/,
    by: /^-?(path|size)$/,
    path: /./,
    q: /./,
    sort: /^(name|newest|largest)$/,
    run: /./,
  },
  view: lazy(async () => ({ default: (await import('./artifacts.tsx')).ArtifactsPage })),
  count(app) {
    const value = countArtifacts(app) ?? 0
    return value > 0 ? { value, words: formatPlural(value, 'artifact') } : undefined
  },
  holds: (app) => countArtifacts(app) !== undefined,
  rail: true,
}

/** Undefined where there are none, and none of other projects that its runs used. */
function countArtifacts({ sideCounts }: App): number | undefined {
  const found = sideCounts().find(({ table }) => table === 'artifacts')
  return found && (found.rows ?? 0)
}

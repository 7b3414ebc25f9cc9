import type {
  ArtifactLink,
  ArtifactRun,
  Artifacts,
  ForeignArtifactLink,
  VersionKey,
} from '../model/artifact.ts'
import type { RunKey } from '../model/run.ts'

/** Who made and who used versions, to be looked up. */
export interface ArtifactLinks {
  /** Runs that logged a version, and runs that used it, by the time of their links. */
  makers(version: VersionKey): ArtifactLink[]
  users(version: VersionKey): ArtifactLink[]
  /** Versions that its makers used. */
  madeFrom(version: VersionKey): VersionKey[]
  /** What a run made and what it used, of these projects and of others. */
  ofRun(run: RunKey): { made: VersionKey[]; used: VersionKey[]; foreign: ForeignArtifactLink[] }
}

export function linksOf({ links, foreign }: Artifacts): ArtifactLinks {
  const byVersion = new Map<VersionKey, ArtifactLink[]>()
  const byRun = new Map<string, ArtifactLink[]>()
  for (const link of [...links].sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1))) {
    add(byVersion, link.version, link)
    add(byRun, runIdentity(link), link)
  }
  const of = (version: VersionKey, direction: ArtifactLink['direction']): ArtifactLink[] =>
    (byVersion.get(version) ?? []).filter((link) => link.direction === direction)
  return {
    makers: (version) => of(version, 'output'),
    users: (version) => of(version, 'input'),
    madeFrom(version) {
      const used = of(version, 'output').flatMap((link) => byRun.get(runIdentity(link)) ?? [])
      const inputs = used.filter((link) => link.direction === 'input' && link.version !== version)
      return [...new Set(inputs.map((link) => link.version))]
    },
    ofRun(run) {
      const own = byRun.get(runIdentity({ run })) ?? []
      const of = (direction: ArtifactLink['direction']): VersionKey[] =>
        own.filter((link) => link.direction === direction).map((link) => link.version)
      return {
        ...{ made: of('output'), used: of('input') },
        foreign: foreign.filter((link) => link.run === run),
      }
    },
  }
}

/** Tells a run from others: by its key where it is listed, else by what names it. */
export function runIdentity(run: Partial<ArtifactRun>): string {
  if (run.run !== undefined) return JSON.stringify([run.run])
  return JSON.stringify([run.project ?? '', run.id ?? '', run.id === null ? run.name : ''])
}

function add<T>(groups: Map<string, T[]>, key: string, one: T): void {
  const group = groups.get(key)
  if (group) group.push(one)
  else groups.set(key, [one])
}

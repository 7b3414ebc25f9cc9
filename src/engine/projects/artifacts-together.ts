import { runIdentity } from '../../compute/artifact-links.ts'
import type {
  ArtifactLink,
  ArtifactRun,
  Artifacts,
  ForeignArtifactLink,
  VersionKey,
} from '../../model/artifact.ts'
import { canonicalProject } from '../../model/project-name.ts'
import type { Run } from '../../model/run.ts'

/** What is known of the projects that lie side by side. */
export interface Members {
  prefixOf(member: number): string
  nameOf(run: { name: string }, member: number): string
  projects: readonly string[]
  /** Those that are listed, of each. */
  runs: readonly (readonly Run[])[]
}

/**
 * Artifacts of several projects as one: a run of one of them that used a version of another is found there,
 * and what both note of it counts once.
 */
export function combineArtifacts(
  parts: readonly Artifacts[],
  { prefixOf, nameOf, projects, runs }: Members,
): Artifacts {
  const members = new Map<string, number | undefined>()
  projects.map(canonicalProject).forEach((name, member) => {
    // of two projects of one name nothing says which is meant
    members.set(name, members.has(name) ? undefined : member)
  })
  const byId = runs.map((all) => new Map(all.flatMap((run) => (run.id === null ? [] : [[run.id, run]]))))
  const versions = new Map<string, VersionKey>()
  const artifacts = parts.flatMap((part, i) =>
    part.artifacts.map((artifact) => ({
      ...artifact,
      key: prefixOf(i) + artifact.key,
      versions: artifact.versions.map((version) => {
        const key = prefixOf(i) + version.key
        if (version.key === version.id) versions.set(`${i}\n${version.id}`, key)
        return { ...version, key, producer: version.producer && outer(version.producer, i) }
      }),
    })),
  )
  const links = new Map<string, ArtifactLink>()
  const foreign: ForeignArtifactLink[] = []
  parts.forEach((part, i) => {
    for (const link of part.links)
      addLink({ ...link, ...outer(link, i), version: prefixOf(i) + link.version })
  })
  parts.forEach((part, i) => {
    for (const link of part.foreign) {
      const member = members.get(link.source)
      const version = member === undefined ? undefined : versions.get(`${member}\n${link.versionId}`)
      const { direction, createdAt, created } = link
      const run = outer(link, i)
      if (version === undefined) foreign.push({ ...link, ...run })
      else
        addLink({
          ...{ version, direction, createdAt, created, ...run },
          project: canonicalProject(projects[i] ?? ''),
        })
    }
  })
  return {
    artifacts,
    links: [...links.values()],
    foreign,
    projects: parts.flatMap((part) => part.projects),
    notices: parts.flatMap((part) => part.notices),
  }

  function addLink(link: ArtifactLink): void {
    const key = JSON.stringify([link.version, link.direction, runIdentity(link)])
    const before = links.get(key)
    if (!before || link.createdAt < before.createdAt) links.set(key, link)
  }

  /** As it is listed among all; one of another project, if that one is among them. */
  function outer({ run: own, id, name, project }: ArtifactRun, i: number): ArtifactRun {
    const run = { run: own, id, name, project }
    const of = run.project === undefined ? i : members.get(run.project)
    if (of === undefined) return run
    const key = run.project === undefined ? run.run : byId[of]?.get(run.id ?? '')?.key
    if (key === undefined) return run.project === undefined ? { ...run, name: nameOf(run, i) } : run
    return {
      ...run,
      run: prefixOf(of) + key,
      name: nameOf(run, of),
    }
  }
}

import type { ArtifactRun, Artifacts, ArtifactVersion } from '../../model/artifact.ts'
import type { Lineage, LineageNode, NodeKey, RunNode, VersionNode } from '../../model/lineage.ts'
import type { ProjectId } from '../../model/source.ts'

/** What a project says of its artifacts. */
export interface LineageProject {
  /** Canonical name. */
  name: string
  id: ProjectId
  artifacts: Artifacts
}

/** Canonical names of projects that the artifacts of these speak of, and that are not among them. */
export function namedProjects(projects: readonly LineageProject[]): string[] {
  const known = new Set(projects.map(({ name }) => name))
  const named = projects.flatMap(({ artifacts: { links, foreign } }) => [
    ...links.flatMap(({ project }) => project ?? []),
    ...foreign.map(({ source }) => source),
  ])
  return [...new Set(named)].filter((name) => !known.has(name))
}

/**
 * Versions and runs of several projects as one graph. A use of another project's artifact stands in both
 * databases (the consumer's `external_run_artifact_links`, the producer's `run_artifact_links` with
 * `run_project`) and is one edge. A run of another project is told by its id and project alone: names repeat
 * in every project, and trackio itself draws such a run as the local one of its name.
 */
export function buildLineage(projects: readonly LineageProject[]): Lineage {
  const nodes: LineageNode[] = []
  const places = new Map<NodeKey, number>()
  const byName = new Map(projects.map((project) => [project.name, project]))
  const edges = new Set<string>()
  const from: number[] = []
  const to: number[] = []

  /** Of each project its versions by their ids in its database. */
  const ids = new Map<string, Map<string, number>>()

  for (const { name, id, artifacts } of projects) {
    const byId = new Map<string, number>()
    ids.set(name, byId)
    const byKey = new Map<string, number>()
    for (const artifact of artifacts.artifacts)
      for (const version of artifact.versions) {
        const at = add(versionNode(name, id, artifact, version))
        byKey.set(version.key, at)
        byId.set(version.id, at)
      }
    for (const link of artifacts.links) {
      const version = byKey.get(link.version)
      if (version === undefined) continue
      const run = addRun(name, link)
      if (link.direction === 'output') connect(run, version)
      else connect(version, run)
    }
  }
  for (const { name, artifacts } of projects)
    for (const link of artifacts.foreign) {
      const run = addRun(name, link)
      const source = byName.get(link.source)
      const version =
        ids.get(link.source)?.get(link.versionId) ??
        add({
          kind: 'version',
          key: `${link.source}/${link.artifact}:v${link.version}`,
          project: link.source,
          projectId: source?.id,
          artifact: link.artifact,
          type: link.type,
          version: link.version,
          aliases: [],
          bytes: link.bytes,
          files: 0,
          references: 0,
          digest: '',
          created: Number.NaN,
          versionKey: undefined,
          missing: source ? 'deleted' : 'project',
        })
      if (link.direction === 'output') connect(run, version)
      else connect(version, run)
    }
  return { nodes, from: Uint32Array.from(from), to: Uint32Array.from(to) }

  function addRun(owner: string, link: ArtifactRun & { created: number }): number {
    const project = link.project ?? owner
    const source = byName.get(project)
    // of another project only its id counts; without one its name, apart from the runs that are known
    const other = link.project !== undefined && link.project !== owner
    const own = other ? undefined : link.run
    const id = link.id ?? (own === undefined ? null : own)
    const known = other && link.id !== null ? runOf(source, link.id) : undefined
    const node: RunNode = {
      kind: 'run',
      key: `run ${project}/${id ?? `name ${link.name}`}`,
      project,
      projectId: source?.id,
      name: known?.name ?? link.name,
      id: link.id,
      run: own ?? known?.run,
      created: link.created,
      ...(source === undefined && { missing: 'project' as const }),
    }
    if (node.run === undefined && source !== undefined) node.missing = 'deleted'
    const at = add(node)
    const there = nodes[at]
    if (there?.kind !== 'run') return at
    if (there.run === undefined && node.run !== undefined) {
      there.run = node.run
      there.name = node.name
      delete there.missing
    }
    if (link.created < there.created || Number.isNaN(there.created)) there.created = link.created
    return at
  }

  /** A run as its own project lists it. */
  function runOf(source: LineageProject | undefined, id: string): ArtifactRun | undefined {
    const { links = [], foreign = [] } = source?.artifacts ?? {}
    const isIt = (link: ArtifactRun): boolean =>
      link.id === id &&
      link.run !== undefined &&
      (link.project === undefined || link.project === source?.name)
    return foreign.find(isIt) ?? links.find(isIt)
  }

  function add(node: LineageNode): number {
    const known = places.get(node.key)
    if (known !== undefined) return known
    places.set(node.key, nodes.length)
    return nodes.push(node) - 1
  }

  function connect(a: number, b: number): void {
    const pair = `${a} ${b}`
    if (edges.has(pair)) return
    edges.add(pair)
    from.push(a)
    to.push(b)
  }
}

function versionNode(
  project: string,
  projectId: ProjectId,
  { name, type }: { name: string; type: string },
  version: ArtifactVersion,
): VersionNode {
  const { aliases, bytes, files, references, digest, created, key } = version
  return {
    kind: 'version',
    key: keyOf(project, name, version.version),
    project,
    projectId,
    artifact: name,
    type,
    version: version.version,
    ...{ aliases, bytes, files, references, digest, created },
    versionKey: key,
  }
}

/** How links name a version. */
export function keyOf(project: string, artifact: string, version: number): NodeKey {
  return `${project}/${artifact}:v${version}`
}

import type { Artifact, Artifacts, ArtifactVersion, ForeignArtifactLink } from '../model/artifact.ts'

/** A version with the artifact that it is of. */
export interface OfArtifact {
  artifact: Artifact
  version: ArtifactVersion
}

/** A version of a project that is not open, as the runs that used it name it. */
export interface ForeignVersion {
  /** `project/name:v3` */
  label: string
  source: string
  artifact: string
  type: string
  version: number
  bytes: number
  links: ForeignArtifactLink[]
}

export type ArtifactOrder = 'type' | 'name' | 'newest' | 'largest'

/** A line of the list: a type, an artifact, a version, or one of another project. */
export type ArtifactLine =
  | { kind: 'type'; id: string; depth: 0; text: string; count: number; open: boolean }
  | { kind: 'artifact'; id: string; depth: number; artifact: Artifact; open: boolean }
  | {
      kind: 'version'
      id: string
      depth: number
      artifact: Artifact
      version: ArtifactVersion
      label: string
    }
  | { kind: 'foreign'; id: string; depth: 1; foreign: ForeignVersion }

/** The type that versions of other projects stand under, told from every type that is logged. */
export const FOREIGN = '\0foreign'

export interface ArtifactFilter {
  /** Part of a name, type, alias or digest, whatever the case. */
  text: string
  /** Only these versions; undefined for all. */
  only: ReadonlySet<string> | undefined
}

/**
 * `name:v3`, with the project before it where several are side by side: what links and code call a version.
 * No name is taken twice within a project.
 */
export function labelOf(
  { projects }: Pick<Artifacts, 'projects'>,
  { artifact, version }: OfArtifact,
): string {
  const own = `${artifact.name}:v${version.version}`
  if (projects.length < 2) return own
  return `${projects.find(({ id }) => id === artifact.project)?.name ?? ''}/${own}`
}

/** Versions by their label; of an alias (`name:latest`) too, where no version is called so. */
export function versionsByLabel(all: Artifacts): Map<string, OfArtifact> {
  const found = new Map<string, OfArtifact>()
  const aliases: [string, OfArtifact][] = []
  for (const artifact of all.artifacts) {
    for (const version of artifact.versions) {
      const one = { artifact, version }
      const label = labelOf(all, one)
      if (!found.has(label)) found.set(label, one)
      for (const alias of version.aliases) aliases.push([label.replace(/v[^:]*$/, alias), one])
    }
  }
  for (const [label, one] of aliases) if (!found.has(label)) found.set(label, one)
  return found
}

/** What the runs used of other projects, each version once. */
export function foreignVersions({ foreign }: Artifacts): ForeignVersion[] {
  const found = new Map<string, ForeignVersion>()
  for (const link of foreign) {
    const { source, artifact, type, version, bytes } = link
    const label = `${source}/${artifact}:v${version}`
    const known = found.get(label)
    if (known) known.links.push(link)
    else found.set(label, { label, source, artifact, type, version, bytes, links: [link] })
  }
  return [...found.values()].sort((a, b) => compare(a.label, b.label))
}

/**
 * The list as lines. `open`: what somebody opened or closed, by the ids of types and artifacts; types are open
 * and artifacts are closed where nobody did. While something is searched for, what matches is open.
 */
export function artifactLines(
  all: Artifacts,
  { text, only }: ArtifactFilter,
  order: ArtifactOrder,
  open: (id: string) => boolean | undefined,
): ArtifactLine[] {
  const sought = text.trim().toLowerCase()
  const searching = sought !== '' || only !== undefined
  const matches = (...words: string[]): boolean => words.some((word) => word.toLowerCase().includes(sought))
  const artifacts = all.artifacts.flatMap((artifact) => {
    const whole = matches(artifact.name, artifact.type)
    const versions = artifact.versions.filter(
      (version) =>
        (only === undefined || only.has(version.key)) &&
        (whole || matches(`v${version.version}`, ...version.aliases) || digestMatches(version, sought)),
    )
    // an artifact that lost all its versions is listed still
    const empty = artifact.versions.length === 0 && whole && only === undefined
    return versions.length > 0 || empty ? [{ ...artifact, versions }] : []
  })
  const lines: ArtifactLine[] = []
  const addArtifacts = (own: Artifact[], depth: number): void => {
    for (const artifact of own.sort(comparison(order))) {
      const id = `a:${artifact.key}`
      const isOpen = open(id) ?? searching
      lines.push({ kind: 'artifact', id, depth, artifact, open: isOpen })
      if (!isOpen) continue
      for (const version of artifact.versions) {
        const label = labelOf(all, { artifact, version })
        lines.push({
          ...{ kind: 'version', id: `v:${version.key}`, depth: depth + 1 },
          ...{ artifact, version, label },
        })
      }
    }
  }
  if (order === 'type') {
    const types = new Map<string, Artifact[]>()
    for (const artifact of artifacts)
      types.set(artifact.type, [...(types.get(artifact.type) ?? []), artifact])
    for (const [type, own] of [...types].sort(([a], [b]) => compare(a, b))) {
      const isOpen = open(`t:${type}`) ?? true
      lines.push({
        ...{ kind: 'type', id: `t:${type}`, depth: 0 },
        ...{ text: type, count: own.length, open: isOpen },
      })
      if (isOpen) addArtifacts(own, 1)
    }
  } else addArtifacts(artifacts, 0)
  const foreign = only ? [] : foreignVersions(all).filter(({ label, type }) => matches(label, type))
  if (foreign.length > 0) {
    const isOpen = open(`t:${FOREIGN}`) ?? true
    lines.push({
      ...{ kind: 'type', id: `t:${FOREIGN}`, depth: 0 },
      ...{ text: FOREIGN, count: foreign.length, open: isOpen },
    })
    if (isOpen)
      lines.push(
        ...foreign.map(
          (one): ArtifactLine => ({ kind: 'foreign', id: `f:${one.label}`, depth: 1, foreign: one }),
        ),
      )
  }
  return lines
}

/** From four digits on: fewer would stand in every other digest. */
function digestMatches({ digest }: ArtifactVersion, sought: string): boolean {
  return sought.length >= 4 && digest.startsWith(sought)
}

function comparison(order: ArtifactOrder): (a: Artifact, b: Artifact) => number {
  const newest = ({ versions }: Artifact): number => Math.max(...versions.map(({ created }) => created || 0))
  const largest = ({ versions }: Artifact): number => Math.max(...versions.map(({ bytes }) => bytes || 0))
  const byName = (a: Artifact, b: Artifact): number => compare(a.name, b.name) || compare(a.key, b.key)
  if (order === 'newest') return (a, b) => newest(b) - newest(a) || byName(a, b)
  if (order === 'largest') return (a, b) => largest(b) - largest(a) || byName(a, b)
  return byName
}

const names = new Intl.Collator('en', { numeric: true })
function compare(a: string, b: string): number {
  return names.compare(a, b)
}

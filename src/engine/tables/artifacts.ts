import { nextTurn } from '../../bridge/turn.ts'
import { runIdentity } from '../../compute/artifact-links.ts'
import { isSha256 } from '../../compute/artifact-paths.ts'
import type {
  Artifact,
  ArtifactDirection,
  ArtifactLink,
  ArtifactProject,
  ArtifactRun,
  Artifacts,
  ArtifactVersion,
  ForeignArtifactLink,
} from '../../model/artifact.ts'
import { canonicalProject } from '../../model/project-name.ts'
import type { Json, RunKey } from '../../model/run.ts'
import type { Notice } from '../../model/source.ts'
import { parseLoose } from '../columns/json.ts'
import { parseTimeText } from '../columns/time.ts'
import { type TableRows, textIn } from '../formats/table-rows.ts'
import { parseManifest } from './manifest.ts'

/** The tables that a project keeps of its artifacts. */
export const ARTIFACT_TABLES = [
  'artifacts',
  'artifact_versions',
  'artifact_aliases',
  'run_artifact_links',
  'external_run_artifact_links',
] as const
export type ArtifactTables = { [name in (typeof ARTIFACT_TABLES)[number]]?: TableRows | undefined }

/** A run as links name it. */
export interface NamedRun {
  key: RunKey
  id: string | null
  name: string
}

export interface ArtifactsOf {
  project: Omit<ArtifactProject, 'named' | 'stored'>
  /** Those that are listed. */
  runs: readonly NamedRun[]
  /** The metrics have run ids: else a run is told by its name, whatever its links say. */
  hasIds: boolean
}

/** A manifest may have ten thousand entries, and questions wait. */
const SLICE_MS = 12
const UUID = /^[0-9a-f]{32}$/
/** So many rows of a kind of damage are named. */
const NAMED = 3

/** Artifacts of one project, from the rows of its tables. */
export async function artifactsOf(
  tables: ArtifactTables,
  { project, runs, hasIds }: ArtifactsOf,
  signal?: AbortSignal | undefined,
): Promise<Artifacts> {
  const found = makeRunFinder(runs, hasIds, canonicalProject(project.name))
  const damage = makeDamage(project.name)
  const artifacts = new Map<string, Artifact>()
  const list: Artifact[] = []
  each(tables.artifacts, (at, row) => {
    const id = at('id') ?? ''
    const artifact: Artifact = {
      key: unused(artifacts, id, row),
      project: project.id,
      name: at('name') ?? '',
      type: at('type') ?? '',
      description: at('description'),
      ...timeOf(at('created_at')),
      versions: [],
    }
    artifacts.set(artifact.key, artifact)
    list.push(artifact)
  })

  const versions = new Map<string, ArtifactVersion>()
  const contents = new Map<string, number>()
  let named = 0
  let sliceEnds = performance.now() + SLICE_MS
  const rows = tables.artifact_versions
  for (let row = 0; row < (rows?.rows ?? 0); row++) {
    if (!rows) break
    if (performance.now() > sliceEnds) {
      await nextTurn()
      signal?.throwIfAborted()
      sliceEnds = performance.now() + SLICE_MS
    }
    const at = (column: string): string | null => textIn(rows, column, row)
    const id = at('id') ?? ''
    const artifact = artifacts.get(at('artifact_id') ?? '')
    if (!artifact) {
      damage.add('version', 'of an artifact that is not there', `id ${id}`)
      continue
    }
    const manifest = parseManifest(at('manifest'))
    const entries = typeof manifest === 'string' ? [] : manifest.entries
    const files = entries.filter(({ ref }) => ref === null)
    for (const { digest, bytes } of files) {
      named += bytes
      contents.set(digest, bytes)
    }
    const label = `${artifact.name}:v${at('version')}`
    if (typeof manifest === 'string') damage.add('manifest', 'that cannot be read', `${label}, ${manifest}`)
    else if (manifest.bad.length > 0)
      damage.add('manifest', 'with an entry that cannot be read', `${label}, ${manifest.bad[0]}`)
    const producer = { id: at('producer_run_id'), name: at('producer_run_name') }
    const key = unused(versions, id, row)
    const version: ArtifactVersion = {
      key,
      id: key,
      version: numberOf(at('version')),
      aliases: [],
      digest: at('manifest_digest') ?? '',
      bytes: numberOf(at('size_bytes')),
      files: files.length,
      references: entries.length - files.length,
      unreadable: typeof manifest === 'string' ? manifest : undefined,
      metadata: metadataOf(at('metadata')),
      ...timeOf(at('created_at')),
      producer: producer.id === null && producer.name === null ? undefined : found(producer, null),
    }
    versions.set(version.key, version)
    artifact.versions.push(version)
  }
  each(tables.artifact_aliases, (at) => {
    const [alias, id] = [at('alias') ?? '', at('artifact_version_id') ?? '']
    const version = versions.get(id)
    if (version) version.aliases.push(alias)
    else damage.add('alias', 'of a version that is not there', `${alias}, version id ${id}`)
  })
  for (const { aliases } of versions.values()) aliases.sort()
  for (const { versions } of list) versions.sort((a, b) => b.version - a.version)

  const links = new Map<string, ArtifactLink>()
  each(tables.run_artifact_links, (at) => {
    const id = at('artifact_version_id') ?? ''
    const run = { id: at('run_id'), name: at('run_name') }
    const direction = directionOf(at('direction'))
    if (!versions.has(id)) damage.add('link', 'to a version that is not there', `version id ${id}`, 'info')
    else if (!direction) damage.add('link', 'that is neither input nor output', at('direction') ?? 'NULL')
    else if (run.id === null && run.name === null) damage.add('link', 'without a run', `version id ${id}`)
    else
      addOnce(links, id, {
        version: id,
        direction,
        ...found(run, at('run_project')),
        ...timeOf(at('created_at')),
      })
  })
  const foreign = new Map<string, ForeignArtifactLink>()
  each(tables.external_run_artifact_links, (at) => {
    const source = at('source_project')
    const run = { id: at('run_id'), name: at('run_name') }
    const direction = directionOf(at('direction'))
    const versionId = at('source_version_id') ?? ''
    if (source === null || !direction || (run.id === null && run.name === null))
      damage.add('use of another project’s artifact', 'that names no run or project', at('id') ?? '?')
    else
      addOnce(foreign, `${source}\n${versionId}`, {
        direction,
        ...found(run, null),
        ...timeOf(at('created_at')),
        source,
        versionId,
        artifact: at('source_artifact') ?? '',
        type: at('source_type') ?? '',
        version: numberOf(at('source_version')),
        bytes: numberOf(at('source_size_bytes')),
      })
  })
  const stored = [...contents].reduce((sum, [digest, bytes]) => sum + (isSha256(digest) ? bytes : 0), 0)
  return {
    artifacts: list.sort((a, b) => compare(a.type, b.type) || compare(a.name, b.name)),
    links: [...links.values()],
    foreign: [...foreign.values()],
    projects: [{ ...project, named, stored }],
    notices: [
      ...ARTIFACT_TABLES.flatMap((table) => tables[table]?.notices ?? []).map(asLoss),
      ...damage.notices(),
    ],
  }
}

/**
 * Finds runs as trackio does: by an id that is known, else by a name that one run alone has. Where the metrics
 * have no ids the name decides. Names repeat in every project, so runs of others are those of an id alone, and
 * of none here: but for an id that no two projects draw, as a static export may not know its own name.
 */
function makeRunFinder(
  runs: readonly NamedRun[],
  hasIds: boolean,
  own: string,
): (run: { id: string | null; name: string | null }, project: string | null) => ArtifactRun {
  const byId = new Map(runs.flatMap((run) => (run.id === null ? [] : [[run.id, run] as const])))
  const byName = new Map<string, NamedRun | undefined>()
  for (const run of runs) byName.set(run.name, byName.has(run.name) ? undefined : run)
  return ({ id, name }, project) => {
    if (project !== null && project !== own && !(UUID.test(id ?? '') && byId.has(id ?? '')))
      return { run: undefined, id, name: name ?? '', project }
    const named = name === null ? undefined : byName.get(name)
    const run = (hasIds && id !== null ? byId.get(id) : undefined) ?? named
    return { run: run?.key, id, name: run?.name ?? name ?? '', project: undefined }
  }
}

/** The first of those that say the same: a use is noted as often as it happened. */
function addOnce<T extends ArtifactRun & { direction: ArtifactDirection; createdAt: string }>(
  links: Map<string, T>,
  version: string,
  link: T,
): void {
  const key = JSON.stringify([version, link.direction, runIdentity(link)])
  const before = links.get(key)
  if (!before || link.createdAt < before.createdAt) links.set(key, link)
}

function makeDamage(subject: string) {
  const kinds = new Map<string, { what: string; how: string; examples: string[]; level: Notice['level'] }>()
  return {
    add(what: string, how: string, example: string, level: Notice['level'] = 'warn'): void {
      const known = kinds.get(what + how) ?? { what, how, examples: [], level }
      kinds.set(what + how, known)
      known.examples.push(example)
    },
    notices: (): Notice[] =>
      [...kinds.values()].map(({ what, how, examples, level }) => {
        const more = examples.length > NAMED ? `, and ${examples.length - NAMED} more` : ''
        const count = examples.length.toLocaleString('en')
        return {
          level,
          subject,
          text: `${count} × ${what} ${how}: ${examples.slice(0, NAMED).join('; ')}${more}`,
        }
      }),
  }
}

function each(
  table: TableRows | undefined,
  take: (at: (column: string) => string | null, row: number) => void,
): void {
  for (let row = 0; row < (table?.rows ?? 0); row++)
    take((column) => (table ? textIn(table, column, row) : null), row)
}

/** Formats warn of rows that cannot be read; here others may refer to them. */
function asLoss(notice: Notice): Notice {
  return notice.level === 'warn' ? { ...notice, level: 'error' } : notice
}

/** Rows without an id, or with one that is taken, are shown all the same; nothing refers to them. */
function unused(taken: ReadonlyMap<string, unknown>, id: string, row: number): string {
  return id !== '' && !taken.has(id) ? id : `row ${row}`
}

function timeOf(text: string | null): { createdAt: string; created: number } {
  return { createdAt: text ?? '', created: parseTimeText(text ?? '') }
}

function directionOf(text: string | null): ArtifactDirection | undefined {
  return text === 'input' || text === 'output' ? text : undefined
}

function numberOf(text: string | null): number {
  return text === null ? Number.NaN : Number(text)
}

/** What is no JSON is shown as it is stored. */
function metadataOf(text: string | null): Json {
  return text === null ? null : (parseLoose(text) ?? text)
}

/** By code point, as SQLite compares text. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

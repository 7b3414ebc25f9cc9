import { isSha256 } from '../../compute/artifact-paths.ts'
import { manifestDigest } from '../../compute/manifest-digest.ts'
import type { ArtifactFile, ArtifactManifest, Artifacts } from '../../model/artifact.ts'
import { isAbort, noticeOf } from '../../model/errors.ts'
import type { Notice, ProjectInfo } from '../../model/source.ts'
import type { ProjectReader } from '../formats/dataset.ts'
import { type TableRows, textIn } from '../formats/table-rows.ts'
import { ARTIFACT_TABLES, type ArtifactTables, artifactsOf, type NamedRun } from '../tables/artifacts.ts'
import { parseManifest } from '../tables/manifest.ts'

/** Without these there is nothing to show; of the others something is missing. */
const WANTED: readonly string[] = ['artifacts', 'artifact_versions']

/** Artifacts of a project, from its tables as they are now. */
export async function projectArtifacts(
  reader: ProjectReader,
  info: ProjectInfo,
  options: {
    runs: readonly NamedRun[]
    without: string | undefined
    signal: AbortSignal | undefined
  },
): Promise<Artifacts> {
  const { runs, without, signal } = options
  const lost: Notice[] = []
  const tables: ArtifactTables = {}
  const read = async (name: (typeof ARTIFACT_TABLES)[number]): Promise<void> => {
    try {
      tables[name] = await reader.tableRows?.(name, signal)
    } catch (cause) {
      if (isAbort(cause) || WANTED.includes(name)) throw cause
      lost.push(noticeOf(cause, info.file))
    }
  }
  await Promise.all(ARTIFACT_TABLES.map(read))
  const project = { id: info.id, name: info.name, without }
  const found = await artifactsOf(tables, { project, runs, hasIds: reader.hasIds() }, signal)
  return { ...found, notices: [...lost, ...found.notices] }
}

/** Files and references of a version. */
export async function manifestOf(
  reader: ProjectReader,
  info: ProjectInfo,
  version: string,
  signal?: AbortSignal | undefined,
): Promise<ArtifactManifest | undefined> {
  const columns = ['id', 'manifest_digest', 'manifest']
  const table = await reader.tableRows?.('artifact_versions', signal, undefined, columns)
  const named = table?.columns.id?.indexOf(version) ?? -1
  const row = named >= 0 ? named : Number(/^row (\d+)$/.exec(version)?.[1] ?? -1)
  return table && row >= 0 && row < table.rows ? manifestIn(table, row, info.name) : undefined
}

/** Files that the manifests of all versions name, each content once. */
export async function allFiles(
  reader: ProjectReader,
  signal?: AbortSignal | undefined,
): Promise<ArtifactFile[]> {
  const table = await reader.tableRows?.('artifact_versions', signal, undefined, ['manifest'])
  const found = new Map<string, ArtifactFile>()
  for (let row = 0; row < (table?.rows ?? 0); row++) {
    const manifest = table ? parseManifest(textIn(table, 'manifest', row)) : ''
    if (typeof manifest === 'string') continue
    for (const { digest, bytes, ref } of manifest.entries)
      if (ref === null) found.set(digest, { digest, bytes })
  }
  return [...found.values()]
}

function manifestIn(table: TableRows, row: number, project: string): ArtifactManifest {
  const digest = textIn(table, 'manifest_digest', row) ?? ''
  const read = parseManifest(textIn(table, 'manifest', row))
  const warn = (text: string): Notice => ({ level: 'warn', subject: project, text })
  const lost = (text: string): Notice => ({ level: 'error', subject: project, text })
  if (typeof read === 'string') return { entries: [], digest, computed: '', notices: [lost(read)] }
  const { entries, bad } = read
  const notices = bad.map((what) => lost(`of the manifest ${what}`))
  const seen = new Set<string>()
  for (const { path, digest, ref } of entries) {
    if (seen.has(path)) notices.push(warn(`the manifest names ${path} twice`))
    seen.add(path)
    if (ref === null && !isSha256(digest))
      notices.push(warn(`${path} has a digest that is no SHA-256: ${digest.slice(0, 80)}`))
  }
  const computed = manifestDigest(
    entries.map(({ path, digest, bytes, ref }) => ({ path, digest, size: bytes, ref: ref ?? undefined })),
  )
  return { entries, digest, computed, notices }
}

import { blobPath } from '../../compute/artifact-paths.ts'
import { comparePaths, manifestDigest } from '../../compute/manifest-digest.ts'
import { makeSha256 } from '../../compute/sha256.ts'
import { TrackioError } from '../../model/errors.ts'
import { canonicalProject } from '../../model/project-name.ts'
import type { ArtifactRecord, ArtifactToLog, ManifestEntry, RunRef } from '../../model/tracking.ts'
import type { WriteTree } from '../../storage/opfs/write-tree.ts'
import { markUpload } from './pending.ts'
import type { WritableDatabase } from './writable.ts'

const CHUNK = 4 << 20

/**
 * Puts the files of an artifact in place, named by their content; gives the entries of its manifest in the
 * order they were added.
 */
export async function stageBlobs(
  tree: WriteTree,
  project: string,
  entries: ArtifactToLog['entries'],
): Promise<ManifestEntry[]> {
  const manifest: ManifestEntry[] = []
  for (const { blob, ...entry } of entries) {
    if (!blob) {
      manifest.push(entry)
      continue
    }
    const hash = makeSha256()
    for (let at = 0; at < blob.size; at += CHUNK)
      hash.add(new Uint8Array(await blob.slice(at, at + CHUNK).arrayBuffer()))
    const digest = hash.hex()
    const path = blobPath(project, digest)
    if ((await tree.size(path)) !== blob.size) await tree.put(path, blob)
    manifest.push({ path: entry.path, digest, size: blob.size })
  }
  return manifest
}

/**
 * Writes a version of an artifact as trackio does: the same content is the same version, `latest` goes to a
 * new one, other aliases only move forward. With `overwrite` all other versions go; the digests that nothing
 * names any more are returned.
 */
export function commitArtifact(
  db: WritableDatabase,
  artifact: ArtifactToLog,
  manifest: ManifestEntry[],
  now: string,
): { record: ArtifactRecord; unused: string[] } {
  const canonical = manifest
    .map(
      ({ path, digest, size, ref }): ManifestEntry =>
        ref === undefined ? { path, digest, size } : { path, digest, size, ref },
    )
    .sort((a, b) => comparePaths(a.path, b.path))
  const digest = manifestDigest(canonical)
  const size = canonical.reduce((sum, entry) => sum + entry.size, 0)
  return db.transaction(() => {
    const id = artifactId(db, artifact, now)
    let lowest = 0
    let old: string[] = []
    if (artifact.overwrite) {
      const versions = db.rows('SELECT version, manifest FROM artifact_versions WHERE artifact_id = ?', [id])
      if (versions.length > 0) {
        lowest = Math.max(...versions.map(([version]) => Number(version))) + 1
        old = versions.flatMap(([, text]) => digestsIn(String(text)))
        db.run('DELETE FROM artifact_aliases WHERE artifact_id = ?', [id])
        db.run(
          'DELETE FROM run_artifact_links WHERE artifact_version_id IN (SELECT id FROM artifact_versions WHERE artifact_id = ?)',
          [id],
        )
        db.run('DELETE FROM artifact_versions WHERE artifact_id = ?', [id])
      }
    }
    const { versionId, version, created } = versionOf(
      db,
      id,
      artifact,
      digest,
      JSON.stringify(canonical),
      size,
      lowest,
      now,
    )
    const used = new Set(
      artifact.overwrite
        ? db.rows('SELECT manifest FROM artifact_versions').flatMap(([text]) => digestsIn(String(text)))
        : [],
    )
    if (created || artifact.overwrite) setAlias(db, id, 'latest', versionId)
    for (const alias of artifact.aliases) {
      const [[current = -1] = []] = db.rows(
        'SELECT v.version FROM artifact_aliases AS a JOIN artifact_versions AS v ON v.id = a.artifact_version_id WHERE a.artifact_id = ? AND a.alias = ?',
        [id, alias],
      )
      if (Number(current) <= version) setAlias(db, id, alias, versionId)
    }
    linkRun(db, versionId, artifact.run, 'output', null, now)
    // a tab of an earlier version says nothing of it
    if (artifact.space) {
      const project = canonicalProject(artifact.run.project)
      for (const { digest, ref } of canonical)
        if (ref === undefined)
          markUpload(db, {
            ...{ space: artifact.space, run: artifact.run, now },
            ...{ path: blobPath(project, digest), digest },
          })
    }
    const record = findArtifact(db, artifact.name, `v${version}`)
    if (!record) throw new Error(`artifact ${artifact.name}: version ${version} is gone after it was written`)
    return { record, unused: [...new Set(old)].filter((one) => !used.has(one)) }
  })
}

/** A version by `v3`, an alias, or '' for `latest`. */
export function findArtifact(db: WritableDatabase, name: string, spec: string): ArtifactRecord | undefined {
  const number = /^v(\d+)$/.exec(spec)?.[1]
  const which =
    number !== undefined
      ? 'v.version = ?2'
      : 'v.id = (SELECT artifact_version_id FROM artifact_aliases WHERE artifact_id = a.id AND alias = ?2)'
  const [row] = db.rows(
    `SELECT v.id, v.version, a.name, a.type, a.description, v.metadata, v.manifest, v.manifest_digest, v.size_bytes
     FROM artifacts AS a JOIN artifact_versions AS v ON v.artifact_id = a.id WHERE a.name = ?1 AND ${which}`,
    [name, number !== undefined ? Number(number) : spec || 'latest'],
  )
  if (!row) return undefined
  const [versionId, version, , type, description, metadata, manifest, manifestDigest, size] = row
  return {
    versionId: Number(versionId),
    version: Number(version),
    name,
    type: String(type),
    description: description === null ? null : String(description),
    metadata: metadata === null ? null : String(metadata),
    manifest: parseManifest(String(manifest)),
    manifestDigest: String(manifestDigest),
    size: Number(size),
    aliases: db
      .rows('SELECT alias FROM artifact_aliases WHERE artifact_version_id = ?', [Number(versionId)])
      .map(([alias]) => String(alias)),
  }
}

/**
 * Notes in the artifact's own project that a run made or used it. `project`: canonical name of the run's
 * project; null where it is this one, as for outputs.
 */
export function linkRun(
  db: WritableDatabase,
  versionId: number,
  run: RunRef,
  direction: 'input' | 'output',
  project: string | null,
  now: string,
): void {
  db.run(
    'INSERT OR IGNORE INTO run_artifact_links (run_id, run_name, run_project, artifact_version_id, direction, created_at) VALUES (?, ?, ?, ?, ?, ?)',
    [run.id, run.name, project, versionId, direction, now],
  )
}

/** Notes in the run's project that it used an artifact of another one. */
export function linkForeign(
  db: WritableDatabase,
  run: RunRef,
  source: string,
  record: ArtifactRecord,
  now: string,
): void {
  db.run(
    `INSERT OR IGNORE INTO external_run_artifact_links (run_id, run_name, source_project, source_version_id, source_artifact, source_type,
     source_version, source_size_bytes, direction, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'input', ?)`,
    [run.id, run.name, source, record.versionId, record.name, record.type, record.version, record.size, now],
  )
}

/** The artifact's row; its type never changes. */
function artifactId(db: WritableDatabase, { name, type, description }: ArtifactToLog, now: string): number {
  const [found] = db.rows('SELECT id, type FROM artifacts WHERE name = ?', [name])
  if (!found) {
    db.run('INSERT INTO artifacts (name, type, description, created_at) VALUES (?, ?, ?, ?)', [
      name,
      type,
      description,
      now,
    ])
    return lastId(db)
  }
  if (found[1] !== type) {
    throw new TrackioError(
      name,
      `Artifact '${name}' already exists with type '${found[1]}'; cannot relog with type '${type}'.`,
    )
  }
  if (description !== null)
    db.run('UPDATE artifacts SET description = ? WHERE id = ?', [description, Number(found[0])])
  return Number(found[0])
}

function versionOf(
  db: WritableDatabase,
  artifact: number,
  { metadata, run }: ArtifactToLog,
  digest: string,
  manifest: string,
  size: number,
  lowest: number,
  now: string,
): { versionId: number; version: number; created: boolean } {
  const [same] = db.rows(
    'SELECT id, version FROM artifact_versions WHERE artifact_id = ? AND manifest_digest = ?',
    [artifact, digest],
  )
  if (same) {
    if (metadata !== null)
      db.run('UPDATE artifact_versions SET metadata = ? WHERE id = ?', [metadata, Number(same[0])])
    return { versionId: Number(same[0]), version: Number(same[1]), created: false }
  }
  const [[newest = null] = []] = db.rows('SELECT max(version) FROM artifact_versions WHERE artifact_id = ?', [
    artifact,
  ])
  const version = Math.max(lowest, newest === null ? 0 : Number(newest) + 1)
  db.run(
    `INSERT INTO artifact_versions (artifact_id, version, manifest_digest, manifest, metadata, size_bytes, producer_run_id, producer_run_name,
     created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [artifact, version, digest, manifest, metadata, size, run.id, run.name, now],
  )
  return { versionId: lastId(db), version, created: true }
}

function setAlias(db: WritableDatabase, artifact: number, alias: string, version: number): void {
  db.run(
    'INSERT INTO artifact_aliases (artifact_id, alias, artifact_version_id) VALUES (?, ?, ?) ON CONFLICT(artifact_id, alias) DO UPDATE SET artifact_version_id = excluded.artifact_version_id',
    [artifact, alias, version],
  )
}

function lastId(db: WritableDatabase): number {
  return Number(db.rows('SELECT last_insert_rowid()')[0]?.[0])
}

function digestsIn(manifest: string): string[] {
  return parseManifest(manifest)
    .filter((entry) => entry.ref === undefined)
    .map((entry) => entry.digest)
}

function parseManifest(text: string): ManifestEntry[] {
  const entries: unknown = JSON.parse(text)
  if (!Array.isArray(entries)) throw new Error(`manifest: expected a list, got ${text.slice(0, 60)}`)
  return entries.map((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null)
      throw new Error(`manifest: expected objects, got ${text.slice(0, 60)}`)
    const get = (key: string): unknown => Reflect.get(entry, key)
    const one: ManifestEntry = {
      path: String(get('path')),
      digest: String(get('digest')),
      size: Number(get('size')),
    }
    if (typeof get('ref') === 'string') one.ref = String(get('ref'))
    return one
  })
}

import { TrackioError } from '../../model/errors.ts'
import { quoted } from '../../model/project-name.ts'
import type { ArtifactRecord, ArtifactToLog, ManifestEntry } from '../../model/tracking.ts'
import { type FileSource, fetchSource } from '../values/media.ts'
import { jsonOf } from '../values/stored-json.ts'
import { checkName, checkPath, checkPaths } from './artifact-names.ts'

/** Fetches the content of a logged artifact's file. */
export type BlobOf = (project: string, digest: string) => Promise<Blob | undefined>

interface Pending {
  path: string
  content?: Blob | Promise<Blob>
  reference?: { ref: string; digest: string; size: number }
}

/**
 * A named, versioned set of files (and of references to data elsewhere). Make one, add files, and log it with
 * `trackio.logArtifact`: it is frozen from then on.
 *
 * @example
 * const model = new trackio.Artifact('classifier', 'model', { description: 'after 3 epochs' })
 * model.addFile(new Blob([weights]), 'weights.bin')
 * await trackio.logArtifact(model, { aliases: ['best'] })
 */
export class Artifact {
  readonly name: string
  readonly type: string
  description: string | null
  /** Kept beside the version, as JSON. Changes before logging count. */
  metadata: Record<string, unknown>
  #pending: Pending[] = []
  #record: { project: string; record: ArtifactRecord; blobOf: BlobOf } | undefined

  constructor(
    name: string,
    type: string,
    options:
      | { description?: string | null | undefined; metadata?: Record<string, unknown> | null }
      | string
      | null = null,
    metadata?: Record<string, unknown> | null,
  ) {
    checkName(name)
    const given = typeof options === 'string' ? { description: options, metadata } : { metadata, ...options }
    this.name = name
    this.type = type
    this.description = given.description ?? null
    this.metadata = { ...given.metadata }
  }

  /** `v3`, or null before it is logged. */
  get version(): string | null {
    return this.#record ? `v${this.#record.record.version}` : null
  }

  /** Names of this version, `latest` among them; empty before it is logged. */
  get aliases(): readonly string[] {
    return this.#record?.record.aliases ?? []
  }

  /** Bytes of all files; null before it is logged. */
  get size(): number | null {
    return this.#record?.record.size ?? null
  }

  /** Its files and references, by path; null before it is logged. */
  get manifest(): ManifestEntry[] | null {
    return this.#record?.record.manifest.map((entry) => ({ ...entry })) ?? null
  }

  /** sha256 of the manifest, 64 hex digits; null before it is logged. */
  get manifestDigest(): string | null {
    return this.#record?.record.manifestDigest ?? null
  }

  /** The same as `manifestDigest`. */
  get digest(): string | null {
    return this.manifestDigest
  }

  /** Of the run that logged it; null before it is logged. */
  get project(): string | null {
    return this.#record?.project ?? null
  }

  /** `project/name:v3`. Throws a TrackioError before it is logged. */
  get qualifiedName(): string {
    if (!this.#record)
      throw new TrackioError(this.name, 'Artifact has no qualified name until it is logged or fetched.')
    return `${this.#record.project}/${this.name}:v${this.#record.record.version}`
  }

  /** Those of the manifest that are addresses; empty before it is logged. */
  get references(): ManifestEntry[] {
    return this.manifest?.filter((entry) => entry.ref !== undefined) ?? []
  }

  /**
   * Adds a file: a Blob or File, or an address that is fetched when the artifact is logged. `name`: its path
   * within the artifact; default: the file's own name. Throws a TrackioError for paths that trackio refuses,
   * and once it is logged.
   */
  addFile(file: FileSource, name?: string): void {
    this.#open('files')
    const own =
      file instanceof Blob
        ? file instanceof File
          ? file.name
          : undefined
        : String(file)
            .replace(/[?#].*$/, '')
            .split('/')
            .at(-1)
    if (name === undefined && !own)
      throw new TrackioError(this.name, 'a Blob has no name; pass one: addFile(blob, "weights.bin")')
    const content = file instanceof Blob ? file : fetchSource(file, '').then(({ blob }) => blob)
    // heard of when the artifact is logged
    if (content instanceof Promise) content.catch(() => {})
    this.#pending.push({ path: checkPath(name ?? own ?? ''), content })
  }

  /**
   * Adds the files of a folder, with their paths below it. Takes what a folder input or a drop gives, or
   * paths with blobs.
   */
  addDir(files: Iterable<File> | Record<string, Blob>, name?: string): void {
    this.#open('files')
    const prefix = name ? `${checkPath(name.replace(/\/+$/, ''))}/` : ''
    const entries: [string, Blob][] =
      Symbol.iterator in files
        ? Array.from(files as Iterable<File>, (file) => [
            file.webkitRelativePath.replace(/^[^/]*\//, '') || file.name,
            file,
          ]) // iterable, so of files
        : Object.entries(files)
    entries.sort(([a], [b]) => (a < b ? -1 : 1))
    for (const [path, content] of entries) this.#pending.push({ path: checkPath(prefix + path), content })
  }

  /**
   * Adds an address instead of a file: nothing is copied. Its version is what the server's ETag says; a page
   * may not be allowed to read that, and then it is the address itself. `checksum: false` asks nobody.
   */
  async addReference(
    uri: string,
    options: { name?: string | undefined; checksum?: boolean } = {},
  ): Promise<void> {
    this.#open('references')
    const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(uri)?.[1]?.toLowerCase()
    if (!scheme) throw new TrackioError(this.name, `Reference ${quoted(uri)} must be an absolute URI`)
    const derived = decodeURIComponent(
      uri
        .replace(/[?#].*$/, '')
        .split('/')
        .filter(Boolean)
        .at(-1) ?? '',
    )
    const reference = { ref: uri, digest: uri, size: 0 }
    if (options.checksum !== false && (scheme === 'http' || scheme === 'https')) {
      const answer = await fetch(uri, { method: 'HEAD', signal: AbortSignal.timeout(10_000) }).catch(
        () => undefined,
      ) // not allowed, or not there: the address it is
      if (answer?.ok) {
        reference.digest = answer.headers.get('ETag')?.replace(/^W\//, '').replaceAll('"', '') || uri
        reference.size = Number(answer.headers.get('Content-Length')) || 0
      }
    }
    this.#pending.push({ path: checkPath(options.name ?? derived), reference })
  }

  /** A file of a logged artifact; undefined where it has none of that name or its content is not here. */
  async getFile(path: string): Promise<Blob | undefined> {
    const { project, record, blobOf } = this.#logged('read')
    const entry = record.manifest.find((one) => one.path === path)
    if (!entry) return undefined
    return entry.ref === undefined ? blobOf(project, entry.digest) : (await fetchSource(entry.ref, '')).blob
  }

  /**
   * All files by their path. What Python writes to a folder, a page gets as blobs. Rejects with a
   * TrackioError where one of them is not here.
   */
  async download(): Promise<Map<string, Blob>> {
    const files = new Map<string, Blob>()
    for (const { path, digest } of this.#logged('download').record.manifest) {
      const blob = await this.getFile(path)
      if (!blob)
        throw new TrackioError(this.name, `Artifact blob ${digest} not available locally or remotely.`)
      files.set(path, blob)
    }
    return files
  }

  /** `addFile` as code from Python calls it. */
  add_file(file: FileSource, name?: string): void {
    this.addFile(file, name)
  }

  /** `addDir` as code from Python calls it. */
  add_dir(files: Iterable<File> | Record<string, Blob>, name?: string): void {
    this.addDir(files, name)
  }

  /** `addReference` as code from Python calls it. */
  add_reference(uri: string, options?: { name?: string | undefined; checksum?: boolean }): Promise<void> {
    return this.addReference(uri, options)
  }

  /** The address of a reference by its path; null where there is none. */
  getEntryUri(name: string): string | null {
    return this.references.find((entry) => entry.path === name)?.ref ?? null
  }

  /**
   * Artifacts are committed by the time `logArtifact` resolves. Throws a TrackioError before it is logged.
   */
  wait(): this {
    this.#logged('wait on')
    return this
  }

  /** Not for users: what the writer needs. */
  static async prepare(
    artifact: Artifact,
    rest: Pick<ArtifactToLog, 'run' | 'space' | 'aliases' | 'overwrite'>,
  ): Promise<ArtifactToLog> {
    if (artifact.#record) {
      throw new TrackioError(
        artifact.name,
        'Artifact has already been logged or fetched; construct a new Artifact() to log again.',
      )
    }
    if (artifact.#pending.length === 0) {
      throw new TrackioError(
        artifact.name,
        `Artifact ${quoted(artifact.name)} has no files or references; call add_file/add_dir/add_reference first.`,
      )
    }
    checkPaths(artifact.#pending.map(({ path }) => path))
    const entries: ArtifactToLog['entries'] = []
    for (const { path, content, reference } of artifact.#pending) {
      if (reference) entries.push({ path, ...reference })
      else entries.push({ path, digest: '', size: 0, blob: await content })
    }
    const metadata = Object.keys(artifact.metadata).length > 0 ? jsonOf(artifact.metadata) : null
    return {
      ...rest,
      name: artifact.name,
      type: artifact.type,
      description: artifact.description,
      metadata,
      entries,
    }
  }

  /** Not for users: the artifact as it is stored. */
  static hydrate(artifact: Artifact, project: string, record: ArtifactRecord, blobOf: BlobOf): Artifact {
    artifact.#record = { project, record, blobOf }
    artifact.#pending = []
    artifact.description = record.description ?? artifact.description
    if (record.metadata !== null) {
      const parsed: unknown = JSON.parse(record.metadata)
      if (typeof parsed === 'object' && parsed !== null) artifact.metadata = { ...parsed }
    }
    return artifact
  }

  /** Not for users: whose version it is. */
  static identity(artifact: Artifact): { project: string; record: ArtifactRecord } | undefined {
    return artifact.#record
  }

  #open(what: string): void {
    if (this.#record)
      throw new TrackioError(
        this.name,
        `Cannot add ${what} to an Artifact that has already been logged or fetched.`,
      )
  }

  #logged(what: string): { project: string; record: ArtifactRecord; blobOf: BlobOf } {
    if (!this.#record)
      throw new TrackioError(this.name, `Cannot ${what} an Artifact that has not been logged or fetched.`)
    return this.#record
  }
}

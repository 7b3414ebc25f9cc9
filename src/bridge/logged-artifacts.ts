import { TrackioError } from '../model/errors.ts'
import type { ProjectId } from '../model/source.ts'
import type { ManifestEntry as TrackedEntry } from '../model/tracking.ts'
import type { AskEngine } from './ask-engine.ts'
import { failWith } from './fail-with.ts'

/** A run that made or used a version of an artifact. */
export interface ArtifactUser {
  /** Key of its run in the project; undefined for a run that is not listed, or of another project. */
  run: string | undefined
  name: string
  /** Canonical name of the other project that it is of; undefined for one of the artifact's own. */
  project: string | undefined
}

/** An artifact as it is stored. */
export interface LoggedArtifact {
  name: string
  type: string
  description: string | null
  /** ISO, as it is stored. */
  createdAt: string
  /** The highest first. Numbers may have gaps. */
  versions: LoggedArtifactVersion[]
}

/** A version of an artifact, whose files are read when they are asked for. */
export interface LoggedArtifactVersion {
  version: number
  /** `latest` and the like, sorted. */
  aliases: string[]
  /** SHA-256 of its manifest. */
  digest: string
  /** Of all its files, as stored. */
  bytes: number
  /** What was given with it; null for nothing. */
  metadata: unknown
  /** ISO, as it is stored. */
  createdAt: string
  /** Runs that logged it, and runs that used it. */
  madeBy: ArtifactUser[]
  usedBy: ArtifactUser[]
  /** Its files and references, by path. Rejects where not all of the manifest can be read. */
  manifest(options?: ReadingOptions): Promise<TrackedEntry[]>
  /**
   * The content of a file by its path in the manifest. Rejects with a TrackioError where there is none of that path,
   * where it is a reference, and where its source does not have it.
   */
  file(path: string, options?: ReadingOptions): Promise<Blob>
}

/** `signal` ends the work; the call is then rejected with an AbortError. */
export interface ReadingOptions {
  signal?: AbortSignal | undefined
}

/**
 * Artifacts of a project, as its tables are now. `file`: a stored file by its SHA-256. Rejects where not all of the
 * tables can be read; what is odd in them is no error, and a manifest tells of itself when it is asked for.
 */
export async function readArtifacts(
  ask: AskEngine,
  project: ProjectId,
  { signal }: ReadingOptions,
  file: (digest: string, signal: AbortSignal | undefined) => Promise<Blob | undefined>,
): Promise<LoggedArtifact[]> {
  const { artifacts, links, notices } = await ask((engine) =>
    engine.ask('artifacts', { project }, { signal }),
  )
  failWith(notices.find(({ level }) => level === 'error'))
  const usersOf = (key: string, direction: 'input' | 'output'): ArtifactUser[] =>
    links
      .filter((link) => link.version === key && link.direction === direction)
      .map((link) => ({ run: link.run, name: link.name, project: link.project }))
  return artifacts.map(({ name, type, description, createdAt, project: own, versions }) => ({
    ...{ name, type, description, createdAt },
    versions: versions.map((one): LoggedArtifactVersion => {
      const spec = `${name}:v${one.version}`
      const manifest = async (options: ReadingOptions = {}): Promise<TrackedEntry[]> => {
        const found = await ask((engine) =>
          engine.ask('artifactManifest', { project: own, version: one.id }, { signal: options.signal }),
        )
        if (!found) throw new TrackioError(spec, 'is not there any more', 'Ask for the artifacts again.')
        const wrong = found.notices.find(({ level }) => level === 'error')
        failWith(wrong && { ...wrong, subject: spec })
        return found.entries.map(({ path, digest, bytes, ref }) => ({
          ...{ path, digest, size: bytes },
          ...(ref !== null && { ref }),
        }))
      }
      return {
        ...{ version: one.version, aliases: one.aliases, digest: one.digest, bytes: one.bytes },
        ...{ metadata: one.metadata, createdAt: one.createdAt },
        madeBy: usersOf(one.key, 'output'),
        usedBy: usersOf(one.key, 'input'),
        manifest,
        async file(path, options = {}) {
          const entries = await manifest(options)
          const entry = entries.find((one) => one.path === path)
          if (!entry) {
            const there = entries.map(({ path }) => path)
            const named = `${there.slice(0, 8).join(', ')}${there.length > 8 ? ', …' : ''}`
            throw new TrackioError(spec, `has no file ${path}`, `There are ${named}.`)
          }
          if (entry.ref !== undefined)
            throw new TrackioError(spec, `${path} is a reference: its content is at ${entry.ref}`)
          const blob = await file(entry.digest, options.signal)
          if (!blob)
            throw new TrackioError(
              spec,
              `the content of ${path} (SHA-256 ${entry.digest}) is not in this source`,
              'Open the folder that has artifacts/ beside the data.',
            )
          return blob
        },
      }
    }),
  }))
}

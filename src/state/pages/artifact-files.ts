import type { EngineApi } from '../../bridge/engine-api.ts'
import { artifactPaths } from '../../compute/artifact-paths.ts'
import type { ArtifactFile } from '../../model/artifact.ts'
import type { OpenProgress, Waiting } from '../../model/questions.ts'
import type { ProjectId } from '../../model/source.ts'

/** So many of a project's files tell whether a folder has any: each that is missing is a question to the disk. */
const PROBED = 100

/** The stored files of artifacts: the engine has them, or a folder that a person gave to the page. */
export interface ArtifactFiles {
  /** By its SHA-256, whole or so many bytes from `from` on; undefined where it is missing. */
  file(of: Part, waiting: Waiting<OpenProgress>): Promise<Blob | undefined>
  /** All files of a version in a .zip, of which `files` are known to be in it. */
  zip(
    of: { project: ProjectId; version: string; files: readonly ArtifactFile[] },
    waiting: Waiting<OpenProgress>,
  ): Promise<Blob | undefined>
  /** Of a project of a given folder: none of its files is in it, of as many as are looked for. */
  isBare(project: ProjectId, signal: AbortSignal): Promise<boolean>
  /** Those of these files that the page holds, by their SHA-256; undefined where it holds none. */
  given(
    project: ProjectId,
    files: readonly ArtifactFile[],
    signal: AbortSignal | undefined,
  ): Promise<Map<string, Blob> | undefined>
}

export interface Part {
  project: ProjectId
  digest: string
  from?: number | undefined
  bytes?: number | undefined
}

export interface ArtifactFilesOptions {
  ask: EngineApi['ask']
  /** A file below the folders that a person gave. */
  beneath(
    project: ProjectId,
    places: (name: string) => readonly string[],
    signal?: AbortSignal,
  ): Promise<File | undefined>
  /** The project is of such a folder. */
  isGiven(project: ProjectId): boolean
}

export function makeArtifactFiles({ ask, beneath, isGiven }: ArtifactFilesOptions): ArtifactFiles {
  async function here(
    project: ProjectId,
    digest: string,
    signal: AbortSignal | undefined,
  ): Promise<File | undefined> {
    return isGiven(project) ? beneath(project, (name) => artifactPaths(name, digest), signal) : undefined
  }

  async function given(
    project: ProjectId,
    files: readonly ArtifactFile[],
    signal: AbortSignal | undefined,
  ): Promise<Map<string, Blob> | undefined> {
    if (!isGiven(project)) return undefined
    const found = new Map<string, Blob>()
    for (const { digest } of files) {
      const file = await here(project, digest, signal)
      if (file) found.set(digest, file)
    }
    return found
  }

  return {
    async file({ project, digest, from = 0, bytes }, waiting) {
      const file = await here(project, digest, waiting.signal)
      if (file) return file.slice(from, bytes === undefined ? file.size : from + bytes)
      return ask('artifactFile', { project, digest, from, bytes }, waiting)
    },
    async zip({ project, version, files }, waiting) {
      const own = await given(project, files, waiting.signal)
      return ask('artifactZip', { project, version, given: own }, waiting)
    },
    async isBare(project, signal) {
      const all = await ask('artifactFiles', { project }, { signal })
      for (const { digest } of all.slice(0, PROBED)) if (await here(project, digest, signal)) return false
      return true
    },
    given,
  }
}

import type { WriterApi } from '../../bridge/writer-api.ts'
import { TrackioError } from '../../model/errors.ts'
import { quoted } from '../../model/project-name.ts'
import type { RunRef } from '../../model/tracking.ts'
import type { FileSource } from '../values/media.ts'
import { Artifact } from './artifact.ts'
import { checkAliases } from './artifact-names.ts'

/** What `logArtifact` takes beside the files. */
export interface ArtifactOptions {
  /** Of a file that is logged as an artifact; default: the file's own. */
  name?: string | undefined
  /** Default `unspecified`. */
  type?: string | undefined
  /** Further names of this version; `latest` it has anyway. Default: none. */
  aliases?: readonly string[]
  /** Removes all other versions. Default false. */
  overwrite?: boolean
}

/** The run that logs or uses artifacts. */
export interface ArtifactRun {
  project: string
  /** That its files are meant for, if any. */
  space: string | null
  /** Resolves once the storage knows the run; rejects when it cannot begin. */
  ref(): Promise<RunRef>
  writer(): Pick<WriterApi, 'logArtifact' | 'artifact' | 'artifactBlob' | 'useArtifact'>
}

/** Logs files as a version of an artifact. Rejects with a TrackioError, in trackio's words. */
export async function logArtifact(
  run: ArtifactRun,
  artifact: Artifact | FileSource,
  { name, type, aliases, overwrite = false }: ArtifactOptions,
): Promise<Artifact> {
  if (artifact instanceof Artifact && (name !== undefined || type !== undefined))
    throw new TrackioError(
      'logArtifact',
      'name/type can only be passed when logging a path; set them on the Artifact instead.',
    )
  const logged = artifact instanceof Artifact ? artifact : artifactOf(artifact, name, type)
  if (typeof overwrite !== 'boolean')
    throw new TrackioError('logArtifact', `overwrite must be a boolean, got ${quoted(String(overwrite))}.`)
  const checked = checkAliases(aliases)
  const ref = await run.ref()
  const prepared = await Artifact.prepare(logged, { run: ref, space: run.space, aliases: checked, overwrite })
  const record = await run.writer().logArtifact(prepared)
  return Artifact.hydrate(logged, run.project, record, (project, digest) =>
    run.writer().artifactBlob(project, digest),
  )
}

/** An artifact of one file. */
function artifactOf(file: FileSource, name: string | undefined, type: string | undefined): Artifact {
  const own =
    file instanceof File ? file.name : file instanceof Blob ? undefined : String(file).split('/').at(-1)
  const artifact = new Artifact(name ?? own ?? '', type ?? 'unspecified')
  artifact.addFile(file, own ?? name)
  return artifact
}

/**
 * Fetches an artifact by `name`, `name:v3`, `name:alias`, or one that was logged, and notes that the run used
 * it. Rejects with a TrackioError, in trackio's words.
 */
export async function useArtifact(
  run: ArtifactRun,
  artifact: Artifact | string,
  type: string | undefined,
): Promise<Artifact> {
  const refused = (why: string): TrackioError => new TrackioError('useArtifact', why)
  const identity = artifact instanceof Artifact ? Artifact.identity(artifact) : undefined
  if (artifact instanceof Artifact && !identity)
    throw refused(
      'use_artifact() with an Artifact instance requires an artifact that has already been logged or fetched.',
    )
  const spec = identity ? `${identity.record.name}:v${identity.record.version}` : String(artifact)
  const project = identity?.project ?? run.project
  const at = spec.indexOf(':')
  const name = at < 0 ? spec : spec.slice(0, at)
  if (at >= 0 && at === spec.length - 1)
    throw refused(
      `Artifact spec ${quoted(spec)} has an empty version/alias after ':'. Use 'name:vN' or 'name:alias', or drop the colon to get latest.`,
    )
  if (name.startsWith('registry-') && name.includes('/'))
    throw refused(
      `Resolving a registry location (${quoted(spec)}) is not supported in a page. Fetch the source version by its own name.`,
    )
  const ref = await run.ref()
  const writer = run.writer()
  const record = await writer.artifact(project, name, at < 0 ? '' : spec.slice(at + 1))
  if (!record) throw refused(`Artifact ${quoted(spec)} not found in project ${quoted(project)}.`)
  if (type !== undefined && record.type !== type)
    throw refused(`Artifact ${quoted(spec)} has type ${quoted(record.type)}, not ${quoted(type)}.`)
  await writer.useArtifact(project, record.versionId, ref)
  return Artifact.hydrate(new Artifact(record.name, record.type), project, record, (from, digest) =>
    writer.artifactBlob(from, digest),
  )
}

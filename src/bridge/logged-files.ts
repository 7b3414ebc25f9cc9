import type { FileList, FilePart } from '../model/file.ts'
import type { ProjectId } from '../model/source.ts'
import type { AskEngine } from './ask-engine.ts'

/** A file of a project, whose bytes are read when they are asked for. */
export interface LoggedFile {
  /** `saved` by `trackio.save`, the project's own `data`, `media` that were logged, or of `artifacts`. */
  part: FilePart
  /** Below the folder of its part, as it was saved: `configs/grpo.yaml`. */
  path: string
  /** Bytes; undefined where the place does not say. */
  size: number | undefined
  /** Its bytes. Rejects where they cannot be read, or it is not there any more. */
  blob(options?: { signal?: AbortSignal | undefined }): Promise<Blob>
}

/** Files of a project. */
export interface LoggedFiles {
  files: LoggedFile[]
  /** All there are; else the place lists none, or only what it was asked for, and `why`. */
  listed: boolean
  why: string | undefined
}

/** Which files. */
export interface FilesWanted {
  part?: FilePart | undefined
  signal?: AbortSignal | undefined
}

/** Files of a project, as its place has them now. `list`: what there is, where the engine does not know it all. */
export async function readFiles(
  ask: AskEngine,
  project: ProjectId,
  { part, signal }: FilesWanted,
  list: () => Promise<FileList> = () => ask((engine) => engine.ask('files', { project }, { signal })),
): Promise<LoggedFiles> {
  const { files, listed, why } = await list()
  return {
    files: files
      .filter((one) => part === undefined || one.part === part)
      .map(({ ref, part, path, size }) => ({
        ...{ part, path, size },
        blob: (options = {}) =>
          ask((engine) => engine.ask('fileBlob', { file: ref }, { signal: options.signal })),
      })),
    listed,
    why,
  }
}

import type { Tree, TreeEntry, WaitOptions } from '../../storage/tree.ts'
import type { CopyFile } from './copy-file.ts'
import type { OpenDataset, OpenOptions } from './dataset.ts'
import type { Listing } from './listing.ts'
import type { ProjectFiles } from './project-files.ts'
import type { DatabaseSource } from './sqlite/database-source.ts'

/**
 * A way in which projects lie in files: a folder here with an `index.ts`, and a line in `registry.ts`. Nobody
 * outside asks which format it is, but what it can give.
 */
export interface Format<Files extends ProjectFiles = ProjectFiles> {
  id: string
  /** In a sentence: `a Parquet export`. */
  called: string
  /** Its projects among the files, in the order they are opened; `claimed`: those of the formats before it. */
  claim(listing: Listing, claimed: readonly ProjectFiles[]): Files[] | Promise<Files[]>
  /**
   * Looks into files whose names leave open what they are, for `claim` to know; undefined where no name does.
   */
  lookInto?(paths: readonly string[], tree: Tree, wait: WaitOptions): Promise<ReadonlySet<string> | undefined>
  /** Differs whenever a file of the project may differ. */
  stamp(files: Files): string
  /** Bytes of its files, as far as they are listed. */
  bytes(files: Files): number
  /** Undefined is no answer: what is not of the format, or broken, is a TrackioError. */
  open(files: Files, tree: Tree, options: OpenOptions): Promise<OpenDataset>
  /** Its files are changed where they are, not only replaced: what was read before a change may be wrong. */
  writtenInPlace?: boolean
  /**
   * Name of the folder below `media/` and `artifacts/` that is the project's own; undefined where no other
   * project lies beside it. Absent where files are those of several projects.
   */
  mediaFolder?(files: Files): string | undefined
  /** In words, why the files of artifacts never lie beside these; absent where they may. */
  withoutArtifacts?(files: Files): string | undefined
  /** The listed files that its data are in. */
  own?(files: Files): readonly TreeEntry[]
  /**
   * The files that make a complete copy of a project, laid out as trackio's own folder; absent where it has
   * none.
   */
  copy?(files: Files, tree: Tree, project: string, signal?: AbortSignal | undefined): Promise<CopyFile[]>
  /** Of what is a database: exports are made anew from it. */
  database?: {
    /** Opens it anew, apart from whatever reads it for the screen. TrackioError where it is none any more. */
    open(files: Files, tree: Tree, options?: WaitOptions): Promise<DatabaseSource>
    /** Does something with it; again from the start when it was written to meanwhile, a few times. */
    use<T>(
      files: Files,
      tree: Tree,
      options: OpenOptions,
      act: (source: DatabaseSource) => Promise<T>,
    ): Promise<T>
    /** Files of log calls that wait beside it, to be put into it. */
    waiting(files: Files): number
  }
  /** Of what is Parquet: exports take its files over. `runs`: the list of runs, where one came along. */
  parquet?: {
    files(files: Files): { tables: Partial<Record<string, TreeEntry>>; runs: TreeEntry | undefined }
  }
}

/**
 * A database of another host that is larger than this is shown as a preview of samples, and so is a Parquet
 * file whose first screen would cost more; the rest is read when somebody asks for it: nobody's line or quota
 * is used up by a look.
 */
const HOLD_FROM = 96 << 20

/** The same of a tree; undefined where its bytes are of this machine. */
export function holdFrom(tree: Tree): number | undefined {
  return tree.host === '' ? undefined : HOLD_FROM
}

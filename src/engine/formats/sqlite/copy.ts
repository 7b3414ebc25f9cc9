import { safePath } from '../../../compute/safe-path.ts'
import { canonicalProject } from '../../../model/project-name.ts'
import type { Tree } from '../../../storage/tree.ts'
import type { CopyFile } from '../copy-file.ts'
import { copyFragments } from '../fragments/copy.ts'
import { copySize, imageChunks } from './checkpointed.ts'
import type { DatabaseFiles } from './database-files.ts'
import { openSource } from './database-source.ts'

/** A database with its log folded in, and the lines of the inbox that are its own. */
export async function copyDatabase(
  files: DatabaseFiles,
  tree: Tree,
  _project: string,
  signal?: AbortSignal | undefined,
): Promise<CopyFile[]> {
  const { image } = await openSource(files, tree, { signal })
  const database: CopyFile = {
    to: safePath(`${files.project}.db`),
    size: image ? copySize(image) : 0,
    async *chunks(signal) {
      if (image) yield* imageChunks(image, { signal })
    },
  }
  const own = canonicalProject(files.project)
  return [database, ...copyFragments(tree, files, (project) => project === own)]
}

import { canonicalProject } from '../../../model/project-name.ts'
import type { Tree, TreeEntry } from '../../../storage/tree.ts'
import { type CopyFile, placeInCopy } from '../copy-file.ts'
import type { ProjectFiles } from '../project-files.ts'

/** An inbox with the lines of the `wanted` projects: others would show up as projects of their own. */
export function copyFragments(
  tree: Tree,
  files: ProjectFiles & { inbox: readonly TreeEntry[] },
  wanted: (project: string) => boolean,
): CopyFile[] {
  return files.inbox.map(({ path, size }) => ({
    to: placeInCopy(files, path),
    size,
    async *chunks(signal) {
      const text = await (await tree.blob(path, { signal })).text()
      const lines = text.split('\n').filter((line) => wanted(projectOf(line)))
      if (lines.length > 0) yield new TextEncoder().encode(`${lines.join('\n')}\n`)
    },
  }))
}

/**
 * Canonical project of a fragment's line; '' for one that is cut or of an unknown kind, which nobody would
 * miss.
 */
function projectOf(line: string): string {
  try {
    const record: unknown = JSON.parse(line)
    const project: unknown =
      record !== null && typeof record === 'object' ? Reflect.get(record, 'project') : undefined
    return typeof project === 'string' ? canonicalProject(project) : ''
  } catch (cause) {
    // a line that was cut while it was written: trackio passes it by as well
    if (cause instanceof SyntaxError) return ''
    throw cause
  }
}

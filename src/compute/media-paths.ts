import { canonicalProject } from '../model/project-name.ts'

/**
 * A static export's media have no project segment: `file_path` begins with the raw or the canonical name, or
 * another.
 */
export function stripsOf(project: string): string[] {
  return [`${project}/`, `${canonicalProject(project)}/`]
}

/**
 * Where a file that a logged value names may be, the likeliest first: below `folder`, without the first
 * fitting part of `strip` (a static export has no project segment; which spelling of the project it was
 * depends on the release), without its first segment, and as it stands. Up to 0.3.3 paths began with
 * `media/`; Windows wrote backslashes. Empty for a path that leads out of the folder.
 */
export function mediaPaths(path: string, folder: string, strip: readonly string[]): string[] {
  const plain = path.replaceAll('\\', '/').replace(/^\/+/, '')
  if (plain === '' || plain.split('/').includes('..')) return []
  const found = new Set<string>()
  for (const one of plain.startsWith('media/') ? [plain, plain.slice('media/'.length)] : [plain]) {
    for (const part of strip) {
      const prefix = part.endsWith('/') ? part : `${part}/`
      if (one.startsWith(prefix)) found.add(one.slice(prefix.length))
    }
    if (strip.length > 0 && one.includes('/')) found.add(one.slice(one.indexOf('/') + 1))
    found.add(one)
  }
  return [...found].map((one) => folder + one)
}

import { canonicalProject } from '../model/project-name.ts'
import { safePath } from './safe-path.ts'

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
 * `media/`; Windows wrote backslashes. A run may be called `a//b` or `..`, and its files lie where `safePath`
 * puts them: no path leads out of the folder.
 */
export function mediaPaths(path: string, folder: string, strip: readonly string[]): string[] {
  const plain = path.replaceAll('\\', '/').replace(/^\/+/, '')
  if (plain === '') return []
  const safe = safePath(plain)
  const spelled = plain.split('/').includes('..') ? [safe] : [plain, safe]
  const found = new Set<string>()
  for (const one of spelled.flatMap((at) =>
    at.startsWith('media/') ? [at, at.slice('media/'.length)] : [at],
  )) {
    for (const part of strip) {
      const prefix = part.endsWith('/') ? part : `${part}/`
      if (one.startsWith(prefix)) found.add(one.slice(prefix.length))
    }
    if (strip.length > 0 && one.includes('/')) found.add(one.slice(one.indexOf('/') + 1))
    found.add(one)
  }
  return [...found].map((one) => folder + one)
}

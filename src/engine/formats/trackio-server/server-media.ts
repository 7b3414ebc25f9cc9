import { canonicalProject } from '../../../model/project-name.ts'

/**
 * Where on the server a logged file may lie, likeliest first: paths below its media folder, parts separated
 * by `/`. A `file_path` is that path itself, but: Windows wrote backslashes; releases up to 0.3.3 put
 * `media/` in front; and a run that was moved to another project has that project's name as it was given,
 * while its folder has the name that files get.
 */
export function mediaPaths(project: string, filePath: string): string[] {
  const path = filePath.replaceAll('\\', '/').replace(/^\/+/, '')
  // never out of the media folder; the server would refuse it too
  if (path.split('/').includes('..')) return []
  const paths = [path]
  if (path.startsWith('media/')) paths.unshift(path.slice('media/'.length))
  const parts = path.split('/')
  for (let n = 1; n < parts.length - 1; n++) {
    const raw = parts.slice(0, n).join('/')
    if (raw !== project && canonicalProject(raw) === project)
      paths.push([project, ...parts.slice(n)].join('/'))
  }
  return paths
}

/**
 * Path and query under which a server hands out a file; it decodes the parameter twice, so a `%` is written
 * twice encoded.
 */
export function fileQuery(path: string): string {
  return `file?path=${encodeURIComponent(path.replaceAll('%', '%25'))}`
}

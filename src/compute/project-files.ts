import { canonicalProject } from '../model/project-name.ts'

/**
 * What follows the project's folder in a path below media/ or artifacts/; undefined where it is another
 * project's. The folder is the canonical name, before 0.30 the raw one, which may hold slashes. `project` undefined:
 * there is no folder for it.
 */
export function ownPart(project: string | undefined, path: string): string | undefined {
  if (project === undefined) return path
  const parts = path.split('/')
  for (let i = 1; i < parts.length; i++)
    if (canonicalProject(parts.slice(0, i).join('/')) === project) return parts.slice(i).join('/')
  return undefined
}

/** A folder below media/ that may hold one of the project. */
export function mayHold(project: string | undefined, folder: string): boolean {
  if (project === undefined) return true
  return ownPart(project, `${folder}/`) !== undefined || project.startsWith(canonicalProject(folder))
}

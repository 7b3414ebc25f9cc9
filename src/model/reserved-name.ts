import { TrackioError } from './errors.ts'
import { canonicalProject, quoted, SIDE_TABLES } from './project-name.ts'

/** Throws for names that trackio refuses for new projects, in its words. */
export function checkProjectName(name: string): void {
  const canonical = canonicalProject(name)
  if (canonical.startsWith('registry-')) {
    throw new TrackioError(
      name,
      `Project name ${quoted(name)} is not allowed: names beginning with 'registry-' are reserved for trackio registries (see trackio.Api().create_registry and Run.link_artifact).`,
    )
  }
  for (const suffix of SIDE_TABLES.map((table) => `_${table}`)) {
    if (canonical.length <= suffix.length || !canonical.endsWith(suffix)) continue
    throw new TrackioError(
      name,
      `Project name ${quoted(name)} is not allowed: its on-disk name ${quoted(canonical)} ends with the reserved suffix ${quoted(suffix)}, which collides with the parquet sidecar files trackio writes for a project named ${quoted(canonical.slice(0, -suffix.length))}. Choose a different project name.`,
    )
  }
}

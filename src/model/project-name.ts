import { TrackioError } from './errors.ts'

/** Tables that trackio's Parquet exports have beside the metrics. A Dataset names their files after them (`demo_system.parquet`), so no project's name may end so. */
export const SIDE_TABLES = [
  'system',
  'configs',
  'traces',
  'artifacts',
  'artifact_versions',
  'artifact_aliases',
  'run_artifact_links',
  'external_run_artifact_links',
] as const

/** The name that a project has on disk: letters, digits, `-` and `_` of what a person wrote; `default` when nothing is left. `my proj.é/x` → `myprojéx`. */
export function canonicalProject(name: string): string {
  return [...name].filter((letter) => /[\p{L}\p{N}_-]/u.test(letter)).join('') || 'default'
}

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

/** A text in quotes as Python shows it, so that messages read as trackio's do. */
export function quoted(text: string): string {
  const inner = text.replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/\r/g, '\\r').replace(/\t/g, '\\t')
  return inner.includes("'") && !inner.includes('"') ? `"${inner}"` : `'${inner.replace(/'/g, "\\'")}'`
}

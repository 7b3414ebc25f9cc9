/**
 * Tables that trackio's Parquet exports have beside the metrics. A Dataset names their files after them
 * (`demo_system.parquet`), so no project's name may end so.
 */
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

/**
 * The name that a project has on disk: letters, digits, `-` and `_` of what a person wrote; `default` when
 * nothing is left. `my proj.é/x` → `myprojéx`.
 */
export function canonicalProject(name: string): string {
  return [...name].filter((letter) => /[\p{L}\p{N}_-]/u.test(letter)).join('') || 'default'
}

/** A text in quotes as Python shows it, so that messages read as trackio's do. */
export function quoted(text: string): string {
  const inner = text.replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/\r/g, '\\r').replace(/\t/g, '\\t')
  return inner.includes("'") && !inner.includes('"') ? `"${inner}"` : `'${inner.replace(/'/g, "\\'")}'`
}

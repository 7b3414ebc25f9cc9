import { canonicalProject } from '../model/project-name.ts'

/** What is none would be a path of its own. */
export function isSha256(digest: string): boolean {
  return /^[0-9a-f]{64}$/.test(digest)
}

/** Path of an artifact's content below trackio's folder, by its SHA-256. `project`: canonical. */
export function blobPath(project: string, digest: string): string {
  return `artifacts/${project}/${withinBlobs(digest)}`
}

/** Where it may lie below a folder that a person gave: a static export has no project segment. */
export function artifactPaths(project: string, digest: string): string[] {
  if (!isSha256(digest)) return []
  return [blobPath(canonicalProject(project), digest), `artifacts/${withinBlobs(digest)}`]
}

function withinBlobs(digest: string): string {
  return `blobs/sha256/${digest.slice(0, 2)}/${digest}`
}

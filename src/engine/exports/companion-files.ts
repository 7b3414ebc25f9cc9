import { canonicalProject } from '../../model/project-name.ts'
import type { Tree, TreeEntry } from '../../storage/tree.ts'
import { stemOf, type Unit } from '../formats/layout.ts'
import type { ExportOptions } from './export-source.ts'

/** A project of a live server has no files. */
export type FileUnit = Exclude<Unit, { kind: 'server' }>

/** A media or artifact file beside a project's data. */
export interface Companion {
  entry: TreeEntry
  /** Where a static export has it: without the project's folder. */
  to: string
}

/** Media and artifact files of one project among those of a tree, as far as it lists them. */
export async function companions(
  tree: Tree,
  unit: FileUnit,
  signal?: AbortSignal | undefined,
): Promise<Companion[]> {
  const artifacts = `${unit.media.replace(/media\/$/, '')}artifacts/`
  const found: Companion[] = []
  for (const entry of await tree.list({ signal })) {
    const path = entry.path.replaceAll('\\', '/')
    const [folder, root] = path.startsWith(unit.media) ? [unit.media, 'media/'] : [artifacts, 'artifacts/']
    if (!path.startsWith(folder) || (folder === artifacts && path.includes('.partial.'))) continue
    const within = ownPart(unit, path.slice(folder.length))
    if (within !== undefined) found.push({ entry, to: root + within })
  }
  return found
}

/**
 * Media and artifact files as a static export has them, one after the other. Those that belong to other
 * projects stay out.
 */
export async function exportFiles(
  tree: Tree,
  unit: FileUnit,
  emit: (path: string, blob: Blob) => void | Promise<void>,
  { signal, onProgress }: ExportOptions = {},
): Promise<void> {
  const files = await companions(tree, unit, signal)
  const total = files.reduce((sum, { entry }) => sum + entry.size, 0)
  let done = 0
  for (const { entry, to } of files) {
    signal?.throwIfAborted()
    onProgress?.(to, done, total)
    await emit(to, await tree.blob(entry.path, { signal }))
    done += entry.size
  }
  onProgress?.('', total, total)
}

/**
 * What follows the project's folder in a path below media/ or artifacts/; undefined where it is another
 * project's. The folder is the canonical name, before
 * 0.30 the raw one, which may hold slashes.
 */
function ownPart(unit: FileUnit, path: string): string | undefined {
  // fragments name their project in each line; a static export has only one project, and no folder for it
  if (unit.kind === 'fragments' || (unit.kind === 'parquet' && unit.strip.length > 0)) return path
  const project = canonicalProject(unit.kind === 'parquet' ? unit.project : stemOf(unit.path))
  const parts = path.split('/')
  for (let i = 1; i < parts.length; i++)
    if (canonicalProject(parts.slice(0, i).join('/')) === project) return parts.slice(i).join('/')
  return undefined
}

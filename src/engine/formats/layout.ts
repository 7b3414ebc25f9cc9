import { isAside } from '../../model/data-files.mjs'
import type { Tree, TreeEntry, WaitOptions } from '../../storage/tree.ts'
import type { Listing } from './listing.ts'
import type { ProjectFiles } from './project-files.ts'
import { FORMATS } from './registry.ts'

export interface LayoutOptions extends Partial<Pick<Listing, 'listed' | 'certain'>> {
  name: Listing['name']
  /**
   * Id of the format that is shown where two hold the same project: a Dataset keeps stale databases beside its
   * Parquet files, a folder of this machine stale Parquet beside its databases.
   */
  prefer: string
}

/**
 * What a listing holds, in the order it is opened: what each format claims of it, and a project that two hold
 * once. Databases are the *.db of trackio's own directory (below it lie caches of registries, and copies made
 * before an upgrade); each has its log and the inbox of its folder. Then static exports, then the projects of
 * a scheduler's Dataset, then fragments alone. A single file of any name is tried as a database.
 */
export async function layoutOf(
  entries: readonly TreeEntry[],
  { prefer, listed = true, certain, name }: LayoutOptions,
): Promise<ProjectFiles[]> {
  const listing = { files: entries.filter(({ path }) => !isAside(path)), name, listed, certain }
  let claimed: ProjectFiles[] = []
  for (const format of FORMATS)
    claimed = withoutRivals([...claimed, ...(await format.claim(listing, claimed))], prefer)
  return claimed
}

/** The same of a tree; files whose names leave open what they are have been looked into. */
export async function projectsIn(
  tree: Tree,
  layout: LayoutOptions,
  wait: WaitOptions,
): Promise<ProjectFiles[]> {
  const entries = await tree.list(wait)
  const paths = entries.map(({ path }) => path)
  let certain: ReadonlySet<string> | undefined
  for (const { lookInto } of FORMATS) certain ??= await lookInto?.(paths, tree, wait)
  return layoutOf(entries, { ...layout, certain })
}

function withoutRivals(all: ProjectFiles[], prefer: string): ProjectFiles[] {
  const shown = new Map<string, string>()
  for (const { rival, format } of all)
    if (rival !== undefined && (format === prefer || !shown.has(rival))) shown.set(rival, format)
  return all.filter(({ rival, format }) => rival === undefined || shown.get(rival) === format)
}

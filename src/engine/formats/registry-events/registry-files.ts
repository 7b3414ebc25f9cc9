import { REGISTRY_FILE } from '../../../model/data-files.mjs'
import { registryProject } from '../../../model/registry.ts'
import type { TreeEntry } from '../../../storage/tree.ts'
import { addTo, byName, type Listing } from '../listing.ts'
import type { ProjectFiles } from '../project-files.ts'

const ID = 'registry'
const MANIFEST = /^(.*?)registries\/([^/]+)\/registry\.json$/

/** A registry in a bucket: one file that says it is there, and one for each thing that happened to it. */
export interface RegistryFiles extends ProjectFiles {
  format: typeof ID
  project: string
  manifest: TreeEntry
  /** In the order of their names, which is that of time. */
  events: TreeEntry[]
}

export function isRegistry(files: ProjectFiles): files is RegistryFiles {
  return files.format === ID
}

/** `trackio/registries/NAME/registry.json` with `events/UID.json` beside it. */
export function claimRegistries({ files }: Listing): RegistryFiles[] {
  const events = new Map<string, TreeEntry[]>()
  const manifests: TreeEntry[] = []
  for (const file of files) {
    if (!REGISTRY_FILE.test(file.path)) continue
    const [, folder] = /^(.*)events\/[^/]+\.json$/.exec(file.path) ?? []
    if (folder === undefined) manifests.push(file)
    else addTo(events, folder, file)
  }
  return manifests.sort(byName).map((manifest): RegistryFiles => {
    const [, above = '', name = ''] = MANIFEST.exec(manifest.path) ?? []
    const folder = manifest.path.replace(/registry\.json$/, '')
    return {
      format: ID,
      path: manifest.path,
      project: registryProject(name),
      media: `${above}media/`,
      manifest,
      events: (events.get(folder) ?? []).sort(byName),
    }
  })
}

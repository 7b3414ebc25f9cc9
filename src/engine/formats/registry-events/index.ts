import type { Format } from '../format.ts'
import { sizeOf, stampsOf } from '../listing.ts'
import { claimRegistries, type RegistryFiles } from './registry-files.ts'

/** Registries of a bucket: files of JSON. Few sources have any: what reads them is loaded when they are there. */
export const registryEvents: Format<RegistryFiles> = {
  id: 'registry',
  called: 'a registry of a bucket',
  claim: claimRegistries,
  stamp: ({ manifest, events }) => stampsOf([manifest, ...events]),
  own: ({ manifest, events }) => [manifest, ...events],
  bytes: ({ manifest, events }) => sizeOf([manifest, ...events]),
  async copy(files, tree) {
    const { copyFile } = await import('../copy-file.ts')
    return [files.manifest, ...files.events].map((entry) => copyFile(tree, files, entry))
  },
  open: async (...what) => (await import('./open.ts')).openRegistry(...what),
}

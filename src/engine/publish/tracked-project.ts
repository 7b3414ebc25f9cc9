import type { LocalStoreApi, PublisherApi } from '../../bridge/writer-api.ts'
import { TrackioError } from '../../model/errors.ts'
import { canonicalProject } from '../../model/project-name.ts'
import { filesTree } from '../../storage/files/files-tree.ts'
import { makeTokenTable } from '../../storage/http/token-table.ts'
import { layoutOf } from '../formats/layout.ts'
import { publish } from './publish.ts'
import type { PublishSource } from './static-files.ts'

/** Publishes what a tab tracks. */
export function makePublisher(store: Pick<LocalStoreApi, 'exportFiles'>): PublisherApi {
  const tokens = makeTokenTable()
  return {
    authorize: async (origin, token) => tokens.set(origin, token),
    async publish(project, options, waiting) {
      const source = await sourceOf(store, project)
      waiting?.signal?.throwIfAborted()
      return publish(source, options, { ...waiting, tokenFor: tokens.of })
    },
  }
}

/** A tracked project as it is stored now, a run that goes on logging to it or not. */
async function sourceOf(store: Pick<LocalStoreApi, 'exportFiles'>, project: string): Promise<PublishSource> {
  const files = (await store.exportFiles(project)).map(({ path, blob }) => ({
    path,
    file: blob instanceof File ? blob : new File([blob], path.slice(path.lastIndexOf('/') + 1)),
  }))
  const tree = filesTree(files)
  const [stored] = await layoutOf(await tree.list(), { name: project, prefer: 'database' })
  if (!stored)
    throw new TrackioError(
      project,
      'nothing is stored of this project in this browser',
      'Log to it first: trackio.init(), log(), finish().',
    )
  return { tree, files: stored, project: canonicalProject(project) }
}

import { methodsOver } from '../../bridge/rpc.ts'
import type { DeliverTo, DeskApi, WriterApi } from '../../bridge/writer-api.ts'
import { TrackioError } from '../../model/errors.ts'
import { canonicalProject } from '../../model/project-name.ts'
import type { Delivery } from './fragments-out.ts'
import type { PublishSource } from './static-files.ts'

/**
 * What a tab that tracks does with the Hub, on top of whoever owns the storage: rows of runs with a Space go to its inbox by themselves, projects are published when somebody asks. The
 * code for it is loaded with the first row or call that needs it; the token stays in this tab's worker.
 */
export function withHub(desk: DeskApi, locks?: Pick<LockManager, 'request'>): WriterApi {
  const deliveries = new Map<string, Promise<Delivery>>()
  const targets = new Map<string, DeliverTo>()

  function deliveryOf(project: string, space: string, to?: DeliverTo): Promise<Delivery> {
    const key = `${canonicalProject(project)} ${space}`
    if (to) targets.set(key, to)
    let delivery = deliveries.get(key)
    if (!delivery) {
      delivery = import('./fragments-out.ts').then(({ makeDelivery }) =>
        makeDelivery(space, targets.get(key) ?? {}, {
          take: (known) => desk.pending(project, space, known),
          clear: (ids) => desk.delivered(project, ids),
          media: (path) => desk.mediaFile(path),
          alone: (work) => (locks ? locks.request(`trackio-lite:deliver:${key}`, work) : work()),
        }),
      )
      deliveries.set(key, delivery)
    }
    return delivery
  }

  return methodsOver<WriterApi, DeskApi>(desk, {
    async begin(start) {
      const begun = await desk.begin(start)
      // what an earlier visit left goes out too
      if (isSpace(start.space)) (await deliveryOf(start.project, start.space, start.deliverTo)).soon()
      return begun
    },
    async write(batch) {
      const receipt = await desk.write(batch)
      if (isSpace(batch.space)) (await deliveryOf(batch.run.project, batch.space)).soon()
      return receipt
    },
    async authorize(origin, token) {
      const { setToken } = await import('../../storage/hub-requests.ts')
      setToken(origin, token)
      for (const delivery of deliveries.values()) (await delivery).wake()
    },
    async deliver(project, space, to) {
      if (isSpace(space)) return (await deliveryOf(project, space, to)).flush()
      return {
        state: 'kept',
        target: space,
        why: 'rows for a trackio server are not sent from a page',
        action: 'They are marked for it in the database: trackio sync from Python sends them.',
      }
    },
    async publish(project, options, waiting) {
      const { publish } = await import('./publish.ts')
      const source = await sourceOf(desk, project)
      waiting?.signal?.throwIfAborted()
      return publish(source, options, waiting)
    },
  })
}

/** A server is named by its address. */
function isSpace(target: string | null): target is string {
  return target !== null && !/^https?:/.test(target)
}

/** A tracked project as it is stored now, a run that goes on logging to it or not. */
async function sourceOf(desk: DeskApi, project: string): Promise<PublishSource> {
  const [{ filesTree }, { layoutOf }] = await Promise.all([import('../../storage/files.ts'), import('../layout.ts')])
  const files = (await desk.exportFiles(project)).map(({ path, blob }) => ({
    path,
    file: blob instanceof File ? blob : new File([blob], path.slice(path.lastIndexOf('/') + 1)),
  }))
  const tree = filesTree(files)
  const [unit] = layoutOf(await tree.list(), { name: project, prefer: 'database' })
  if (!unit)
    throw new TrackioError(
      project,
      'nothing is stored of this project in this browser',
      'Log to it first: trackio.init(), log(), finish().',
    )
  return { tree, unit, project: canonicalProject(project) }
}

import type { DeliveryApi, LocalStoreApi } from '../../bridge/writer-api.ts'
import { canonicalProject } from '../../model/project-name.ts'
import type { DeliverTo } from '../../model/tracking.ts'
import { makeTokenTable } from '../../storage/http/token-table.ts'
import { type Delivery, makeDelivery, type PendingStore } from './fragments-out.ts'

/**
 * Rows of runs with a Space go to its inbox by themselves. They wait with whoever owns the storage, which
 * `store` asks; the token stays with this end.
 */
export function makeDeliveries(
  store: Pick<LocalStoreApi, 'pending' | 'delivered' | 'mediaFile' | 'artifactBlob'>,
  locks?: Pick<LockManager, 'request'>,
): DeliveryApi {
  const tokens = makeTokenTable()
  const deliveries = new Map<string, Delivery>()
  const targets = new Map<string, DeliverTo>()

  function deliveryOf(project: string, space: string, to?: DeliverTo): Delivery {
    const key = `${canonicalProject(project)} ${space}`
    if (to) targets.set(key, to)
    let delivery = deliveries.get(key)
    if (!delivery) {
      const pending: PendingStore = {
        take: (known) => store.pending(project, space, known),
        clear: (ids) => store.delivered(project, ids),
        media: (path) => store.mediaFile(path),
        file: (path) =>
          path.startsWith('media/')
            ? store.mediaFile(path.slice('media/'.length))
            : store.artifactBlob(project, path.slice(path.lastIndexOf('/') + 1)),
        alone: (work) => (locks ? locks.request(`trackio-lite:deliver:${key}`, work) : work()),
      }
      delivery = makeDelivery(space, targets.get(key) ?? {}, pending, { tokenFor: tokens.of })
      deliveries.set(key, delivery)
    }
    return delivery
  }

  return {
    async authorize(origin, token) {
      tokens.set(origin, token)
      for (const delivery of deliveries.values()) delivery.wake()
    },
    soon: async (project, space, to) => deliveryOf(project, space, to).soon(),
    deliver: async (project, space, to) => deliveryOf(project, space, to).flush(),
  }
}

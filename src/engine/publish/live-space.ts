import { TrackioError } from '../../model/errors.ts'
import type { DeliverTo } from '../../model/tracking.ts'
import type { HubOptions } from '../../storage/hub/hub-requests.ts'
import { spaceDetails } from '../../storage/hub/hub-spaces.ts'
import { type HubWriter, hubWriter, whoWrites } from '../../storage/hub/hub-write.ts'

/**
 * The bucket that a live Space takes fragments from. Throws where there is none, or the Space is no live one,
 * in trackio's words.
 */
export async function bucketOfSpace(
  name: string,
  { bucketId }: DeliverTo,
  hub: HubOptions,
): Promise<HubWriter> {
  const me = await whoWrites({ type: 'space', id: name }, hub)
  const full = (given: string): string => (given.includes('/') ? given : `${me.name}/${given}`)
  const id = full(name)
  const space = await spaceDetails(id, hub)
  const subject = `spaces/${id}`
  if (!space) {
    throw new TrackioError(
      subject,
      'there is no such Space',
      'Make one with trackio in Python (trackio.init with this space_id); what is logged waits here for it.',
    )
  }
  if (space.sdk === 'static') {
    throw new TrackioError(
      subject,
      `Cannot log to Hugging Face Space '${id}' because it has been frozen (it uses the static SDK: a read-only dashboard with no live Trackio server).`,
      'Use a different spaceId for training; trackio.sync() publishes to this one what is stored here.',
    )
  }
  const mounted = space.buckets.find(({ mountPath }) => mountPath === '/data') ?? space.buckets[0]
  const bucket = bucketId === undefined ? mounted?.id : full(bucketId)
  if (bucket === undefined) {
    throw new TrackioError(
      subject,
      'has no bucket mounted, which it would take rows from',
      'Trackio 0.24 and newer mount one: bring the Space up to date (trackio sync from Python), or name its bucket (bucketId).',
    )
  }
  return hubWriter({ type: 'bucket', id: bucket }, hub)
}

import type { TrackingStart } from '../bridge/tracking-start.ts'
import { connectWriter } from '../bridge/writer-connect.ts'
import { serveWriter } from '../bridge/writer-serve.ts'
import { makeDeliveries } from '../engine/publish/deliveries.ts'

/** Brings rows that wait for a Space on their way; `store` is where they wait. */
export function serve({ port, store, here }: TrackingStart): void {
  if (!store) throw new Error('deliveries: no port to the writer')
  // a frame without an origin has locks that refuse everybody; nobody else sees its memory
  serveWriter(makeDeliveries(connectWriter(store).writer, here ? undefined : navigator.locks), port)
}

import type { TrackingEnd, TrackingStart } from '../bridge/tracking-start.ts'

const ENDS: Record<TrackingEnd, () => Promise<{ serve(start: TrackingStart): void }>> = {
  writer: () => import('./writer-end.ts'),
  deliver: () => import('./deliver-end.ts'),
  publish: () => import('./publish-end.ts'),
  reader: () => import('./reader-end.ts'),
}

addEventListener('message', async ({ data }: MessageEvent<TrackingStart & { end: TrackingEnd }>) => {
  const { serve } = await ENDS[data.end]()
  serve(data)
})

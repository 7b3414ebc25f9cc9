import type { LayoutCall, LayoutReply } from '../bridge/lineage-layout.ts'
import { buffersOf, type Picture, type PictureCall, pictureOf } from '../compute/lineage/picture.ts'

/* Folds and lays out graphs of lineage, one message each. */

addEventListener('message', ({ data }: MessageEvent<LayoutCall<PictureCall>>) => {
  const { id, graph } = data
  const begun = performance.now()
  const reply = (answer: LayoutReply<Picture>, transfer: ArrayBuffer[] = []): void =>
    postMessage(answer, { transfer })
  try {
    const layout = pictureOf(graph)
    reply({ id, layout, ms: performance.now() - begun }, buffersOf(layout))
  } catch (error) {
    reply({ id, error: error instanceof Error ? error.message : String(error) })
  }
})

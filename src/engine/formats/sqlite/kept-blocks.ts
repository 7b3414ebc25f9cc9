import type { Blocks, Image } from './database-image.ts'

/** What was read for rows of an image, which goes with it: for a few of them, and for many. */
export const looked = new WeakMap<Image, Blocks>()
export const swept = new WeakMap<Image, Blocks>()

export function blocksFor(image: Image): Blocks[] {
  return [looked.get(image), swept.get(image)].filter((blocks) => blocks !== undefined)
}

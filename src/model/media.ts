/** What a value that is looked at or listened to calls itself. */
export const MEDIA_KINDS = [
  'trackio.image',
  'trackio.video',
  'trackio.audio',
  'trackio.html',
  'trackio.object3d',
  'trackio.markdown',
] as const
export type MediaKind = (typeof MEDIA_KINDS)[number]

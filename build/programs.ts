import type { TrackingEnd } from '../src/bridge/tracking-start.ts'

/** The texts of the package: `trackio-<name>.js`. */
export type TrackingText = 'sqlite' | 'writer' | 'hub' | 'reader'

/**
 * What each program is put together of: tracking.ts writes the texts so, start-from-text.ts loads them so.
 */
export const PROGRAMS: Record<TrackingEnd, TrackingText[]> = {
  writer: ['sqlite', 'writer'],
  deliver: ['writer', 'hub'],
  publish: ['sqlite', 'writer', 'hub', 'reader'],
  reader: ['sqlite', 'writer', 'hub', 'reader'],
}

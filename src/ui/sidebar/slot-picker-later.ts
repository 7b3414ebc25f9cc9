import { lazy } from 'solid-js'

/** The colour picker of a run or group, fetched when the first one opens. */
export const SlotPicker = lazy(async () => ({ default: (await import('./slot-picker.tsx')).SlotPicker }))

import { type Otherwise, pickStep, whyNone } from '../../../compute/media-steps.ts'
import type { RunKey } from '../../../model/run.ts'
import type { MediaItem } from '../../../state/pages/media.ts'

/** What is looked at side by side: a run's key, at the page's step or at one of its own. */
export interface Pane {
  run: RunKey
  key: string
  /** It stays at this one, whatever the page's step is; null where none was logged. */
  step?: number | null | undefined
  /** Which of the values of one step. */
  n: number
}

/** As the address has it: `[["run","key",9200],["run","key",null,2]]`; '' for none. */
export function formatPanes(panes: readonly Pane[]): string {
  if (panes.length === 0) return ''
  return JSON.stringify(
    panes.map(({ run, key, step, n }) => {
      const parts: (string | number | null)[] = [run, key]
      if (step !== undefined || n > 0) parts.push(step === undefined ? '' : step)
      if (n > 0) parts.push(n)
      return parts
    }),
  )
}

/** What cannot be read is left out. */
export function parsePanes(text: string | undefined): Pane[] {
  if (!text) return []
  try {
    const read: unknown = JSON.parse(text)
    if (!Array.isArray(read)) return []
    return read.flatMap((parts: unknown): Pane[] => {
      if (!Array.isArray(parts)) return []
      const [run, key, step, n] = parts
      if (typeof run !== 'string' || typeof key !== 'string') return []
      const at = typeof step === 'number' || step === null ? step : undefined
      return [{ run, key, step: at, n: Number.isInteger(n) && n > 0 ? Number(n) : 0 }]
    })
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return []
  }
}

/** The pane of a value, of its run's values of that key by step. */
export function paneOf(item: MediaItem, all: readonly MediaItem[], pinned: boolean): Pane {
  const same = all.filter(({ step }) => Object.is(step, item.step))
  const n = Math.max(
    0,
    same.findIndex(({ id }) => id === item.id),
  )
  const step = Number.isFinite(item.step) ? item.step : null
  return { run: item.run, key: item.key, step: pinned || step === null ? step : undefined, n }
}

/** What a pane shows: a value, and the step that was asked for where it is another; or why there is none. */
export type Shown =
  | { item: MediaItem; asked: number | undefined; pinned: boolean }
  | { item: undefined; why: string }

export function shownIn(
  pane: Pane,
  all: readonly MediaItem[],
  asked: number | undefined,
  otherwise: Otherwise,
): Shown {
  if (all.length === 0) return { item: undefined, why: 'no such value in this project' }
  const of = (step: number): MediaItem | undefined => {
    const same = all.filter((item) => Object.is(item.step, step))
    return same[pane.n] ?? same[same.length - 1]
  }
  if (pane.step !== undefined) {
    const item = of(pane.step ?? Number.NaN)
    return item
      ? { item, asked: undefined, pinned: true }
      : { item: undefined, why: 'not logged at this step' }
  }
  const steps = all.map(({ step }) => step).filter(Number.isFinite)
  if (asked === undefined) return { item: all[0] as MediaItem, asked: undefined, pinned: false }
  const picked = pickStep(steps, asked, otherwise)
  const item = picked === undefined ? undefined : of(picked)
  if (!item && steps.length === 0) return { item: undefined, why: 'logged without a step' }
  if (!item) return { item: undefined, why: whyNone(steps, asked, otherwise) }
  return { item, asked: picked === asked ? undefined : asked, pinned: false }
}

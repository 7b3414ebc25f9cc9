import type { SMOOTHING_KINDS } from '../model/view.ts'

/** Kinds of smoothing, as they are called. */
export const KIND_NAMES: Record<(typeof SMOOTHING_KINDS)[number], string> = {
  mean: 'Mean',
  gaussian: 'Gaussian',
  ema: 'EMA, debiased',
  'time-ema': 'EMA over time',
  median: 'Median',
}

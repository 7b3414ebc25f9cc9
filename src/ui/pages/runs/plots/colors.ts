import { PALETTES } from '../../../../compute/color.ts'
import type { PlotAxis } from '../../../../compute/plot-axis.ts'
import { RAMP_STEPS, rampColors, rampStep } from '../../../../compute/ramp.ts'

/** Colours of runs by a column: a scale for numbers, colours of their own for words. */
export interface RunColors {
  /** `scale`: by share along it; `own`: a colour for each run. */
  kind: 'scale' | 'own'
  /** Share along the scale, 0 to 1; NaN where a run has no value. */
  shares: Float64Array
  /** The least value is the last of the scale: where less is better, the best is the darkest. */
  reversed: boolean
  /** CSS colour of a run; the neutral one where it has no value. */
  of(run: number): string
  /** Values that stand in the key, where they are few: number or word, colour, how many runs. */
  each: { value: number | string; color: string; share: number }[] | undefined
}

/**
 * Of numbers by their place on the axis; of few distinct ones by their rank, so that each has a step of its own.
 */
export function columnColors(
  axis: PlotAxis,
  theme: 'light' | 'dark',
  neutral: string,
  reversed: boolean,
): RunColors {
  if (axis.kind === 'words') return wordColors(axis, theme, neutral)
  const ramp = rampColors(theme)
  const each = axis.each && axis.each.length <= RAMP_STEPS ? axis.each : undefined
  const turned = (share: number): number => (reversed ? 1 - share : share)
  const rank = new Map(
    each?.map((value, i) => [axis.share(value), each.length < 2 ? 0.5 : turned(i / (each.length - 1))]),
  )
  const shares = axis.shares.map((share) => (each ? (rank.get(share) ?? Number.NaN) : turned(share)))
  const colorAt = (share: number): string => (share === share ? (ramp[rampStep(share)] ?? neutral) : neutral)
  return {
    kind: 'scale',
    shares,
    of: (run) => colorAt(shares[run] ?? Number.NaN),
    reversed,
    each: each?.map((value) => {
      const share = rank.get(axis.share(value)) ?? 0
      return { value, share, color: colorAt(share) }
    }),
  }
}

/** The colours of runs, each word its own; after ten they are the same again. */
function wordColors(axis: PlotAxis, theme: 'light' | 'dark', neutral: string): RunColors {
  const palette = PALETTES[theme]
  const colorOf = new Map(axis.words.map((_, i) => [axis.share(i), palette[i % palette.length] ?? neutral]))
  return {
    kind: 'own',
    shares: axis.shares,
    reversed: false,
    of: (run) => colorOf.get(axis.shares[run] ?? Number.NaN) ?? neutral,
    each: axis.words.map((value, i) => ({
      value,
      share: axis.share(i),
      color: colorOf.get(axis.share(i)) ?? neutral,
    })),
  }
}

/** Each run in the colour that charts draw it in. */
export function ownColors(runs: number, colorOf: (run: number) => string): RunColors {
  return {
    kind: 'own',
    shares: new Float64Array(runs).fill(Number.NaN),
    reversed: false,
    of: colorOf,
    each: undefined,
  }
}

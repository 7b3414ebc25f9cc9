import { formatCount } from './number.ts'
import { lowerBound } from './thin.ts'

/** What stands where a run logged nothing at the asked step. */
export type Otherwise = { kind: 'nothing' } | { kind: 'nearest' } | { kind: 'before'; within: number }

/** Steps that were logged by some runs. */
export interface StepTicks {
  /** Distinct, ascending. */
  steps: Float64Array
  /** 1 where every one of the runs logged. */
  every: Uint8Array
}

/** The union of steps, each run's in any order and with repeats; steps that are no numbers are left out. */
export function unionSteps(runs: readonly ArrayLike<number>[]): StepTicks {
  const counts = new Map<number, number>()
  for (const run of runs)
    for (const step of new Set(Array.from(run))) {
      if (Number.isFinite(step)) counts.set(step, (counts.get(step) ?? 0) + 1)
    }
  const steps = Float64Array.from(counts.keys()).sort()
  return { steps, every: Uint8Array.from(steps, (step) => (counts.get(step) === runs.length ? 1 : 0)) }
}

/**
 * The step of a run that stands for `asked`, of its steps in ascending order; undefined for none. Of two that are
 * as near, the earlier one.
 */
export function pickStep(steps: ArrayLike<number>, asked: number, otherwise: Otherwise): number | undefined {
  const at = lowerBound(steps, asked)
  if (steps[at] === asked) return asked
  if (otherwise.kind === 'nothing') return undefined
  const before = steps[at - 1]
  if (otherwise.kind === 'before')
    return before !== undefined && asked - before <= otherwise.within ? before : undefined
  const after = steps[at]
  if (before === undefined || after === undefined) return before ?? after
  return after - asked < asked - before ? after : before
}

/** The tick that is nearest to a step; undefined where there is none. */
export function nearestTick(steps: ArrayLike<number>, step: number): number | undefined {
  return pickStep(steps, step, { kind: 'nearest' })
}

/** The tick `by` places on from `step`, held at both ends. */
export function tickFrom(steps: ArrayLike<number>, step: number, by: number): number | undefined {
  const at = lowerBound(steps, step)
  // from between two ticks the next one is one place away
  const from = by > 0 && steps[at] !== step ? at - 1 : at
  return steps[Math.max(0, Math.min(steps.length - 1, from + by))]
}

/** The steps of values, together where they are of one `kind`. */
export function stepsBy<T extends { step: number }>(
  values: Iterable<T>,
  kind: (value: T) => string,
): number[][] {
  const known = new Map<string, number[]>()
  for (const value of values) {
    const of = kind(value)
    const steps = known.get(of)
    if (steps) steps.push(value.step)
    else known.set(of, [value.step])
  }
  return [...known.values()]
}

/**
 * How far back "last before" looks where nobody chose: the largest median distance between the steps of one
 * (of an even number of distances the larger one in the middle), so that what is logged less often than the rest
 * is still in the picture between its steps. 0 where nothing has two steps. One is a key of a run: of keys that
 * are logged in turn, the run's own steps lie nearer than those of any of them.
 */
export function usualGap(ones: readonly ArrayLike<number>[]): number {
  let most = 0
  for (const one of ones) {
    const steps = Float64Array.from(new Set(Array.from(one).filter(Number.isFinite))).sort()
    if (steps.length < 2) continue
    const gaps = steps.subarray(1).map((step, i) => step - (steps[i] ?? 0))
    gaps.sort()
    most = Math.max(most, gaps[gaps.length >> 1] ?? 0)
  }
  return most
}

/** Why nothing stands for a step, of a run's steps in ascending order. */
export function whyNone(steps: ArrayLike<number>, asked: number, otherwise: Otherwise): string {
  const [first, last] = [steps[0], steps[steps.length - 1]]
  if (first === undefined || last === undefined) return 'run has none'
  if (asked > last) return `run ended at ${formatCount(last)}`
  if (asked < first) return `run begins at ${formatCount(first)}`
  if (otherwise.kind === 'before') return `none within ${formatCount(otherwise.within)}`
  return `between ${formatCount(steps[lowerBound(steps, asked) - 1] ?? first)} and ${formatCount(steps[lowerBound(steps, asked)] ?? last)}`
}

/** As the address writes it; '' for the usual one. */
export function otherwiseText(otherwise: Otherwise, usual: number): string {
  if (otherwise.kind !== 'before') return otherwise.kind
  return otherwise.within === usual ? '' : `before:${otherwise.within}`
}

export function parseOtherwise(text: string | undefined, usual: number): Otherwise {
  if (text === 'nothing' || text === 'nearest') return { kind: text }
  const within = Number(/^before:(.+)$/.exec(text ?? '')?.[1] ?? Number.NaN)
  return { kind: 'before', within: within >= 0 ? within : usual }
}

/** `1st`, `22nd`, `13th`. */
export function ordinal(n: number): string {
  const ten = n % 100
  const end = ten > 10 && ten < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')
  return `${formatCount(n)}${end}`
}

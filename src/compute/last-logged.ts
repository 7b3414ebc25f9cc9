/** Something that a run logged at a step, NaN where none was logged. */
interface AtStep {
  step: number
}

/** What a run logged last: all of its greatest step; without any step, the last one. In the order in which it was logged. */
export function lastLogged<T extends AtStep>(values: readonly T[]): T[] {
  let last = Number.NaN
  for (const { step } of values) if (Number.isFinite(step) && !(step <= last)) last = step
  return Number.isNaN(last) ? values.slice(-1) : values.filter(({ step }) => step === last)
}

/**
 * The step at which what several runs logged is held against each other: the last one that all of them have. Where
 * they share none, the last one that the first of them to end has, if the others had begun by then; else undefined,
 * which is the last one of each.
 */
export function commonStep(runs: readonly (readonly number[])[]): number | undefined {
  const all = runs.map((steps) => new Set(steps.filter(Number.isFinite)))
  if (all.length === 0 || all.some(({ size }) => size === 0)) return undefined
  const [first, ...others] = all as [Set<number>, ...Set<number>[]]
  const shared = [...first].filter((step) => others.every((steps) => steps.has(step)))
  if (shared.length > 0) return greatest(shared)
  const end = Math.min(...all.map(greatest))
  return all.every((steps) => [...steps].some((step) => step <= end)) ? end : undefined
}

function greatest(steps: Iterable<number>): number {
  let most = -Infinity
  for (const step of steps) most = Math.max(most, step)
  return most
}

/** Steps and times of a run's rows. */
export interface RunClock {
  /** ms since 1970. It never goes back, whatever the clock of the machine does: rows are ordered by it. */
  now(): number
  /** The step of the next row: the one given, else one above the largest so far. */
  step(given: number | undefined): number
  /** The largest step so far; 0 before the first row. */
  lastStep(): number
  /** A resumed run goes on from what is stored: `nextStep`, and `lastTime` in ms. */
  continueFrom(stored: { nextStep: number; lastTime: number }): void
}

export function makeRunClock(): RunClock {
  let next = 0
  let last = 0
  return {
    now() {
      last = Math.max(last, Date.now())
      return last
    },
    step(given) {
      const step = given ?? next
      next = Math.max(next, step + 1)
      return step
    },
    lastStep: () => Math.max(next - 1, 0),
    continueFrom({ nextStep, lastTime }) {
      next = nextStep
      last = Math.max(last, lastTime)
    },
  }
}

import { quoted } from '../../model/project-name.ts'
import { warn } from '../base/warn.ts'

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

/** The step that `log` was given, if any. Throws a TypeError for what is none. */
export function stepOf(given: unknown): number | undefined {
  const step = typeof given === 'object' && given !== null ? stepOption(given) : given
  if (step === undefined || step === null) return undefined
  if (typeof step !== 'number' && typeof step !== 'bigint')
    throw new TypeError(`step must be a number, not ${quoted(String(step))}`)
  const number = Number(step)
  if (!Number.isFinite(number)) throw new TypeError(`step must be a finite number, not ${number}`)
  return number
}

function stepOption(options: object): unknown {
  for (const key of Object.keys(options))
    if (key !== 'step') warn(`trackio.log() has no option '${key}': every call makes one row`)
  return Reflect.get(options, 'step')
}

export interface Queue {
  /** Runs `job` in a coming animation frame; a second job of the same owner replaces the first. */
  add(owner: object, job: () => void): void
  remove(owner: object): void
}

/**
 * One animation frame callback for all charts. Jobs run in order until `budget` ms are used; the rest wait
 * for the next frame.
 */
export function makeQueue(budget: number): Queue {
  const jobs = new Map<object, () => void>()
  let asked = false

  function ask(): void {
    if (asked) return
    asked = true
    // Background tabs get no animation frames, but the page must settle there too.
    if (document.hidden) setTimeout(run, 30)
    else requestAnimationFrame(run)
  }

  function run(): void {
    asked = false
    const start = performance.now()
    // Jobs added by a job still run in this frame: a moved pointer, then the crosshairs that follow it.
    for (const [owner, job] of jobs) {
      jobs.delete(owner)
      job()
      if (performance.now() - start > budget) break
    }
    if (jobs.size > 0) ask()
  }

  return {
    add(owner, job) {
      jobs.set(owner, job)
      ask()
    },
    remove(owner) {
      jobs.delete(owner)
    },
  }
}

/**
 * Creating and redrawing charts: the nine of a window in one frame where they take 30 ms, so that a slider's
 * pictures belong together.
 */
export const drawQueue = makeQueue(30)
/** Crosshairs: all charts move in the same frame. */
export const overlayQueue = makeQueue(Infinity)

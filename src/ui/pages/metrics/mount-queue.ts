/**
 * Charts are made within this many milliseconds of a frame; the rest wait for the next one, so that scrolling
 * stays smooth.
 */
const BUDGET_MS = 7
/** Charts in sight of a page at rest: a first screen in one frame is seen sooner than in six. */
const IN_SIGHT_MS = 45

export interface MountQueue {
  /** Runs `job` soon: urgent ones first. The result takes it out again. */
  add(job: () => void, urgent: () => boolean): () => void
  /** Jobs that are urgent and not yet done. */
  onChange(listener: (urgent: boolean) => void): void
}

interface Job {
  run: () => void
  urgent: () => boolean
}

/**
 * `moving`: one job every other frame is enough; a chart costs about 8 ms of script and painting together.
 */
export function makeMountQueue(moving: () => boolean): MountQueue {
  const jobs = new Set<Job>()
  let asked = false
  let skipped = false
  let listener: ((urgent: boolean) => void) | undefined
  let said = false

  function ask(first: boolean): void {
    if (asked) return
    asked = true
    // the first charts need no frame to wait for, and hidden tabs have none
    if (first || document.hidden) queueMicrotask(flush)
    else requestAnimationFrame(flush)
  }

  function flush(): void {
    asked = false
    skipped = moving() && !skipped && !document.hidden
    if (skipped) return ask(false)
    const start = performance.now()
    const waiting = [...jobs]
    const order = [...waiting.filter((job) => job.urgent()), ...waiting.filter((job) => !job.urgent())]
    for (const job of order) {
      if (!jobs.delete(job)) continue
      job.run()
      if (moving() || performance.now() - start > (job.urgent() ? IN_SIGHT_MS : BUDGET_MS)) break
    }
    say()
    if (jobs.size > 0) ask(false)
  }

  function say(): void {
    const urgent = [...jobs].some((job) => job.urgent())
    if (urgent === said) return
    said = urgent
    listener?.(urgent)
  }

  return {
    add(run, urgent) {
      const job = { run, urgent }
      const first = jobs.size === 0
      jobs.add(job)
      if (!said && urgent()) {
        said = true
        listener?.(true)
      }
      ask(first)
      return () => {
        if (jobs.delete(job)) say()
      }
    },
    onChange(next) {
      listener = next
    },
  }
}

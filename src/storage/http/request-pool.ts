/**
 * Requests under way at one Hub and the store behind it: more would be slower for everybody and cost its good
 * will.
 */
const AT_ONCE = 4
/** The Hub counts in windows of five minutes, so a longer pause than that is no pause but a refusal. */
const LONGEST_PAUSE = 300

/** Turns at one Hub, and the pause it asked for. One for each Hub, however many trees are open. */
export interface Pool {
  /**
   * Runs `work` when a place is free. Rejects as an aborted fetch does, without having started, when the
   * signal ends first.
   */
  run<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T>
  /** No request starts before this time, ms since 1970. */
  quietUntil: number
}

export function makePool(atOnce = AT_ONCE): Pool {
  const waiting: (() => void)[] = []
  let running = 0
  const pool: Pool = {
    quietUntil: 0,
    async run(signal, work) {
      signal?.throwIfAborted()
      if (running >= atOnce) await turn(signal)
      else running++
      try {
        return await work()
      } finally {
        const next = waiting.shift()
        if (next) next()
        else running--
      }
    },
  }
  return pool

  /** Whoever leaves hands the place over, so `running` stays as it is. */
  function turn(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const go = (): void => {
        signal?.removeEventListener('abort', giveUp)
        resolve()
      }
      const giveUp = (): void => {
        waiting.splice(waiting.indexOf(go), 1)
        reject(signal?.reason)
      }
      signal?.addEventListener('abort', giveUp, { once: true })
      waiting.push(go)
    })
  }
}

/**
 * Seconds that an answer 429 wants nothing to be asked: `t` of `RateLimit: "api";r=0;t=55`, or Retry-After in
 * seconds or as a date. Undefined where neither is readable, as in pages: the Hub does not expose them to
 * other origins.
 */
export function pauseOf(header: (name: string) => string | undefined, now: number): number | undefined {
  const left = /(?:^|[;,]\s*)t\s*=\s*(\d+)/.exec(header('ratelimit') ?? '')?.[1]
  if (left !== undefined) return Number(left)
  const after = header('retry-after')
  if (after === undefined) return undefined
  if (/^\s*\d+\s*$/.test(after)) return Number(after)
  const date = Date.parse(after)
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000))
}

/**
 * How long to wait before asking again, s; undefined: not at all. `waited` is what this request has waited
 * already. Where nobody says how long, 5, 10, 20, 40 and 80 s are tried.
 */
export function nextPause(wanted: number | undefined, attempt: number, waited: number): number | undefined {
  const pause = wanted === undefined ? 5 * 2 ** attempt : Math.max(1, wanted)
  return attempt < 5 && waited + pause <= LONGEST_PAUSE ? pause : undefined
}

/**
 * Questions of one turn, asked as one: a message less for each of them. Whoever gives up is told at once; the
 * request is given up once all have.
 */
export function together<Q, A>(
  askAll: (queries: Q[], signal: AbortSignal) => Promise<A[]>,
): (query: Q, signal?: AbortSignal) => Promise<A> {
  interface Asked {
    query: Q
    signal: AbortSignal | undefined
    resolve(answer: A): void
    reject(error: unknown): void
  }
  let turn: Asked[] = []

  function send(): void {
    const asked = turn.filter(({ signal }) => !signal?.aborted)
    turn = []
    if (asked.length === 0) return
    const abort = new AbortController()
    let left = asked.length
    for (const { signal } of asked)
      signal?.addEventListener('abort', () => --left === 0 && abort.abort(), { once: true })
    askAll(
      asked.map(({ query }) => query),
      abort.signal,
    ).then(
      (answers) => {
        for (const [i, { resolve }] of asked.entries()) resolve(answers[i] as A)
      },
      (error) => {
        for (const { reject } of asked) reject(error)
      },
    )
  }

  return (query, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      if (turn.length === 0) queueMicrotask(send)
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
      turn.push({ query, signal, resolve, reject })
    })
}

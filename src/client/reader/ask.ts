import type { EngineApi } from '../../bridge/engine-api.ts'

/** `signal` ends the work; the call is then rejected with an AbortError. */
export interface ReadOptions {
  signal?: AbortSignal | undefined
}

export type Question<T> = (engine: EngineApi) => Promise<T>

/** An answer of the engine that reads, or why there will be none. */
export type Ask = <T>(question: Question<T>) => Promise<T>

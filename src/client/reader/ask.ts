/** `signal` ends the work; the call is then rejected with an AbortError. */
export interface ReadOptions {
  signal?: AbortSignal | undefined
}

export type { AskEngine as Ask } from '../../bridge/ask-engine.ts'

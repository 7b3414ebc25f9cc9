import type { EngineApi } from './engine-api.ts'

/** An answer of the engine that reads, or why there will be none. */
export type AskEngine = <T>(question: (engine: EngineApi) => Promise<T>) => Promise<T>

import type { EngineApi } from '../src/bridge/engine-api.ts'
import type { Answers } from '../src/model/questions.ts'

/**
 * An engine of which nothing but this is asked: answers to questions by their kinds, and methods; all else
 * fails.
 */
export function engineDouble(given: Partial<Answers & Omit<EngineApi, 'ask'>>): EngineApi {
  const missing = async (): Promise<never> => {
    throw new Error('not expected')
  }
  const { open = missing, refresh = missing, close = missing, authorize = missing, beside = missing } = given
  const { watch = missing, cancel = missing, resume = missing, onEvent = missing, ...answers } = given
  return {
    ...{ open, refresh, close, authorize, beside, watch, cancel, resume, onEvent },
    async ask(kind, query?: unknown, waiting = {}) {
      const answer: unknown = Reflect.get(answers, kind)
      if (typeof answer !== 'function') return missing()
      return answer(query, waiting)
    },
  }
}

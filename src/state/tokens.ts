import type { EngineApi } from '../bridge/engine-api.ts'

const KEY = 'trackio-lite-tokens'

/** Tokens by origin. They stay in this tab (sessionStorage where there is one) and go to the origin they were given for, to no other. */
export interface Tokens {
  has(origin: string): boolean
  set(origin: string, token: string | undefined): Promise<void>
  origins(): string[]
}

export function makeTokens(engine: EngineApi): Tokens {
  const storage = findStorage()
  const tokens = new Map<string, string>(readTokens(storage))
  for (const [origin, token] of tokens) void engine.authorize(origin, token)
  return {
    has: (origin) => tokens.has(origin),
    async set(origin, token) {
      if (token === undefined) tokens.delete(origin)
      else tokens.set(origin, token)
      try {
        storage?.setItem(KEY, JSON.stringify([...tokens]))
      } catch (error) {
        if (!(error instanceof DOMException)) throw error // full or blocked since: the token lasts as long as the page
      }
      await engine.authorize(origin, token)
    },
    origins: () => [...tokens.keys()],
  }
}

function findStorage(): Storage | undefined {
  try {
    return window.sessionStorage
  } catch {
    return undefined // blocked: merely reading the property throws in third-party frames
  }
}

function readTokens(storage: Storage | undefined): [string, string][] {
  try {
    const value: unknown = JSON.parse(storage?.getItem(KEY) ?? '[]')
    if (!Array.isArray(value)) return []
    return value.filter((one): one is [string, string] => Array.isArray(one) && typeof one[0] === 'string' && typeof one[1] === 'string')
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof DOMException) return []
    throw error
  }
}

import type { EngineApi } from '../../bridge/engine-api.ts'

const KEY = 'trackio-lite-tokens'

/**
 * Tokens by origin. They stay in this tab (sessionStorage where there is one) and go to the origin they were
 * given for, to no other.
 */
export interface Tokens {
  has(origin: string): boolean
  /** Rejects where it can be no token. */
  set(origin: string, token: string | undefined): Promise<void>
  origins(): string[]
}

export function makeTokens(engine: EngineApi): Tokens {
  const storage = findStorage()
  const tokens = new Map<string, string>(readTokens(storage))
  // what this tab kept was taken before; an engine that is gone says so to whoever opens something
  for (const [origin, token] of tokens) engine.authorize({ origin, token }).catch(() => undefined)
  return {
    has: (origin) => tokens.has(origin),
    async set(origin, token) {
      // what can be no token is refused here, and not kept
      await engine.authorize({ origin, token })
      if (token === undefined) tokens.delete(origin)
      else tokens.set(origin, token)
      try {
        storage?.setItem(KEY, JSON.stringify([...tokens]))
      } catch (error) {
        // full or blocked since: the token lasts as long as the page
        if (!(error instanceof DOMException)) throw error
      }
    },
    origins: () => [...tokens.keys()],
  }
}

/**
 * An address as trackio's server prints it, `http://127.0.0.1:7860/?write_token=…`, without its token:
 * addresses are shown, kept and copied.
 */
export function splitToken(text: string): { text: string; origin?: string; token?: string } {
  if (!text.includes('write_token=')) return { text }
  const whole = /^[a-z]+:\/\//i.test(text) ? text : `http://${text}`
  const address = URL.canParse(whole) ? new URL(whole) : undefined
  const plain = text.replace(/([?&])write_token=[^&#]*(&?)/g, (_, before: string, after: string) =>
    after ? before : '',
  )
  const token = address?.searchParams.get('write_token')
  return address && token ? { text: plain, origin: address.origin, token } : { text: plain }
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
    return value.filter(
      (one): one is [string, string] =>
        Array.isArray(one) && typeof one[0] === 'string' && typeof one[1] === 'string',
    )
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof DOMException) return []
    throw error
  }
}

import type { EngineApi } from '../../bridge/engine-api.ts'
import { splitToken, takeWriteToken } from '../../model/write-token.ts'
import { LINK_PARAMETERS } from '../address/source-parameters.ts'

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
 * Takes the tokens out of this page's address, its own and those of addresses that it is to open: by origin.
 * Before anything else reads the address.
 */
export function takeTokens(): Map<string, string> {
  const address = new URL(window.location.href)
  const { searchParams: query } = address
  const tokens = new Map<string, string>()
  const own = takeWriteToken(address)
  if (own && address.origin !== 'null') tokens.set(address.origin, own)
  for (const name of LINK_PARAMETERS) {
    const found = query.getAll(name).map(splitToken)
    for (const { origin, token } of found)
      if (origin !== undefined && token !== undefined) tokens.set(origin, token)
    if (!found.some(({ token }) => token !== undefined)) continue
    query.delete(name)
    for (const { text } of found) query.append(name, text)
  }
  if (own || tokens.size > 0) history.replaceState(null, '', address)
  return tokens
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

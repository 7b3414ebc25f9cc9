/** The Hub's answer to a sign-in that began here. */
export interface Redirected {
  origin: string
  nonce: string
  codeVerifier: string
  address: string
}

/** Where the sign-in began, and the secrets that prove the answer is to this page's question. */
export const KEY = 'trackio-lite-sign-in'

/**
 * Takes the Hub's answer out of the address and puts back the one that the person left. Before anything else
 * reads the address.
 */
export function takeRedirected(): Redirected | undefined {
  const address = window.location.href
  const search = new URLSearchParams(window.location.search)
  if (!canStore() || !search.has('state') || !(search.has('code') || search.has('error'))) return undefined
  const begun = readBegun()
  const { origin, nonce, codeVerifier } = begun
  if (typeof origin !== 'string' || typeof nonce !== 'string' || typeof codeVerifier !== 'string')
    return undefined
  sessionStorage.removeItem(KEY)
  history.replaceState(null, '', `${window.location.pathname}${begun.search ?? ''}${begun.hash ?? ''}`)
  return { origin, nonce, codeVerifier, address }
}

function readBegun(): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? 'null')
    return isRecord(value) ? value : {}
  } catch (error) {
    if (error instanceof SyntaxError) return {} // written by something else
    throw error
  }
}

/** Whether this page may keep something for as long as its tab is open. */
export function canStore(): boolean {
  try {
    return window.sessionStorage !== null
  } catch {
    return false // blocked: merely reading the property throws in third-party frames
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

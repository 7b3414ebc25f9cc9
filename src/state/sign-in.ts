import type { Tokens } from './tokens.ts'

/** Sign-in with the Hub (OAuth, PKCE, no secret): offered where the page knows a client id. */
export interface SignIn {
  offered(origin: string): boolean
  /** Leaves the page for the Hub's, which comes back with an answer. */
  start(origin: string): Promise<void>
  /** Exchanges the answer that the Hub sent the person back with for a token. */
  finish(answer: Redirected): Promise<void>
}

/** The Hub's answer to a sign-in that began here. */
export interface Redirected {
  origin: string
  nonce: string
  codeVerifier: string
  address: string
}

const SCOPES = 'openid profile read-repos gated-repos'

/** What a static Space's page is told by the Hub: `huggingface.variables`; elsewhere the page's own meta tag names a client id. */
function clientOf(): { id: string; scopes: string } | undefined {
  const given: unknown = Reflect.get(window, 'huggingface')
  const variables: unknown = isRecord(given) ? given.variables : undefined
  if (isRecord(variables) && typeof variables.OAUTH_CLIENT_ID === 'string') {
    return { id: variables.OAUTH_CLIENT_ID, scopes: typeof variables.OAUTH_SCOPES === 'string' ? variables.OAUTH_SCOPES : SCOPES }
  }
  const id = document.querySelector('meta[name="trackio-lite-oauth-client"]')?.getAttribute('content')
  return id ? { id, scopes: SCOPES } : undefined
}

/** Where the sign-in began, and the secrets that prove the answer is to this page's question. */
const KEY = 'trackio-lite-sign-in'

export function makeSignIn(tokens: Tokens): SignIn {
  return {
    offered: () => clientOf() !== undefined && canStore(),
    async start(origin) {
      const client = clientOf()
      if (!client) return
      const { oauthLoginUrl } = await import('@huggingface/hub')
      const { origin: own, pathname, search, hash } = window.location
      const secrets: { codeVerifier?: string; nonce?: string } = {}
      const asked = { clientId: client.id, scopes: client.scopes, hubUrl: origin, redirectUrl: own + pathname, localStorage: secrets }
      const address = await oauthLoginUrl(asked)
      sessionStorage.setItem(KEY, JSON.stringify({ origin, search, hash, ...secrets }))
      window.location.href = address
    },
    async finish({ origin, nonce, codeVerifier, address }) {
      const { oauthHandleRedirect } = await import('@huggingface/hub')
      const { accessToken } = await oauthHandleRedirect({ hubUrl: origin, redirectedUrl: address, nonce, codeVerifier })
      await tokens.set(origin, accessToken)
    },
  }
}

/** Takes the Hub's answer out of the address and puts back the one that the person left. Before anything else reads the address. */
export function takeRedirected(): Redirected | undefined {
  const address = window.location.href
  const search = new URLSearchParams(window.location.search)
  if (!canStore() || !search.has('state') || !(search.has('code') || search.has('error'))) return undefined
  const begun: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? 'null')
  if (!isRecord(begun)) return undefined
  const { origin, nonce, codeVerifier } = begun
  if (typeof origin !== 'string' || typeof nonce !== 'string' || typeof codeVerifier !== 'string') return undefined
  sessionStorage.removeItem(KEY)
  history.replaceState(null, '', `${window.location.pathname}${begun.search ?? ''}${begun.hash ?? ''}`)
  return { origin, nonce, codeVerifier, address }
}

function canStore(): boolean {
  try {
    return window.sessionStorage !== null
  } catch {
    return false // blocked: merely reading the property throws in third-party frames
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

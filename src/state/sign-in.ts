import type { Tokens } from './tokens.ts'

/** Sign-in with the Hub (OAuth, PKCE, no secret): offered where the page knows a client id. */
export interface SignIn {
  offered(origin: string): boolean
  /** Leaves the page for the Hub's, which comes back with a token. */
  start(origin: string): Promise<void>
  /** Takes the answer out of the address, where the Hub has just sent the person back; false where it has not. */
  finish(): Promise<boolean>
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
    async finish() {
      const search = new URLSearchParams(window.location.search)
      if (!canStore() || !search.has('state') || !(search.has('code') || search.has('error'))) return false
      const begun: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? 'null')
      if (!isRecord(begun)) return false
      const { origin, nonce, codeVerifier } = begun
      if (typeof origin !== 'string' || typeof nonce !== 'string' || typeof codeVerifier !== 'string') return false
      sessionStorage.removeItem(KEY)
      const { oauthHandleRedirect } = await import('@huggingface/hub')
      try {
        const { accessToken } = await oauthHandleRedirect({ hubUrl: origin, nonce, codeVerifier })
        await tokens.set(origin, accessToken)
      } finally {
        history.replaceState(null, '', `${window.location.pathname}${begun.search ?? ''}${begun.hash ?? ''}`)
      }
      return true
    },
  }
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

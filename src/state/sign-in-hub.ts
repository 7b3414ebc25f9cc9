import { canStore, isRecord, KEY, type Redirected } from './sign-in.ts'
import type { Tokens } from './tokens.ts'

/* Sign-in with the Hub (OAuth, PKCE, no secret): offered where the page knows a client id. */

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

/** Whether this page can offer a sign-in. */
export function offersSignIn(): boolean {
  return clientOf() !== undefined && canStore()
}

/** Leaves the page for the Hub's, which comes back with an answer. */
export async function startSignIn(origin: string): Promise<void> {
  const client = clientOf()
  if (!client) return
  const { oauthLoginUrl } = await import('@huggingface/hub')
  const { origin: own, pathname, search, hash } = window.location
  const secrets: { codeVerifier?: string; nonce?: string } = {}
  const asked = { clientId: client.id, scopes: client.scopes, hubUrl: origin, redirectUrl: own + pathname, localStorage: secrets }
  const address = await oauthLoginUrl(asked)
  sessionStorage.setItem(KEY, JSON.stringify({ origin, search, hash, ...secrets }))
  window.location.href = address
}

/** Exchanges the answer that the Hub sent the person back with for a token. */
export async function finishSignIn({ origin, nonce, codeVerifier, address }: Redirected, tokens: Tokens): Promise<void> {
  const { oauthHandleRedirect } = await import('@huggingface/hub')
  const { accessToken } = await oauthHandleRedirect({ hubUrl: origin, redirectedUrl: address, nonce, codeVerifier })
  await tokens.set(origin, accessToken)
}

import { canStore, isRecord, KEY, type Redirected } from './sign-in.ts'
import type { Tokens } from './tokens.ts'

/* Sign-in with the Hub (OAuth, PKCE, no secret): offered where the page knows a client id. */

/** What a sign-in asks for. To publish: making repositories, and writing to those made here, nothing else of what the person has. */
const SCOPES = {
  read: ['openid', 'profile', 'read-repos', 'gated-repos'],
  publish: ['openid', 'profile', 'read-repos', 'gated-repos', 'contribute-repos'],
}
export type Purpose = keyof typeof SCOPES

/** What a static Space's page is told by the Hub (`huggingface.variables`), its scopes too; elsewhere the page's own meta tag names a client id. */
function clientOf(): { id: string; scopes?: readonly string[] } | undefined {
  const given: unknown = Reflect.get(window, 'huggingface')
  const variables: unknown = isRecord(given) ? given.variables : undefined
  if (isRecord(variables) && typeof variables.OAUTH_CLIENT_ID === 'string') {
    return {
      id: variables.OAUTH_CLIENT_ID,
      ...(typeof variables.OAUTH_SCOPES === 'string' && { scopes: variables.OAUTH_SCOPES.split(' ') }),
    }
  }
  const id = document.querySelector('meta[name="trackio-lite-oauth-client"]')?.getAttribute('content')
  return id ? { id } : undefined
}

/** Whether this page can offer a sign-in that is good for `purpose`. */
export function offersSignIn(purpose: Purpose = 'read'): boolean {
  const client = clientOf()
  const may = !client?.scopes || purpose === 'read' || client.scopes.includes('contribute-repos')
  return client !== undefined && may && canStore()
}

/** Leaves the page for the Hub's, which comes back with an answer. Asks for no more than `purpose` takes, and for nothing that the page is not registered for. */
export async function startSignIn(origin: string, purpose: Purpose = 'read'): Promise<void> {
  const client = clientOf()
  if (!client) return
  const { oauthLoginUrl } = await import('@huggingface/hub')
  const { origin: own, pathname, search, hash } = window.location
  const secrets: { codeVerifier?: string; nonce?: string } = {}
  const scopes = SCOPES[purpose].filter((scope) => !client.scopes || client.scopes.includes(scope)).join(' ')
  const asked = { clientId: client.id, scopes, hubUrl: origin, redirectUrl: own + pathname, localStorage: secrets }
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

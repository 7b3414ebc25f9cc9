import { TrackioError } from '../model/errors.ts'
import { HUB } from '../model/source.ts'
import { canStore, isRecord, KEY, type Redirected } from './sign-in.ts'
import type { Tokens } from './tokens.ts'

/* Sign-in with the Hub (OAuth, PKCE, no secret): offered where the page knows a client id, for the Hub that gave it. */

const SCOPES = 'openid profile read-repos gated-repos'

interface Client {
  id: string
  scopes: string
  /** Origin of the Hub that knows it. Never one that only a link names: anybody can write a link. */
  hub: string
}

/** What a Space's page is told by its Hub: `huggingface.variables`; elsewhere the page's own meta tag names a client id of huggingface.co. */
function clientOf(): Client | undefined {
  const given: unknown = Reflect.get(window, 'huggingface')
  const variables: unknown = isRecord(given) ? given.variables : undefined
  if (isRecord(variables) && typeof variables.OAUTH_CLIENT_ID === 'string') {
    const { OAUTH_CLIENT_ID: id, OAUTH_SCOPES: scopes, OPENID_PROVIDER_URL: provider } = variables
    const hub = typeof provider === 'string' && URL.canParse(provider) ? new URL(provider).origin : HUB
    return { id, scopes: typeof scopes === 'string' ? scopes : SCOPES, hub }
  }
  const id = document.querySelector('meta[name="trackio-lite-oauth-client"]')?.getAttribute('content')
  return id ? { id, scopes: SCOPES, hub: HUB } : undefined
}

/** Whether this page can offer a sign-in at a Hub. */
export function offersSignIn(origin: string): boolean {
  return clientOf()?.hub === origin && canStore()
}

/** Leaves the page for the Hub's, which comes back with an answer. From a frame, where the Hub's page may not be shown, this page is opened in a tab of its own for it. */
export async function startSignIn(origin: string): Promise<void> {
  const client = clientOf()
  if (client?.hub !== origin) return
  if (window.self !== window.top) {
    window.open(window.location.href, '_blank', 'noopener')
    return
  }
  const { oauthLoginUrl } = await import('@huggingface/hub')
  const { origin: own, pathname, search, hash } = window.location
  const secrets: { codeVerifier?: string; nonce?: string } = {}
  const asked = { clientId: client.id, scopes: client.scopes, hubUrl: origin, redirectUrl: own + pathname, localStorage: secrets }
  const address = await oauthLoginUrl(asked)
  // where to sign in is what the Hub answered
  if (new URL(address).origin !== origin) throw new TrackioError(origin, `its sign-in leads elsewhere: ${new URL(address).origin}`)
  sessionStorage.setItem(KEY, JSON.stringify({ origin, search, hash, ...secrets }))
  window.location.href = address
}

/** Exchanges the answer that the Hub sent the person back with for a token. */
export async function finishSignIn({ origin, nonce, codeVerifier, address }: Redirected, tokens: Tokens): Promise<void> {
  const { oauthHandleRedirect } = await import('@huggingface/hub')
  const { accessToken } = await oauthHandleRedirect({ hubUrl: origin, redirectedUrl: address, nonce, codeVerifier })
  await tokens.set(origin, accessToken)
}

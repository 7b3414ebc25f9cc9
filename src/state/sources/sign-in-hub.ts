import { TrackioError } from '../../model/errors.ts'
import { HUB } from '../../model/source.ts'
import { canStore, isRecord, KEY, type Redirected } from './sign-in.ts'
import type { Tokens } from './tokens.ts'

/*
 * Sign-in with the Hub (OAuth, PKCE, no secret): offered where the page knows a client id, for the Hub that
 * gave it.
 */

/**
 * What a sign-in asks for. To publish: making repositories, and writing to those made here, nothing else of
 * what the person has.
 */
const SCOPES = {
  read: ['openid', 'profile', 'read-repos', 'gated-repos'],
  publish: ['openid', 'profile', 'read-repos', 'gated-repos', 'contribute-repos'],
}
export type Purpose = keyof typeof SCOPES

interface Client {
  id: string
  /** Those that the page is registered for, where the Hub says so. */
  scopes?: readonly string[]
  /** Origin of the Hub that knows it. Never one that only a link names: anybody can write a link. */
  hub: string
}

/**
 * What a static Space's page is told by its Hub (`huggingface.variables`), its scopes too; elsewhere the
 * page's own meta tag names a client id of huggingface.co.
 */
function clientOf(): Client | undefined {
  const given: unknown = Reflect.get(window, 'huggingface')
  const variables: unknown = isRecord(given) ? given.variables : undefined
  if (isRecord(variables) && typeof variables.OAUTH_CLIENT_ID === 'string') {
    const { OAUTH_CLIENT_ID: id, OAUTH_SCOPES: scopes, OPENID_PROVIDER_URL: provider } = variables
    const hub = typeof provider === 'string' && URL.canParse(provider) ? new URL(provider).origin : HUB
    return { id, hub, ...(typeof scopes === 'string' && { scopes: scopes.split(' ') }) }
  }
  const id = document.querySelector('meta[name="trackio-lite-oauth-client"]')?.getAttribute('content')
  return id ? { id, hub: HUB } : undefined
}

/** Whether this page can offer a sign-in at a Hub that is good for `purpose`. */
export function offersSignIn(origin: string, purpose: Purpose = 'read'): boolean {
  const client = clientOf()
  const may = !client?.scopes || purpose === 'read' || client.scopes.includes('contribute-repos')
  return client?.hub === origin && may && canStore()
}

/**
 * Leaves the page for the Hub's, which comes back with an answer. Asks for no more than `purpose` takes, and
 * for nothing that the page is not registered for. From a frame, where the Hub's page may not be shown, this
 * page is opened in a tab of its own for it.
 */
export async function startSignIn(origin: string, purpose: Purpose = 'read'): Promise<void> {
  const client = clientOf()
  if (client?.hub !== origin) return
  if (window.self !== window.top) {
    window.open(window.location.href, '_blank', 'noopener')
    return
  }
  const { oauthLoginUrl } = await import('@huggingface/hub')
  const { origin: own, pathname, search, hash } = window.location
  const secrets: { codeVerifier?: string; nonce?: string } = {}
  const scopes = SCOPES[purpose].filter((scope) => !client.scopes || client.scopes.includes(scope)).join(' ')
  const asked = {
    clientId: client.id,
    scopes,
    hubUrl: origin,
    redirectUrl: own + pathname,
    localStorage: secrets,
  }
  const address = await oauthLoginUrl(asked)
  // where to sign in is what the Hub answered
  if (new URL(address).origin !== origin)
    throw new TrackioError(origin, `its sign-in leads elsewhere: ${new URL(address).origin}`)
  sessionStorage.setItem(KEY, JSON.stringify({ origin, search, hash, ...secrets }))
  window.location.href = address
}

/** Exchanges the answer that the Hub sent the person back with for a token. */
export async function finishSignIn(
  { origin, nonce, codeVerifier, address }: Redirected,
  tokens: Tokens,
): Promise<void> {
  const { oauthHandleRedirect } = await import('@huggingface/hub')
  const { accessToken } = await oauthHandleRedirect({
    hubUrl: origin,
    redirectedUrl: address,
    nonce,
    codeVerifier,
  })
  await tokens.set(origin, accessToken)
}

import { createHash, randomBytes } from 'node:crypto'
import { addToken, type Token } from './access.ts'
import { objectId, userOf } from './account.ts'
import type { Context } from './context.ts'
import { type Answer, type Call, HubError } from './http.ts'

/** An application that people sign in to. */
export interface OAuthApp {
  clientId: string
  /** Exact, but a loopback address without a port stands for all ports (RFC 8252, 7.3). */
  redirectUris: string[]
  /** Scopes it may ask for; undefined: any. */
  scopes?: string[]
  /** Only a server may keep one; an app of pages has none. */
  secret?: string
}

interface Grant {
  clientId: string
  redirectUri: string
  scopes: string[]
  challenge: string
  user: string
  expiresAt: number
}

export interface OAuth {
  apps: Map<string, OAuthApp>
  codes: Map<string, Grant>
  /** Who sits before the browser and agrees; undefined: they press "Cancel". */
  person: string | undefined
  /** Seconds an access token works. docs/hub/oauth.md: 8 hours, and no refresh token. */
  lifetime: number
}

export async function oauthAnswer(
  context: Context,
  call: Call,
  token: Token | undefined,
): Promise<Answer | undefined> {
  const path = `/${call.segments.join('/')}`
  switch (`${call.method} ${path}`) {
    case 'GET /.well-known/openid-configuration':
      return configuration(context)
    case 'GET /oauth/authorize':
      return authorize(context, call)
    case 'POST /oauth/token':
      return exchange(context, call)
    case 'GET /oauth/userinfo':
      return userInfo(context, token)
    default:
      return undefined
  }
}

/** Client: lib/oauth-login-url.ts and lib/oauth-handle-redirect.ts find the three endpoints here. */
function configuration({ urls }: Context): Answer {
  return {
    status: 200,
    json: {
      issuer: urls.hub,
      authorization_endpoint: `${urls.hub}/oauth/authorize`,
      token_endpoint: `${urls.hub}/oauth/token`,
      userinfo_endpoint: `${urls.hub}/oauth/userinfo`,
      response_types_supported: ['code'],
      grant_types_supported: ['authorization_code'],
      code_challenge_methods_supported: ['S256'],
      scopes_supported: [
        'openid',
        'profile',
        'email',
        'read-repos',
        'gated-repos',
        'contribute-repos',
        'write-repos',
        'manage-repos',
      ],
    },
  }
}

/**
 * Redirects back with a code, as if the person had agreed at once; a faulty request is shown, not redirected
 * (RFC 6749, 4.1.2.1).
 */
async function authorize(context: Context, { query }: Call): Promise<Answer> {
  const { oauth } = context
  const clientId = query.get('client_id') ?? ''
  const redirectUri = query.get('redirect_uri') ?? ''
  const app = oauth.apps.get(clientId) ?? (await describedApp(clientId))
  if (!app) throw new HubError(400, `Invalid client_id: ${clientId}`)
  if (!app.redirectUris.some((known) => known === redirectUri || withoutPort(redirectUri) === known)) {
    throw new HubError(400, `The redirect URI ${redirectUri} is not one of the app's`)
  }
  const back = (answer: Record<string, string>): Answer => {
    const target = new URL(redirectUri)
    const state = query.get('state')
    for (const [name, value] of Object.entries({ ...answer, ...(state === null ? {} : { state }) }))
      target.searchParams.set(name, value)
    return { status: 302, headers: { Location: target.href }, body: '' }
  }
  const scopes = (query.get('scope') ?? 'openid profile').split(' ')
  const forbidden = scopes.filter((scope) => app.scopes && !app.scopes.includes(scope))
  if (query.get('response_type') !== 'code')
    return back({ error: 'unsupported_response_type', error_description: 'only "code" is known' })
  if (forbidden.length > 0)
    return back({
      error: 'invalid_scope',
      error_description: `the app may not ask for ${forbidden.join(' ')}`,
    })
  const challenge = query.get('code_challenge') ?? ''
  if (app.secret === undefined && (challenge === '' || query.get('code_challenge_method') !== 'S256')) {
    return back({
      error: 'invalid_request',
      error_description: 'an app without a secret needs a code_challenge of method S256',
    })
  }
  if (oauth.person === undefined)
    return back({ error: 'access_denied', error_description: 'The user denied the request' })
  const code = randomBytes(12).toString('hex')
  oauth.codes.set(code, {
    clientId,
    redirectUri,
    scopes,
    challenge,
    user: oauth.person,
    expiresAt: context.now() + 600_000,
  })
  return back({ code })
}

/**
 * A client id may be the address of a document that describes the client (Client ID Metadata Documents;
 * docs/hub/oauth.md).
 */
async function describedApp(clientId: string): Promise<OAuthApp | undefined> {
  if (!/^https?:/.test(clientId)) return undefined
  const response = await fetch(clientId)
  if (!response.ok) return undefined
  const described: unknown = await response.json()
  if (
    typeof described !== 'object' ||
    described === null ||
    !('client_id' in described) ||
    !('redirect_uris' in described)
  )
    return undefined
  const { client_id, redirect_uris } = described
  return client_id === clientId && Array.isArray(redirect_uris)
    ? { clientId, redirectUris: redirect_uris.map(String) }
    : undefined
}

function withoutPort(uri: string): string {
  return uri.replace(/^(http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])):\d+/, '$1')
}

/**
 * The code for a token, once. The client sends no client_id (lib/oauth-handle-redirect.ts), so a public app
 * is known by its code and proves itself by the verifier (RFC 7636, 4.6).
 */
async function exchange(context: Context, call: Call): Promise<Answer> {
  const form = new URLSearchParams((await call.body()).toString())
  const code = form.get('code') ?? ''
  const grant = context.oauth.codes.get(code)
  context.oauth.codes.delete(code)
  const failed = (error: string, error_description: string): Answer => ({
    status: 400,
    json: { error, error_description },
  })
  if (form.get('grant_type') !== 'authorization_code')
    return failed('unsupported_grant_type', 'only authorization_code is known')
  if (!grant || grant.expiresAt <= context.now())
    return failed('invalid_grant', 'the code is unknown, used or too old')
  if (form.get('redirect_uri') !== grant.redirectUri)
    return failed('invalid_grant', 'redirect_uri is another than before')
  const app = context.oauth.apps.get(grant.clientId)
  const basic = Buffer.from(
    /^Basic (.+)$/.exec(call.headers.authorization ?? '')?.[1] ?? '',
    'base64',
  ).toString()
  if (app?.secret !== undefined && basic !== `${app.clientId}:${app.secret}`) {
    return {
      status: 401,
      json: { error: 'invalid_client', error_description: 'this app has a secret, which pages cannot keep' },
    }
  }
  const verifier = form.get('code_verifier') ?? ''
  if (
    grant.challenge !== '' &&
    createHash('sha256').update(verifier).digest('base64url') !== grant.challenge
  ) {
    return failed('invalid_grant', 'code_verifier does not fit the code_challenge')
  }
  const { lifetime } = context.oauth
  // begins with hf_, or the client would refuse it (utils/checkCredentials.ts)
  const value = `hf_oauth_${randomBytes(16).toString('hex')}`
  const token = addToken(context.accounts, context.now(), grant.user, value, {
    scopes: grant.scopes,
    expiresIn: lifetime,
  })
  token.app = grant.clientId
  return {
    status: 200,
    headers: { 'Cache-Control': 'no-store' },
    json: {
      access_token: value,
      token_type: 'bearer',
      expires_in: lifetime,
      scope: grant.scopes.join(' '),
      ...idToken(context, grant),
    },
  }
}

function idToken(context: Context, { clientId, scopes, user }: Grant): { id_token?: string } {
  if (!scopes.includes('openid')) return {}
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = {
    iss: context.urls.hub,
    aud: clientId,
    sub: objectId(user),
    exp: Math.floor(context.now() / 1000) + 3600,
  }
  // unsigned: no client of ours looks into it
  return { id_token: `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.` }
}

/** Client: lib/oauth-handle-redirect.ts, UserInfo. */
function userInfo(context: Context, token: Token | undefined): Answer {
  if (!token) throw new HubError(401, 'Invalid username or password.')
  const user = userOf(context.accounts, token)
  return {
    status: 200,
    json: {
      sub: objectId(user.name),
      name: user.name,
      preferred_username: user.name,
      ...(token.scopes.has('email') ? { email: user.email, email_verified: true } : {}),
      picture: `${context.urls.hub}/avatars/${objectId(user.name)}.svg`,
      profile: `${context.urls.hub}/${user.name}`,
      website: '',
      isPro: user.isPro,
      orgs: user.orgs.map((name) => ({
        sub: objectId(name),
        name,
        preferred_username: name,
        picture: '',
        roleInOrg: 'write',
      })),
    },
  }
}

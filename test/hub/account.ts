import { createHash } from 'node:crypto'
import { type Accounts, type Token, type User, writable } from './access.ts'
import { type Context, type RepoCall, repoOf } from './context.ts'
import { type Answer, HubError } from './http.ts'

/** GET /api/whoami-v2; client: lib/who-am-i.ts, types/api/api-who-am-i.ts. */
export function whoAmI(accounts: Accounts, token: Token | undefined): Answer {
  if (!token) throw new HubError(401, 'Invalid username or password.')
  const user = userOf(accounts, token)
  const role = token.scopes.has('write-repos') || token.scopes.has('manage-repos') ? 'write' : 'read'
  const auth =
    token.app === undefined
      ? { type: 'access_token', accessToken: { displayName: 'double', role, createdAt: token.createdAt } }
      : { type: 'oauth', expiresAt: token.expiresAt && new Date(token.expiresAt).toISOString() }
  return {
    status: 200,
    json: {
      type: 'user',
      id: objectId(user.name),
      name: user.name,
      fullname: user.name,
      email: user.email,
      emailVerified: true,
      isPro: user.isPro,
      canPay: false,
      periodEnd: null,
      avatarUrl: `/avatars/${objectId(user.name)}.svg`,
      orgs: user.orgs.map((name) => ({
        type: 'org',
        id: objectId(name),
        name,
        fullname: name,
        email: null,
        canPay: false,
        periodEnd: null,
        avatarUrl: '',
      })),
      auth,
    },
  }
}

/**
 * GET /api/{type}s/{id}/auth-check[/write]: 200, or the error that reading files (or writing) would give
 * (hf_api.py, auth_check).
 */
export function authCheck(context: Context, at: RepoCall): Answer {
  if (at.rest[1] === 'write') writable(context.store, context.accounts, at.token, at.type, at.id)
  else repoOf(context, at, 'files')
  return { status: 200, body: 'OK' }
}

export function userOf(accounts: Accounts, token: Token): User {
  const user = accounts.users.get(token.user)
  if (!user) throw new Error(`hub double: token of unknown user ${token.user}`)
  return user
}

/** 24 hex digits, as the Hub's ids of users and organizations. */
export function objectId(name: string): string {
  return createHash('sha1').update(`account ${name}`).digest('hex').slice(0, 24)
}

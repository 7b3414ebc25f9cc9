import type { Call } from './http.ts'
import { HubError } from './http.ts'
import type { Repo, RepoType, Store } from './store.ts'

export interface Token {
  /** As sent: begins with `hf_` (client: utils/checkCredentials.ts, checkAccessToken). */
  value: string
  user: string
  /**
   * OAuth's scopes: read-repos, gated-repos, contribute-repos, write-repos, manage-repos, openid, profile,
   * email …
   */
  scopes: Set<string>
  /** The OAuth app it was given to; undefined: a token from the user's settings. */
  app?: string
  createdAt: string
  expiresAt: number | undefined
}

export interface TokenOptions {
  /** Default: everything, as a classic write token. */
  scopes?: string[]
  /** False takes read-repos away: the token names its user and opens public repositories only. */
  canReadPrivate?: boolean
  /** Seconds from now. */
  expiresIn?: number
}

export interface User {
  name: string
  email: string
  isPro: boolean
  /** Names of organizations, whose repositories are theirs too. */
  orgs: string[]
}

export interface Accounts {
  users: Map<string, User>
  tokens: Map<string, Token>
}

export const ALL_SCOPES = ['read-repos', 'gated-repos', 'contribute-repos', 'write-repos', 'manage-repos']

export function addUser(accounts: Accounts, name: string, options: Partial<Omit<User, 'name'>> = {}): User {
  const user = {
    email: `${name}@example.org`,
    isPro: false,
    orgs: [],
    ...accounts.users.get(name),
    ...options,
    name,
  }
  accounts.users.set(name, user)
  return user
}

export function addToken(
  accounts: Accounts,
  now: number,
  user: string,
  value: string,
  options: TokenOptions = {},
): Token {
  if (!value.startsWith('hf_'))
    throw new Error(`hub double: token "${value}" does not begin with hf_, so the client refuses it`)
  if (!accounts.users.has(user)) addUser(accounts, user)
  const scopes = new Set(options.scopes ?? ALL_SCOPES)
  if (options.canReadPrivate === false)
    for (const scope of ['read-repos', 'write-repos', 'manage-repos', 'contribute-repos'])
      scopes.delete(scope)
  const expiresAt = options.expiresIn === undefined ? undefined : now + options.expiresIn * 1000
  const token: Token = { value, user, scopes, createdAt: new Date(now).toISOString(), expiresAt }
  accounts.tokens.set(value, token)
  return token
}

const CHALLENGE = { 'WWW-Authenticate': 'Bearer realm="Authentication required", charset="UTF-8"' }

/**
 * The token of a call. Throws what the Hub answers for one it does not know (huggingface_hub, utils/_http.py,
 * hf_raise_for_status).
 */
export function tokenOf(accounts: Accounts, call: Call, now: number): Token | undefined {
  const header = call.headers.authorization
  if (header === undefined) return undefined
  const token = accounts.tokens.get(/^Bearer (.+)$/i.exec(header)?.[1] ?? '')
  call.seen.authorization = token ? 'hub token' : /^Bearer hf_/i.test(header) ? 'unknown hub token' : 'other'
  if (!token) throw new HubError(401, 'Invalid credentials in Authorization header', undefined, CHALLENGE)
  if (token.expiresAt !== undefined && token.expiresAt <= now)
    throw new HubError(401, 'User Access Token "" is expired', undefined, CHALLENGE)
  return token
}

export type Reading = 'info' | 'files'

/**
 * The repository, if the call may read it. Otherwise as seen from the Hub: without a token, 401 "Invalid
 * username or password." for what is missing and what is private alike, with no X-Error-Code
 * (huggingface_hub, hf_raise_for_status: "401 is misleading"); with one, 404 RepoNotFound; behind a gate, 401
 * or 403 GatedRepo for files, while the information stays public.
 */
export function readable(
  store: Store,
  accounts: Accounts,
  token: Token | undefined,
  type: RepoType,
  id: string,
  what: Reading,
): Repo {
  const repo = store.repos.get(`${type}:${id}`)
  if (!repo || !maySee(repo, accounts, token)) {
    if (!token) throw new HubError(401, 'Invalid username or password.', undefined, CHALLENGE)
    throw new HubError(404, 'Repository not found', 'RepoNotFound')
  }
  if (what === 'files' && repo.gated && !passesGate(repo, accounts, token)) {
    const start = `Access to ${type} ${id} is restricted`
    const login = `${start}. You must have access to it and be authenticated to access it. Please log in.`
    if (!token) throw new HubError(401, login, 'GatedRepo', CHALLENGE)
    // the sentence of huggingface_hub, errors.py, GatedRepoError
    const where = `https://huggingface.co/${type === 'model' ? '' : `${type}s/`}${id}`
    throw new HubError(
      403,
      `${start} and you are not in the authorized list. Visit ${where} to ask for access.`,
      'GatedRepo',
    )
  }
  return repo
}

/** The repository, if the call may change it. */
export function writable(
  store: Store,
  accounts: Accounts,
  token: Token | undefined,
  type: RepoType,
  id: string,
): Repo {
  const repo = readable(store, accounts, token, type, id, 'files')
  if (!token) throw new HubError(401, 'Invalid username or password.', undefined, CHALLENGE)
  if (!owns(accounts, token, id)) {
    throw new HubError(403, `You don't have the rights to write to ${type} ${id}`)
  }
  // contribute-repos: only what the same app created (docs/hub/oauth.md)
  const contributes =
    token.scopes.has('contribute-repos') && token.app !== undefined && token.app === repo.app
  if (!token.scopes.has('write-repos') && !token.scopes.has('manage-repos') && !contributes) {
    throw new HubError(403, 'Forbidden: you must use a write token to upload to a repository.')
  }
  return repo
}

/** Throws unless the token may create repositories in this namespace. */
export function mayCreate(
  accounts: Accounts,
  token: Token | undefined,
  type: RepoType,
  id: string,
): asserts token is Token {
  if (!token) throw new HubError(401, 'Invalid username or password.', undefined, CHALLENGE)
  if (!owns(accounts, token, id)) {
    throw new HubError(
      403,
      `You don't have the rights to create a ${type} under the namespace "${id.split('/')[0]}"`,
    )
  }
  // write-repos changes repositories; creating and deleting is manage-repos, or contribute-repos
  // (docs/hub/oauth.md)
  if (!token.scopes.has('manage-repos') && !token.scopes.has('contribute-repos')) {
    throw new HubError(403, `Forbidden: you must use a token that may create a ${type}`)
  }
}

export function owns(accounts: Accounts, token: Token, id: string): boolean {
  const namespace = id.split('/')[0] ?? ''
  return token.user === namespace || (accounts.users.get(token.user)?.orgs.includes(namespace) ?? false)
}

function maySee(repo: Repo, accounts: Accounts, token: Token | undefined): boolean {
  if (!repo.private) return true
  if (!token || !owns(accounts, token, repo.id)) return false
  if (token.app !== undefined && token.app === repo.app && token.scopes.has('contribute-repos')) return true
  return ['read-repos', 'write-repos', 'manage-repos'].some((scope) => token.scopes.has(scope))
}

function passesGate(repo: Repo, accounts: Accounts, token: Token | undefined): boolean {
  if (!token) return false
  if (owns(accounts, token, repo.id)) return true
  return repo.granted.has(token.user) && token.scopes.has('gated-repos')
}

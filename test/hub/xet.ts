import { randomBytes } from 'node:crypto'
import { writable } from './access.ts'
import { knownXorbs, putShard, putXorb, reconstruct, xetFile } from './cas.ts'
import { contentOf } from './content.ts'
import { type Context, type RepoCall, repoOf, type XetToken } from './context.ts'
import { type Answer, type Call, type Headers, HubError, rangesOf } from './http.ts'
import { dedupeShard } from './shard.ts'

const LIFETIME = 3600

/**
 * GET /api/{type}s/{id}/xet-read-token|xet-write-token[/{revision}] (docs/xet/auth.md). The client reads the
 * body (utils/xetWriteToken.ts, utils/XetBlob.ts getAccessToken), Python the headers.
 */
export function xetTokenAnswer(context: Context, at: RepoCall): Answer | undefined {
  const [what] = at.rest
  if (
    context.store.large !== 'xet' ||
    at.call.method !== 'GET' ||
    (what !== 'xet-read-token' && what !== 'xet-write-token')
  )
    return undefined
  const write = what === 'xet-write-token'
  if (write) writable(context.store, context.accounts, at.token, at.type, at.id)
  else repoOf(context, at, 'files')
  const { accessToken, exp } = makeXetToken(context, `${at.type}:${at.id}`, write)
  const casUrl = context.urls.cas
  const headers = {
    'X-Xet-Access-Token': accessToken,
    'X-Xet-Token-Expiration': exp,
    'X-Xet-Cas-Url': casUrl,
  }
  return { status: 200, headers, json: { accessToken, exp, casUrl } }
}

export function makeXetToken(
  context: Context,
  repo: string,
  write: boolean,
): { accessToken: string; exp: number } {
  const accessToken = `xet_${randomBytes(16).toString('hex')}`
  const exp = Math.floor(context.now() / 1000) + LIFETIME
  context.xetTokens.set(accessToken, { write, repo, exp })
  return { accessToken, exp }
}

// pages send Authorization and X-Xet-Session-Id here, so this host must answer preflights
const CORS: Headers = { 'Access-Control-Allow-Origin': '*' }
const PREFLIGHT: Headers = {
  ...CORS,
  'Access-Control-Allow-Methods': 'GET, POST',
  'Access-Control-Max-Age': 86400,
}

/** Chunk hashes are given out under this key. */
const KEY = 'd0'.repeat(32)

/**
 * Answers what Xet's API is asked (docs/xet/api.md). Tokens are not bound to the files of their repository
 * here.
 */
export async function casAnswer(context: Context, call: Call): Promise<Answer> {
  if (call.method === 'OPTIONS') {
    return {
      status: 204,
      headers: {
        ...PREFLIGHT,
        'Access-Control-Allow-Headers': String(call.headers['access-control-request-headers'] ?? ''),
      },
    }
  }
  try {
    const answer = await casRoute(context, call)
    return { ...answer, headers: { ...CORS, ...answer.headers } }
  } catch (error) {
    if (error instanceof HubError) return { status: error.status, headers: CORS, body: error.message }
    throw error
  }
}

async function casRoute(context: Context, call: Call): Promise<Answer> {
  const [version = '', what = '', name = '', hash = ''] = call.segments
  const token = tokenOf(context, call)
  if (call.method === 'POST') {
    if (!token.write) throw new HubError(403, 'this needs a token with write scope')
    const body = await call.body()
    if (version === 'v1' && what === 'xorbs' && name === 'default') {
      return { status: 200, json: { was_inserted: refused(() => putXorb(context.cas, hash, body)) } }
    }
    if (version === 'v1' && what === 'shards') {
      const { added } = refused(() => putShard(context.cas, context.store, body))
      return { status: 200, json: { result: added > 0 ? 1 : 0 } }
    }
  } else if (what === 'reconstructions' && (version === 'v1' || version === 'v2')) {
    return reconstruction(context, call, name, version)
  } else if (version === 'v1' && what === 'chunks') {
    // the documentation says `default-merkledb`, the client `default` (utils/createXorbs.ts, addChunks)
    const xorbs = knownXorbs(context.cas, context.store, hash)
    if (xorbs.length === 0) throw new HubError(404, `chunk ${hash} is not known`)
    const headers = { 'Content-Type': 'application/octet-stream' }
    return { status: 200, headers, body: dedupeShard(xorbs, KEY, context.now()) }
  }
  // /v2/file-chunk-hashes is missing on purpose: the client then works the slow way (utils/rangeEdit.ts,
  // planRangeEdit)
  throw new HubError(404, `nothing at /${call.segments.join('/')}`)
}

function tokenOf(context: Context, call: Call): XetToken {
  const given = /^Bearer (.+)$/i.exec(call.headers.authorization ?? '')?.[1] ?? ''
  const token = context.xetTokens.get(given)
  if (given.startsWith('xet_')) call.seen.authorization = 'xet token'
  else if (context.accounts.tokens.has(given)) call.seen.authorization = 'hub token'
  if (!token || token.exp * 1000 <= context.now())
    throw new HubError(401, 'a Xet token is missing, unknown or too old')
  return token
}

function reconstruction(context: Context, call: Call, hash: string, version: 'v1' | 'v2'): Answer {
  const file = xetFile(context.cas, context.store, hash)
  if (!file) throw new HubError(404, `file ${hash} is not known`)
  const ranges = rangesOf(call.headers.range, file.size)
  if (ranges === 'unsatisfiable') throw new HubError(416, `the file has ${file.size} bytes`)
  const { from, to } = ranges?.[0] ?? { from: 0, to: file.size }
  const { fetch, ...plan } = reconstruct(context.cas, file, from, to)
  const sign = (xorb: string, parts: { bytes: { start: number; end: number } }[]) => {
    const path = `/xorb/default/${xorb}`
    const bytes = context.cas.xorbs.get(xorb)?.bytes ?? Buffer.alloc(0)
    context.served.set(path, { content: contentOf(bytes), etag: xorb })
    return context.signer.sign(path, {
      'X-Xet-Signed-Range': `bytes=${parts.map((part) => `${part.bytes.start}-${part.bytes.end}`).join(',')}`,
    })
  }
  if (version === 'v2') {
    const xorbs = Object.fromEntries(
      [...fetch].map(([xorb, parts]) => [xorb, [{ url: sign(xorb, parts), ranges: parts }]]),
    )
    return { status: 200, json: { ...plan, xorbs } }
  }
  const info = [...fetch].map(([xorb, parts]) => [
    xorb,
    parts.map((part) => ({ range: part.chunks, url: sign(xorb, [part]), url_range: part.bytes })),
  ])
  return { status: 200, json: { ...plan, fetch_info: Object.fromEntries(info) } }
}

/** What was uploaded and is wrong is the uploader's fault: 400, with the reason. */
function refused<T>(check: () => T): T {
  try {
    return check()
  } catch (error) {
    throw new HubError(400, error instanceof Error ? error.message : String(error))
  }
}

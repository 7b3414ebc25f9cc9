import { createHash, randomBytes } from 'node:crypto'
import { writable } from './access.ts'
import { contentOf, sha256Of } from './content.ts'
import { type Context, jsonOf, type RepoCall } from './context.ts'
import { type Answer, type Call, type Headers, HubError } from './http.ts'
import { makeXetToken } from './xet.ts'

/** An upload in parts that is under way. */
export interface Multipart {
  oid: string
  parts: Map<number, Buffer>
}

/**
 * POST /{type}s/{id}.git/info/lfs/objects/batch; client: lib/commit.ts, types/api/api-commit.ts. An object
 * that is there already gets no upload action ("Already uploaded"), so nothing of it is sent.
 */
export async function lfsBatch(context: Context, at: RepoCall): Promise<Answer> {
  const repo = writable(context.store, context.accounts, at.token, at.type, at.id)
  const { operation, objects, transfers, ref } = await jsonOf(at.call)
  if (operation !== 'upload' || !Array.isArray(objects))
    throw new HubError(400, 'only uploads are known here')
  const name = typeof ref === 'object' && ref !== null && 'name' in ref ? String(ref.name) : 'main'
  const offered = Array.isArray(transfers) ? transfers : ['basic']
  const xet = context.store.large === 'xet' && offered.includes('xet')
  const parts =
    !xet && offered.includes('multipart') && objects.some(({ size }) => size > context.lfs.multipartAbove)
  const token = xet ? makeXetToken(context, `${repo.type}:${repo.id}`, true) : undefined
  const json = objects.map(({ oid, size }: { oid: string; size: number }) => {
    if (context.store.uploaded.has(oid)) return { oid, size }
    if (token) {
      // lib/commit.ts reads these headers, and refreshes the token at `href`
      const header = {
        'X-Xet-Cas-Url': context.urls.cas,
        'X-Xet-Access-Token': token.accessToken,
        'X-Xet-Token-Expiration': String(token.exp),
        'X-Xet-Session-Id': randomBytes(8).toString('hex'),
      }
      const href = `${context.urls.hub}/api/${repo.type}s/${repo.id}/xet-write-token/${encodeURIComponent(name)}`
      return { oid, size, actions: { upload: { href, header } } }
    }
    if (size > context.lfs.multipartAbove && parts)
      return { oid, size, actions: { upload: multipartAction(context, oid, size) } }
    return { oid, size, actions: { upload: { href: context.signer.sign(`/lfs-upload/${oid}`) } } }
  })
  const headers = { 'Content-Type': 'application/vnd.git-lfs+json' }
  return {
    status: 200,
    headers,
    json: { transfer: xet ? 'xet' : parts ? 'multipart' : 'basic', objects: json },
  }
}

/**
 * lib/commit.ts: "parts are in upload.header['00001'] to upload.header['99999']", their size in chunk_size.
 */
function multipartAction(
  context: Context,
  oid: string,
  size: number,
): { href: string; header: Record<string, string> } {
  const id = randomBytes(8).toString('hex')
  context.multiparts.set(id, { oid, parts: new Map() })
  const header: Record<string, string> = { chunk_size: String(context.lfs.partSize) }
  for (let part = 1; part <= Math.ceil(size / context.lfs.partSize); part++) {
    header[String(part).padStart(5, '0')] = context.signer.sign(`/lfs-part/${id}/${part}`)
  }
  return { href: `${context.urls.hub}/api/complete_multipart?uploadId=${id}`, header }
}

/**
 * PUT to a signed address of the store. Pages may do it, and may read the ETag, which the client needs
 * (lib/commit.ts).
 */
export async function lfsPut(context: Context, call: Call): Promise<Answer> {
  const cors: Headers = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Expose-Headers': 'ETag' }
  const refusal = context.signer.refusal(`/${call.segments.join('/')}`, call.query)
  if (refusal) return { status: 403, headers: cors, body: `<Error><Code>${refusal}</Code></Error>` }
  const body = await call.body()
  const [kind, name = '', part] = call.segments
  if (kind === 'lfs-part') context.multiparts.get(name)?.parts.set(Number(part), body)
  else if (!store(context, name, body))
    return { status: 400, headers: cors, body: '<Error><Code>BadDigest</Code></Error>' }
  return { status: 200, headers: { ...cors, ETag: `"${createHash('md5').update(body).digest('hex')}"` } }
}

/**
 * POST /api/complete_multipart: no Authorization comes with it, the id is enough (lib/commit.ts,
 * completionUrl).
 */
export async function completeMultipart(context: Context, call: Call): Promise<Answer> {
  const upload = context.multiparts.get(call.query.get('uploadId') ?? '')
  if (!upload) throw new HubError(404, 'no such upload')
  const { oid, parts } = await jsonOf(call)
  if (oid !== upload.oid || !Array.isArray(parts)) throw new HubError(400, `the upload is of ${upload.oid}`)
  const bodies = parts.map(({ partNumber, etag }: { partNumber: number; etag: string }) => {
    const body = upload.parts.get(partNumber)
    if (!body || etag !== `"${createHash('md5').update(body).digest('hex')}"`)
      throw new HubError(400, `part ${partNumber} is not what was uploaded`)
    return body
  })
  if (!store(context, upload.oid, Buffer.concat(bodies)))
    throw new HubError(400, `the parts do not make ${oid}`)
  return { status: 200, json: { oid } }
}

function store(context: Context, oid: string, body: Buffer): boolean {
  const content = contentOf(body)
  if (sha256Of(content) !== oid) return false
  context.store.uploaded.set(oid, content)
  return true
}

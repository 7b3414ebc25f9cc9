import { contentOf, pointerOf } from './content.ts'
import { type Context, isTrue, pathOf, type RepoCall, repoOf, revisionAndPath } from './context.ts'
import { type Answer, type Call, type Headers, HubError, rangesOf } from './http.ts'
import { mediaTypeOf } from './info.ts'
import { treeOf } from './read.ts'
import type { Repo, StoredFile } from './store.ts'
import { commitOf } from './tree.ts'

interface Place {
  repo: Repo
  /** Undefined for buckets, which have no revisions. */
  sha: string | undefined
  path: string
  file: StoredFile
}

/**
 * /{type}s/{id}/resolve|raw/{revision}/{path}; a bucket has no revision. Client: lib/file-download-info.ts.
 */
export function resolve(context: Context, at: RepoCall): Answer {
  const { call, rest } = at
  const place = placeOf(context, at)
  const { file, path } = place
  if (rest[0] === 'raw') return sendHere(call, place, file.storage === 'git' ? file : pointerFile(file))
  if (file.storage === 'git') return toResolveCache(call, place)
  const headers = linkedHeaders(context, place)
  // lib/file-download-info.ts: `Accept: application/vnd.xet-fileinfo+json, */*` asks for the file's id
  // instead of its bytes
  if (file.storage === 'xet' && String(call.headers.accept).includes('application/vnd.xet-fileinfo+json')) {
    const json = {
      hash: file.xetHash(),
      refreshUrl: tokenUrl(context, place),
      reconstructionUrl: reconstructionUrl(context, file),
    }
    return { status: 200, headers: { ...headers, 'Content-Type': 'application/vnd.xet-fileinfo+json' }, json }
  }
  const name = path.split('/').at(-1) ?? path
  const query: Record<string, string> = { 'response-content-type': file.contentType ?? mediaTypeOf(path) }
  if (!isTrue(call.query.get('noContentDisposition'))) {
    query['response-content-disposition'] =
      `inline; filename*=UTF-8''${encodeURIComponent(name)}; filename="${encodeURIComponent(name)}";`
  }
  const target = `/xet-bridge-us/${place.repo.objectId}/${file.sha256()}`
  context.served.set(target, { content: file.content, etag: file.sha256() })
  const location = context.signer.sign(target, query)
  return {
    status: 302,
    headers: { ...headers, Location: location },
    body: `Found. Redirecting to ${location}`,
  }
}

/**
 * Small files: 307 to an address with the commit in it, on the Hub itself, so that CloudFront can keep it for
 * ever. Seen as
 * `/api/resolve-cache/datasets/{id}/{sha}/{path}?%2Fdatasets%2F…%2Fresolve%2Fmain%2F…=&etag=%22…%22`; client:
 * utils/WebBlob.ts, create ("typical for small text/JSON files behind `/api/resolve-cache/...`").
 */
function toResolveCache(call: Call, { repo, sha, path, file }: Place): Answer {
  const etag = `"${file.blobId()}"`
  const query = new URLSearchParams({ [`/${call.segments.join('/')}`]: '', etag })
  const location = `/api/resolve-cache/${repo.type}s/${repo.id}/${sha}/${path.split('/').map(encodeURIComponent).join('/')}?${query}`
  const headers = {
    Location: location,
    'X-Repo-Commit': sha ?? '',
    'X-Linked-ETag': etag,
    'X-Linked-Size': file.content.size,
    'Accept-Ranges': 'bytes',
  }
  return { status: 307, headers, body: `Temporary Redirect. Redirecting to ${location}` }
}

/** /api/resolve-cache/{type}s/{id}/{sha}/{path} */
export function resolveCache(context: Context, at: RepoCall): Answer {
  const place = placeOf(context, { ...at, rest: ['resolve', ...at.rest] })
  return sendHere(at.call, place, place.file)
}

/**
 * A file from the Hub's own host. Ranges are answered as they are; whole text is compressed on the fly, which
 * takes Content-Length and Accept-Ranges away, from HEAD too (client: utils/WebBlob.ts, create, says why it
 * never uses HEAD).
 */
function sendHere(call: Call, { sha, path }: Place, file: Pick<StoredFile, 'content' | 'blobId'>): Answer {
  const { content } = file
  const headers: Headers = {
    'Accept-Ranges': 'bytes',
    ETag: `"${file.blobId()}"`,
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Disposition': `inline; filename*=UTF-8''${encodeURIComponent(path.split('/').at(-1) ?? path)}`,
    'Content-Security-Policy': "default-src 'none'; sandbox",
    'X-Cache': 'Hit from cloudfront',
    ...(sha ? { 'X-Repo-Commit': sha } : {}),
  }
  const ranges = rangesOf(call.headers.range, content.size)
  if (ranges === 'unsatisfiable')
    return { status: 416, headers: { ...headers, 'Content-Range': `bytes */${content.size}` } }
  const range = ranges?.[0]
  // several ranges are answered with the whole file, which RFC 9110 (14.2) lets a server do
  if (!range || ranges.length > 1)
    return { status: 200, headers, part: { content, from: 0, to: content.size }, gzip: true }
  headers['Content-Range'] = `bytes ${range.from}-${range.to - 1}/${content.size}`
  return { status: 206, headers, part: { content, ...range } }
}

function placeOf(context: Context, at: RepoCall): Place {
  const repo = repoOf(context, at, 'files')
  const more = at.rest.slice(1)
  const { revision, path } =
    repo.type === 'bucket' ? { revision: 'main', path: pathOf(more) } : revisionAndPath(more)
  const sha = repo.type === 'bucket' ? undefined : commitOf(repo, revision).id
  const file = (repo.type === 'bucket' ? treeOf(repo) : commitOf(repo, revision).tree).get(path)
  // lib/file-download-info.ts: 404 with X-Error-Code EntryNotFound is "no such file", anything else an error
  if (!file) throw new HubError(404, 'Entry not found', 'EntryNotFound', sha ? { 'X-Repo-Commit': sha } : {})
  return { repo, sha, path, file }
}

function pointerFile(file: StoredFile): Pick<StoredFile, 'content' | 'blobId'> {
  return { content: contentOf(pointerOf(file.sha256(), file.content.size)), blobId: file.blobId }
}

/** lib/file-download-info.ts reads X-Linked-Size, X-Linked-ETag, X-Xet-Hash and the two links. */
function linkedHeaders(context: Context, place: Place): Headers {
  const { file, sha } = place
  return {
    'X-Linked-Size': file.content.size,
    'X-Linked-ETag': `"${place.repo.type === 'bucket' ? file.xetHash() : file.sha256()}"`,
    'Accept-Ranges': 'bytes',
    ...(sha ? { 'X-Repo-Commit': sha } : {}),
    ...(file.storage === 'xet'
      ? {
          'X-Xet-Hash': file.xetHash(),
          Link: `<${tokenUrl(context, place)}>; rel="xet-auth", <${reconstructionUrl(context, file)}>; rel="xet-reconstruction-info"`,
        }
      : {}),
  }
}

/**
 * docs/xet/auth.md: /api/{type}s/{id}/xet-read-token/{revision}; buckets as the client writes to them:
 * without one.
 */
function tokenUrl({ urls }: Context, { repo, sha }: Place): string {
  return `${urls.hub}/api/${repo.type}s/${repo.id}/xet-read-token${sha ? `/${sha}` : ''}`
}

/** utils/XetBlob.ts: "points to the deprecated V1 endpoint; derive the V2 URL from it". */
function reconstructionUrl({ urls }: Context, file: StoredFile): string {
  return `${urls.cas}/v1/reconstructions/${file.xetHash()}`
}

import {
  type Context,
  isTrue,
  jsonOf,
  numberOf,
  pathOf,
  type RepoCall,
  repoOf,
  revisionAndPath,
} from './context.ts'
import { type Answer, type Call, type Headers, HubError } from './http.ts'
import { bucketInfoOf, infoOf } from './info.ts'
import type { Repo, RepoType, Tree } from './store.ts'
import { commitOf, entryOf, fileEntry, find, type Listed, listed } from './tree.ts'

/** GET and POST below /api/{type}s/{id} that only read; undefined for another address. */
export async function readApi(context: Context, at: RepoCall): Promise<Answer | undefined> {
  const { call, rest } = at
  const [what = '', ...more] = rest
  if (call.method === 'POST' && what === 'paths-info') return pathsInfo(context, at, more)
  if (call.method !== 'GET' && call.method !== 'HEAD') return undefined
  switch (what) {
    case '':
      return infoAnswer(context, at, 'main')
    case 'revision': // client: lib/dataset-info.ts, lib/space-info.ts ask for HEAD
      return infoAnswer(context, at, revisionAndPath(more).revision)
    case 'tree':
      return tree(context, at, more)
    case 'commits':
      return commits(context, at, revisionAndPath(more).revision)
    case 'refs':
      return refs(repoOf(context, at, 'files'))
    default:
      return undefined
  }
}

function infoAnswer(context: Context, at: RepoCall, revision: string): Answer {
  const repo = repoOf(context, at, 'info')
  if (repo.type === 'bucket') return { status: 200, json: bucketInfoOf(repo, treeOf(repo)), gzip: true }
  return { status: 200, json: infoOf(repo, commitOf(repo, revision), expandOf(at.call)), gzip: true }
}

// hf_api.py, _iter_repo_tree_pages: "1000 entries per page, 50 when `expand=True`"; of buckets nothing is
// said
const PAGE = 1000
const EXPANDED_PAGE = 50

function tree(context: Context, at: RepoCall, more: string[]): Answer {
  // names are public even behind a gate: the page of a gated repository shows its file list
  const repo = repoOf(context, at, 'info')
  const { query } = at.call
  const recursive = isTrue(query.get('recursive'))
  const expand = isTrue(query.get('expand')) && repo.type !== 'bucket'
  const limit = numberOf(query.get('limit'), expand ? EXPANDED_PAGE : PAGE, PAGE)
  const { files, path } = placeOf(repo, more, query)
  const all = listedOnce(files, path, recursive)
  if (all.length === 0 && path !== '' && repo.type !== 'bucket') {
    throw new HubError(404, `${path} does not exist on "${revisionAndPath(more).revision}"`, 'EntryNotFound')
  }
  const from = Number(Buffer.from(query.get('cursor') ?? '', 'base64url').toString() || 0)
  const page = all.slice(from, from + limit)
  const headers: Headers =
    from + limit < all.length ? { Link: nextLink(context, at.call, String(from + limit)) } : {}
  return { status: 200, json: page.map((entry) => entryOf(repo, entry, expand)), headers, gzip: true }
}

/**
 * A repository's tree is named by revision and folder; a bucket's by a prefix, in the path or as `prefix=`
 * (which may stop inside a name).
 */
function placeOf(repo: Repo, more: string[], query: URLSearchParams): { files: Tree; path: string } {
  if (repo.type !== 'bucket') {
    const { revision, path } = revisionAndPath(more)
    return { files: commitOf(repo, revision).tree, path }
  }
  const prefix = query.get('prefix') ?? pathOf(more)
  const files = treeOf(repo)
  const folder = prefix.replace(/\/+$/, '')
  if (prefix === folder && prefix !== '' && !find(files, folder)) {
    const inside = [...files].filter(([path]) => path.startsWith(prefix))
    return { files: new Map(inside), path: prefix.split('/').slice(0, -1).join('/') }
  }
  return { files, path: folder }
}

const lists = new WeakMap<Tree, Map<string, Listed[]>>()

/** 10,000 files are listed in ten pages, but sorted once: a change makes a new tree. */
function listedOnce(files: Tree, path: string, recursive: boolean): Listed[] {
  const kept = lists.get(files) ?? new Map<string, Listed[]>()
  lists.set(files, kept)
  const key = `${recursive} ${path}`
  const list = kept.get(key) ?? listed(files, path, recursive)
  kept.set(key, list)
  return list
}

/** Client: utils/parseLinkHeader.ts wants `<http…>; rel="next"`, with a space. */
export function nextLink(context: Context, call: Call, cursor: string, name = 'cursor'): string {
  const query = new URLSearchParams(call.query)
  query.set(name, name === 'cursor' ? Buffer.from(cursor).toString('base64url') : cursor)
  return `<${context.urls.hub}/${call.segments.join('/')}?${query}>; rel="next"`
}

/** Client: lib/paths-info.ts sends JSON, Python a form. Unknown paths are left out without an error. */
async function pathsInfo(context: Context, at: RepoCall, more: string[]): Promise<Answer> {
  const repo = repoOf(context, at, 'info')
  const { paths, expand } = await pathsOf(at.call)
  const files = repo.type === 'bucket' ? treeOf(repo) : commitOf(repo, revisionAndPath(more).revision).tree
  const found = paths.flatMap((path) => {
    const entry = find(files, path.replace(/\/+$/, ''))
    // "Only file paths are supported" in buckets (huggingface_hub, get_bucket_paths_info)
    if (!entry || (repo.type === 'bucket' && !entry.file)) return []
    return [entry.file ? fileEntry(repo, entry.path, entry.file, expand) : entryOf(repo, entry, expand)]
  })
  return { status: 200, json: found, gzip: true }
}

async function pathsOf(call: Call): Promise<{ paths: string[]; expand: boolean }> {
  if (String(call.headers['content-type']).startsWith('application/x-www-form-urlencoded')) {
    const form = new URLSearchParams((await call.body()).toString())
    return { paths: form.getAll('paths'), expand: isTrue(form.get('expand')) }
  }
  const { paths, expand } = await jsonOf(call)
  if (!Array.isArray(paths)) throw new HubError(400, '"paths" must be a list')
  return { paths: paths.map(String), expand: expand === true }
}

/**
 * Client: lib/list-commits.ts, lib/count-commits.ts (X-Total-Count). Gated like files, as the Hub does it.
 */
function commits(context: Context, at: RepoCall, revision: string): Answer {
  const repo = repoOf(context, at, 'files')
  const { query } = at.call
  const limit = numberOf(query.get('limit'), 50, 1000)
  const page = Number(query.get('p') ?? 0)
  const history = []
  for (let next: string | undefined = commitOf(repo, revision).id; next !== undefined; ) {
    const commit = commitOf(repo, next)
    history.push(commit)
    next = commit.parent
  }
  const more: Headers =
    (page + 1) * limit < history.length ? { Link: nextLink(context, at.call, String(page + 1), 'p') } : {}
  const json = history
    .slice(page * limit, (page + 1) * limit)
    .map(({ id, title, message, author, date }) => ({
      id,
      title,
      message,
      authors: author ? [{ user: author, avatar: '' }] : [],
      date,
    }))
  return { status: 200, json, headers: { 'X-Total-Count': history.length, ...more }, gzip: true }
}

function refs(repo: Repo): Answer {
  const branches = [...repo.refs].map(([name, { id }]) => ({
    name,
    ref: `refs/heads/${name}`,
    targetCommit: id,
  }))
  return { status: 200, json: { branches, tags: [], converts: [] } }
}

/**
 * /api/{type}s: client lib/list-spaces.ts, lib/list-datasets.ts. Private ones only for their owner's token.
 */
export function listRepos(
  context: Context,
  call: Call,
  type: RepoType,
  visible: (repo: Repo) => boolean,
  namespace?: string,
): Answer {
  const { query } = call
  const author = namespace ?? query.get('author')
  const search = query.get('search')?.toLowerCase() ?? ''
  const tags = query.getAll('filter').flatMap((filter) => filter.split(','))
  const expand = expandOf(call)
  const all = [...context.store.repos.values()]
    .filter((repo) => repo.type === type && visible(repo) && (!author || repo.id.startsWith(`${author}/`)))
    .filter((repo) => repo.id.toLowerCase().includes(search))
    .map((repo) => ({
      repo,
      info:
        repo.type === 'bucket' ? bucketInfoOf(repo, treeOf(repo)) : infoOf(repo, commitOf(repo, 'main'), []),
    }))
    .filter(({ info }) => tags.every((tag) => Array.isArray(info.tags) && info.tags.includes(tag)))
  const limit = numberOf(query.get('limit'), 1000, 1000)
  const from = Number(Buffer.from(query.get('cursor') ?? '', 'base64url').toString() || 0)
  const json = all.slice(from, from + limit).map(({ repo, info }) => {
    if (repo.type === 'bucket') return info
    if (expand.length > 0) return infoOf(repo, commitOf(repo, 'main'), expand)
    const { siblings: _, runtime: __, cardData, ...short } = info
    return isTrue(query.get('full')) ? { ...short, cardData } : short
  })
  const headers: Headers =
    from + limit < all.length ? { Link: nextLink(context, call, String(from + limit)) } : {}
  return { status: 200, json, headers, gzip: true }
}

export function treeOf(repo: Repo): Tree {
  return commitOf(repo, 'main').tree
}

function expandOf({ query }: Call): string[] {
  return [...query.getAll('expand'), ...query.getAll('expand[]')].filter(
    (name) => !/^(true|false)$/i.test(name),
  )
}

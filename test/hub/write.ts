import type { Token } from './access.ts'
import { mayCreate, writable } from './access.ts'
import { contentOf } from './content.ts'
import { type Context, isTrue, jsonOf, pathOf, type RepoCall, revisionAndPath } from './context.ts'
import { type Answer, type Call, HubError } from './http.ts'
import {
  addRepo,
  type Commit,
  commit,
  type Files,
  type Repo,
  type RepoType,
  type StoredFile,
  storageOf,
  storedFile,
} from './store.ts'
import { commitOf } from './tree.ts'

const TYPES: RepoType[] = ['model', 'dataset', 'space']

/** POST /api/repos/create; client: lib/create-repo.ts. */
export async function createRepo(context: Context, call: Call, token: Token | undefined): Promise<Answer> {
  const {
    name,
    organization,
    type: given = 'model',
    sdk,
    visibility,
    private: isPrivate,
    license,
    files,
  } = await jsonOf(call)
  const type = TYPES.find((known) => known === given)
  if (!type) throw new HubError(400, `"type" must be one of ${TYPES.join(', ')}, not ${given}`)
  const id = `${organization ?? token?.user}/${name}`
  mayCreate(context.accounts, token, type, id)
  if (type === 'space' && !['gradio', 'docker', 'static', 'streamlit'].includes(String(sdk))) {
    throw new HubError(400, '"sdk" must be one of [gradio, docker, static]')
  }
  const card = {
    ...(license ? { license } : {}),
    ...(type === 'space' ? { title: name, emoji: '🎯', sdk, pinned: false } : {}),
  }
  const lines = Object.entries(card).map(([key, value]) => `${key}: ${value}\n`)
  const made: Files = { '.gitattributes': '*.parquet filter=lfs diff=lfs merge=lfs -text\n' }
  if (lines.length > 0) made['README.md'] = `---\n${lines.join('')}---\n`
  for (const file of Array.isArray(files) ? files : [])
    made[file.path] = Buffer.from(String(file.content), file.encoding === 'base64' ? 'base64' : 'utf8')
  const repo = create(context, token, type, id, visibility === 'private' || isPrivate === true, made)
  repo.sdk = sdk === undefined ? undefined : String(sdk)
  return {
    status: 200,
    json: { url: pageOf(context, repo), name: id, id: repo.objectId, private: repo.private },
  }
}

/**
 * POST /api/buckets/{id}; client: lib/create-repo.ts, Python: hf_api.py, create_bucket (which reads `url`).
 */
export async function createBucket(context: Context, { call, token, id: given }: RepoCall): Promise<Answer> {
  const { visibility, private: isPrivate } = await jsonOf(call)
  const id = given.replace(/^me\//, `${token?.user}/`)
  mayCreate(context.accounts, token, 'bucket', id)
  const repo = create(context, token, 'bucket', id, visibility === 'private' || isPrivate === true, {})
  return { status: 200, json: { url: pageOf(context, repo), id: repo.id, private: repo.private } }
}

function create(
  context: Context,
  token: Token,
  type: RepoType,
  id: string,
  isPrivate: boolean,
  files: Files,
): Repo {
  if (!/^[\w.-]+\/[\w.-]{1,96}$/.test(id)) throw new HubError(400, `Invalid repo name: ${id}`)
  const there = context.store.repos.get(`${type}:${id}`)
  // Python and trackio take 409 as "is there already" and read its `url` (hf_api.py, create_repo, exist_ok)
  if (there)
    throw new HubError(
      409,
      `You already created this ${type} repo: ${id}`,
      undefined,
      {},
      { url: pageOf(context, there), id },
    )
  const repo = addRepo(context.store, type, id, { private: isPrivate, files })
  if (token.app !== undefined) repo.app = token.app
  return repo
}

/** DELETE /api/repos/delete and DELETE /api/buckets/{id}; client: lib/delete-repo.ts. */
export async function deleteRepo(
  context: Context,
  call: Call,
  token: Token | undefined,
  bucket?: string,
): Promise<Answer> {
  const { name, organization, type = 'model' } = bucket === undefined ? await jsonOf(call) : {}
  const wanted = bucket === undefined ? TYPES.find((known) => known === type) : 'bucket'
  if (!wanted) throw new HubError(400, `"type" must be one of ${TYPES.join(', ')}, not ${type}`)
  const id = bucket ?? `${organization ?? token?.user}/${name}`
  writable(context.store, context.accounts, token, wanted, id)
  mayCreate(context.accounts, token, wanted, id)
  context.store.repos.delete(`${wanted}:${id}`)
  return { status: 200, body: 'OK' }
}

/**
 * POST /api/{type}s/{id}/preupload/{revision}: which files go to git and which to the large store; client:
 * lib/commit.ts.
 */
export async function preupload(context: Context, at: RepoCall): Promise<Answer> {
  const repo = writable(context.store, context.accounts, at.token, at.type, at.id)
  const { tree } = commitOf(repo, revisionAndPath(at.rest.slice(1)).revision)
  const { files, gitAttributes } = await jsonOf(at.call)
  if (!Array.isArray(files)) throw new HubError(400, '"files" must be a list')
  const listed = String(gitAttributes ?? '').matchAll(/^\*(\.\S+)\s.*filter=lfs/gm)
  const large = [...listed].map(([, ending = '']) => ending)
  const json = files.map(({ path, size, sample }: Record<string, unknown>) => {
    const bytes = Buffer.from(String(sample), 'base64')
    const content = { size: Number(size), read: (from: number, to: number) => bytes.subarray(from, to) }
    const lfs =
      large.some((ending) => String(path).endsWith(ending)) ||
      storageOf(context.store, repo.type, String(path), content) !== 'git'
    const before = tree.get(String(path))
    return {
      path,
      uploadMode: lfs ? 'lfs' : 'regular',
      shouldIgnore: false,
      ...(before ? { oid: before.blobId() } : {}),
    }
  })
  return { status: 200, json: { files: json } }
}

const LARGEST_REGULAR = 10 * 1024 * 1024

/** POST /api/{type}s/{id}/commit/{revision}, NDJSON; client: lib/commit.ts, types/api/api-commit.ts. */
export async function commitAnswer(context: Context, at: RepoCall): Promise<Answer> {
  const repo = writable(context.store, context.accounts, at.token, at.type, at.id)
  const { revision } = revisionAndPath(at.rest.slice(1))
  const head = commitOf(repo, revision)
  const lines = linesOf(await at.call.body())
  const header = valueIn(lines, 'header')
  if (!header) throw new HubError(400, 'the first line must be the header')
  const { summary, description, parentCommit } = header
  if (typeof summary !== 'string' || summary === '')
    throw new HubError(400, '"summary" is not allowed to be empty')
  const pull = isTrue(at.call.query.get('create_pr'))
  // "Will make sure that there were no intermediate commits" (ApiCommitHeader, parentCommit)
  if (parentCommit !== undefined && parentCommit !== head.id && !pull) {
    throw new HubError(412, 'A commit has happened since. Please refresh and try again.')
  }
  const change = { files: {} as Files, stored: {} as Record<string, StoredFile>, deleted: [] as string[] }
  for (const line of lines) addTo(context, head, change, line)
  let branch = revision
  if (pull) {
    branch = `refs/pr/${[...repo.refs.keys()].filter((name) => name.startsWith('refs/pr/')).length + 1}`
    repo.refs.set(branch, typeof parentCommit === 'string' ? commitOf(repo, parentCommit) : head)
  }
  // a commit that changes nothing is a commit too: Python skips it "to prevent empty commit" (hf_api.py,
  // create_commit)
  const made = commit(context.store, repo, {
    title: summary,
    message: String(description ?? ''),
    author: at.token?.user,
    branch,
    ...change,
  })
  const page = pageOf(context, repo)
  const json = { success: true, commitOid: made.id, commitUrl: `${page}/commit/${made.id}`, hookOutput: '' }
  return {
    status: 200,
    json: pull ? { ...json, pullRequestUrl: `${page}/discussions/${branch.split('/').at(-1)}` } : json,
  }
}

function addTo(
  context: Context,
  head: Commit,
  change: { files: Files; stored: Record<string, StoredFile>; deleted: string[] },
  { key, value }: Record<string, unknown>,
): void {
  if (key === 'header') return
  const { path: given, content, encoding, oid, algo } = recordOf(value)
  const path = String(given ?? '')
  const problem = pathProblem(path.replace(/\/$/, ''))
  if (problem) throw new HubError(400, `${problem}: "${path}"`)
  if (key === 'file') {
    const bytes = Buffer.from(String(content ?? ''), encoding === 'base64' ? 'base64' : 'utf8')
    if (bytes.length > LARGEST_REGULAR) {
      throw new HubError(
        400,
        `Your push was rejected because it contains files larger than 10 MiB. Offending files: - ${path}`,
      )
    }
    // what comes inline is kept in git, whatever its kind
    change.stored[path] = storedFile(context.store, contentOf(bytes), 'git', { id: '', title: '', date: '' })
  } else if (key === 'lfsFile') {
    if (algo !== 'sha256') throw new HubError(400, '"algo" must be sha256')
    const uploaded = context.store.uploaded.get(String(oid))
    if (!uploaded) {
      throw new HubError(
        400,
        `Your push was rejected because an LFS pointer pointed to a file that does not exist. Offending file: - ${path}`,
      )
    }
    change.stored[path] = storedFile(context.store, uploaded, context.store.large, {
      id: '',
      title: '',
      date: '',
    })
  } else if (key === 'deletedFile') {
    // hf_api.py, delete_file: raises EntryNotFoundError
    if (!head.tree.has(path)) throw new HubError(404, `${path} does not exist on "main"`, 'EntryNotFound')
    change.deleted.push(path)
  } else if (key === 'deletedFolder') change.deleted.push(`${path.replace(/\/$/, '')}/`)
  else throw new HubError(400, `unknown operation ${key}`)
}

/** POST and DELETE /api/{type}s/{id}/branch/{name}; client: lib/create-branch.ts, lib/delete-branch.ts. */
export async function branch(context: Context, at: RepoCall): Promise<Answer> {
  const repo = writable(context.store, context.accounts, at.token, at.type, at.id)
  const name = pathOf(at.rest.slice(1))
  if (at.call.method === 'DELETE') {
    if (name === 'main' || !repo.refs.delete(name))
      throw new HubError(404, `no branch ${name}`, 'RevisionNotFound')
    return { status: 200, body: 'OK' }
  }
  const { startingPoint, emptyBranch, overwrite } = await jsonOf(at.call)
  if (repo.refs.has(name) && overwrite !== true)
    throw new HubError(409, `Reference already exists: refs/heads/${name}`)
  const start = commitOf(repo, typeof startingPoint === 'string' ? startingPoint : 'main')
  repo.refs.set(name, emptyBranch === true ? { ...start, parent: undefined, tree: new Map() } : start)
  return { status: 200, body: 'OK' }
}

export function linesOf(body: Buffer): Record<string, unknown>[] {
  return body
    .toString()
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line, index) => {
      try {
        return recordOf(JSON.parse(line))
      } catch (error) {
        throw new HubError(
          400,
          `line ${index + 1} is not JSON: ${error instanceof Error ? error.message : error}`,
        )
      }
    })
}

function valueIn(lines: Record<string, unknown>[], key: string): Record<string, unknown> | undefined {
  const line = lines.find((each) => each.key === key)
  return line && recordOf(line.value)
}

function recordOf(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw new HubError(400, 'an object was expected')
  return { ...value }
}

/** Why a path cannot be one, or undefined. */
export function pathProblem(path: string): string | undefined {
  if (path === '') return 'path is empty'
  return path.split('/').some((part) => part === '' || part === '.' || part === '..')
    ? 'path is not valid'
    : undefined
}

export function pageOf({ urls }: Context, { type, id }: Repo): string {
  return `${urls.hub}/${type === 'model' ? '' : `${type}s/`}${id}`
}

import { readable, writable } from './access.ts'
import { type Context, PLURALS, type RepoCall } from './context.ts'
import { type Answer, HubError } from './http.ts'
import { treeOf } from './read.ts'
import { commit, isoOf, type Repo, type StoredFile, storedFile } from './store.ts'
import { linesOf, pathProblem } from './write.ts'

/**
 * POST /api/buckets/{id}/batch: NDJSON of addFile, copyFile, deleteFile (client: lib/commit.ts,
 * commitIterBucket; Python: hf_api.py, _batch_bucket_files, which also sends mtime and contentType). Each
 * line stands for itself: 200 says which failed, 422 that all did (types/api/api-commit.ts,
 * ApiBucketBatchResponse).
 */
export async function bucketBatch(context: Context, at: RepoCall): Promise<Answer> {
  const repo = writable(context.store, context.accounts, at.token, 'bucket', at.id)
  const lines = linesOf(await at.call.body())
  const failed: { path: string; error: string }[] = []
  const stored: Record<string, StoredFile> = {}
  const deleted: string[] = []
  for (const line of lines) {
    const path = String(line.path ?? '')
    const problem = pathProblem(path)
    if (problem) failed.push({ path, error: problem })
    else if (line.type === 'deleteFile') {
      if (treeOf(repo).has(path)) deleted.push(path)
      else failed.push({ path, error: 'File not found' })
    } else if (line.type === 'addFile' || line.type === 'copyFile') {
      const file = line.type === 'addFile' ? uploaded(context, line) : copied(context, at, line)
      if (typeof file === 'string') failed.push({ path, error: file })
      else stored[path] = file
    } else throw new HubError(400, `unknown operation ${line.type}`)
  }
  if (failed.length < lines.length)
    commit(context.store, repo, { title: 'batch', author: at.token?.user, stored, deleted })
  const succeeded = lines.length - failed.length
  const json = { success: failed.length === 0, processed: lines.length, succeeded, failed }
  return { status: lines.length > 0 && succeeded === 0 ? 422 : 200, json }
}

function uploaded(context: Context, line: Record<string, unknown>): StoredFile | string {
  const hash = String(line.xetHash)
  const content = context.store.xet.get(hash)
  if (!content) return `Xet file ${hash} was not uploaded`
  return described(storedFile(context.store, content, 'xet', { id: '', title: '', date: '' }), line)
}

function copied(context: Context, at: RepoCall, line: Record<string, unknown>): StoredFile | string {
  const type = PLURALS[`${line.sourceRepoType}s`]
  if (!type) return `unknown repository type ${line.sourceRepoType}`
  let source: Repo
  try {
    source = readable(context.store, context.accounts, at.token, type, String(line.sourceRepoId), 'files')
  } catch (error) {
    if (error instanceof HubError) return error.message
    throw error
  }
  for (const { tree } of [...source.refs.values(), ...source.commits.values()]) {
    for (const file of tree.values())
      if (file.storage === 'xet' && file.xetHash() === line.xetHash) return described(file, line)
  }
  return `Xet file ${line.xetHash} is not in ${line.sourceRepoId}`
}

function described(file: StoredFile, { mtime, contentType }: Record<string, unknown>): StoredFile {
  return {
    ...file,
    mtime: typeof mtime === 'number' ? isoOf(mtime) : undefined,
    contentType: typeof contentType === 'string' ? contentType : undefined,
  }
}

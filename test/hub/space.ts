import { readable, writable } from './access.ts'
import { type Context, jsonOf, type RepoCall } from './context.ts'
import { type Answer, HubError } from './http.ts'
import { cardOf, runtimeOf } from './info.ts'
import { treeOf } from './read.ts'
import type { Repo } from './store.ts'

/**
 * Runtime, variables, secrets and volumes of a Space (huggingface_hub, hf_api.py: get_space_runtime,
 * add_space_variable, add_space_secret, set_space_volumes).
 */
export async function spaceApi(context: Context, at: RepoCall): Promise<Answer | undefined> {
  const [what] = at.rest
  const { method } = at.call
  if (what === 'runtime' && method === 'GET') {
    return {
      status: 200,
      json: runtime(readable(context.store, context.accounts, at.token, 'space', at.id, 'info')),
    }
  }
  if (what === 'variables') {
    // variables are for the owner only, even to read
    const repo = writable(context.store, context.accounts, at.token, 'space', at.id)
    if (method !== 'GET') {
      const { key, value } = await jsonOf(at.call)
      if (typeof key !== 'string') throw new HubError(400, '"key" is required')
      if (method === 'DELETE') repo.variables.delete(key)
      else repo.variables.set(key, String(value ?? ''))
    }
    return {
      status: 200,
      json: Object.fromEntries(
        [...repo.variables].map(([key, value]) => [key, { value, updatedAt: repo.createdAt }]),
      ),
    }
  }
  if (what === 'secrets') {
    const repo = writable(context.store, context.accounts, at.token, 'space', at.id)
    if (method !== 'GET') {
      const { key } = await jsonOf(at.call)
      if (typeof key !== 'string') throw new HubError(400, '"key" is required')
      if (method === 'DELETE') repo.secrets.delete(key)
      else repo.secrets.add(key) // nobody can read the value again, so it is not kept
    }
    return {
      status: 200,
      json: Object.fromEntries([...repo.secrets].map((key) => [key, { updatedAt: repo.createdAt }])),
    }
  }
  if (what === 'volumes' && method === 'PUT') {
    const repo = writable(context.store, context.accounts, at.token, 'space', at.id)
    const { volumes } = await jsonOf(at.call)
    if (!Array.isArray(volumes)) throw new HubError(400, '"volumes" must be a list')
    repo.volumes = volumes.map(({ type, source, mountPath }) => ({
      type: String(type),
      source: String(source),
      mountPath: String(mountPath),
    }))
    return { status: 200, json: runtime(repo) }
  }
  return undefined
}

function runtime(repo: Repo): Record<string, unknown> {
  const { sdk = repo.sdk } = cardOf(repo, treeOf(repo))
  return runtimeOf(repo, typeof sdk === 'string' ? sdk : undefined)
}

import { extname } from 'node:path'
import type { Commit, Repo, Tree } from './store.ts'

/**
 * Everything the API says about a repository (client: types/api/api-dataset.ts, api-space.ts; measured
 * answers of the Hub).
 */
export function infoOf(repo: Repo, commit: Commit, expand: string[]): Record<string, unknown> {
  const card = cardOf(repo, commit.tree)
  const tags = [...repo.tags, ...listOf(card.tags), 'region:us']
  const sdk = typeof card.sdk === 'string' ? card.sdk : repo.sdk
  const all: Record<string, unknown> = {
    _id: repo.objectId,
    id: repo.id,
    author: repo.id.split('/')[0],
    sha: commit.id,
    lastModified: commit.date,
    createdAt: repo.createdAt,
    private: repo.private,
    gated: repo.gated,
    disabled: false,
    likes: 0,
    tags: repo.type === 'space' && sdk ? [sdk, ...tags] : tags,
    cardData: card,
    siblings: [...commit.tree.keys()].sort(byBytes).map((rfilename) => ({ rfilename })),
    ...(repo.type === 'space' ? spaceOf(repo, sdk, card) : { downloads: 0, downloadsAllTime: 0 }),
    ...(repo.type === 'model' ? { modelId: repo.id } : {}),
  }
  if (expand.length === 0) return all
  // what was asked for and the two ids, nothing else; the client sends `expand` (lib/space-info.ts) or
  // `expand[]` (lib/repo-exists.ts)
  return Object.fromEntries(
    Object.entries(all).filter(([name]) => name === '_id' || name === 'id' || expand.includes(name)),
  )
}

export function bucketInfoOf(repo: Repo, tree: Tree): Record<string, unknown> {
  let size = 0
  for (const { content } of tree.values()) size += content.size
  // huggingface_hub, _buckets.py, BucketInfo
  return {
    _id: repo.objectId,
    id: repo.id,
    author: repo.id.split('/')[0],
    private: repo.private,
    createdAt: repo.createdAt,
    updatedAt: repo.refs.get('main')?.date,
    size,
    totalFiles: tree.size,
  }
}

function spaceOf(
  repo: Repo,
  sdk: string | undefined,
  card: Record<string, unknown>,
): Record<string, unknown> {
  const name = repo.id.toLowerCase().replace(/[/_.]/g, '-')
  return {
    sdk,
    subdomain: name,
    host: `https://${name}.${sdk === 'static' ? 'static.' : ''}hf.space`,
    models: listOf(card.models),
    datasets: listOf(card.datasets),
    runtime: runtimeOf(repo, sdk),
  }
}

/** huggingface_hub, _space_api.py, SpaceRuntime and Volume; a static Space runs on nothing. */
export function runtimeOf(repo: Repo, sdk: string | undefined): Record<string, unknown> {
  return {
    stage: 'RUNNING',
    hardware:
      sdk === 'static'
        ? { current: null, requested: null }
        : { current: 'cpu-basic', requested: 'cpu-basic' },
    storage: null,
    gcTimeout: sdk === 'static' ? null : 172800,
    replicas: { current: 1, requested: 1 },
    devMode: false,
    ...(repo.volumes.length > 0 ? { volumes: repo.volumes } : {}),
    ...repo.runtime,
  }
}

export function cardOf(repo: Repo, tree: Tree): Record<string, unknown> {
  if (repo.cardData) return repo.cardData
  const readme = tree.get('README.md')
  return readme ? frontMatterOf(readme.content.read(0, readme.content.size).toString()) : {}
}

/**
 * The YAML that cards use: one line a key; lists in brackets or with dashes. Anything deeper is kept as text.
 */
export function frontMatterOf(text: string): Record<string, unknown> {
  const [, block] = /^---\r?\n([\s\S]*?)\r?\n---/.exec(text) ?? []
  const card: Record<string, unknown> = {}
  let open: unknown[] | undefined
  for (const line of (block ?? '').split(/\r?\n/)) {
    const item = /^\s*-\s+(.*)$/.exec(line)
    if (item && open) {
      open.push(scalarOf(item[1] ?? ''))
      continue
    }
    const [, key, value = ''] = /^([\w-]+):\s*(.*)$/.exec(line) ?? []
    if (!key) continue
    const list = /^\[(.*)\]$/.exec(value)
    open = value === '' ? [] : undefined
    if (list)
      card[key] = (list[1] ?? '')
        .split(',')
        .map((part) => scalarOf(part))
        .filter((part) => part !== '')
    else card[key] = open ?? scalarOf(value)
  }
  return card
}

function scalarOf(text: string): unknown {
  const plain = text.trim().replace(/^(['"])(.*)\1$/, '$2')
  if (plain === 'true' || plain === 'false') return plain === 'true'
  return plain !== '' && /^-?\d+$/.test(plain) ? Number(plain) : plain
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value]
}

/** Order of the bytes of UTF-8, as git and object stores sort. */
export function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

const TYPES: Record<string, string> = {
  '.json': 'application/json',
  '.csv': 'text/csv',
  '.html': 'text/html',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.gif': 'image/gif',
  '.wav': 'audio/wav',
  '.mp4': 'video/mp4',
  '.svg': 'image/svg+xml',
}

export function mediaTypeOf(path: string): string {
  return TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream'
}

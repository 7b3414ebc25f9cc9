import { PARQUET } from '../../model/data-files.mjs'
import { TrackioError } from '../../model/errors.ts'
import { HUB, type SourceLink } from '../../model/source.ts'
import { type Address, repoText } from '../../storage/address/address.ts'
import type { StaticConfig } from '../../storage/http/static-config.ts'
import type { AskOptions } from '../../storage/hub/hub-spaces.ts'
import { type HubTree, hubTree } from '../../storage/hub/hub-tree.ts'
import type { Tree, TreeEntry } from '../../storage/tree.ts'
import type { LayoutOptions } from '../formats/layout.ts'
import { type Connector, type ConnectorContext, EVERY, nothingIn, treeConnector } from './connector.ts'
import { leakNotice, namedData, type SpaceData, spaceAt, spaceData } from './spaces.ts'

type HubAddress = Extract<Address, { kind: 'hub' | 'hubName' | 'spaceHost' }>

/**
 * What an address of the Hub leads to: a repository, or the data behind a Space. `hub`: origin that the link
 * names, where it is not huggingface.co.
 */
export async function hubConnector(
  address: HubAddress,
  hub: string | undefined,
  context: ConnectorContext,
): Promise<Connector> {
  // an address of huggingface.co leads there from a page whose names belong to another Hub too
  const origin = address.kind === 'spaceHost' ? (hub ?? HUB) : address.hub
  const link = (as: SourceLink['as'], text: string): SourceLink => ({
    as,
    texts: [text],
    ...(hub !== undefined && { hub: origin }),
  })
  const space = async (id: string): Promise<Connector> =>
    spaceConnector(id, await spaceData(id, hubOptions(origin, context)), origin, link('space', id), context)
  switch (address.kind) {
    case 'hub': {
      const { repo, path } = address
      return repo.type === 'space'
        ? space(repo.id)
        : repoConnector(address, link(repo.type, repoText(repo, path)), context)
    }
    case 'spaceHost':
      return space(await spaceAt(address.host, hubOptions(origin, context)))
    case 'hubName': {
      const { id, revision } = address
      const found = await namedData(id, hubOptions(origin, context))
      const as = found.repo.id === id && found.project === undefined ? found.repo.type : 'space'
      if (as === 'dataset' && revision !== undefined) found.repo.revision = revision
      return spaceConnector(id, found, origin, link(as, as === 'space' ? id : repoText(found.repo)), context)
    }
  }
}

/** The data of a static dashboard, as its config.json names it. */
export function staticConnector(
  config: StaticConfig & { project: string },
  hub: string | undefined,
  context: ConnectorContext,
): Connector {
  const { project, bucket, dataset, leakedToken } = config
  const id = bucket ?? dataset
  if (id === undefined)
    throw new TrackioError(
      'config.json',
      `names neither a bucket nor a dataset for ${project}`,
      'Publish the dashboard again with trackio sync.',
    )
  const repo = { type: bucket === undefined ? ('dataset' as const) : ('bucket' as const), id }
  const link: SourceLink = { as: repo.type, texts: [id], ...(hub !== undefined && { hub }) }
  return repoConnector({ kind: 'hub', hub: hub ?? HUB, repo }, link, context, {
    repo,
    project,
    notices: leakedToken ? [leakNotice('config.json', hub)] : [],
  })
}

/**
 * A dataset or bucket, or a file or folder in one. `found`: what led there, a Space or a static dashboard.
 */
function repoConnector(
  address: Extract<Address, { kind: 'hub' }>,
  link: SourceLink,
  context: ConnectorContext,
  found?: SpaceData,
): Connector {
  const { repo, hub, path } = address
  const folder = path?.endsWith('/') ? path : undefined
  const whole = hubTree(repo, { ...hubOptions(hub, context), ...(folder !== undefined && { root: folder }) })
  const tree = path === undefined || folder !== undefined ? whole : oneFileOf(whole, path)
  const short = repo.id.slice(repo.id.indexOf('/') + 1)
  const layout: LayoutOptions = {
    name: found?.project ?? short,
    prefer: repo.type === 'bucket' ? 'database' : 'parquet',
  }
  return {
    ...treeConnector(tree, layout, () => nothingIn(tree, repo.id)),
    name: found ? (link.texts[0] ?? repo.id) : repoText(repo, path),
    // what is read at a commit stays as it is
    live: /^[0-9a-f]{40}$/.test(repo.revision ?? '') ? false : 'engine',
    every: EVERY.hub,
    link,
    notices: () => [...(found?.notices ?? []), ...whole.notices()],
  }
}

/**
 * A file of a repository, with what may stand beside it: its write-ahead log, the tables of the same project.
 */
function oneFileOf(tree: HubTree, path: string): Tree {
  const stem = path.replace(/\.[^./]*$/, '')
  const folder = path.slice(0, path.lastIndexOf('/') + 1)
  const belongs = ({ path: other }: TreeEntry): boolean =>
    other === path ||
    other === `${path}-wal` ||
    (PARQUET.test(path) && (other.startsWith(`${stem}_`) || other.startsWith(`${folder}aux/`)))
  return { ...tree, list: async (options) => (await tree.list(options)).filter(belongs) }
}

/** The data behind a Space, under the Space's name. */
function spaceConnector(
  id: string,
  found: SpaceData,
  hub: string,
  link: SourceLink,
  context: ConnectorContext,
): Connector {
  const connector = repoConnector({ kind: 'hub', hub, repo: found.repo }, link, context, found)
  return { ...connector, name: id }
}

/** How the Hub is asked while a source is opened: what it makes wait for is said in words. */
function hubOptions(hub: string, { tokenFor, signal, onProgress }: ConnectorContext): AskOptions {
  return { hub, tokenFor, signal, onWait: (text) => onProgress?.(text, 0, 0) }
}

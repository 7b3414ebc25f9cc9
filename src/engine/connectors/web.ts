import { TrackioError } from '../../model/errors.ts'
import type { SourceRef } from '../../model/source.ts'
import { type Address, decode, parseAddress } from '../../storage/address/address.ts'
import { addressesTree, type WebFile } from '../../storage/http/addresses-tree.ts'
import { listingTree } from '../../storage/http/listing.ts'
import { type Beside, lookBeside } from '../../storage/http/static-config.ts'
import { type Connector, type ConnectorContext, EVERY, treeConnector } from './connector.ts'

/** What a person typed or a link carries. */
export async function addressConnector(
  ref: Extract<SourceRef, { kind: 'address' }>,
  context: ConnectorContext,
): Promise<Connector> {
  const addresses = ref.texts.map((text) => parseAddress(text, ref.as, { base: ref.base, hub: ref.hub }))
  const files = addresses.filter((address) => address.kind === 'url')
  if (files.length === addresses.length) return filesOfWeb(files, ref, context)
  const [first] = addresses
  if (!first || addresses.length > 1)
    throw new TrackioError(
      ref.texts.join(', '),
      'several addresses, of which not all are files',
      'Open them one after the other.',
    )
  switch (first.kind) {
    case 'url':
      return filesOfWeb([first], ref, context)
    case 'folder':
      return folderConnector(
        first.url,
        ref.as === 'folder' ? (ref.texts[0] ?? first.url) : first.url,
        context,
      )
    case 'server':
      return serverConnector(first.url, first.writeToken, context)
    case 'site': {
      const found = await lookBeside(first.url, context.signal)
      return (
        (await besideConnector(found, ref.hub, context, first.writeToken)) ??
        folderConnector(first.url, first.url, context)
      )
    }
    default:
      return (await import('./hub-repo.ts')).hubConnector(first, ref.hub, context)
  }
}

function filesOfWeb(
  files: readonly Extract<Address, { kind: 'url' }>[],
  ref: Extract<SourceRef, { kind: 'address' }>,
  context: ConnectorContext,
): Connector {
  const web = files.map(({ url, format }): WebFile => ({ url: new URL(url), ...(format && { format }) }))
  const tree = addressesTree(web, tellOf(context))
  const first = web[0]?.url
  const name = decode(first?.pathname.split('/').pop() ?? '') || (first?.host ?? '')
  const formats = new Set(files.map(({ format }) => format))
  const [as = 'db'] = formats.size === 1 ? formats : []
  const texts = ref.as === 'auto' ? web.map(({ url }) => url.href) : ref.texts
  return {
    ...treeConnector(tree, { name: stemOfExport(name), prefer: 'database', listed: false }),
    name,
    link: { as, texts },
  }
}

/** A lone `metrics.parquet` is a static export's: the file's name says nothing of the project. */
function stemOfExport(name: string): string {
  return name.replace(/\.parquet$/i, '')
}

/**
 * A folder behind a web server that lists it: `npx trackio-lite`, or any host. `text`: as the page's address
 * names it.
 */
function folderConnector(address: string, text: string, context: ConnectorContext): Connector {
  const tree = listingTree(address, tellOf(context))
  const connector = treeConnector(tree, { name: tree.name(), prefer: 'database' })
  return {
    ...connector,
    get name() {
      return tree.name()
    },
    live: 'engine',
    every: tree.host === '' ? EVERY.near : EVERY.far,
    link: { as: 'folder', texts: [text] },
  }
}

async function serverConnector(
  address: string,
  given: string | undefined,
  context: ConnectorContext,
): Promise<Connector> {
  const token = (): string | undefined => given ?? context.tokenFor(address)
  const { signal, onProgress } = context
  const { openServer } = await import('./served.ts')
  const server = await openServer(address, { signal, onProgress, token, tell: tellOf(context) })
  return {
    name: server.host,
    host: server.host,
    local: false,
    live: 'engine',
    every: EVERY.near,
    link: { as: 'server', texts: [server.url] },
    writable: await server.writable(signal),
    notices: () => [],
    lazy: true,
    look: async (options) => server.look(options),
    open: (files, options) => server.open(files, options.signal),
    registries: server.registries,
    filesOf: server.files,
    received: server.received,
  }
}

/** Says why nothing happens: while a source is opened, and later while it is read. */
function tellOf({ onProgress }: ConnectorContext): (text: string) => void {
  return (text) => onProgress?.(text, 0, 0)
}

/** What the page at `base` was served with. */
export async function pageConnector(
  { base, hub }: Extract<SourceRef, { kind: 'beside' }>,
  context: ConnectorContext,
): Promise<Connector> {
  const connector = await besideConnector(await lookBeside(base, context.signal), hub, context)
  if (!connector)
    throw new TrackioError(
      base,
      'the page was served alone: no trackio server and no static dashboard beside it',
    )
  return connector
}

/** What a page (this one, or one at an address) was served with; undefined where it was served alone. */
async function besideConnector(
  found: Beside,
  hub: string | undefined,
  context: ConnectorContext,
  token?: string,
): Promise<Connector | undefined> {
  if (found.kind === 'server') return serverConnector(found.url, token, context)
  if (found.kind === 'none') return undefined
  return (await import('./hub-repo.ts')).staticConnector(found.config, hub, context)
}

import { TrackioError } from '../model/errors.ts'
import type { SourceRef } from '../model/source.ts'
import { type Address, decode, parseAddress } from '../storage/address.ts'
import { addressesTree, type WebFile } from '../storage/addresses.ts'
import { type Beside, lookBeside } from '../storage/beside.ts'
import { listingTree } from '../storage/listing.ts'
import { type Door, type DoorContext, EVERY, treeDoor } from './door.ts'

/** What a person typed or a link carries. */
export async function addressDoor(ref: Extract<SourceRef, { kind: 'address' }>, context: DoorContext): Promise<Door> {
  const addresses = ref.texts.map((text) => parseAddress(text, ref.as, { base: ref.base, hub: ref.hub }))
  const files = addresses.filter((address) => address.kind === 'url')
  if (files.length === addresses.length) return filesOfWeb(files, ref, context)
  const [first] = addresses
  if (!first || addresses.length > 1)
    throw new TrackioError(ref.texts.join(', '), 'several addresses, of which not all are files', 'Open them one after the other.')
  switch (first.kind) {
    case 'url':
      return filesOfWeb([first], ref, context)
    case 'folder':
      return folderDoor(first.url, ref.as === 'folder' ? (ref.texts[0] ?? first.url) : first.url, context)
    case 'server':
      return serverDoor(first.url, first.writeToken, context)
    case 'site': {
      const found = await lookBeside(first.url, context.signal)
      return (await besideDoor(found, ref.hub, context, first.writeToken)) ?? folderDoor(first.url, first.url, context)
    }
    default:
      return (await import('./hub-door.ts')).hubDoor(first, ref.hub, context)
  }
}

function filesOfWeb(
  files: readonly Extract<Address, { kind: 'url' }>[],
  ref: Extract<SourceRef, { kind: 'address' }>,
  context: DoorContext,
): Door {
  const web = files.map(({ url, format }): WebFile => ({ url: new URL(url), ...(format && { format }) }))
  const tree = addressesTree(web, tellOf(context))
  const first = web[0]?.url
  const name = decode(first?.pathname.split('/').pop() ?? '') || (first?.host ?? '')
  const as = files.every(({ format }) => format === 'parquet') ? 'parquet' : 'db'
  const texts = ref.as === 'auto' ? web.map(({ url }) => url.href) : ref.texts
  return { ...treeDoor(tree, { name: stemOfExport(name), prefer: 'database', listed: false }), name, link: { as, texts } }
}

/** A lone `metrics.parquet` is a static export's: the file's name says nothing of the project. */
function stemOfExport(name: string): string {
  return name.replace(/\.parquet$/i, '')
}

/** A folder behind a web server that lists it: `npx trackio-lite`, or any host. `text`: as the page's address names it. */
function folderDoor(address: string, text: string, context: DoorContext): Door {
  const tree = listingTree(address, tellOf(context))
  const door = treeDoor(tree, { name: tree.name(), prefer: 'database' })
  return {
    ...door,
    get name() {
      return tree.name()
    },
    live: 'engine',
    every: tree.host === '' ? EVERY.near : EVERY.far,
    link: { as: 'folder', texts: [text] },
  }
}

async function serverDoor(address: string, given: string | undefined, context: DoorContext): Promise<Door> {
  const token = (): string | undefined => given ?? context.tokens.get(new URL(address).origin)
  const { signal, onProgress } = context
  const { openServer } = await import('./formats/server/door.ts')
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
    async open(unit, options) {
      if (unit.kind !== 'server') throw new TrackioError(unit.path, `a server holds no ${unit.kind}`)
      return server.open(unit, options.signal)
    },
    received: server.received,
  }
}

/** Says why nothing happens: while a source is opened, and later while it is read. */
function tellOf({ onProgress }: DoorContext): (text: string) => void {
  return (text) => onProgress?.(text, 0, 0)
}

/** What the page at `base` was served with. */
export async function pageDoor({ base, hub }: Extract<SourceRef, { kind: 'beside' }>, context: DoorContext): Promise<Door> {
  const door = await besideDoor(await lookBeside(base, context.signal), hub, context)
  if (!door) throw new TrackioError(base, 'the page was served alone: no trackio server and no static dashboard beside it')
  return door
}

/** What a page (this one, or one at an address) was served with; undefined where it was served alone. */
async function besideDoor(found: Beside, hub: string | undefined, context: DoorContext, token?: string): Promise<Door | undefined> {
  if (found.kind === 'server') return serverDoor(found.url, token, context)
  if (found.kind === 'none') return undefined
  return (await import('./hub-door.ts')).staticDoor(found.config, hub, context)
}

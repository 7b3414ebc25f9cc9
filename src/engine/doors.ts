import { TrackioError } from '../model/errors.ts'
import type { NamedFile, SourceLink, SourceRef } from '../model/source.ts'
import { type Address, HUB, parseAddress, repoText } from '../storage/address.ts'
import { addressesTree } from '../storage/addresses.ts'
import { type Beside, lookBeside } from '../storage/beside.ts'
import { filesTree } from '../storage/files.ts'
import { listingTree } from '../storage/listing.ts'
import { type Door, type DoorContext, EVERY, treeDoor } from './door.ts'
import { openServer } from './formats/server/door.ts'
import { hubOptions, LEAKED, repoDoor, spaceDoor } from './hub-door.ts'
import { namedData, spaceAt, spaceData } from './spaces.ts'

/** From a description to a door. Nothing is read yet but what tells which door it is. */
export async function openDoor(ref: SourceRef, context: DoorContext): Promise<Door> {
  switch (ref.kind) {
    case 'files': {
      const tree = filesTree(ref.files)
      return {
        ...treeDoor(tree, { name: ref.name, prefer: 'database' }, () => nothingFound(ref.files)),
        live: ref.live ? 'page' : false,
        every: EVERY.near,
        link: ref.link,
        replace: (files) => tree.replace(files),
      }
    }
    case 'address':
      return addressDoor(ref, context)
    case 'beside': {
      const found = await lookBeside(ref.base, context.signal)
      const door = await besideDoor(found, ref.hub, context)
      if (!door) throw new TrackioError(ref.base, 'the page was served alone: no trackio server and no static dashboard beside it')
      return door
    }
    case 'kept':
      throw new TrackioError(ref.name, 'this browser keeps no project of this name')
  }
}

async function addressDoor(ref: Extract<SourceRef, { kind: 'address' }>, context: DoorContext): Promise<Door> {
  const addresses = ref.texts.map((text) => parseAddress(text, ref.as, { base: ref.base, hub: ref.hub }))
  const files = addresses.filter((address) => address.kind === 'url')
  if (files.length === addresses.length) return filesOfWeb(files, ref)
  const [first] = addresses
  if (!first || addresses.length > 1)
    throw new TrackioError(ref.texts.join(', '), 'several addresses, of which not all are files', 'Open them one after the other.')
  const link = (as: SourceLink['as'], text: string): SourceLink => ({ as, texts: [text], ...(ref.hub !== undefined && { hub: ref.hub }) })
  switch (first.kind) {
    case 'url':
      return filesOfWeb([first], ref)
    case 'folder':
      return folderDoor(first.url, ref.as === 'folder' ? (ref.texts[0] ?? first.url) : first.url)
    case 'server':
      return serverDoor(first.url, first.writeToken, context)
    case 'site': {
      const found = await lookBeside(first.url, context.signal)
      return (await besideDoor(found, ref.hub, context, first.writeToken)) ?? folderDoor(first.url, first.url)
    }
    case 'hub':
      if (first.repo.type !== 'space') return repoDoor(first, link(first.repo.type, repoText(first.repo, first.path)), context)
      return spaceDoor(
        first.repo.id,
        await spaceData(first.repo.id, hubOptions(first.hub, context)),
        first.hub,
        link('space', first.repo.id),
        context,
      )
    case 'spaceHost': {
      const hub = ref.hub ?? HUB
      const id = await spaceAt(first.host, hubOptions(hub, context))
      return spaceDoor(id, await spaceData(id, hubOptions(hub, context)), hub, link('space', id), context)
    }
    case 'hubName': {
      const found = await namedData(first.id, hubOptions(first.hub, context))
      const as = found.repo.id === first.id && found.project === undefined ? found.repo.type : 'space'
      if (as === 'dataset' && first.revision !== undefined) found.repo.revision = first.revision
      return spaceDoor(first.id, found, first.hub, link(as, as === 'space' ? first.id : repoText(found.repo)), context)
    }
  }
}

function filesOfWeb(files: readonly Extract<Address, { kind: 'url' }>[], ref: Extract<SourceRef, { kind: 'address' }>): Door {
  const urls = files.map(({ url }) => new URL(url))
  const tree = addressesTree(urls)
  const [first] = urls
  const name = decodeURIComponent(first?.pathname.split('/').pop() ?? '') || (first?.host ?? '')
  const as = files.every(({ format }) => format === 'parquet') ? 'parquet' : 'db'
  const texts = ref.as === 'auto' ? urls.map(({ href }) => href) : ref.texts
  return { ...treeDoor(tree, { name: stemOfExport(name), prefer: 'database' }), name, link: { as, texts } }
}

/** A lone `metrics.parquet` is a static export's: the file's name says nothing of the project. */
function stemOfExport(name: string): string {
  return name.replace(/\.parquet$/i, '')
}

/** A folder behind a web server that lists it: `npx trackio-lite`, or any host. `text`: as the page's address names it. */
function folderDoor(address: string, text: string): Door {
  const tree = listingTree(address)
  const door = treeDoor(tree, { name: tree.name(), prefer: 'database' })
  return {
    ...door,
    get name() {
      return tree.name()
    },
    live: 'engine',
    every: EVERY.near,
    link: { as: 'folder', texts: [text] },
  }
}

async function serverDoor(address: string, given: string | undefined, context: DoorContext): Promise<Door> {
  const token = (): string | undefined => given ?? context.tokens.get(new URL(address).origin)
  const { signal, onProgress } = context
  const server = await openServer(address, { signal, onProgress, token })
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

/** What a page (this one, or one at an address) was served with; undefined where it was served alone. */
async function besideDoor(found: Beside, hub: string | undefined, context: DoorContext, token?: string): Promise<Door | undefined> {
  if (found.kind === 'server') return serverDoor(found.url, token, context)
  if (found.kind === 'none') return undefined
  const { project, bucket, dataset, leakedToken } = found.config
  const id = bucket ?? dataset
  if (id === undefined)
    throw new TrackioError(
      'config.json',
      `names neither a bucket nor a dataset for ${project}`,
      'Publish the dashboard again with trackio sync.',
    )
  const repo = { type: bucket === undefined ? ('dataset' as const) : ('bucket' as const), id }
  const link: SourceLink = { as: repo.type, texts: [id], ...(hub !== undefined && { hub }) }
  return repoDoor({ kind: 'hub', hub: hub ?? HUB, repo }, link, context, { repo, project, notices: leakedToken ? [LEAKED] : [] })
}

const SIDECAR = /-(wal|shm|journal)$/i

function nothingFound(files: readonly NamedFile[]): TrackioError {
  const names = files.slice(0, 3).map((file) => file.path)
  const [only] = files
  if (files.length === 1 && only && SIDECAR.test(only.path)) {
    return new TrackioError(only.path, 'only a sidecar of a database', `Drop ${only.path.replace(SIDECAR, '')} together with it.`)
  }
  const action = "Choose a .db file, or trackio's folder (~/.cache/huggingface/trackio)."
  if (files.length === 0) return new TrackioError('folder', 'no files in it', action)
  return new TrackioError(names.join(', '), `no .db file among ${files.length === 1 ? 'it' : `${files.length} files`}`, action)
}

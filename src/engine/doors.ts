import { TrackioError } from '../model/errors.ts'
import type { NamedFile, Notice, SourceInfo, SourceLink, SourceRef } from '../model/source.ts'
import { type Address, HUB, parseAddress } from '../storage/address.ts'
import { addressesTree } from '../storage/addresses.ts'
import { type Beside, lookBeside } from '../storage/beside.ts'
import { filesTree } from '../storage/files.ts'
import { type HubTree, hubTree } from '../storage/hub.ts'
import { listingTree } from '../storage/listing.ts'
import type { Tree, TreeEntry, WaitOptions } from '../storage/tree.ts'
import type { OpenFile, OpenOptions } from './formats/reader.ts'
import { openServer } from './formats/server/door.ts'
import { type LayoutOptions, layoutOf, type Unit } from './layout.ts'
import { openUnit } from './open.ts'
import { namedData, type SpaceData, spaceAt, spaceData } from './spaces.ts'

/** A source as the engine keeps it: what it consists of now, and how each part is opened. */
export interface Door extends Pick<SourceInfo, 'name' | 'host' | 'local' | 'live' | 'every' | 'link' | 'writable'> {
  /** Said of the source as a whole, as it stands now. */
  notices(): Notice[]
  /** Parts that are not looked at are not opened: each costs requests. */
  lazy: boolean
  /** What is there now; `only`: of parts with other paths it may say what it said last. Throws where nothing is that can be opened. */
  look(options: OpenOptions & { only?: ReadonlySet<string> }): Promise<Unit[]>
  open(unit: Unit, options: OpenOptions): Promise<OpenFile>
  /** Takes fresh files of the same source; only of files that a person gave. */
  replace?(files: readonly NamedFile[]): void
  /** Bytes that came over the network so far. */
  received(): number
}

/** How often a source is worth a look, ms: what is near once a second, the Hub as often as it can be asked by everybody. */
const EVERY = { near: 1000, hub: 30_000 }

export interface DoorContext extends OpenOptions {
  /** Tokens by origin, each for that origin alone. */
  tokens: ReadonlyMap<string, string>
}

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
      if (first.repo.type !== 'space') return repoDoor(first, link(first.repo.type, [first.repo.id, first.path].filter(Boolean).join('/')))
      return spaceDoor(
        first.repo.id,
        await spaceData(first.repo.id, hubOptions(first.hub, context)),
        first.hub,
        link('space', first.repo.id),
      )
    case 'spaceHost': {
      const hub = ref.hub ?? HUB
      const id = await spaceAt(first.host, hubOptions(hub, context))
      return spaceDoor(id, await spaceData(id, hubOptions(hub, context)), hub, link('space', id))
    }
    case 'hubName': {
      const found = await namedData(first.id, hubOptions(first.hub, context))
      const as = found.repo.id === first.id && found.project === undefined ? found.repo.type : 'space'
      return spaceDoor(first.id, found, first.hub, link(as, first.id))
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

function repoDoor(address: Extract<Address, { kind: 'hub' }>, link: SourceLink, found?: SpaceData): Door {
  const { repo, hub, path } = address
  const folder = path?.endsWith('/') ? path : undefined
  const whole = hubTree(repo, { hub, ...(folder !== undefined && { root: folder }) })
  const tree = path === undefined || folder !== undefined ? whole : oneFileOf(whole, path)
  const short = repo.id.slice(repo.id.indexOf('/') + 1)
  const layout: LayoutOptions = { name: found?.project ?? short, prefer: repo.type === 'bucket' ? 'database' : 'parquet' }
  return {
    ...treeDoor(tree, layout),
    name: found ? (link.texts[0] ?? repo.id) : [repo.id, path].filter(Boolean).join('/'),
    // what is read at a commit stays as it is
    live: /^[0-9a-f]{40}$/.test(repo.revision ?? '') ? false : 'engine',
    every: EVERY.hub,
    link,
    notices: () => [...(found?.notices ?? []), ...whole.notices()],
  }
}

/** A file of a repository, with what may stand beside it: its write-ahead log, the tables of the same project. */
function oneFileOf(tree: HubTree, path: string): Tree {
  const stem = path.replace(/\.[^./]*$/, '')
  const folder = path.slice(0, path.lastIndexOf('/') + 1)
  const belongs = ({ path: other }: TreeEntry): boolean =>
    other === path ||
    other === `${path}-wal` ||
    (/\.parquet$/i.test(path) && (other.startsWith(`${stem}_`) || other.startsWith(`${folder}aux/`)))
  return { ...tree, list: async (options) => (await tree.list(options)).filter(belongs) }
}

function spaceDoor(id: string, found: SpaceData, hub: string, link: SourceLink): Door {
  const door = repoDoor({ kind: 'hub', hub, repo: found.repo }, link, found)
  return { ...door, name: id }
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
  return repoDoor({ kind: 'hub', hub: hub ?? HUB, repo }, link, { repo, project, notices: leakedToken ? [LEAKED] : [] })
}

const LEAKED: Notice = {
  level: 'error',
  subject: 'config.json',
  text: 'holds an access token that anybody who opens this dashboard can read; it is not used here',
  action: 'If it is yours, revoke it in your Hub settings (Access Tokens), then publish the dashboard again with a newer trackio.',
}

function hubOptions(
  hub: string,
  { signal, onProgress }: DoorContext,
): { hub: string; signal?: AbortSignal; onWait?: (text: string) => void } {
  return { hub, signal, onWait: (text) => onProgress?.(text, 0, 0) }
}

/** A tree whose layout says what it holds. */
function treeDoor(tree: Tree, layout: LayoutOptions, nothing: () => TrackioError = () => nothingIn(tree, layout.name)): Door {
  return {
    name: layout.name,
    host: tree.host,
    local: tree.host === '',
    live: false,
    every: 0,
    writable: false,
    notices: () => [],
    lazy: tree.host !== '',
    async look(options) {
      const units = layoutOf(await tree.list(waiting(options, `looking into ${layout.name}`)), layout)
      if (units.length === 0) throw nothing()
      return units
    },
    open: (unit, options) => openUnit(unit, tree, options),
    received: () => tree.received(),
  }
}

function waiting(options: OpenOptions, text: string): WaitOptions {
  return { signal: options.signal, onProgress: (bytes, total) => options.onProgress?.(text, bytes, total) }
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

function nothingIn(tree: Tree, name: string): TrackioError {
  const where = tree.host === '' ? 'there' : `on ${tree.host}`
  return new TrackioError(
    name,
    `nothing of trackio's ${where}: no database, no Parquet export, no log fragments`,
    'Give the Dataset, Bucket or folder that trackio wrote to.',
  )
}

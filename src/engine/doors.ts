import { TrackioError } from '../model/errors.ts'
import type { NamedFile, Notice, SourceInfo, SourceRef } from '../model/source.ts'
import { addressesTree } from '../storage/addresses.ts'
import { filesTree } from '../storage/files.ts'
import { listingTree } from '../storage/listing.ts'
import type { Tree, WaitOptions } from '../storage/tree.ts'
import type { OpenFile, OpenOptions } from './formats/reader.ts'
import { openServer } from './formats/server/door.ts'
import { type LayoutOptions, layoutOf, type Unit } from './layout.ts'
import { openUnit } from './open.ts'

/** A source as the engine keeps it: what it consists of now, and how each part is opened. */
export interface Door extends Pick<SourceInfo, 'name' | 'host' | 'local' | 'live' | 'every' | 'link' | 'writable'> {
  notices: Notice[]
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

/** Dropped files are looked at once a second; what is behind a network as often as its host can be asked. */
const EVERY = { files: 1000, folder: 1000, server: 1000, hub: 30_000 }

/** Tokens by origin, each for that origin alone. */
export type Tokens = ReadonlyMap<string, string>

/** From a description to a door. Nothing is read yet but what tells which door it is. */
export async function openDoor(ref: SourceRef, tokens: Tokens, options: OpenOptions): Promise<Door> {
  switch (ref.kind) {
    case 'files': {
      const tree = filesTree(ref.files)
      return {
        ...treeDoor(tree, { name: ref.name, prefer: 'database' }, () => nothingFound(ref.files)),
        live: ref.live ? 'page' : false,
        every: EVERY.files,
        link: ref.link,
        replace: (files) => tree.replace(files),
      }
    }
    case 'address':
      return addressDoor(ref, tokens, options)
    case 'kept':
      throw new TrackioError(ref.name, 'this browser keeps no project of this name')
  }
}

async function addressDoor(ref: Extract<SourceRef, { kind: 'address' }>, tokens: Tokens, options: OpenOptions): Promise<Door> {
  const [text = ''] = ref.texts
  if (ref.as === 'server') return serverDoor(text, tokens, options)
  if (ref.as === 'folder') return folderDoor(text, ref.base)
  const urls = ref.texts.map((text) => new URL(text, ref.base))
  const tree = addressesTree(urls)
  const [first] = urls
  const name = decodeURIComponent(first?.pathname.split('/').pop() ?? '') || (first?.host ?? '')
  const as = urls.every((url) => /\.parquet$/i.test(url.pathname)) ? 'parquet' : 'db'
  return { ...treeDoor(tree, { name, prefer: 'database' }), link: { as, texts: urls.map(({ href }) => href) } }
}

async function serverDoor(address: string, tokens: Tokens, options: OpenOptions): Promise<Door> {
  const server = await openServer(address, { ...options, token: () => tokens.get(new URL(server.url).origin) })
  return {
    name: server.host,
    host: server.host,
    local: false,
    live: 'engine',
    every: EVERY.server,
    link: { as: 'server', texts: [server.url] },
    writable: await server.writable(options.signal),
    notices: [],
    lazy: true,
    look: async ({ signal, only }) => server.look({ signal, only }),
    async open(unit, { signal }) {
      if (unit.kind !== 'server') throw new TrackioError(unit.path, `a server holds no ${unit.kind}`)
      return server.open(unit, signal)
    },
    received: server.received,
  }
}

/** A folder behind a web server that lists it: `npx trackio-lite`, or any host. */
function folderDoor(address: string, base: string): Door {
  const tree = listingTree(new URL(address, base).href)
  const door = treeDoor(tree, { name: tree.name(), prefer: 'database' })
  return {
    ...door,
    get name() {
      return tree.name()
    },
    live: 'engine',
    every: EVERY.folder,
    link: { as: 'folder', texts: [address] },
  }
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
    notices: [],
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
  return new TrackioError(
    name,
    `nothing of trackio's on ${tree.host}: no database, no Parquet export, no log fragments`,
    'Give the Dataset, Bucket or folder that trackio wrote to.',
  )
}

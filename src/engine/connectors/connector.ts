import { TrackioError } from '../../model/errors.ts'
import type { NamedFile, Notice, SourceInfo } from '../../model/source.ts'
import type { TokenFor } from '../../storage/http/token-table.ts'
import type { Tree, WaitOptions } from '../../storage/tree.ts'
import type { OpenDataset, OpenOptions } from '../formats/dataset.ts'
import { type LayoutOptions, projectsIn } from '../formats/layout.ts'
import type { ProjectFiles } from '../formats/project-files.ts'
import { openDataset } from '../formats/registry.ts'
import type { BucketRegistries } from './server-registries.ts'

/** A source as the engine keeps it: what it consists of now, and how each part is opened. */
export interface Connector
  extends Pick<SourceInfo, 'name' | 'host' | 'local' | 'live' | 'every' | 'link' | 'writable'> {
  /** Said of the source as a whole, as it stands now. */
  notices(): Notice[]
  /** Parts that are not looked at are not opened: each costs requests. */
  lazy: boolean
  /**
   * What is there now; `only`: of parts with other paths it may say what it said last. Throws where nothing
   * is that can be opened.
   */
  look(options: OpenOptions & { only?: ReadonlySet<string> }): Promise<ProjectFiles[]>
  open(files: ProjectFiles, options: OpenOptions): Promise<OpenDataset>
  /** Registries that its place knows beside those among its projects: of the buckets of a server. */
  registries?(signal: AbortSignal | undefined): Promise<BucketRegistries>
  /** Where its bytes are; a server has rows only. */
  tree?: Tree
  /** The same of a part of it, where it has none as a whole: files that a server hands out. */
  filesOf?(files: ProjectFiles): Tree
  /** Takes fresh files of the same source; only of files that a person gave. */
  replace?(files: readonly NamedFile[]): void
  /** Bytes that came over the network so far. */
  received(): number
}

/**
 * How often a source is worth a look, ms: what is near once a second, the Hub as often as it can be asked by
 * everybody.
 */
export const EVERY = { near: 1000, far: 10_000, hub: 30_000 }

export interface ConnectorContext extends OpenOptions {
  tokenFor: TokenFor
}

/** A tree whose layout says what it holds. */
export function treeConnector(
  tree: Tree,
  layout: LayoutOptions,
  nothing: () => TrackioError = () => nothingIn(tree, layout.name),
): Connector {
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
      const found = await projectsIn(tree, layout, waiting(options, `looking into ${layout.name}`))
      if (found.length === 0) throw nothing()
      return found
    },
    open: (files, options) => openDataset(files, tree, options),
    tree,
    received: () => tree.received(),
  }
}

function waiting(options: OpenOptions, text: string): WaitOptions {
  return { signal: options.signal, onProgress: (bytes, total) => options.onProgress?.(text, bytes, total) }
}

export function nothingIn(tree: Tree, name: string): TrackioError {
  const where = tree.host === '' ? 'there' : `on ${tree.host}`
  return new TrackioError(
    name,
    `nothing of trackio's ${where}: no database, no Parquet export, no log fragments`,
    'Give the Dataset, Bucket or folder that trackio wrote to.',
  )
}

import { TrackioError } from '../../model/errors.ts'
import {
  identifyServer,
  makeServer,
  parseServerAddress,
  SaidError,
  type Server,
  type ServerOptions,
} from '../../storage/http/server-requests.ts'
import { urlBytes } from '../../storage/http/url.ts'
import type { Tree } from '../../storage/tree.ts'
import type { OpenDataset, OpenOptions } from '../formats/dataset.ts'
import type { ProjectFiles } from '../formats/project-files.ts'
import { type ServerFiles, serverFiles } from '../formats/trackio-server/server-files.ts'
import { fileQuery, mediaPaths } from '../formats/trackio-server/server-media.ts'
import { openProject } from '../formats/trackio-server/server-project.ts'
import {
  type Head,
  headOf,
  headSql,
  type Query,
  type Row,
  SCHEMA_SQL,
  stampOf,
  type Tables,
  tablesOf,
} from '../formats/trackio-server/server-tables.ts'
import { servedFiles } from './served-files.ts'
import type { BucketRegistries } from './server-registries.ts'

export interface ServerConnectorOptions extends ServerOptions, OpenOptions {
  /** Rows of more bytes (unpacked) are held back of a server on another machine. */
  holdFrom?: number | undefined
}

/**
 * A trackio server that was opened. All ways throw TrackioError, AccessError where a token or sign-in is
 * missing.
 */
export interface ServerConnector {
  /** Ends in a slash. */
  readonly url: string
  readonly host: string
  /** Of its trackio. */
  readonly version: string
  /**
   * Its projects as they are now. Only those that were opened here are asked how they stand, one question to
   * each, and with `only` only those of them: a page that shows one project of a hundred costs the server
   * one. Others keep their stamp, '' at first.
   */
  look(options?: { signal?: AbortSignal | undefined; only?: ReadonlySet<string> }): Promise<ServerFiles[]>
  open(files: Pick<ProjectFiles, 'path'>, signal?: AbortSignal | undefined): Promise<OpenDataset>
  /** Whether runs can be renamed and deleted now, with the token and cookies that requests carry. */
  writable(signal?: AbortSignal | undefined): Promise<boolean>
  /** Registries of the buckets that it knows. */
  registries(signal: AbortSignal | undefined): Promise<BucketRegistries>
  /** What it hands out of a project, as files. */
  files(files: Pick<ProjectFiles, 'path'>): Tree
  /** Bytes of all answers so far. */
  received(): number
}

/**
 * Rows are counted at every look up to so many, and beyond at every so manieth: a deleted run without a
 * config shows in nothing else.
 */
const SOON_COUNTED = 50_000
const COUNT_EVERY = 20

/** Some 60 MB as they come over the line, packed. */
const HOLD_FROM = 300 << 20

/** Requests at one time; the server answers them one after the other anyway. */
const AT_ONCE = 4

/**
 * Opens the trackio server at an address. Throws TrackioError when there is none, or one that cannot be read.
 */
export async function openServer(
  address: string,
  options: ServerConnectorOptions = {},
): Promise<ServerConnector> {
  const { url, token } = parseServerAddress(address)
  const { onProgress } = options
  onProgress?.(`asking ${new URL(url).host}`, 0, 0)
  const version = await versionOf(url, options)
  const server = makeServer(url, { ...options, token: () => options.token?.() ?? token })
  /** What is known of each project since the last look, and how often it was looked at. */
  const seen = new Map<string, { tables: Tables; head: Head; looks: number }>()
  const stamps = new Map<string, string>()
  const opened = new Set<string>()
  const near = /^(127\.0\.0\.1|localhost|\[::1\])$/.test(new URL(url).hostname)
  const holdFrom = options.holdFrom ?? (near ? undefined : HOLD_FROM)
  const trees = new Map<string, Tree>()
  let mediaFolder: Promise<string> | undefined
  /** Bytes of files that were read by ranges. */
  let files = 0

  return {
    url,
    host: server.host,
    version,
    look,
    async open({ path }, signal) {
      opened.add(path)
      const place = { query: queryOf(path), holdFrom, ...changesOf(path) }
      return openProject(place, path, stamps.get(path) || (await stampNow(path, signal)), signal)
    },
    async writable(signal) {
      const said = await server.call('get_run_mutation_status', {}, { signal })
      return isObject(said) && said.allowed === true
    },
    registries: async (signal) => (await import('./server-registries.ts')).bucketRegistries(server, signal),
    files({ path }) {
      const tree = trees.get(path) ?? servedFiles(server, path)
      trees.set(path, tree)
      return tree
    },
    received: () => server.received() + files,
  }

  async function look({
    signal,
    only,
  }: {
    signal?: AbortSignal | undefined
    only?: ReadonlySet<string>
  } = {}): Promise<ServerFiles[]> {
    const said = await server.call('get_all_projects', {}, { signal })
    const projects = Array.isArray(said) ? said.filter((name) => typeof name === 'string') : []
    const asked = projects.filter((name) => opened.has(name) && (!only || only.has(name)))
    const left = asked.values()
    const lane = async (): Promise<void> => {
      for (const project of left) stamps.set(project, await stampNow(project, signal))
    }
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, asked.length) }, lane))
    for (const name of stamps.keys()) {
      if (projects.includes(name)) continue
      stamps.delete(name)
      seen.delete(name)
    }
    return projects.map((name) => serverFiles(name, stamps.get(name) ?? ''))
  }

  async function stampNow(project: string, signal: AbortSignal | undefined): Promise<string> {
    const query = queryOf(project)
    const tablesNow = async (): Promise<Tables> => tablesOf(await query(SCHEMA_SQL, { signal }))
    const before = seen.get(project)
    const looks = (before?.looks ?? -1) + 1
    // what is soon counted is counted each time
    const counted = !before || before.head.highest < SOON_COUNTED || looks % COUNT_EVERY === 0
    const headNow = async (of: Tables): Promise<Head> =>
      headOf((await query(headSql(of, counted), { signal }))[0], before?.head)
    try {
      let tables = before?.tables ?? (await tablesNow())
      let head = await headNow(tables)
      if (head.schema !== tables.schema) {
        // a table that came meanwhile has rows to count
        tables = await tablesNow()
        head = await headNow(tables)
      }
      seen.set(project, { tables, head, looks })
      return stampOf(head)
    } catch (cause) {
      // a project that the server itself cannot read is one thing; a server that is away or wants a sign-in
      // is another
      if (!(cause instanceof SaidError)) throw cause
      seen.delete(project)
      return `!${cause.message}`
    }
  }

  function queryOf(project: string): Query {
    return async (query, options) => {
      try {
        const said = await server.call('query_project', { project, query }, options)
        return isObject(said) && Array.isArray(said.rows) ? said.rows.filter(isObject) : []
      } catch (cause) {
        if (!(cause instanceof SaidError)) throw cause
        const asked = query.length > 200 ? `${query.slice(0, 200)}…` : query
        throw new SaidError(project, `${cause.message} (asked: ${asked})`, cause.action)
      }
    }
  }

  function changesOf(
    project: string,
  ): Pick<OpenDataset, 'media' | 'artifactFile' | 'renameRun' | 'deleteRun'> {
    return {
      async media(path, signal) {
        mediaFolder ??= folderOf(server)
        const folder = await mediaFolder.catch((cause: unknown) => {
          // asked again next time
          mediaFolder = undefined
          throw cause
        })
        for (const way of mediaPaths(project, path)) {
          const blob = await server.file(fileQuery(`${folder}/${way}`), signal)
          if (blob) return blob
        }
        return undefined
      },
      async artifactFile(digest, signal) {
        const { tell } = options
        const at = new URL(`artifact_blob/${encodeURIComponent(project)}/${digest}`, url).href
        const bytes = await urlBytes(at, { signal, tell, optional: true })
        if (!bytes) return undefined
        return {
          ...bytes,
          async load(offset, length) {
            const part = await bytes.load(offset, length)
            files += part.length
            return part
          },
        }
      },
      async renameRun(_, run, name) {
        const to = name.trim()
        if (to === '') throw new TrackioError(run.name, 'a run’s name cannot be empty', 'Type a name.')
        await server.call('rename_run', { project, old_name: run.name, new_name: to, run_id: idOf(run) })
      },
      async deleteRun(_, run) {
        const done = await server.call('delete_run', { project, run: run.name, run_id: idOf(run) })
        if (done !== true)
          throw new TrackioError(
            run.name,
            'not deleted: the server knows no such run',
            'It may be gone already.',
          )
      },
    }
  }
}

/**
 * The server finds a run by its id; a database without ids takes the name for it. By name alone a deleted run
 * would leave its config behind.
 */
function idOf(run: { id: string | null; name: string }): string {
  return run.id ?? run.name
}

async function versionOf(url: string, { signal, tell }: ServerConnectorOptions): Promise<string> {
  const kind = await identifyServer(url, signal, tell)
  switch (kind.kind) {
    case 'trackio':
      return kind.version
    case 'gradio':
      throw new TrackioError(
        url,
        'a server of trackio 0.23 or older (gradio), which gives out sampled values only',
        'Update trackio there (pip install -U trackio), or open its .db file here.',
      )
    case 'later':
      throw new TrackioError(
        url,
        `trackio ${kind.version} speaks version ${kind.api} of its protocol, this page speaks version 1`,
        'Use a newer Trackio Lite, or open its .db file here.',
      )
    case 'page':
      throw new TrackioError(
        url,
        'Trackio Lite itself, on a host without a trackio server',
        'Give the address that trackio show prints.',
      )
    case 'other':
      throw new TrackioError(
        url,
        kind.status === 200
          ? 'no trackio server: it answers with a page of its own'
          : `no trackio server: /version answers ${kind.status}`,
        'Give the address that trackio show prints, for example http://127.0.0.1:7860/.',
      )
  }
}

async function folderOf(server: Server): Promise<string> {
  const settings = await server.call('get_settings', {})
  const folder = isObject(settings) ? settings.media_dir : undefined
  if (typeof folder !== 'string')
    throw new TrackioError(server.url, 'the server does not say where its media are')
  return folder.replaceAll('\\', '/').replace(/\/+$/, '')
}

function isObject(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

import { version } from '../../../package.json'
import type { Published, PublishOptions, PublishProgress, PublishStage } from '../../model/publish.ts'
import { HUB, type HubRepo } from '../../model/source.ts'
import { repoPage } from '../../storage/address/address.ts'
import type { HubOptions } from '../../storage/hub/hub-requests.ts'
import { type OutFile, outFile, type RemoteFile } from '../../storage/hub/hub-write.ts'
import { frontendFiles } from './frontend.ts'
import { type PublishSource, type StaticFile, staticFiles, TABLE_PATHS } from './static-files.ts'
import { checkOptions, findTarget } from './target.ts'
import { findChanges, upload } from './upload.ts'

export interface PublishWaiting {
  signal?: AbortSignal | undefined
  onProgress?: ((progress: PublishProgress) => void) | undefined
  tokenFor?: HubOptions['tokenFor']
  /** For tests. */
  clock?: HubOptions['clock']
}

/**
 * Publishes a project as trackio's own static export: its data in a public bucket (or dataset), this app in a
 * static Space that shows them. Sends only what is not there yet, so it may be called again after anything:
 * an abort, an error, more rows. Throws AbortError, or TrackioError with what to do; AccessError where a
 * token is missing or may not.
 */
export async function publish(
  source: PublishSource,
  options: PublishOptions,
  waiting: PublishWaiting = {},
): Promise<Published> {
  const { signal } = waiting
  const { project } = source
  const origin = new URL(options.hub ?? HUB).origin
  let stage: PublishStage = 'checking'
  const tell = (text: string, at: Partial<Omit<PublishProgress, 'stage' | 'text'>> = {}): void =>
    waiting.onProgress?.({ stage, text, files: 0, totalFiles: 0, bytes: 0, totalBytes: 0, ...at })
  const hub = {
    hub: origin,
    tokenFor: waiting.tokenFor,
    signal,
    onWait: (text: string) => tell(text),
    ...(waiting.clock && { clock: waiting.clock }),
  }

  checkOptions(options)
  tell(`looking at spaces/${options.spaceId}`)
  const { space, spaceExists, data, dataExists } = await findTarget(project, options, hub)
  const app = await frontendFiles(options.frontend, signal)

  stage = 'exporting'
  const { files, notices } = await staticFiles(source, options.settings, {
    signal,
    onProgress: (what, bytes, totalBytes) => tell(`writing ${what}`, { bytes, totalBytes }),
  })

  const empty = !dataExists && (await data.create({}, signal))
  const card = cardFiles(project, data.repo)
  if (!spaceExists) await space.create(card, signal)

  stage = 'comparing'
  const where = `${data.repo.type}s/${data.repo.id}`
  tell(`looking at what ${where} has`)
  const there = empty ? [] : await data.list(signal)
  const totalBytes = bytesOf(files)
  const changes = await findChanges(files, there, {
    signal,
    onFile: ({ path }, done, bytes) =>
      tell(`comparing ${path}`, { files: done, totalFiles: files.length, bytes, totalBytes }),
  })
  const old = staleTables(there, files)

  stage = 'sending'
  const all = { totalFiles: changes.send.length, totalBytes: bytesOf(changes.send) }
  await upload(data, changes.send, old, {
    title: `Publish ${project}`,
    signal,
    onProgress: (path, sent, bytes) => tell(`sending ${path} to ${where}`, { files: sent, bytes, ...all }),
  })

  stage = 'page'
  const page = [...app, ...Object.entries(card).map(([path, text]) => outFile(path, new Blob([text])))]
  const spaceThere = await space.list(signal)
  const pageChanges = await findChanges(page, spaceThere, { signal })
  const oldCode = staleCode(spaceThere, page)
  const pageAll = { totalFiles: pageChanges.send.length, totalBytes: bytesOf(pageChanges.send) }
  await upload(space, pageChanges.send, oldCode, {
    title: `Show ${project}`,
    signal,
    onProgress: (path, sent, bytes) =>
      tell(`sending ${path} to spaces/${space.repo.id}`, { files: sent, bytes, ...pageAll }),
  })

  stage = 'done'
  const sent = { files: all.totalFiles + pageAll.totalFiles, bytes: all.totalBytes + pageAll.totalBytes }
  tell('published', { files: sent.files, totalFiles: sent.files, bytes: sent.bytes, totalBytes: sent.bytes })
  return {
    space: space.repo.id,
    url: repoPage(origin, space.repo),
    data: data.repo,
    sent,
    same: changes.same.length + pageChanges.same.length,
    removed: old.length + oldCode.length,
    notices,
  }
}

/** What makes a Space trackio's: its card, as trackio writes it, and which data the page beside it shows. */
export function cardFiles(project: string, data: HubRepo): Record<'README.md' | 'config.json', string> {
  const linked = data.type === 'dataset' ? `datasets:\n - ${data.id}\n` : ''
  return {
    'README.md': `---\nemoji: 🎯\nsdk: static\npinned: false\ntags:\n - trackio\n${linked}---\n`,
    // trackio puts its own release into version, and its dashboard shows it
    'config.json': JSON.stringify({
      mode: 'static',
      project,
      private: false,
      version,
      [`${data.type}_id`]: data.id,
    }),
  }
}

/**
 * Tables of an earlier export that the project does not have any more: readers would still show them. Media
 * stay, as trackio leaves them.
 */
function staleTables(there: readonly RemoteFile[], files: readonly StaticFile[]): string[] {
  const now = new Set(files.map(({ path }) => path))
  return there.map(({ path }) => path).filter((path) => TABLE_PATHS.has(path) && !now.has(path))
}

/**
 * Code of an earlier build, trackio's own or ours: builds put it into assets/ under names that change with
 * it.
 */
function staleCode(there: readonly RemoteFile[], page: readonly OutFile[]): string[] {
  const now = new Set(page.map(({ path }) => path))
  return there
    .map(({ path }) => path)
    .filter((path) => /^assets\/[^/]+-[\w-]{8}\.(m?js|css|wasm)$/.test(path) && !now.has(path))
}

function bytesOf(files: readonly { size: number }[]): number {
  return files.reduce((sum, { size }) => sum + size, 0)
}

// @ts-check
import { lstat, readdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { DATABASE, FRAGMENT, isData, isUnlisted } from '../model/data-files.mjs'

/**
 * A file that may be read. `path` is below the root, with `/`. `etag` is what the server sends with it, so
 * differs with size and time.
 * @typedef {{ path: string, size: number, mtimeMs: number, etag: string }} SharedFile
 */

/**
 * What a folder held when it was last looked at. `mtime` is the folder's: a file that came or went changes
 * it, one that grew does not.
 * @typedef {{ mtime: bigint, files: string[], folders: string[], links: string[], entries?: SharedFile[] }}
 * Folder
 */

/**
 * What is kept from one walk to the next. `due`: when media are looked through again, by performance.now().
 * @typedef {{ folders: Map<string, Folder>, media: Map<string, { files: SharedFile[], due: number }> }}
 * Memory
 */

/**
 * @typedef {{ files: SharedFile[], left: string[] }} Listing `left`: what would have counted but is a link or
 * cannot be read, with why
 */

/** A developer's folders, where walking costs most. */
const PASSED = new Set(['node_modules', '__pycache__'])
/**
 * More folders than this, media aside, is no folder of experiments: listing them each second would keep the
 * disk busy.
 */
const MOST_FOLDERS = 20_000
/**
 * The clock that files get their times from ticks every 1 to 10 ms on Linux: a second write within a tick
 * would leave size and time as they were.
 */
const TICK_MS = 20
/**
 * So often is waited for a database to be calm for a tick. A checkpoint of its log takes less; what is
 * written without a pause never is.
 */
const CALM_TRIES = 5
/**
 * A folder's or file's time has a grain, on some file systems of seconds. What changed within it is looked at
 * again.
 */
const SETTLED_MS = 10_000

/**
 * The files of trackio's below a folder, or one file with its log and media: what the page reads and nothing
 * else. Links are not followed, names that begin with a dot are not seen; the given path itself may be both.
 * @param {string} given an absolute path; throws as stat does where there is none
 */
export async function shareFiles(given) {
  const real = await realpath(given)
  const alone = !(await stat(real)).isDirectory()
  const root = alone ? dirname(real) : real
  const only = alone ? basename(real) : undefined
  /** @type {Memory} */
  const memory = { folders: new Map(), media: new Map() }
  /** @type {Promise<Listing> | undefined} */
  let walking
  /** @type {Set<string>} */
  let known = new Set()

  return { root, name: basename(real) || real, only, list, locate }

  /**
   * Everything there is now, sorted by path. Those who ask while a walk is on get its result. Throws where
   * the folder is gone, or far too large.
   * @returns {Promise<Listing>}
   */
  function list() {
    walking ??= walk().finally(() => {
      walking = undefined
    })
    return walking
  }

  /**
   * The place on disk of a listed file; undefined for everything else.
   * @param {string} path
   */
  async function locate(path) {
    if (!known.has(path)) {
      // a run names its images as soon as they are written; a walk that is on may have passed them (whoever
      // asked for it is told if it fails)
      await walking?.catch(() => undefined)
      memory.media.clear()
      await list()
    }
    if (!known.has(path)) return undefined
    const place = join(root, ...path.split('/'))
    // a part of it may have become a link since it was listed
    const now = await realpath(place).catch(gone)
    return now === place ? place : undefined
  }

  async function walk() {
    const reader = makeReader(root, memory)
    const found = only === undefined ? await reader.project('') : await reader.file(only)
    found.sort((a, b) => (a.path < b.path ? -1 : 1))
    known = new Set(found.map(({ path }) => path))
    return { files: found, left: reader.left }
  }
}

/**
 * One walk. Folders that did not change since the last are not read again.
 * @param {string} root
 * @param {Memory} memory
 */
function makeReader(root, memory) {
  /** @type {string[]} */
  const left = []
  let folders = 0
  return { project, file, left }

  /**
   * A folder that may hold databases or exports, and those below it.
   * @param {string} at ends in `/`, or is empty for the root
   * @returns {Promise<SharedFile[]>}
   */
  async function project(at) {
    if (++folders > MOST_FOLDERS)
      throw new Error(
        `more than ${MOST_FOLDERS.toLocaleString('en')} folders below ${root}: give the folder that holds the databases itself`,
      )
    const folder = await read(at)
    if (!folder) return []
    // many a program has settings: those of an export stand beside its runs
    const wanted = folder.files.filter(
      (name) => isData(name) && (name !== 'settings.json' || folder.files.includes('runs.json')),
    )
    for (const name of folder.links)
      if ((isData(name) && name !== 'settings.json') || name === 'media' || name === 'inbox')
        left.push(`${at}${name}: a link`)
    const fragments = folder.folders.includes('inbox')
      ? await below(`${at}inbox/`, (name, folder) => FRAGMENT.test(folder + name))
      : []
    const mine = wanted.length > 0 || fragments.length > 0
    const parts = await Promise.all([
      entries(wanted.map((name) => at + name)),
      mine && folder.folders.includes('media') ? media(`${at}media/`, () => true) : [],
      ...folder.folders
        .filter((name) => !PASSED.has(name) && name !== 'inbox' && !isUnlisted(`${name}/`))
        .map((name) => project(`${at}${name}/`)),
    ])
    return [...fragments, ...parts.flat()]
  }

  /**
   * A file that was named by itself, its log, and the media of its project.
   * @param {string} name
   */
  async function file(name) {
    const itself = await entries([name, `${name}-wal`])
    const stem = name.replace(/(?<=.)\.[^.]*$/, '')
    return [...itself, ...(await media('media/', (_, folder) => isOf(folder, stem)))]
  }

  /**
   * Media can be many: 10,000 folders of steps take 0.25 s to look through. Then they wait, so that a fifth
   * of one core is the most they take.
   * @param {string} at
   * @param {(name: string, folder: string) => boolean} wanted
   */
  async function media(at, wanted) {
    const last = memory.media.get(at)
    const start = performance.now()
    if (last && start < last.due) return last.files
    const files = await below(at, wanted)
    const cost = performance.now() - start
    memory.media.set(at, { files, due: cost < 50 ? 0 : start + 5 * cost })
    return files
  }

  /**
   * All files of a folder and those below it for which `wanted` is true. They are written once, so what is
   * older is not asked for its size again.
   * @param {string} at
   * @param {(name: string, folder: string) => boolean} wanted
   * @returns {Promise<SharedFile[]>}
   */
  async function below(at, wanted) {
    const folder = await read(at)
    if (!folder) return []
    const all = folder.entries ?? (await entries(folder.files.map((name) => at + name)))
    if (memory.folders.get(at) === folder && all.every(({ mtimeMs }) => settled(mtimeMs)))
      folder.entries = all
    for (const name of folder.links) if (wanted(name, at)) left.push(`${at}${name}: a link`)
    const deeper = await Promise.all(folder.folders.map((name) => below(`${at}${name}/`, wanted)))
    return [...all.filter(({ path }) => wanted(path.slice(at.length), at)), ...deeper.flat()]
  }

  /**
   * Names in a folder; undefined where it is gone or not readable.
   * @param {string} at
   * @returns {Promise<Folder | undefined>}
   */
  async function read(at) {
    const place = join(root, at)
    try {
      const { mtimeNs, mtimeMs } = await stat(place, { bigint: true })
      const known = memory.folders.get(at)
      if (known?.mtime === mtimeNs) return known
      const items = (await readdir(place, { withFileTypes: true })).filter(
        ({ name }) => !name.startsWith('.'),
      )
      const names = (/** @type {(item: import('node:fs').Dirent) => boolean} */ is) =>
        items.filter(is).map(({ name }) => name)
      const folder = {
        mtime: mtimeNs,
        files: names((item) => item.isFile()),
        folders: names((item) => item.isDirectory()),
        links: names((item) => item.isSymbolicLink()),
      }
      if (settled(Number(mtimeMs))) memory.folders.set(at, folder)
      else memory.folders.delete(at)
      return folder
    } catch (cause) {
      memory.folders.delete(at)
      if (at === '') throw cause
      if (isGone(cause)) return undefined
      left.push(`${at}: ${cause instanceof Error ? cause.message : cause}`)
      return undefined
    }
  }

  /**
   * @param {string[]} paths those that are gone, or are no plain files, are left out
   * @returns {Promise<SharedFile[]>}
   */
  async function entries(paths) {
    const all = await Promise.all(
      paths.map(async (path) => {
        // a database is read page by page and held to its version; of a log it is enough to tell that it grew
        const pinned = DATABASE.test(path)
        let entry = await look(path)
        for (let tries = pinned ? CALM_TRIES : 1; entry && isFresh(entry) && tries > 0; tries--) {
          // written just now: looked at again when its tick is over
          await setTimeout(TICK_MS)
          entry = await look(path)
        }
        // a version that may stand for two contents is one that no request is answered for
        return entry && pinned && isFresh(entry)
          ? { ...entry, etag: `${entry.etag.slice(0, -1)}-fresh"` }
          : entry
      }),
    )
    return all.filter((entry) => entry !== undefined)
  }

  /**
   * @param {string} path
   * @returns {Promise<SharedFile | undefined>}
   */
  async function look(path) {
    const info = await lstat(join(root, path), { bigint: true }).catch(gone)
    return info?.isFile()
      ? { path, size: Number(info.size), mtimeMs: Number(info.mtimeNs) / 1e6, etag: etagOf(info) }
      : undefined
  }
}

/**
 * Nanoseconds: two commits within a millisecond are two states.
 * @param {{ size: bigint, mtimeNs: bigint }} info
 */
export function etagOf({ size, mtimeNs }) {
  return `"${size.toString(16)}-${mtimeNs.toString(16)}"`
}

/**
 * A project's media lie in `media/<project>/`. Releases before 0.30 took the project's name as it was
 * written, slashes included, and the file's name without the signs that trackio drops: `my.proj/a` is in
 * `media/my.proj/a/` and `myproja.db`.
 * @param {string} folder
 * @param {string} stem
 */
function isOf(folder, stem) {
  const parts = folder.split('/').slice(1, -1)
  return parts.some(
    (_, i) =>
      parts
        .slice(0, i + 1)
        .join('')
        .replace(/[^\p{L}\p{N}_-]/gu, '') === stem,
  )
}

/**
 * Another write within the same tick would leave size and time as they are.
 * @param {SharedFile} file
 */
function isFresh({ mtimeMs }) {
  return Math.abs(Date.now() - mtimeMs) <= TICK_MS
}

/** @param {number} mtimeMs */
function settled(mtimeMs) {
  return Date.now() - mtimeMs > SETTLED_MS
}

/** @param {unknown} cause */
function isGone(cause) {
  return cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')
}

/**
 * Files come and go while they are listed: a log is deleted when its writer closes.
 * @param {unknown} cause
 * @returns {undefined}
 */
function gone(cause) {
  if (!isGone(cause)) throw cause
}

// @ts-check

/*
 * Which files hold data, told by their names: decided here for dropped files, listings, addresses and the
 * command alike. Plain JavaScript, because the command runs as it is, without a build.
 */

/** A database: `demo.db`. */
export const DATABASE = /\.(db|sqlite3?)$/i

/** What SQLite writes beside a database: `demo.db-wal`. */
export const SIDECAR = /-(wal|shm|journal)$/i

export const PARQUET = /\.parquet$/i

/** Lines of log calls, wherever they lie. */
export const LINES = /\.jsonl$/i

/** What is downloaded here as several files: a project's folder, or its Parquet export. */
export const ZIP = /\.zip$/i

/** Log calls that wait to be put into the databases beside their inbox: `inbox/WRITER/00000001.jsonl`. */
export const FRAGMENT = /(^|\/)inbox\/[^/]+\/[^/]+\.jsonl$/i

/** A registry of a bucket, and what happened to it: `registries/models/events/20261123T….json`. */
export const REGISTRY_FILE = /(^|\/)registries\/[^/]+\/(registry|events\/[^/]+)\.json$/

/** A path below a folder of media. */
export const MEDIA = /(^|\/)media\//

/** Endings that say what one file is, by the parameter of the page's address that means the same. */
const ENDINGS = { db: DATABASE, parquet: PARQUET }

/** @typedef {keyof typeof ENDINGS} FileKind */

export const FILE_KINDS = /** @type {const} */ (['db', 'parquet'])

/**
 * What a file is by its name; undefined where the name does not tell.
 * @param {string} path
 * @returns {FileKind | undefined}
 */
export function fileKindOf(path) {
  return FILE_KINDS.find((kind) => ENDINGS[kind].test(path))
}

/**
 * Whether a word is such a kind.
 * @param {string} word
 * @returns {word is FileKind}
 */
export function isFileKind(word) {
  return Object.hasOwn(ENDINGS, word)
}

/** What trackio writes, with the write-ahead logs of its databases and the lists of its exports. */
const DATA = [
  DATABASE,
  /\.(db|sqlite3?)-wal$/i,
  PARQUET,
  FRAGMENT,
  REGISTRY_FILE,
  /(^|\/)(runs|settings)\.json$/i,
]

/**
 * Whether a file of a folder is one that trackio logs to or exports.
 * @param {string} path with the names of the folders above it, as far as they are known
 */
export function isData(path) {
  return DATA.some((pattern) => pattern.test(path))
}

/** Copies before an upgrade, sessions for the Hub's own viewer, projections of registries, blobs. */
const DERIVED = 'artifacts|traces|registry-cache|trackio-backups'
const ASIDE = new RegExp(`(^|/)(${DERIVED})/|\\.lock$`)
const UNLISTED = new RegExp(`(^|/)(media|${DERIVED})/$`)

/**
 * Whether a file is no project whatever it is called: derived from one, or a lock.
 * @param {string} path
 */
export function isAside(path) {
  return ASIDE.test(path)
}

/**
 * Whether a folder holds no data. What a logged value names in its media is looked up when it is shown.
 * @param {string} folder ends in `/`
 */
export function isUnlisted(folder) {
  return UNLISTED.test(folder)
}

/**
 * Whether a file is none that a person means, though it may stand beside one: shared memory of a write-ahead
 * log, a lock, what macOS leaves.
 * @param {string} path
 */
export function isLeftover(path) {
  return /(-shm|\.lock|\.DS_Store)$/i.test(path)
}

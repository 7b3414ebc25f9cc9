import { safePath } from '../../compute/safe-path.ts'
import { canonicalProject } from '../../model/project-name.ts'
import type { Tree, TreeEntry } from '../../storage/tree.ts'
import { type DatabaseUnit, stemOf } from '../formats/layout.ts'
import { copySize, imageChunks } from '../formats/sqlite/checkpointed.ts'
import { companions, type FileUnit } from './companion-files.ts'
import { openForExport } from './open-for-export.ts'

/** A file of a copy: where it goes, and where its bytes come from. */
export interface CopyFile {
  to: string
  /** Bytes; of a fragment at most so many. */
  size: number
  chunks(signal: AbortSignal | undefined): AsyncIterable<Uint8Array>
}

const PIECE = 4 << 20

/**
 * What a static export holds besides its tables and its list of runs; the alerts are of one that was made
 * here.
 */
const BESIDE = ['settings.json', 'aux/alerts.parquet']

/**
 * The files that make a complete copy of one part of a source, laid out as trackio's own folder. `files`:
 * with media and artifacts, where the tree lists them.
 */
export async function planCopy(
  tree: Tree,
  unit: FileUnit,
  files: boolean,
  signal?: AbortSignal | undefined,
): Promise<CopyFile[]> {
  const base = unit.media.replace(/media\/$/, '')
  const inBase = (path: string): string => (path.startsWith(base) ? path.slice(base.length) : path)
  const copy = (entry: TreeEntry): CopyFile => ({
    to: safePath(inBase(entry.path)),
    size: entry.size,
    chunks: (s) => piecesOf(tree, entry, s),
  })
  const plan: CopyFile[] = []
  switch (unit.kind) {
    case 'database': {
      plan.push(await databaseCopy(tree, unit, signal))
      const own = canonicalProject(stemOf(unit.path))
      plan.push(
        ...unit.inbox.map((entry) =>
          fragmentCopy(tree, entry, inBase(entry.path), (project) => project === own),
        ),
      )
      break
    }
    case 'fragments': {
      const others = new Set(unit.elsewhere)
      plan.push(
        ...unit.inbox.map((entry) =>
          fragmentCopy(tree, entry, inBase(entry.path), (project) => !others.has(project)),
        ),
      )
      break
    }
    case 'parquet': {
      const beside = unit.runs
        ? await Promise.all(BESIDE.map((name) => tree.find(base + name, { signal })))
        : []
      plan.push(
        ...[...Object.values(unit.tables), unit.runs, ...beside]
          .filter((entry) => entry !== undefined)
          .map(copy),
      )
      break
    }
  }
  if (files) plan.push(...(await companions(tree, unit, signal)).map(({ entry }) => copy(entry)))
  return plan
}

async function databaseCopy(
  tree: Tree,
  unit: DatabaseUnit,
  signal?: AbortSignal | undefined,
): Promise<CopyFile> {
  const { image } = await openForExport(tree, unit, { signal })
  return {
    to: safePath(`${stemOf(unit.path)}.db`),
    size: image ? copySize(image) : 0,
    async *chunks(signal) {
      if (image) yield* imageChunks(image, { signal })
    },
  }
}

/** Lines of an inbox that are this project's: others would show up as projects of their own. */
function fragmentCopy(
  tree: Tree,
  entry: TreeEntry,
  to: string,
  wanted: (project: string) => boolean,
): CopyFile {
  return {
    to: safePath(to),
    size: entry.size,
    async *chunks(signal) {
      const text = await (await tree.blob(entry.path, { signal })).text()
      const lines = text.split('\n').filter((line) => wanted(projectOf(line)))
      if (lines.length > 0) yield new TextEncoder().encode(`${lines.join('\n')}\n`)
    },
  }
}

/**
 * Canonical project of a fragment's line; '' for one that is cut or of an unknown kind, which nobody would
 * miss.
 */
function projectOf(line: string): string {
  try {
    const record: unknown = JSON.parse(line)
    const project: unknown =
      record !== null && typeof record === 'object' ? Reflect.get(record, 'project') : undefined
    return typeof project === 'string' ? canonicalProject(project) : ''
  } catch (cause) {
    // a line that was cut while it was written: trackio passes it by as well
    if (cause instanceof SyntaxError) return ''
    throw cause
  }
}

async function* piecesOf(
  tree: Tree,
  entry: TreeEntry,
  signal?: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  if (entry.size <= PIECE) {
    // one request instead of several
    yield new Uint8Array(await (await tree.blob(entry.path, { signal })).arrayBuffer())
    return
  }
  const bytes = await tree.bytes(entry.path, { signal })
  for (let at = 0; at < bytes.size; at += PIECE) {
    signal?.throwIfAborted()
    yield await bytes.load(at, PIECE)
  }
}

import { isSha256 } from '../../compute/artifact-paths.ts'
import { safePath } from '../../compute/safe-path.ts'
import { TrackioError } from '../../model/errors.ts'
import type { OpenProgress, Waiting } from '../../model/questions.ts'
import type { Bytes } from '../../storage/bytes.ts'
import { fileBytes } from '../../storage/files/file.ts'
import type { Tree } from '../../storage/tree.ts'
import { makeZip } from '../exports/zip.ts'
import { baseOf } from '../formats/copy-file.ts'
import type { OpenDataset } from '../formats/dataset.ts'
import type { ProjectFiles } from '../formats/project-files.ts'
import { formatOf } from '../formats/registry.ts'
import type { Project } from '../projects/project.ts'

/** A project with where the files of its artifacts lie. */
export interface ArtifactPlace {
  project: Project
  dataset: OpenDataset
  /** Of the source; a server has none. */
  tree: Tree | undefined
  files: ProjectFiles | undefined
  /** Files that the page holds, by their SHA-256. */
  given?: ReadonlyMap<string, Blob> | undefined
}

/** A file of an artifact, as it is stored. */
export interface StoredFile {
  bytes: Bytes
  /** Where it is a file of this machine: it is handed out without being read. */
  here: Blob | undefined
}

const PIECE = 4 << 20

/** In words, why the files of a project's artifacts are not where its tables are. */
export async function withoutFiles(
  { dataset, tree, files }: ArtifactPlace,
  signal?: AbortSignal | undefined,
): Promise<string | undefined> {
  if (dataset.artifactFile || !tree || !files) return undefined
  const folder = folderOf(files)
  // of this machine a listing costs nothing, and a database alone is often dropped
  if (tree.host === '') {
    const entries = await tree.list({ signal })
    if (entries.some(({ path }) => path.startsWith(folder))) return undefined
    return (
      formatOf(files).withoutArtifacts?.(files) ??
      `its files were not opened along: they lie in the folder ${folder.replace(/\/blobs\/sha256\/$/, '')} beside it`
    )
  }
  return formatOf(files).withoutArtifacts?.(files)
}

/** By its SHA-256; undefined where it is missing. */
export async function findFile(
  { dataset, tree, files, given }: ArtifactPlace,
  digest: string,
  signal?: AbortSignal | undefined,
): Promise<StoredFile | undefined> {
  // what is no digest would be a path of its own
  if (!isSha256(digest)) return undefined
  const here = given?.get(digest)
  if (here) return { bytes: await fileBytes(digest, here), here }
  if (dataset.artifactFile) {
    const bytes = await dataset.artifactFile(digest, signal)
    return bytes && { bytes, here: undefined }
  }
  if (!tree || !files) return undefined
  const path = `${folderOf(files)}${digest.slice(0, 2)}/${digest}`
  const entry = await tree.find(path, { signal, sure: true })
  if (!entry) return undefined
  return {
    bytes: await tree.bytes(entry.path, { signal }),
    here: tree.host === '' ? await tree.blob(entry.path, { signal }) : undefined,
  }
}

/** The whole file, or a part of it. */
export async function fileOf(
  place: ArtifactPlace,
  { digest, from, bytes }: { digest: string; from?: number | undefined; bytes?: number | undefined },
  { signal, onProgress }: Waiting<OpenProgress>,
): Promise<Blob | undefined> {
  const found = await findFile(place, digest, signal)
  if (!found) return undefined
  const { size } = found.bytes
  const start = Math.min(from ?? 0, size)
  const end = bytes === undefined ? size : Math.min(size, start + bytes)
  if (found.here) return found.here.slice(start, end)
  const parts: Blob[] = []
  for (let at = start; at < end; ) {
    onProgress?.({ text: 'downloading', bytes: at - start, totalBytes: end - start })
    const piece = await found.bytes.load(at, Math.min(PIECE, end - at))
    signal?.throwIfAborted()
    // a Blob of its own: the browser may put it on disk
    parts.push(new Blob([piece.slice()]))
    at += piece.length
    if (piece.length === 0) throw new TrackioError(digest, `cut off: ${at} of ${size} bytes`, 'Try again.')
  }
  return new Blob(parts)
}

/** All files of a version under their own names, in one .zip. */
export async function zipOf(
  place: ArtifactPlace,
  version: string,
  { signal, onProgress }: Waiting<OpenProgress>,
): Promise<Blob | undefined> {
  const manifest = await place.project.artifactManifest(version, signal)
  if (!manifest) return undefined
  const entries = manifest.entries.filter(({ ref }) => ref === null)
  const total = entries.reduce((sum, { bytes }) => sum + bytes, 0)
  const zip = makeZip()
  const names = new Set<string>()
  let done = 0
  for (const { path, digest, bytes } of entries) {
    const blob = await fileOf(
      place,
      { digest },
      {
        signal,
        onProgress: (one) => onProgress?.({ text: path, bytes: done + one.bytes, totalBytes: total }),
      },
    )
    if (!blob)
      throw new TrackioError(
        path,
        `missing: nothing is stored under its digest ${digest}`,
        'Download the others one by one.',
      )
    let name = safePath(path)
    for (let n = 2; names.has(name); n++) name = `${safePath(path)} (${n})`
    names.add(name)
    await zip.add(name, blob, signal)
    done += bytes
    onProgress?.({ text: path, bytes: done, totalBytes: total })
    signal?.throwIfAborted()
  }
  return zip.end()
}

/** A static export has one project, and no folder for it. */
function folderOf(files: ProjectFiles): string {
  const own = formatOf(files).mediaFolder?.(files)
  return `${baseOf(files)}artifacts/${own === undefined ? '' : `${own}/`}blobs/sha256/`
}

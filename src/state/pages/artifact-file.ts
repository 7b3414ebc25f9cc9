import { type Accessor, createEffect, createSignal, on, onCleanup } from 'solid-js'
import { isAbort, noticeOf } from '../../model/errors.ts'
import type { ProjectId } from '../../model/source.ts'
import type { ArtifactFiles } from './artifact-files.ts'

/** What a preview reads of a text at first. */
export const TEXT_BYTES = 64 << 10
/** A picture is shown whole or not at all. */
export const MOST_PICTURE = 48 << 20

export interface FileOf {
  project: ProjectId
  path: string
  digest: string
  bytes: number
}

export type ArtifactFileState =
  | { state: 'none' }
  | { state: 'loading' }
  | { state: 'picture'; of: FileOf; blob: Blob }
  /** `read`: so many bytes of it are in the text. */
  | { state: 'text'; of: FileOf; text: string; read: number }
  /** Nothing that can be shown; its first bytes. */
  | { state: 'bytes'; of: FileOf; head: Uint8Array }
  | { state: 'large'; of: FileOf }
  | { state: 'missing'; of: FileOf }
  | { state: 'failed'; of: FileOf; why: string }

const PICTURES: Record<string, string> = {
  ...{ png: 'image/png', jpg: 'image/jpeg', jpeg: 'image/jpeg', gif: 'image/gif', webp: 'image/webp' },
  ...{ avif: 'image/avif', bmp: 'image/bmp', svg: 'image/svg+xml', ico: 'image/x-icon' },
}

/** The beginning of a file, or a picture: as much as a look at it takes. `more`: how much of a text is read. */
export function createArtifactFile(
  files: ArtifactFiles,
  of: Accessor<FileOf | undefined>,
  more: Accessor<number>,
): { file: Accessor<ArtifactFileState>; retry(): void } {
  const [file, setFile] = createSignal<ArtifactFileState>({ state: 'none' })
  const [tries, setTries] = createSignal(0)
  createEffect(
    on([of, more, tries], ([now, most]) => {
      if (!now) return void setFile({ state: 'none' })
      const abort = new AbortController()
      onCleanup(() => abort.abort())
      const before = file()
      // the part of the same text stays until the longer one is here
      if (!('of' in before) || before.of.digest !== now.digest || before.state !== 'text')
        setFile({ state: 'loading' })
      look(files, now, most, abort.signal).then(
        (next) => {
          if (!abort.signal.aborted) setFile(next)
        },
        (error: unknown) => {
          if (isAbort(error) || abort.signal.aborted) return
          setFile({ state: 'failed', of: now, why: noticeOf(error, now.path).text })
        },
      )
    }),
  )
  return { file, retry: () => setTries((n) => n + 1) }
}

async function look(
  files: ArtifactFiles,
  of: FileOf,
  most: number,
  signal: AbortSignal,
): Promise<ArtifactFileState> {
  const { project, digest, path } = of
  const type = PICTURES[path.slice(path.lastIndexOf('.') + 1).toLowerCase()]
  if (type && of.bytes > MOST_PICTURE) return { state: 'large', of }
  const blob = await files.file({ project, digest, bytes: type ? undefined : most }, { signal })
  if (!blob) return { state: 'missing', of }
  if (type) return { state: 'picture', of, blob: new Blob([blob], { type }) }
  const bytes = new Uint8Array(await blob.arrayBuffer())
  const text = textOf(bytes, bytes.length < of.bytes)
  if (text === undefined) return { state: 'bytes', of, head: bytes.slice(0, 256) }
  return { state: 'text', of, text, read: bytes.length }
}

/** UTF-8 without zeros; a letter that a part was cut within is left out. */
function textOf(bytes: Uint8Array, cut: boolean): string | undefined {
  if (bytes.includes(0)) return undefined
  for (let less = 0; less <= (cut ? 3 : 0); less++) {
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, bytes.length - less))
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
    }
  }
  return undefined
}

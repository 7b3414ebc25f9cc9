import type { NamedFile } from '../../model/source.ts'

/*
 * Data inside a page. Each piece of a file is an element of its own that no browser runs or shows: gzip in
 * base64, so that a database of JSON takes about half of its size. The writing end is a worker, the reading
 * end the page that it wrote.
 */

export interface Inside {
  /** As trackio lists it. */
  project: string
  files: NamedFile[]
}

const TYPE = 'application/x-trackio'
/** Bytes of a file in one element: text of any length would be too long for a browser's strings. */
const PIECE = 8 << 20
/** Bytes that become base64 at once; divisible by three, so that pieces may follow each other. */
const GROUP = 0x6000

/** Says which project it is; stands before the first piece. */
export function insideHead(project: string): string {
  return `<script type="${TYPE}" data-project="${attribute(project)}"></script>\n`
}

/** A file as text of a page, piece by piece; a file of 0 bytes is one empty piece. */
export async function* insideFile(path: string, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Blob> {
  let waiting: Uint8Array[] = []
  let bytes = 0
  let written = 0
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + PIECE - bytes)
      waiting.push(part)
      bytes += part.length
      at += part.length
      if (bytes < PIECE) continue
      yield await piece(path, waiting)
      written++
      waiting = []
      bytes = 0
    }
  }
  if (bytes > 0 || written === 0) yield piece(path, waiting)
}

async function piece(path: string, parts: Uint8Array[]): Promise<Blob> {
  const plain = new Blob(parts.map((part) => part.slice()))
  const packed = new Uint8Array(
    await new Response(plain.stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer(),
  )
  const text: string[] = [`<script type="${TYPE}" data-path="${attribute(path)}">`]
  for (let at = 0; at < packed.length; at += GROUP)
    text.push(btoa(String.fromCharCode(...packed.subarray(at, at + GROUP))))
  text.push('</script>\n')
  return new Blob(text)
}

/** What holds data in a page: `document.querySelectorAll(DATA_ELEMENTS)`. */
export interface DataElement {
  dataset: Record<string, string | undefined>
  textContent: string | null
  remove(): void
}

export const DATA_ELEMENTS = `script[type="${TYPE}"]`

/**
 * The data of a page, which are taken out of it: they need not be in memory twice. Undefined where there are
 * none. Rejects where they are damaged.
 */
export async function readInside(elements: Iterable<DataElement>): Promise<Inside | undefined> {
  let project: string | undefined
  const parts = new Map<string, Blob[]>()
  for (const element of elements) {
    const { path } = element.dataset
    project ??= element.dataset.project
    const text = element.textContent
    element.remove()
    if (path === undefined) continue
    const packed = await fetch(`data:application/octet-stream;base64,${text}`)
    if (!packed.body) throw new Error(`${path}: the data in this file cannot be read`)
    const blob = await new Response(packed.body.pipeThrough(new DecompressionStream('gzip'))).blob()
    parts.set(path, [...(parts.get(path) ?? []), blob])
  }
  if (project === undefined) return undefined
  const files = [...parts].map(
    ([path, blobs]): NamedFile => ({ path, file: new File(blobs, path.slice(path.lastIndexOf('/') + 1)) }),
  )
  return { project, files }
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
}

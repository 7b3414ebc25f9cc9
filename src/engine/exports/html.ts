import { TrackioError } from '../../model/errors.ts'
import { insideFile, insideHead } from '../../storage/files/embedded-data.ts'
import { received } from '../../storage/http/answer.ts'
import type { Tree } from '../../storage/tree.ts'
import type { ProjectFiles } from '../formats/project-files.ts'
import { formatOf } from '../formats/registry.ts'
import { planCopy } from './copy-plan.ts'
import type { ExportOptions } from './export-options.ts'

export interface HtmlOptions extends ExportOptions {
  /** Address of the folder that the built files of this app are served from (with `single.html`). */
  frontend: string
  /** Media and artifact files too, where the source lists them. */
  companions?: boolean | undefined
}

/** The whole app in one file; the build writes it (build/single-file.ts). */
const TEMPLATE = 'single.html'
const MARK = '<!-- data -->'

/**
 * The dashboard with a project inside, as one file that opens from disk without a server. Throws AbortError,
 * or TrackioError where reading failed, or where the app's own page cannot be had.
 */
export async function exportHtml(
  { tree, files, project }: { tree: Tree; files: ProjectFiles; project: string },
  { frontend, companions = false, signal, onProgress }: HtmlOptions,
): Promise<Blob> {
  const { copy, called } = formatOf(files)
  if (!copy) {
    throw new TrackioError(
      project,
      `${called} has no files that could be put into a page`,
      'Open its .db file where the server runs.',
    )
  }
  const [before, after] = await template(frontend, signal)
  const plan = await planCopy({ tree, files, project }, companions, signal)
  const total = plan.reduce((sum, { size }) => sum + size, 0)
  const parts: BlobPart[] = [before, insideHead(project)]
  let done = 0
  for (const { to, size, chunks } of plan) {
    onProgress?.(to, done, total)
    const counted = count(chunks(signal), (bytes) => onProgress?.(to, Math.min(total, done + bytes), total))
    // a Blob may be kept on disk by the browser
    for await (const piece of insideFile(to, counted)) parts.push(piece)
    done += size
  }
  onProgress?.('', total, total)
  parts.push(after)
  return new Blob(parts, { type: 'text/html' })
}

async function* count(
  chunks: AsyncIterable<Uint8Array>,
  tell: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  let bytes = 0
  for await (const chunk of chunks) {
    yield chunk
    bytes += chunk.length
    tell(bytes)
  }
}

async function template(frontend: string, signal: AbortSignal | undefined): Promise<[string, string]> {
  const url = new URL(TEMPLATE, frontend)
  const missing = (why: string): TrackioError =>
    new TrackioError(
      url.href,
      `the page of one file cannot be had here: ${why}`,
      'Download it from a page that a web server serves as it was built.',
    )
  // a page that came from disk itself
  if (!/^https?:$/.test(url.protocol)) throw missing('this page is no built one')
  const answer = await received(url.href, fetch(url, { signal: signal ?? null }))
  const text = await received(url.href, answer.text())
  if (!answer.ok) throw missing(`the host answered ${answer.status}`)
  const [before, after, ...more] = text.split(MARK)
  if (before === undefined || after === undefined || more.length > 0)
    throw missing('the host answered something else')
  return [before, after]
}

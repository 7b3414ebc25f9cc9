import type { Reading } from '../../model/catalogue.ts'
import { noticeOf } from '../../model/errors.ts'
import type { Notice } from '../../model/source.ts'
import type { OpenDataset, ProjectReader } from '../formats/dataset.ts'
import { emptyReader } from '../formats/empty-reader.ts'
import { type ProjectFiles, stemOf } from '../formats/project-files.ts'
import { bytesOf } from '../formats/registry.ts'

/**
 * A part of a source behind a network: its project is listed by name, and opened when somebody looks at it. A
 * Dataset of a hundred projects costs one listing, and what is looked at.
 */
export function lateDataset(
  first: ProjectFiles,
  open: (files: ProjectFiles, signal: AbortSignal) => Promise<OpenDataset>,
): OpenDataset {
  const name = first.project ?? stemOf(first.path)
  let files = first
  let state: Reading['state'] = 'reading'
  let failure: Notice | undefined
  let inner: OpenDataset | undefined
  let opening: { dataset: Promise<OpenDataset>; abort: AbortController } | undefined
  let stopped: 'cancel' | 'pause' | undefined
  const asked = (): typeof stopped => stopped
  const closed = emptyReader(
    () => ({ state, bytes: 0, totalBytes: bytesOf(files), rows: 0, ...(failure && { why: failure.text }) }),
    () => (failure ? [failure] : []),
  )
  const own = (): ProjectReader => inner?.projects[0]?.reader ?? closed
  // the project was told of by this reader, so it stays one object when the file behind it opens; whatever part
  // is asked for is that of the reader behind it, and absent where that has none
  const reader = new Proxy(closed, { get: (_, part) => Reflect.get(own(), part) })

  return {
    path: files.path,
    get bytes() {
      return inner?.bytes ?? bytesOf(files)
    },
    get projects() {
      const entry = { info: { name, file: files.path, bytes: bytesOf(files) }, reader }
      return inner && inner.projects.length > 0
        ? inner.projects.map((one, i) => (i === 0 ? { ...one, reader } : one))
        : [entry]
    },
    get notices() {
      return inner?.notices ?? []
    },
    async read(onProgress, whole) {
      stopped = undefined
      if (!inner && !(await openToRead())) return
      if (asked() === 'cancel') inner?.stop('cancel')
      if (asked() === undefined) await inner?.read(onProgress, whole)
    },
    stop(how) {
      stopped = how
      if (inner) inner.stop(how)
      else if (how === 'cancel') {
        state = 'cancelled'
        opening?.abort.abort()
      }
    },
    opened: async () => void (await opened()),
    done: () => inner?.done() ?? false,
    async refresh(next) {
      const dataset = inner ?? (await opening?.dataset.catch(() => undefined))
      if (dataset) return dataset.refresh(next)
      // what could not be opened may be something else now
      if (state === 'failed') return 'other'
      files = next
      return 'same'
    },
    media: async (path, signal) => (await opened()).media?.(path, signal),
    get artifactFile() {
      return inner?.artifactFile
    },
    get renameRun() {
      return inner?.renameRun
    },
    get setMetadata() {
      return inner?.setMetadata
    },
    get deleteRun() {
      return inner?.deleteRun
    },
  }

  /** Opens it once, whoever asks first; what failed is tried again when it is asked for again. */
  async function opened(): Promise<OpenDataset> {
    if (inner) return inner
    if (!opening) {
      const abort = new AbortController()
      opening = { abort, dataset: open(files, abort.signal) }
    }
    const mine = opening
    try {
      inner = await mine.dataset
      return inner
    } finally {
      if (opening === mine) opening = undefined
    }
  }

  /** False when it was given up; throws what opening throws. */
  async function openToRead(): Promise<boolean> {
    state = 'reading'
    failure = undefined
    try {
      const { projects } = await opened()
      if (projects.length === 0) state = 'done'
      return true
    } catch (cause) {
      if (asked() === 'cancel') return false
      state = 'failed'
      failure = noticeOf(cause, files.path)
      throw cause
    }
  }
}

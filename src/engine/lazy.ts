import type { Reading } from '../model/catalogue.ts'
import { TrackioError } from '../model/errors.ts'
import type { Notice } from '../model/source.ts'
import { emptyReader } from './formats/empty.ts'
import type { OpenFile, ProjectReader } from './formats/reader.ts'
import { bytesOf, stemOf, type Unit } from './layout.ts'

/**
 * A part of a source behind a network: its project is listed by name, and opened when somebody looks at it. A Dataset of a hundred projects costs one listing, and
 * what is looked at.
 */
export function lazyFile(unit: Unit, open: () => Promise<OpenFile>): OpenFile {
  const name = unit.kind === 'parquet' ? unit.project : unit.kind === 'server' ? unit.path : stemOf(unit.path)
  let state: Reading['state'] = 'reading'
  let failure: Notice | undefined
  let inner: OpenFile | undefined
  const closed = emptyReader(
    () => ({ state, bytes: 0, totalBytes: bytesOf(unit), rows: 0 }),
    () => (failure ? [failure] : []),
  )
  const own = (): ProjectReader => inner?.projects[0]?.reader ?? closed
  // the project was told of by this reader, so it stays one object when the file behind it opens
  const first: ProjectReader = {
    keys: () => own().keys(),
    runs: () => own().runs(),
    version: () => own().version(),
    samples: () => own().samples(),
    side: (run) => own().side(run),
    listedOnly: () => own().listedOnly(),
    exact: () => own().exact(),
    readUpTo: () => own().readUpTo(),
    reading: () => own().reading(),
    notices: () => own().notices(),
    load: async (metrics, signal) => own().load?.(metrics, signal),
    unread: () => own().unread?.() ?? [],
    others: () => own().others?.() ?? [],
  }

  return {
    path: unit.path,
    get bytes() {
      return inner?.bytes ?? bytesOf(unit)
    },
    get projects() {
      const entry = { info: { name, file: unit.path, bytes: bytesOf(unit) }, reader: first }
      return inner && inner.projects.length > 0 ? inner.projects.map((one, i) => (i === 0 ? { ...one, reader: first } : one)) : [entry]
    },
    get notices() {
      return inner?.notices ?? []
    },
    async read(onProgress, whole) {
      if (!inner) {
        state = 'reading'
        failure = undefined
        try {
          inner = await open()
        } catch (cause) {
          state = 'failed'
          const text = cause instanceof Error ? cause.message : String(cause)
          failure = { level: 'error', subject: unit.path, text, action: cause instanceof TrackioError ? cause.action : undefined }
          throw cause
        }
        if (inner.projects.length === 0) state = 'done'
      }
      await inner.read(onProgress, whole)
    },
    stop(how) {
      if (inner) inner.stop(how)
      else if (how === 'cancel') state = 'cancelled'
    },
    done: () => inner?.done() ?? false,
    refresh: async (next) => inner?.refresh(next) ?? 'other',
    media: async (path, signal) => inner?.media?.(path, signal),
    renameRun: async (project, run, to) => inner?.renameRun?.(project, run, to),
    deleteRun: async (project, run) => inner?.deleteRun?.(project, run),
  }
}

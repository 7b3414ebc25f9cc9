import { type Accessor, createEffect, createMemo, createSignal, on } from 'solid-js'
import type { EngineApi, EngineEvent } from '../../bridge/engine-api.ts'
import type { Catalogue, Reading } from '../../model/catalogue.ts'
import { noticeOf } from '../../model/errors.ts'
import type { Notice, ProjectId } from '../../model/source.ts'
import { createLatest } from '../base/latest.ts'

export type CatalogueStatus =
  | { kind: 'none' }
  | { kind: 'loading' }
  | { kind: 'ready'; catalogue: Catalogue }
  | { kind: 'failed'; notice: Notice }

export interface ProjectData {
  status: Accessor<CatalogueStatus>
  catalogue: Accessor<Catalogue | undefined>
  reading: Accessor<Reading | undefined>
  /** Grows with every batch of rows. */
  version: Accessor<number>
  /** Every row was read and the catalogue says so. */
  exact: Accessor<boolean>
  /** Nothing more will come by itself: read, cancelled or failed. */
  ended: Accessor<boolean>
  /** Somebody takes the reading up again: it counts as going on before the engine tells of it. */
  expectMore(): void
  onEvent(event: EngineEvent): void
}

/** The catalogue of the project on screen, asked again whenever the engine says it changed. */
export function createProjectData(engine: EngineApi, project: Accessor<ProjectId | undefined>): ProjectData {
  const [status, setStatus] = createSignal<CatalogueStatus>({ kind: 'none' })
  const [reading, setReading] = createSignal<Reading>()
  const [version, setVersion] = createSignal(0)
  const latest = createLatest({
    ask: (id, signal) => engine.ask('catalogue', { project: id }, { signal }),
    answered(catalogue) {
      setStatus({ kind: 'ready', catalogue })
      setReading(catalogue.reading)
    },
    failed: (error, id) => setStatus({ kind: 'failed', notice: noticeOf(error, id) }),
  })

  createEffect(
    on(project, (id) => {
      latest.abort()
      setReading(undefined)
      setVersion((now) => now + 1)
      if (id === undefined) setStatus({ kind: 'none' })
      else {
        setStatus({ kind: 'loading' })
        latest.ask(id)
      }
    }),
  )

  const catalogue = createMemo(() => {
    const now = status()
    return now.kind === 'ready' ? now.catalogue : undefined
  })
  return {
    status,
    catalogue,
    reading,
    version,
    exact: createMemo(() => (catalogue()?.exact ?? false) && reading()?.state === 'done'),
    ended: createMemo(() => {
      // the last row may be told of before the first catalogue is here
      const now = status().kind === 'loading' ? undefined : reading()?.state
      return now !== undefined && now !== 'reading'
    }),
    expectMore: () => setReading((now) => now && { ...now, state: 'reading' }),
    onEvent(event) {
      if (!('project' in event) || event.project !== project()) return
      if (event.kind === 'data') setVersion((now) => now + 1)
      else if (event.kind === 'reading') {
        const before = reading()?.state
        setReading(event.reading)
        // of what is followed and was read before, the catalogue event says that there is more
        if (event.reading.state !== 'reading' && event.reading.state !== before) latest.ask(event.project)
      } else latest.ask(event.project)
    },
  }
}

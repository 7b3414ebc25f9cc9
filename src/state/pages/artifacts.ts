import { type Accessor, createEffect, createMemo, createSignal, on } from 'solid-js'
import type { EngineApi } from '../../bridge/engine-api.ts'
import type { ArtifactManifest, Artifacts } from '../../model/artifact.ts'
import { noticeOf } from '../../model/errors.ts'
import type { Notice, ProjectId } from '../../model/source.ts'
import { createLatest } from '../base/latest.ts'
import type { ProjectData } from '../data/catalogue.ts'
import { createGrowing, type GrowingStatus } from './growing.ts'

export interface ArtifactsOptions {
  ask: EngineApi['ask']
  project: Accessor<ProjectId | undefined>
  data: ProjectData
  live: Accessor<boolean>
  /** Somebody looks at them; always where it is left out. */
  wanted?: Accessor<boolean>
}

export interface ProjectArtifacts {
  status: Accessor<GrowingStatus<{ all: Artifacts }>>
  /** Undefined while they are not read. */
  all: Accessor<Artifacts | undefined>
  retry(): void
}

/** Artifacts of the project, of several those of all; read once its runs are known, and again as it grows. */
export function createArtifacts({ ask, project, data, live, wanted }: ArtifactsOptions): ProjectArtifacts {
  const { status, retry } = createGrowing<{ all: Artifacts }>({
    ...{ subject: 'artifacts', project, live, version: data.version },
    wanted: createMemo(() => data.ended() && (wanted?.() ?? true)),
    ask: async (id, signal) => ({ all: await ask('artifacts', { project: id }, { signal }) }),
    // a metadata that was refreshed has left no other trace
    isSame: (before, now) => JSON.stringify(before) === JSON.stringify(now),
  })
  return {
    status,
    all: createMemo(() => {
      const now = status()
      return now.kind === 'ready' ? now.all : undefined
    }),
    retry,
  }
}

/** A version, as its manifest is asked for. */
export interface ManifestOf {
  project: ProjectId
  version: string
  /** Of the manifest: another one is asked for anew. */
  digest: string
}

export type ManifestStatus =
  | { kind: 'none' }
  | { kind: 'loading' }
  | ({ kind: 'ready'; of: ManifestOf } & ArtifactManifest)
  | { kind: 'failed'; notice: Notice }

/** Files of a version; those of the one before stay until they are here. */
export function createManifest(
  ask: EngineApi['ask'],
  of: Accessor<ManifestOf | undefined>,
): {
  status: Accessor<ManifestStatus>
  /** Of the version that is asked for: not the one before it, which stays on screen until this one is here. */
  current: Accessor<ArtifactManifest | undefined>
  retry(): void
} {
  const [status, setStatus] = createSignal<ManifestStatus>({ kind: 'none' })
  const subject = createMemo(() => JSON.stringify(of() ?? null))
  const latest = createLatest<{ found: ArtifactManifest | undefined; of: ManifestOf }>({
    ask(_, signal) {
      const now = of()
      if (!now) return undefined
      const { project, version } = now
      return ask('artifactManifest', { project, version }, { signal }).then((found) => ({ found, of: now }))
    },
    answered({ found, of }) {
      if (found) setStatus({ kind: 'ready', of, ...found })
      else {
        const text = 'no version of this id is there any more: it was overwritten or deleted'
        setStatus({ kind: 'failed', notice: { level: 'error', subject: `version ${of.version}`, text } })
      }
    },
    failed: (error) => setStatus({ kind: 'failed', notice: noticeOf(error, 'manifest') }),
  })
  createEffect(
    on(subject, (now) => {
      if (of() === undefined) {
        latest.abort()
        setStatus({ kind: 'none' })
      } else {
        if (status().kind !== 'ready') setStatus({ kind: 'loading' })
        latest.ask(now)
      }
    }),
  )
  return {
    status,
    current() {
      const now = status()
      return now.kind === 'ready' && JSON.stringify(now.of) === subject() ? now : undefined
    },
    retry() {
      setStatus({ kind: 'loading' })
      latest.ask(subject())
    },
  }
}

import { type Accessor, createEffect, createSignal, on, onCleanup } from 'solid-js'
import type { EngineApi } from '../../bridge/engine-api.ts'
import type { ArtifactFile, VerifiedFile, VerifyProgress } from '../../model/artifact.ts'
import { isAbort, noticeOf } from '../../model/errors.ts'
import type { Notice, ProjectId } from '../../model/source.ts'
import type { ArtifactFiles } from './artifact-files.ts'

/** A check of stored files against their SHA-256, of one version or of all. */
export interface Check {
  /** In words, what is checked: `11 files`, `all 27 versions`. */
  what: string
  /** The version that it is of; undefined for all. */
  version: string | undefined
  state: 'going' | 'done' | 'cancelled' | 'failed'
  progress: VerifyProgress | undefined
  same: number
  differs: number
  missing: number
  failed: number
  notice?: Notice
}

export interface CheckOf {
  what: string
  version: string | undefined
  /** By project; without files those of all its versions. */
  parts: readonly { project: ProjectId; files?: ArtifactFile[] | undefined }[]
}

export interface ArtifactCheck {
  check: Accessor<Check | undefined>
  /** What is known of a stored file; undefined while it was not read. */
  result(project: ProjectId, digest: string): VerifiedFile | undefined
  /** Bytes that were read of the file that is being read; undefined for any other. */
  reading(digest: string): number | undefined
  start(of: CheckOf): void
  cancel(): void
}

/** Checks one after the other; what was read stays known as long as the project is looked at. */
export function createArtifactCheck(
  ask: EngineApi['ask'],
  project: Accessor<ProjectId | undefined>,
  held: ArtifactFiles,
): ArtifactCheck {
  const [check, setCheck] = createSignal<Check>()
  const [results, setResults] = createSignal<ReadonlyMap<string, VerifiedFile>>(new Map())
  let going: AbortController | undefined
  const keyOf = (of: ProjectId, digest: string): string => `${digest} ${of}`

  function stop(): void {
    going?.abort()
    going = undefined
  }
  createEffect(
    on(
      project,
      () => {
        stop()
        setCheck(undefined)
        setResults(new Map())
      },
      { defer: true },
    ),
  )
  onCleanup(stop)

  async function start({ what, version, parts }: CheckOf): Promise<void> {
    stop()
    const own = new AbortController()
    going = own
    const fresh = { same: 0, differs: 0, missing: 0, failed: 0 }
    let now: Check = { what, version, state: 'going', progress: undefined, ...fresh }
    let ended = false
    const show = (change: Partial<Check>): void => {
      if (going !== own) return
      now = { ...now, ...change }
      setCheck(now)
    }
    show({})
    try {
      for (const { project, files: given } of parts) {
        const files = given ?? (await ask('artifactFiles', { project }, { signal: own.signal }))
        const here = await held.given(project, files, own.signal)
        const { progress: before, same, differs, missing, failed } = now
        ended = false
        const take = (came: readonly VerifiedFile[]): void => {
          const own = came.map((one) => [keyOf(project, one.digest), one] as const)
          if (came.length > 0) setResults(new Map([...results(), ...own]))
        }
        const found = await ask(
          'verifyArtifacts',
          { project, files, given: here },
          {
            signal: own.signal,
            onProgress(progress) {
              if (going !== own || ended) return
              take(progress.came)
              const counts = { ...now }
              for (const { result } of progress.came) counts[result]++
              show({ ...counts, progress: before ? together(before, progress) : progress })
            },
          },
        )
        if (going !== own) return
        // what was told on the way may come after the answer
        ended = true
        take(found)
        const counts = { same, differs, missing, failed }
        for (const { result } of found) counts[result]++
        show(counts)
      }
      show({ state: 'done' })
    } catch (error) {
      if (isAbort(error)) return
      show({ state: 'failed', notice: noticeOf(error, what) })
    }
  }

  return {
    check,
    result: (project, digest) => results().get(keyOf(project, digest)),
    reading(digest) {
      const now = check()
      const progress = now?.state === 'going' ? now.progress : undefined
      return progress?.current === digest ? progress.currentBytes : undefined
    },
    start: (of) => void start(of),
    cancel() {
      stop()
      const now = check()
      if (now?.state === 'going') setCheck({ ...now, state: 'cancelled' })
    },
  }
}

/** Of several projects, one after the other. */
function together(before: VerifyProgress, now: VerifyProgress): VerifyProgress {
  return {
    ...now,
    files: before.files + now.files,
    totalFiles: before.totalFiles + now.totalFiles,
    bytes: before.bytes + now.bytes,
    totalBytes: before.totalBytes + now.totalBytes,
    ms: before.ms + now.ms,
  }
}

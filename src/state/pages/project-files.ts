import { type Accessor, createEffect, createMemo, createSignal, on } from 'solid-js'
import type { FileList } from '../../model/file.ts'
import type { ProjectId } from '../../model/source.ts'
import { createGrowing, type GrowingStatus } from './growing.ts'

/** Files of the project on screen, listed once somebody looks; those of this machine once the charts stand. */
export interface ProjectFiles {
  status: Accessor<GrowingStatus<FileList>>
  /** Undefined until they are listed. */
  list: Accessor<FileList | undefined>
  /** How many were saved; undefined where that is not known. */
  saved: Accessor<number | undefined>
  retry(): void
}

export interface ProjectFilesOptions {
  files(project: ProjectId, signal: AbortSignal): Promise<FileList>
  project: Accessor<ProjectId | undefined>
  /** Somebody looks at them. */
  looked: Accessor<boolean>
  /** Listing them costs no network, and the charts stand. */
  free: Accessor<boolean>
}

export function createProjectFiles(options: ProjectFilesOptions): ProjectFiles {
  const { looked, free } = options
  /** Once the charts stood: what lowers readiness later asks for nothing anew. */
  const [stood, setStood] = createSignal(false)
  const wanted = createMemo(() => {
    if (free()) setStood(true)
    return looked() || stood()
  })
  const [visits, setVisits] = createSignal(0)
  createEffect(on(looked, (now) => now && setVisits((n) => n + 1)))
  const { status, retry } = createGrowing<FileList>({
    ...{ subject: 'files', project: options.project, wanted },
    // saved files are copies, which nobody writes on: they are listed anew when somebody comes back to them
    version: visits,
    live: () => false,
    ask: (project, signal) => options.files(project, signal),
    isSame: (before, now) => keyOf(before) === keyOf(now),
  })
  const list = createMemo(() => {
    const now = status()
    return now.kind === 'ready' ? now : undefined
  })
  const saved = createMemo(() => {
    const now = list()
    return now?.listed ? now.files.filter(({ part }) => part === 'saved').length : undefined
  })
  return { status, list, saved, retry }
}

function keyOf({ files, listed }: FileList): string {
  return JSON.stringify([
    listed,
    files.map(({ ref, part, path, size }) => [ref.project, ref.path, ref.stamp, part, path, size]),
  ])
}

import { type Accessor, createEffect, createSignal, on } from 'solid-js'
import { noticeOf } from '../../model/errors.ts'
import type { Notice, ProjectId } from '../../model/source.ts'
import { createLatest } from '../base/latest.ts'

/** Of what goes on growing, asked for anew no sooner than this. */
const AGAIN_MS = 2000

export type GrowingStatus<A> =
  | { kind: 'loading'; text: string }
  | ({ kind: 'ready' } & A)
  | { kind: 'failed'; notice: Notice }

export interface GrowingOptions<A> {
  /** What it is, for the notice of a failure. */
  subject: string
  project: Accessor<ProjectId | undefined>
  /** Of the rows beside it: others ask for it anew. */
  version: Accessor<number>
  /** It may be asked for, and somebody looks at it. */
  wanted: Accessor<boolean>
  /** The project's source is written to: there may be more without rows of metrics too. */
  live: Accessor<boolean>
  ask(project: ProjectId, signal: AbortSignal, onText: (text: string) => void): Promise<A>
  /** The one on screen is left as it is. */
  isSame(before: A, now: A): boolean
  answered?(answer: A): void
  /** Of a part, when the next one is asked for, ms; undefined for a whole. */
  partFor?(answer: A): number | undefined
}

/** What stands beside the rows of a project: read when somebody looks, and again as it grows. */
export function createGrowing<A>(options: GrowingOptions<A>): {
  status: Accessor<GrowingStatus<A>>
  retry(): void
} {
  const { project, version, wanted, live } = options
  const loading = (text = ''): GrowingStatus<A> => ({ kind: 'loading', text })
  const [status, setStatus] = createSignal<GrowingStatus<A>>(loading())
  const show = (next: (before: GrowingStatus<A>) => GrowingStatus<A>): void => void setStatus(next)
  /** Of which rows it is, or is being asked for. */
  let asked: number | undefined
  const latest = createLatest<A>({
    ask(id, signal) {
      asked = version()
      return options.ask(id, signal, (text) => {
        if (!signal.aborted) show((now) => (now.kind === 'ready' ? now : loading(text)))
      })
    },
    answered(answer, id) {
      show((before) =>
        before.kind === 'ready' && options.isSame(before, answer) ? before : { kind: 'ready', ...answer },
      )
      options.answered?.(answer)
      const next = options.partFor?.(answer)
      if (next === undefined) lookAgain(id)
      else latest.ask(id, next)
    },
    failed(error, id) {
      // what was read stays while a live source does not answer for a moment
      show((before) =>
        before.kind === 'ready' ? before : { kind: 'failed', notice: noticeOf(error, options.subject) },
      )
      lookAgain(id)
    },
  })
  const lookAgain = (id: string): void => {
    if (live() && wanted()) latest.ask(id, AGAIN_MS)
  }

  // one effect for both: of two, what the one asks of a new project the other would give up as of the one before
  createEffect(
    on([project, wanted, version, live], ([id, some, now, goesOn], before) => {
      if (before && before[0] !== id) {
        latest.abort()
        asked = undefined
        show(() => loading())
      }
      if (id !== undefined && some && (asked !== now || goesOn)) latest.again(id, AGAIN_MS)
    }),
  )
  return {
    status,
    retry() {
      const id = project()
      if (id === undefined) return
      show(() => loading())
      latest.ask(id)
    },
  }
}

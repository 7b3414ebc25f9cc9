import { type Accessor, createSignal, type Signal } from 'solid-js'
import { isAbort, noticeOf } from '../../model/errors.ts'
import type { OpenProgress } from '../../model/questions.ts'
import type { Notice } from '../../model/source.ts'

/** Something that takes its time: how far it is, and a way to stop it. */
export interface Job {
  text: string
  progress: OpenProgress | undefined
  cancel(): void
}

type Act<T> = (options: { signal: AbortSignal; onProgress(progress: OpenProgress): void }) => Promise<T>

/** Does it, shown in `shown` until it ends or something newer is shown there. */
export async function during<T>(
  [shown, show]: Signal<Job | undefined>,
  text: string,
  act: Act<T>,
): Promise<T> {
  const abort = new AbortController()
  let mine: Job = { text, progress: undefined, cancel: () => abort.abort() }
  show(mine)
  try {
    return await act({
      signal: abort.signal,
      onProgress(progress) {
        if (shown() !== mine) return
        mine = { ...mine, progress }
        show(mine)
      },
    })
  } finally {
    if (shown() === mine) show(undefined)
  }
}

export interface Jobs {
  /** The newest on its way. */
  job: Accessor<Job | undefined>
  /** Does it, shown as a job. Rejects with what failed, and with an AbortError where it was stopped. */
  show(text: string, act: Act<void>): Promise<void>
  /** The same; what failed is told. */
  run(text: string, subject: string, act: Act<void>): Promise<void>
}

/** Copies and downloads: they go on while the page is used, and can be stopped. */
export function createJobs(tell: (notice: Notice) => void): Jobs {
  const job = createSignal<Job>()
  const show = (text: string, act: Act<void>): Promise<void> => during(job, text, act)
  return {
    job: job[0],
    show,
    run: (text, subject, act) =>
      show(text, act).catch((error: unknown) => {
        if (!isAbort(error)) tell(noticeOf(error, subject))
      }),
  }
}

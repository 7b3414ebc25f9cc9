import type { Signal } from 'solid-js'
import type { OpenProgress } from '../../model/questions.ts'

/** Something that takes its time: how far it is, and a way to stop it. */
export interface Job {
  text: string
  progress: OpenProgress | undefined
  cancel(): void
}

/** Does it, shown in `shown` until it ends or something newer is shown there. */
export async function during<T>(
  [shown, show]: Signal<Job | undefined>,
  text: string,
  act: (options: { signal: AbortSignal; onProgress(progress: OpenProgress): void }) => Promise<T>,
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

import { type Accessor, createEffect, createSignal, on, onCleanup, untrack } from 'solid-js'
import { isAbort } from '../../../model/errors.ts'
import { UnreadFileError } from '../../../state/pages/unread-file.ts'
import type { MediaModel } from './model.ts'

export type FileState =
  | { state: 'loading' }
  | { state: 'ready'; blob: Blob; path: string }
  | { state: 'missing' }
  /** It may be there, and could not be read. */
  | { state: 'unread'; why: string; again(): void }
  | { state: 'failed'; why: string }

/** The file of a path, fetched when it is first looked at. */
export function createFile(model: MediaModel, path: Accessor<string>): Accessor<FileState> {
  const [file, setFile] = createSignal<FileState>({ state: 'loading' })
  const busy = model.busyPart()
  createEffect(
    on([path, model.media.tries], ([name]) => {
      // what is there stays
      const now = untrack(file)
      if (now.state === 'ready' && now.path === name) return
      const abort = new AbortController()
      setFile({ state: 'loading' })
      busy(true)
      model.media
        .file(name, abort.signal)
        .then(
          (blob) => {
            if (!abort.signal.aborted)
              setFile(blob ? { state: 'ready', blob, path: name } : { state: 'missing' })
          },
          (error: unknown) => {
            if (isAbort(error) || abort.signal.aborted) return
            const why = error instanceof Error ? error.message : String(error)
            setFile(
              error instanceof UnreadFileError
                ? { state: 'unread', why, again: model.media.tryAgain }
                : { state: 'failed', why },
            )
          },
        )
        .finally(() => {
          if (!abort.signal.aborted) busy(false)
        })
      onCleanup(() => {
        abort.abort()
        busy(false)
      })
    }),
  )
  return file
}

/** An address for an element of the page, as long as the file stands. */
export function createUrl(file: Accessor<FileState>): Accessor<string | undefined> {
  const [url, setUrl] = createSignal<string>()
  createEffect(() => {
    const now = file()
    if (now.state !== 'ready') return void setUrl(undefined)
    const made = URL.createObjectURL(now.blob)
    setUrl(made)
    onCleanup(() => URL.revokeObjectURL(made))
  })
  return url
}

import { createSignal, Match, onCleanup, Show, Switch } from 'solid-js'
import { formatBytes, formatBytesOf, formatPlural } from '../../../compute/format.ts'
import { isAbort, noticeOf } from '../../../model/errors.ts'
import type { FileRead, FileRef } from '../../../model/file.ts'
import { useApp } from '../../../state/app.ts'
import { copied, copyText } from '../clipboard.ts'

type Hash =
  | { state: 'none' }
  | { state: 'busy'; done: number; cancel(): void }
  | { state: 'ready'; hex: string }
  | { state: 'failed'; why: string }

/** How much of a file was read, and its sha256 for whoever asks for it. */
export function FileFacts(props: { file: FileRef; size: number; read: FileRead }) {
  return (
    <span class="file-facts">
      <span class="read">{readWords(props.read, props.size)}</span>
      <FileHash file={props.file} size={props.size} />
    </span>
  )
}

/** `Read 3 slices, 1.5 of 46 MB`, `Read whole`. */
export function readWords({ bytes, stretches }: FileRead, size: number): string {
  if (bytes >= size) return size === 0 ? '' : 'Read whole'
  return `Read ${formatPlural(stretches, 'slice')}, ${formatBytesOf(bytes, size)}`
}

function FileHash(props: { file: FileRef; size: number }) {
  const { ask } = useApp()
  const [hash, setHash] = createSignal<Hash>({ state: 'none' })
  let abort: AbortController | undefined
  onCleanup(() => abort?.abort())

  function compute(): void {
    abort = new AbortController()
    const { signal } = abort
    const cancel = (): void => {
      abort?.abort()
      setHash({ state: 'none' })
    }
    setHash({ state: 'busy', done: 0, cancel })
    const onProgress = ({ bytes }: { bytes: number }): void => {
      if (!signal.aborted) setHash({ state: 'busy', done: bytes, cancel })
    }
    ask('fileHash', { file: props.file }, { signal, onProgress }).then(
      (hex) => setHash({ state: 'ready', hex }),
      (error: unknown) => {
        if (!isAbort(error)) setHash({ state: 'failed', why: noticeOf(error, props.file.path).text })
      },
    )
  }
  const busy = () => {
    const now = hash()
    return now.state === 'busy' ? now : undefined
  }
  const ready = () => {
    const now = hash()
    return now.state === 'ready' ? now.hex : undefined
  }
  const failed = () => {
    const now = hash()
    return now.state === 'failed' ? now.why : undefined
  }
  return (
    <span class="file-hash">
      <span>sha256</span>
      <Switch
        fallback={
          <button
            type="button"
            class="link-button"
            title={`Reads all ${formatBytes(props.size)}`}
            onClick={compute}
          >
            compute
          </button>
        }
      >
        <Match when={busy()}>
          {(now) => (
            <>
              <span
                role="progressbar"
                aria-label="sha256"
                aria-valuemin="0"
                aria-valuemax="100"
                aria-valuenow={Math.round((100 * now().done) / Math.max(1, props.size))}
                aria-valuetext={formatBytesOf(now().done, props.size)}
                class="hash-line"
                style={{ '--at': `${(100 * now().done) / Math.max(1, props.size)}%` }}
              />
              <span class="hash-done">{formatBytesOf(now().done, props.size)}</span>
              <button type="button" class="link-button" onClick={() => now().cancel()}>
                Cancel
              </button>
            </>
          )}
        </Match>
        <Match when={ready()}>
          {(hex) => (
            <button
              type="button"
              class="hash-text"
              title={`${hex()}: copy`}
              aria-label={`Copy sha256 ${hex()}`}
              data-sha256={hex()}
              onClick={() => void copyText(hex())}
            >
              {`${hex().slice(0, 4)}…${hex().slice(-4)}`}
            </button>
          )}
        </Match>
        <Match when={failed()}>
          {(why) => (
            <span class="hash-failed" role="alert">
              {`failed: ${why()} `}
              <button type="button" class="link-button" onClick={compute}>
                Retry
              </button>
            </span>
          )}
        </Match>
      </Switch>
      <Show when={ready() !== undefined && copied() !== ''}>
        <span role="status">{copied()}</span>
      </Show>
    </span>
  )
}

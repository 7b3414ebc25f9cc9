import '../styles/page-states.css'
import { type Accessor, createComputed, createMemo, onCleanup, Show } from 'solid-js'
import type { Notice } from '../../model/source.ts'
import { useApp } from '../../state/app.ts'
import { ProgressLine } from '../components/progress-line.tsx'

/** As much of what a page reads as its states in words need. */
type PageStatus = { kind: 'loading'; text: string } | { kind: 'ready' } | { kind: 'failed'; notice: Notice }

/**
 * Why a page's answer could not be read, and that it is being read; the page counts as busy until then, and while
 * `waits`.
 */
export function createPageState(
  page: string,
  status: Accessor<PageStatus>,
  waits: () => boolean,
): { failure: Accessor<Notice | undefined>; loading: Accessor<{ text: string } | undefined> } {
  const { sources, settled, data } = useApp()
  const failure = createMemo(() => {
    const now = status()
    return now.kind === 'failed' ? now.notice : undefined
  })
  const loading = createMemo(() => {
    const now = status()
    return now.kind === 'loading' ? { text: now.text } : undefined
  })
  createComputed(() => {
    const some = sources.project() !== undefined && data.status().kind !== 'failed'
    settled.setBusy(page, some && (loading() !== undefined || waits()))
  })
  onCleanup(() => settled.setBusy(page, false))
  return { failure, loading }
}

/** In place of what is being read: a line that moves, and in words how far it is. */
export function Reading(props: { label: string; words: string; shown?: boolean }) {
  return (
    <div class="page-wait patient">
      <ProgressLine label={props.label} share={undefined} words={props.words} />
      <Show when={props.shown}>
        <p>{props.words}</p>
      </Show>
    </div>
  )
}

/** In place of what could not be had: `Could not read the artifacts`, why, and trying again. */
export function Failed(props: { verb?: string; what: string; cause: string; onRetry(): void }) {
  return (
    <div class="blank" role="alert">
      <h2>{`Could not ${props.verb ?? 'read'} ${props.what}`}</h2>
      <pre>{props.cause}</pre>
      <button type="button" class="button" onClick={() => props.onRetry()}>
        Retry
      </button>
    </div>
  )
}

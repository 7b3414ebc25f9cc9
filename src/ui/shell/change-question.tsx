import { createSignal, Match, Show, Switch } from 'solid-js'
import { visibleName } from '../../compute/visible-name.ts'
import type { ChangeQuestion } from '../../state/changes/ask-changes.ts'
import { Dialog } from '../components/dialog.tsx'
import { Name } from '../components/name.tsx'

/** What is asked, or said, before something is changed where that is not simply possible. */
export function ChangeQuestionDialog(props: { question: ChangeQuestion; onClose(): void }) {
  const [busy, setBusy] = createSignal(false)
  const [failure, setFailure] = createSignal('')
  const [saved, setSaved] = createSignal(false)
  const asks = () => (props.question.kind === 'write' ? props.question : undefined)
  const says = () => (props.question.kind === 'read-only' ? props.question : undefined)
  const title = () => (asks() ? 'Write to this file?' : 'This source is only read')

  async function act(work: () => Promise<void>): Promise<void> {
    setBusy(true)
    setFailure('')
    try {
      await work()
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error))
    } finally {
      setBusy(false)
    }
  }

  return (
    <Dialog label={title()} title={title()} class="dialog" onClose={() => props.onClose()}>
      <div class="dialog-body change">
        <Switch>
          <Match when={asks()}>
            {(question) => (
              <>
                <p>
                  <b>
                    <Name of={question().file} />
                  </b>{' '}
                  lies on this machine, and was only read so far. The change is made in one step: the file is
                  the old one or the new one, also when this page is closed meanwhile. Your browser asks once
                  more.
                </p>
                <p class="why">
                  {question().alone
                    ? 'This page sees the file alone, not whether a log (-wal) lies beside it: first end whatever logs into it.'
                    : 'End whatever logs into it first. Where a log (-wal) lies beside it, nothing is written.'}
                </p>
                <div class="buttons">
                  <button type="button" class="button" onClick={() => props.onClose()}>
                    Cancel
                  </button>
                  <button
                    type="button"
                    class="button"
                    autofocus
                    disabled={busy()}
                    onClick={() =>
                      void act(() =>
                        question()
                          .backup()
                          .then(() => void setSaved(true)),
                      )
                    }
                  >
                    {saved() ? 'Copy saved' : 'Save a copy first'}
                  </button>
                  <button
                    type="button"
                    class="button primary"
                    disabled={busy()}
                    onClick={() => void act(() => question().allow())}
                  >
                    Write to it
                  </button>
                </div>
              </>
            )}
          </Match>
          <Match when={says()}>
            {(question) => (
              <>
                <p>{`${visibleName(question().why)}. Nothing was changed.`}</p>
                <Show when={question().copy}>
                  <p class="why">Keep a copy in this browser to change it.</p>
                </Show>
                <div class="buttons">
                  <button
                    type="button"
                    class="button"
                    autofocus={!question().copy}
                    onClick={() => props.onClose()}
                  >
                    Close
                  </button>
                  <Show when={question().copy}>
                    {(copy) => (
                      <button
                        type="button"
                        class="button primary"
                        autofocus
                        disabled={busy()}
                        onClick={() => void act(copy())}
                      >
                        {busy() ? 'Copying' : 'Keep a copy and open it'}
                      </button>
                    )}
                  </Show>
                </div>
              </>
            )}
          </Match>
        </Switch>
        <Show when={failure()}>
          <p class="failure" role="alert">
            {failure()}
          </p>
        </Show>
      </div>
    </Dialog>
  )
}

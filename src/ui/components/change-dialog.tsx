import { createSignal, type JSX, Show } from 'solid-js'
import { Dialog } from './dialog.tsx'

export interface ChangeDialogProps {
  title: string
  /** The name as it is: a new one is asked for. Without it something is deleted. */
  name?: string | undefined
  /** What is deleted, and what that means. */
  question?: JSX.Element
  /** What the button says in place of Delete. */
  verb?: string
  /** Does it; what it throws is said, and the dialog stays. */
  act(name: string): Promise<void>
  onClose(done: boolean): void
}

/** Asks for a new name, or once more before something is deleted. */
export function ChangeDialog(props: ChangeDialogProps) {
  const [name, setName] = createSignal(props.name ?? '')
  const [busy, setBusy] = createSignal(false)
  const [failure, setFailure] = createSignal('')
  const renames = () => props.name !== undefined
  let done = false

  async function act(event: Event): Promise<void> {
    event.preventDefault()
    setBusy(true)
    setFailure('')
    try {
      await props.act(name().trim())
      done = true
      props.onClose(true)
    } catch (error) {
      setFailure(wordsOf(error))
    } finally {
      setBusy(false)
    }
  }

  return (
    <Dialog
      label={props.title}
      title={props.title}
      class="dialog"
      onClose={() => done || props.onClose(false)}
    >
      <form class="dialog-body change" onSubmit={(event) => void act(event)}>
        <Show when={renames()} fallback={<p>{props.question}</p>}>
          <label>
            New name
            <div class="field">
              <input
                autofocus
                value={name()}
                autocomplete="off"
                spellcheck={false}
                onFocus={(event) => event.currentTarget.select()}
                onInput={(event) => setName(event.currentTarget.value)}
              />
            </div>
          </label>
        </Show>
        <Show when={failure()}>
          <p class="failure" role="alert">
            {failure()}
          </p>
        </Show>
        <div class="buttons">
          <button type="button" class="button" autofocus={!renames()} onClick={() => props.onClose(false)}>
            Cancel
          </button>
          <button
            type="submit"
            class={renames() ? 'button primary' : 'button danger'}
            disabled={busy() || (renames() && (name().trim() === '' || name().trim() === props.name))}
          >
            {renames() ? 'Rename' : (props.verb ?? 'Delete')}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

/** Errors that a person can act on say how. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'action' in error && error.action ? `${error.message}. ${error.action}` : error.message
}

import { createSignal, Show } from 'solid-js'
import { useApp } from '../../state/app.ts'
import { Dialog } from '../components/dialog.tsx'

/** Renames or deletes a run where its project lies: on a trackio server that lets this page do it. Asked twice, since it cannot be undone. */
export function ChangeRun(props: { what: 'rename' | 'delete'; runKey: string; name: string; onClose(): void }) {
  const { sources } = useApp()
  const [name, setName] = createSignal(props.name)
  const [busy, setBusy] = createSignal(false)
  const [failure, setFailure] = createSignal('')
  const renames = () => props.what === 'rename'

  async function act(event: Event): Promise<void> {
    event.preventDefault()
    setBusy(true)
    setFailure('')
    try {
      if (renames()) await sources.renameRun(props.runKey, name().trim())
      else await sources.deleteRun(props.runKey)
      props.onClose()
    } catch (error) {
      const action = error instanceof Error && 'action' in error ? ` ${error.action}` : ''
      setFailure(`${error instanceof Error ? error.message : String(error)}.${action}`)
    } finally {
      setBusy(false)
    }
  }

  const title = () => (renames() ? 'Rename run' : 'Delete run')
  return (
    <Dialog label={title()} title={title()} class="dialog" onClose={props.onClose}>
      <form class="dialog-body change-run" onSubmit={(event) => void act(event)}>
        <Show
          when={renames()}
          fallback={
            <p>
              Delete <b>{props.name}</b> and all its rows from {sources.source()?.info.name}? This cannot be undone. Its media files stay.
            </p>
          }
        >
          <label>
            New name
            <div class="field">
              <input value={name()} autocomplete="off" spellcheck={false} onInput={(event) => setName(event.currentTarget.value)} />
            </div>
          </label>
        </Show>
        <Show when={failure()}>
          <p class="failure" role="alert">
            {failure()}
          </p>
        </Show>
        <div class="buttons">
          <button type="button" class="button" onClick={() => props.onClose()}>
            Cancel
          </button>
          <button type="submit" class="button primary" disabled={busy() || (renames() && (name().trim() === '' || name() === props.name))}>
            {renames() ? 'Rename' : 'Delete'}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

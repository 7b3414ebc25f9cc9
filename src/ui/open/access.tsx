import { createSignal, Show } from 'solid-js'
import { useApp } from '../../state/app.ts'
import { offersSignIn, startSignIn } from '../../state/sign-in-hub.ts'

/** Where a place asks who wants to read: a token for this tab, or a sign-in where the page can offer one. */
export function Access() {
  const { sources, tokens } = useApp()
  const [token, setToken] = createSignal('')
  const asked = () => sources.failures().find(({ access }) => access !== undefined)?.access

  async function give(origin: string): Promise<void> {
    await tokens.set(origin, token().trim())
    setToken('')
    await sources.retry()
  }

  return (
    <Show when={asked()}>
      {(origin) => (
        <form
          class="open-access"
          onSubmit={(event) => {
            event.preventDefault()
            if (token().trim() !== '') void give(origin())
          }}
        >
          <div class="field">
            <input
              type="password"
              aria-label="Token"
              autocomplete="off"
              placeholder={`Token with read access, for ${new URL(origin()).host}`}
              value={token()}
              onInput={(event) => setToken(event.currentTarget.value)}
            />
          </div>
          <button type="submit" class="button">
            Use token
          </button>
          <Show when={offersSignIn()}>
            <button type="button" class="button" onClick={() => void startSignIn(origin())}>
              Sign in
            </button>
          </Show>
          <p>{`Kept in this tab and sent to ${new URL(origin()).host} alone.`}</p>
        </form>
      )}
    </Show>
  )
}

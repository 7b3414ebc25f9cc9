import { createEffect, createMemo, createSignal, createUniqueId, on, Show } from 'solid-js'
import { useApp } from '../../../state/app.ts'
import { offersSignIn, startSignIn } from '../../../state/sources/sign-in-hub.ts'

/** Where a place asks who wants to read: a token for this tab, or a sign-in where the page can offer one. */
export function Access() {
  const { sources, tokens } = useApp()
  const [token, setToken] = createSignal('')
  const id = createUniqueId()
  let field: HTMLInputElement | undefined
  // stays while a token is tried: neither the page nor the focus jumps
  const asked = createMemo<string | undefined>(
    (before) =>
      sources.failures().find(({ access }) => access !== undefined)?.access ??
      (sources.opening() ? before : undefined),
  )
  // who asked for the data by hand is led on to the field; a frame of another page is left alone
  createEffect(
    on(asked, (origin) => origin !== undefined && document.activeElement?.closest('main') && field?.focus()),
  )

  async function give(origin: string): Promise<void> {
    try {
      await tokens.set(origin, token().trim())
    } catch (error) {
      // letters that no token has
      sources.fail(error, 'token')
      return
    }
    await sources.retry()
    // sent along further on, a refused token would keep public data from opening too
    if (sources.failures().some(({ access }) => access === origin)) await tokens.set(origin, undefined)
    field?.focus()
    field?.select()
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
          <label for={id}>{`Token with read access for ${new URL(origin()).host}`}</label>
          <div class="field">
            <input
              id={id}
              ref={field}
              type="password"
              autocomplete="off"
              placeholder="hf_…"
              value={token()}
              aria-describedby={`${id}-kept`}
              onInput={(event) => setToken(event.currentTarget.value)}
            />
          </div>
          <button type="submit" class="button">
            Use token
          </button>
          <Show when={offersSignIn(origin())}>
            <button
              type="button"
              class="button"
              onClick={() => startSignIn(origin()).catch((error: unknown) => sources.fail(error, 'sign-in'))}
            >
              Sign in
            </button>
          </Show>
          <p id={`${id}-kept`}>{`Kept in this tab and sent to ${new URL(origin()).host} alone.`}</p>
        </form>
      )}
    </Show>
  )
}

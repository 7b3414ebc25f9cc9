import { type Accessor, createEffect, createSignal, getOwner, runWithOwner } from 'solid-js'

/**
 * What is made by code that no first chart needs: fetched once it is wanted, undefined before. It ends with
 * whoever asks here. Fetching that failed is tried again when it is wanted again.
 */
export function createLate<T>(
  wanted: Accessor<boolean>,
  fetchMaker: () => Promise<() => T>,
  fail: (error: unknown) => void,
): Accessor<T | undefined> {
  const [made, setMade] = createSignal<T>()
  const owner = getOwner()
  let asked = false
  createEffect(() => {
    if (!wanted() || asked) return
    asked = true
    fetchMaker().then(
      (make) => runWithOwner(owner, () => void setMade(make)),
      (error: unknown) => {
        asked = false
        fail(error)
      },
    )
  })
  return made
}

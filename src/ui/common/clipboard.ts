import { createSignal } from 'solid-js'
import type { App } from '../../state/app.ts'

const [copied, setCopied] = createSignal('')
const [sharing, setSharing] = createSignal(false)
const SHOWN_MS = 2000
let timer: ReturnType<typeof setTimeout> | undefined

/** What came of the last copying, for a moment. */
/** A link was copied of what no link can hold, and the person is told so. */
export { copied, setSharing, sharing }

/** Copies a text, and says so; frames of other pages may not, which is said too. */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    setCopied('Copied')
  } catch (error) {
    if (!(error instanceof Error)) throw error
    setCopied('The browser did not allow copying here')
  }
  clearTimeout(timer)
  timer = setTimeout(() => setCopied(''), SHOWN_MS)
}

/**
 * Copies the link of what is on screen. Of files it can hold their names only: the page then says so, and
 * offers ways to hand over the data.
 */
export async function copyLink({ location, sources }: App): Promise<void> {
  await copyText(location.link())
  setSharing(sources.onlyHere().length > 0)
}

import { createSignal } from 'solid-js'

const [copied, setCopied] = createSignal('')
const SHOWN_MS = 2000
let timer: ReturnType<typeof setTimeout> | undefined

/** What came of the last copying, for a moment. */
export { copied }

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

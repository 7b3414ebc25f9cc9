/** Copies a text; frames of other pages may not, which `say` tells. */
export async function copyText(text: string, say: (words: string) => void = () => undefined): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    say('Copied')
  } catch (error) {
    if (!(error instanceof Error)) throw error
    say('The browser did not allow copying here')
  }
}

/** The demo's file, beside the page. */
export const DEMO = 'gpt2-124m-optimizers.db'

/**
 * It is given to the engine as a file: it then behaves as one that was dropped. Rejects with what the host
 * answered.
 */
export async function fetchDemo(signal: AbortSignal): Promise<File> {
  const answer = await fetch(DEMO, { signal })
  if (!answer.ok) throw new Error(`the demo could not be loaded: ${answer.status} ${answer.statusText}`)
  return new File([await answer.blob()], DEMO)
}

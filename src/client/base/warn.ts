const said = new Set<string>()
/**
 * So many different warnings are remembered; a loop that makes ever new ones would fill the memory otherwise.
 */
const REMEMBERED = 500

/**
 * Says something on the console, once: a training loop would say it a million times. Logging never throws for
 * it.
 */
export function warn(message: string): void {
  if (said.has(message)) return
  if (said.size < REMEMBERED) said.add(message)
  console.warn(message)
}

/** The message of whatever was thrown. */
export function wordsOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}

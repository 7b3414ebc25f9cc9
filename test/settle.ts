/**
 * Waits until what was on its way has happened: promises, and timers of no time that they set. Turns of the
 * event loop, not a time that has to be long enough.
 */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setTimeout(resolve))
}

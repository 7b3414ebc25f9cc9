/** The path of a Chromium that starts on this machine, or undefined. $CHROMIUM and $CHROME_PATH come first. */
export function findChromium(): string | undefined

/** The path of a headless shell that starts on this machine, or undefined. $HEADLESS_SHELL comes first; a browser named by $CHROMIUM is meant for all tests. */
export function findHeadlessShell(): string | undefined

// Finds Chromium's headless shell for the browser tests, or gets it by the system's package manager: the same
// engine without the windows, tabs and menus around it, which take half of the time of a page that is opened
// for a test. Without one the whole browser does as well, only slower.

import { say } from '../../build/setup.mjs'
import { downloadedBuilds, OLDEST, onPath, startable, systemInstall } from './chromium.mjs'

const COMMANDS = ['chromium-headless-shell', 'chrome-headless-shell']

/**
 * The path of a headless shell that starts on this machine, or undefined. $HEADLESS_SHELL comes first; a
 * browser named by $CHROMIUM is meant for all tests.
 */
export function findHeadlessShell() {
  if (process.env.HEADLESS_SHELL) return process.env.HEADLESS_SHELL
  if (process.env.CHROMIUM || process.env.CHROME_PATH) return undefined
  return [...onPath(COMMANDS), ...downloadedBuilds(['chrome-headless-shell', 'headless_shell'])].find(
    (path) => startable(path, OLDEST),
  )
}

/** As findHeadlessShell, and gets one where there is none and the system has packages of it. */
export async function haveHeadlessShell() {
  if (process.env.CHROMIUM || process.env.CHROME_PATH) return undefined
  const found =
    findHeadlessShell() ??
    ((await systemInstall('Headless shell', ['chromium-headless-shell'])) ? findHeadlessShell() : undefined)
  say(
    found
      ? `Headless shell: ${found}`
      : 'Headless shell: none found; the whole Chromium runs all tests, which takes longer.',
  )
  return found
}

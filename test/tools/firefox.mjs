// Finds a Firefox for the browser tests, or gets one by the system's package manager. Without one its tests
// are skipped, and counted so.

import { say } from '../../build/setup.mjs'
import { onPath, startable, systemInstall } from './chromium.mjs'

const OLDEST = 150 // the tests drive it by WebDriver BiDi, which older ones speak in part only
const COMMANDS = ['firefox-esr', 'firefox']

/** The path of a Firefox that starts on this machine, or undefined. $FIREFOX comes first. */
export function findFirefox() {
  const paths = onPath(COMMANDS)
  if (process.platform === 'darwin') paths.push('/Applications/Firefox.app/Contents/MacOS/firefox')
  return [process.env.FIREFOX, ...paths].filter(Boolean).find((path) => startable(path, OLDEST))
}

/**
 * As findFirefox, and gets one where there is none and the system has packages of it. Undefined, after saying
 * so, when there is no way.
 */
export async function haveFirefox() {
  const found =
    findFirefox() ?? ((await systemInstall('Firefox', ['firefox-esr'])) ? findFirefox() : undefined)
  say(
    found
      ? `Firefox: ${found}`
      : `Firefox: no version ${OLDEST} or newer found; its tests are skipped. Install one, or set FIREFOX to its path.`,
  )
  return found
}

// Finds WebKitGTK with its driver for the browser tests, or gets it by the system's package manager. Without
// it its tests are skipped, and counted so.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { say } from '../../build/setup.mjs'
import { systemInstall } from './chromium.mjs'

/**
 * `{ driver, browser, display }`: paths of WebKitWebDriver, of the MiniBrowser that it starts, and of the
 * Xvfb that both draw on; undefined where one of them is missing.
 */
export function findWebkit() {
  if (process.platform !== 'linux') return undefined
  const [driver, display] = [onPath('WebKitWebDriver'), onPath('Xvfb')]
  const browser = libraries()
    .flatMap((folder) =>
      ['webkit2gtk-4.1', 'webkitgtk-6.0', 'webkit2gtk-4.0'].map((name) => join(folder, name, 'MiniBrowser')),
    )
    .find((path) => existsSync(path))
  return driver && display && browser && speaks(driver) ? { driver, browser, display } : undefined
}

/**
 * As findWebkit, and gets it where it is missing and the system has packages of it. Undefined, after saying
 * so, when there is no way.
 */
export async function haveWebkit() {
  const packages = ['webkit2gtk-driver', 'xvfb']
  const found =
    findWebkit() ??
    (process.platform === 'linux' && (await systemInstall('WebKit', packages)) ? findWebkit() : undefined)
  say(
    found
      ? `WebKit: ${found.driver}`
      : `WebKit: no WebKitGTK with its driver found; its tests are skipped. On Debian and Ubuntu: ${packages.join(', ')}.`,
  )
  return found
}

function onPath(name) {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path))
}

/** Where distributions put the programs beside a library; Debian has a folder for each kind of machine. */
function libraries() {
  const machines = existsSync('/usr/lib')
    ? readdirSync('/usr/lib').filter((name) => name.endsWith('-linux-gnu'))
    : []
  return [...machines.map((name) => `/usr/lib/${name}`), '/usr/lib', '/usr/lib64', '/usr/libexec']
}

function speaks(driver) {
  try {
    execFileSync(driver, ['--help'], { timeout: 20_000, stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

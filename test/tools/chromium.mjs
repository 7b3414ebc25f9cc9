// Finds a Chromium for the browser tests, or gets one: an installed one, Playwright's download, the system's
// package manager.
import { execFileSync } from 'node:child_process'
import { accessSync, constants, existsSync, readdirSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { basename, delimiter, join } from 'node:path'
import { run, say, tool } from '../../build/setup.mjs'

export const OLDEST = 120 // file system access handles and array transfer are settled by then
const COMMANDS = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'chrome',
  'microsoft-edge',
  'brave-browser',
]

/**
 * The path of a Chromium that starts on this machine, or undefined. $CHROMIUM and $CHROME_PATH come first.
 */
export function findChromium() {
  return [...named(), ...installed(), ...downloaded()].find(works)
}

/**
 * As findChromium, and gets one where there is none. Undefined, after saying what to do, when that failed
 * too.
 */
export async function haveChromium() {
  const found = findChromium()
  if (found) {
    say(`Chromium: ${found}`)
    return found
  }
  for (const path of named())
    say(`Chromium: ${path} is named by the environment but does not start; looking further.`)
  return (await download()) ?? (await fromSystem()) ?? nothing()
}

function named() {
  return [process.env.CHROMIUM, process.env.CHROME_PATH].filter(Boolean)
}

function installed() {
  const paths = onPath(COMMANDS)
  if (process.platform === 'darwin') {
    for (const name of ['Google Chrome', 'Chromium', 'Microsoft Edge', 'Brave Browser']) {
      for (const home of ['', homedir()])
        paths.push(join(home, '/Applications', `${name}.app`, 'Contents', 'MacOS', name))
    }
  }
  if (process.platform === 'win32') {
    const places = [
      process.env.PROGRAMFILES,
      process.env['PROGRAMFILES(X86)'],
      process.env.LOCALAPPDATA,
    ].filter(Boolean)
    for (const program of [
      'Google/Chrome/Application/chrome.exe',
      'Chromium/Application/chrome.exe',
      'Microsoft/Edge/Application/msedge.exe',
    ]) {
      for (const place of places) paths.push(join(place, program))
    }
  }
  paths.push('/usr/lib/chromium/chromium', '/opt/google/chrome/chrome', '/snap/bin/chromium')
  return paths
}

// Playwright's own one first; one that another version of Playwright left does as well.
function downloaded() {
  const paths = []
  try {
    paths.push(createRequire(import.meta.url)('playwright-core').chromium.executablePath())
  } catch {
    // playwright-core is not installed yet: the folders below are still worth a look
  }
  return [
    ...paths,
    ...downloadedBuilds([
      'chrome',
      'chrome-headless-shell',
      'chrome.exe',
      'Chromium.app/Contents/MacOS/Chromium',
    ]),
  ]
}

/**
 * Where these programs are, or would be, in the builds that some Playwright has downloaded; the newest first.
 */
export function downloadedBuilds(programs) {
  const caches = { darwin: join(homedir(), 'Library/Caches'), win32: process.env.LOCALAPPDATA ?? '' }
  const cache =
    process.env.PLAYWRIGHT_BROWSERS_PATH ??
    join(caches[process.platform] ?? process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'ms-playwright')
  const builds = list(cache).filter((name) => name.startsWith('chromium'))
  const folders = builds
    .sort()
    .reverse()
    .flatMap((name) => list(join(cache, name)).map((inner) => join(cache, name, inner)))
  return folders
    .filter((folder) => basename(folder).startsWith('chrome'))
    .flatMap((folder) => programs.map((program) => join(folder, program)))
}

function list(folder) {
  return existsSync(folder) && statSync(folder).isDirectory() ? readdirSync(folder) : []
}

function works(path) {
  return startable(path, OLDEST)
}

/**
 * Being there is not enough: Ubuntu's chromium-browser may be a stub, and a download may lack system
 * libraries. `oldest`: its least main version.
 */
export function startable(path, oldest) {
  try {
    accessSync(path, constants.X_OK)
    if (process.platform === 'win32') return true // there --version opens a window
    const version = execFileSync(path, ['--version'], {
      encoding: 'utf8',
      timeout: 20_000,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return Number(/(\d+)\.\d+/.exec(version)?.[1] ?? 0) >= oldest
  } catch {
    return false
  }
}

async function download() {
  say("Chromium: none is installed; downloading Playwright's (about 180 MB) …")
  const cli = tool('playwright-core', 'cli.js')
  // a download that says nothing for a minute is not going to come
  const ran = await run(process.execPath, [cli, 'install', '--no-shell', 'chromium'], {
    quiet: true,
    silence: 60_000,
    timeout: 600_000,
  })
  if (ran.code !== 0) say(`Chromium: the download failed (${reason(ran)}).`)
  const found = downloaded().find(works)
  if (found) return found
  const sudo = asRoot()
  if (!downloaded().some(existsSync) || !sudo || !isOnPath('apt-get')) return undefined
  say(
    'Chromium: it was downloaded but does not start; installing the system libraries it needs with apt-get …',
  )
  await words([...sudo, process.execPath, cli, 'install-deps', 'chromium'], { quiet: true, timeout: 600_000 })
  return downloaded().find(works)
}

const MANAGERS = [
  { name: 'apt-get', steps: ['apt-get update -q', 'apt-get install -y -q --no-install-recommends chromium'] },
  { name: 'dnf', steps: ['dnf install -y chromium'] },
  { name: 'pacman', steps: ['pacman -Sy --noconfirm chromium'] },
  { name: 'apk', steps: ['apk add --no-progress chromium'] },
  { name: 'zypper', steps: ['zypper --non-interactive install chromium'] },
  { name: 'brew', steps: ['brew install --cask chromium'], plain: true },
]

async function fromSystem() {
  const manager = MANAGERS.find((entry) => isOnPath(entry.name))
  if (!manager) return undefined
  const sudo = manager.plain ? [] : asRoot()
  if (!sudo) {
    say(`Chromium: ${manager.name} could install it, but that needs root or sudo without a password.`)
    return undefined
  }
  say(`Chromium: installing it with ${manager.name} …`)
  for (const step of manager.steps) {
    const ran = await words([...sudo, ...step.split(' ')], {
      quiet: true,
      timeout: 600_000,
      env: { DEBIAN_FRONTEND: 'noninteractive' },
    })
    if (ran.code !== 0) say(`Chromium: ${step} failed (${reason(ran)}).`)
  }
  return installed().find(works)
}

/**
 * Installs packages of Debian and Ubuntu, for browsers that are had no other way here; true when that went
 * well.
 */
export async function systemInstall(what, packages) {
  const sudo = isOnPath('apt-get') ? asRoot() : undefined
  if (!sudo) return false
  say(`${what}: installing ${packages.join(', ')} with apt-get …`)
  const options = {
    quiet: true,
    timeout: 600_000,
    silence: 120_000,
    env: { DEBIAN_FRONTEND: 'noninteractive' },
  }
  const ask = () =>
    words([...sudo, 'apt-get', 'install', '-y', '-q', '--no-install-recommends', ...packages], options)
  let ran = await ask()
  // the list of packages may be old, or not be there yet
  if (ran.code !== 0 && (await words([...sudo, 'apt-get', 'update', '-q'], options)).code === 0)
    ran = await ask()
  if (ran.code !== 0) say(`${what}: apt-get install failed (${reason(ran)}).`)
  return ran.code === 0
}

/** The first line that names an error, else the last line there is. */
function reason({ code, output }) {
  const lines = output.split('\n').filter((line) => line.trim())
  return (
    lines.find((line) => /^(\w*error|e|err)\b/i.test(line)) ??
    lines.at(-1) ??
    `it ended with ${code}`
  ).trim()
}

function nothing() {
  say(
    'Chromium: none found, and none could be installed. Install Chrome or Chromium, or set CHROMIUM to the path of one, and run npm test again. Until then the browser tests fail.',
  )
  return undefined
}

/** [] when we are root, ['sudo', '-n'] when that needs no password, undefined when there is no way. */
function asRoot() {
  if (process.getuid?.() === 0) return []
  try {
    execFileSync('sudo', ['-n', 'true'], { stdio: 'ignore', timeout: 5000 })
    return ['sudo', '-n']
  } catch {
    return undefined // no sudo, or it wants a password
  }
}

function words([program, ...args], options) {
  return run(program, args, options)
}

/**
 * Where these programs are, or would be, in the folders of the path; none on Windows, where browsers are
 * elsewhere.
 */
export function onPath(names) {
  const folders =
    process.platform === 'win32' ? [] : (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  return names.flatMap((name) => folders.map((folder) => join(folder, name)))
}

function isOnPath(name) {
  return onPath([name]).some(existsSync)
}

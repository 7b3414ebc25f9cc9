// What `npm start` and `npm test` share. Plain Node without dependencies, because it runs before anything is
// installed.
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..')

// what we started ends with us, also when only we were told to stop
const running = new Set()
process.on('exit', () => {
  for (const child of running) child.kill('SIGTERM')
})

export function say(text) {
  process.stdout.write(`${text}\n`)
}

/** Ends the process with a message for a person: what is wrong, then what to do. */
export function giveUp(text) {
  process.stderr.write(`${text}\n`)
  process.exit(1)
}

export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  giveUp(
    `Node ${process.versions.node} is too old: Trackio Lite needs 20.19 or newer. Get it from nodejs.org or your package manager, then run this again.`,
  )
}

/** Runs `npm ci` when what is in node_modules is not what the lock file asks for. False when that failed. */
export async function install() {
  const missing = firstMissing()
  if (!missing) return true
  say(`Installing packages with npm ci (${missing}) …`)
  // dev packages always: they build. Engines: the SQLite package names a newer Node for its use in Node,
  // which is not ours.
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error', '--engine-strict=false']
  const npm = process.env.npm_execpath
  const ran = npm?.endsWith('.js')
    ? await run(process.execPath, [npm, ...args])
    : await run('npm', args, { shell: process.platform === 'win32' })
  if (ran.code === 0 && !firstMissing()) return true
  say(
    'npm ci failed: see its words above. It needs the npm registry: check the connection (or a proxy or mirror in .npmrc), then run this again.',
  )
  return false
}

// Compared by content, not by time: a checkout or an npm install touches the lock file without changing what
// is needed.
function firstMissing() {
  const marker = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(marker)) return 'node_modules is missing'
  const wanted = packagesOf(join(root, 'package-lock.json'))
  const present = packagesOf(marker)
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '' || entry.link) continue
    if (present[path]?.version === entry.version && existsSync(join(root, path))) continue
    if (entry.optional && !present[path]) continue // made for another platform
    return `${path.replace('node_modules/', '')} is not ${entry.version}`
  }
  return undefined
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? {}
  } catch {
    // unreadable counts as nothing installed, and npm ci then says what is wrong with a broken lock file
    return {}
  }
}

/**
 * Runs a program in the project and resolves to { code, output } when it ended; never rejects. `quiet`
 * collects what it prints instead of showing it; `timeout` and `silence` (ms in all, ms without a word) stop
 * it, with code 124.
 */
export function run(
  command,
  args,
  { quiet = false, timeout = 0, silence = 0, env = {}, shell = false } = {},
) {
  return new Promise((resolve) => {
    const collect = quiet || silence > 0
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: collect ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
      shell,
    })
    running.add(child)
    let output = ''
    let stopped = false
    const stop = () => {
      stopped = true
      child.kill('SIGTERM')
      setTimeout(() => child.kill('SIGKILL'), 3000).unref()
    }
    const whole = timeout ? setTimeout(stop, timeout) : undefined
    let quietTimer = silence ? setTimeout(stop, silence) : undefined
    const hear = (chunk) => {
      output += chunk
      if (!quiet) process.stdout.write(chunk)
      if (!silence) return
      clearTimeout(quietTimer)
      quietTimer = setTimeout(stop, silence)
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    const end = (code) => {
      clearTimeout(whole)
      clearTimeout(quietTimer)
      running.delete(child)
      resolve({ code: stopped ? 124 : code, output })
    }
    child.on('error', (error) => {
      output += error.message
      end(127)
    })
    child.on('close', (code) => end(code ?? 1))
  })
}

/**
 * The script behind a package's command, run with this Node: `npx` would be a second start and may ask the
 * network.
 */
export function tool(name, script) {
  return join(root, 'node_modules', name, script)
}

export function build(options) {
  return run(process.execPath, [tool('vite', 'bin/vite.js'), 'build', '--logLevel', 'warn'], options)
}

/** True when dist/ is newer than everything it is made from. */
export function built() {
  const page = join(root, 'dist', 'index.html')
  if (!existsSync(page)) return false
  const sources = [
    'index.html',
    'vite.config.ts',
    'build',
    'examples',
    'tsconfig.json',
    'package-lock.json',
    'src',
    'public',
  ]
  return newest(sources.map((name) => join(root, name))) < statSync(page).mtimeMs
}

// Folders count too: deleting or moving a file changes only its folder's time.
function newest(paths) {
  let latest = 0
  for (const path of paths) {
    if (!existsSync(path)) continue
    const info = statSync(path)
    latest = Math.max(latest, info.mtimeMs)
    if (info.isDirectory())
      latest = Math.max(latest, newest(readdirSync(path).map((name) => join(path, name))))
  }
  return latest
}

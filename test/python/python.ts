import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/*
 * The real trackio for tests: a virtual environment that is made once and kept in .cache, and processes in it
 * that log, serve and publish as the tests tell them. They end with their standard input, so also when the
 * test process is killed.
 */

export const TRACKIO = '0.43.0'

const here = dirname(fileURLToPath(import.meta.url))
const environment = join(here, '..', '..', '.cache', 'python', `trackio-${TRACKIO}`)

/**
 * What `describe.skipIf` takes: true where there is no Python that trackio runs on (3.10). Whatever fails
 * where there is one is a failure.
 */
export const pythonMissing = findPython() === undefined

/** Name of a Python that trackio runs on; undefined where there is none. */
export function findPython(): string | undefined {
  for (const name of [process.env.PYTHON, 'python3', 'python'].filter((name) => name !== undefined)) {
    try {
      execFileSync(name, ['-c', 'import sys; sys.exit(sys.version_info < (3, 10))'], { stdio: 'ignore' })
      return name
    } catch {
      // not there, or too old: the next one
    }
  }
  return undefined
}

/**
 * Path of a Python that has trackio. Takes half a minute the first time; throws with pip's words when that
 * fails.
 */
export async function trackioPython(): Promise<string> {
  const python =
    process.platform === 'win32'
      ? join(environment, 'Scripts', 'python.exe')
      : join(environment, 'bin', 'python')
  const done = join(environment, 'installed')
  const wanted = `trackio[spaces]==${TRACKIO}` // spaces: pyarrow, which its exports need
  const lock = `${environment}.lock`
  mkdirSync(dirname(environment), { recursive: true })
  while (!(existsSync(done) && readFileSync(done, 'utf8') === wanted)) {
    // test files run side by side: one makes it, the others wait
    if (!take(lock)) {
      await new Promise((resolve) => setTimeout(resolve, 300))
      continue
    }
    const alive = setInterval(() => utimesSync(lock, new Date(), new Date()), 1000)
    try {
      rmSync(environment, { recursive: true, force: true })
      await run(findPython() ?? 'python3', ['-m', 'venv', environment])
      await run(python, [
        '-m',
        'pip',
        'install',
        '--quiet',
        '--no-input',
        '--disable-pip-version-check',
        wanted,
      ])
      writeFileSync(done, wanted)
    } finally {
      clearInterval(alive)
      rmSync(lock, { recursive: true, force: true })
    }
  }
  return python
}

/** Folder of the package trackio itself. */
export async function trackioPackage(): Promise<string> {
  const asked = 'import importlib.util as u; print(u.find_spec("trackio").submodule_search_locations[0])'
  return execFileSync(await trackioPython(), ['-c', asked], { encoding: 'utf8' }).trim()
}

/**
 * Takes a lock that its owner touches each second; one that nobody touched for a while was left by a process
 * that died.
 */
function take(lock: string): boolean {
  try {
    mkdirSync(lock)
    return true
  } catch {
    const touched = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? 0
    if (Date.now() - touched > 15_000) rmSync(lock, { recursive: true, force: true })
    return false
  }
}

function run(command: string, args: string[], env?: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    let words = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        words += chunk
      })
    }
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0
        ? resolve()
        : reject(new Error(`${command} ${args.join(' ')}: ended with ${code}\n${words}`)),
    )
  })
}

/**
 * Variables of this machine without those that point trackio or the Hub's library anywhere; `folder` becomes
 * trackio's, and nothing is asked of the Hub.
 */
function variables(folder: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(TRACKIO|HF|HUGGING|GRADIO|SPACE|OAUTH|SYSTEM)(_|$)/.test(name),
  )
  return {
    ...Object.fromEntries(kept),
    TRACKIO_DIR: folder,
    HF_HOME: join(folder, '..', 'hf'),
    HF_HUB_OFFLINE: '1',
    HF_HUB_DISABLE_TELEMETRY: '1',
    GRADIO_ANALYTICS_ENABLED: 'False',
    PYTHONUNBUFFERED: '1',
    PYTHONIOENCODING: 'utf-8',
  }
}

export interface Talk {
  /** Sends a line, if there is one to send, and resolves with the next answer. */
  ask(line?: string): Promise<Record<string, unknown>>
  stop(): Promise<void>
}

/**
 * Starts a script of this folder that answers each line of its input with a line of JSON; it ends with
 * `stop`.
 */
export async function talk(script: string, args: string[], folder: string): Promise<Talk> {
  const child: ChildProcessWithoutNullStreams = spawn(await trackioPython(), [join(here, script), ...args], {
    env: variables(folder),
  })
  let words = ''
  child.stderr.on('data', (chunk) => {
    words += chunk
  })
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    async ask(line) {
      if (line !== undefined) child.stdin.write(`${line}\n`)
      const { value, done } = await lines.next()
      if (done) throw new Error(`${script}: ended with ${await ended}\n${words}`)
      const answer: unknown = JSON.parse(value)
      if (typeof answer !== 'object' || answer === null) throw new Error(`${script}: answered ${value}`)
      if ('error' in answer) throw new Error(`${script}: ${answer.error}\n${words}`)
      return { ...answer }
    },
    async stop() {
      child.stdin.end()
      await ended
    },
  }
}

export interface RealServer {
  /** Ends in a slash. */
  url: string
  /** As trackio prints it, with the write token. */
  address: string
  token: string
  stop(): Promise<void>
}

/**
 * Serves trackio's folder with the real server; `frontend`: a folder with our page (default: trackio's own).
 */
export async function startServer(folder: string, frontend?: string): Promise<RealServer> {
  const { ask, stop } = await talk('serve.py', frontend ? [frontend] : [], folder)
  const { url, address } = await ask()
  const token = new URL(String(address)).searchParams.get('write_token') ?? ''
  return { url: String(url), address: String(address), token, stop }
}

export interface Logger {
  /** trackio.init with these arguments; ends the run before. */
  init(args: {
    project: string
    name?: string | undefined
    config?: object
    group?: string
    resume?: string
  }): Promise<{ id: string; name: string }>
  /** See log.py for what values may be. Rows are written half a second later, or at once on `flush`. */
  log(values: Record<string, unknown>, step?: number): Promise<void>
  /** trackio.alert of the current run. */
  alert(title: string, text: string | undefined, level: 'info' | 'warn' | 'error'): Promise<void>
  /** trackio.log_artifact of the current run, with these texts as its files; the version that it got. */
  artifact(args: {
    name: string
    type: string
    files: Record<string, string>
    aliases?: string[]
    metadata?: object
  }): Promise<string>
  /** Resolves once all rows logged so far are in the database. */
  flush(): Promise<void>
  finish(): Promise<void>
  stop(): Promise<void>
}

/** A Python process that logs into trackio's folder. */
export async function startLogger(folder: string): Promise<Logger> {
  const { ask, stop } = await talk('log.py', [], folder)
  const send = (command: object): Promise<Record<string, unknown>> => ask(JSON.stringify(command))
  return {
    async init(args) {
      const { id, name } = await send({ do: 'init', ...args })
      return { id: String(id), name: String(name) }
    },
    async alert(title, text, level) {
      await send({ do: 'alert', title, text, level })
    },
    async log(values, step) {
      await send({ do: 'log', values, step })
    },
    async artifact(args) {
      return String((await send({ do: 'artifact', ...args })).version)
    },
    async flush() {
      await send({ do: 'flush' })
    },
    async finish() {
      await send({ do: 'finish' })
    },
    stop,
  }
}

const bits = new DataView(new ArrayBuffer(8))

/** A double as log.py takes it: by its bits, so that NaN, infinities and -0 arrive as they are. */
export function f64(value: number): { $f64: string } {
  bits.setFloat64(0, value)
  return { $f64: bits.getBigUint64(0).toString(16).padStart(16, '0') }
}

/**
 * Publishes a project of trackio's folder (by its raw name) with trackio's own static export: `out/bucket`
 * gets the data, `out/space` the Space with `frontend` as its page.
 */
export async function exportStatic(
  folder: string,
  project: string,
  out: string,
  frontend?: string,
): Promise<void> {
  const python = await trackioPython()
  mkdirSync(out, { recursive: true })
  await run(
    python,
    [join(here, 'export_static.py'), project, out, ...(frontend ? [frontend] : [])],
    variables(folder),
  )
}

/** What the real trackio reads of its folder: see read.py. */
export async function readFolder(folder: string): Promise<Record<string, unknown>> {
  const { ask, stop } = await talk('read.py', [], folder)
  const answer = await ask()
  await stop()
  return answer
}

/**
 * What trackio's own classes store of values: `{ histogram: [...], bins }`, `{ table: { columns, data } }`.
 */
export async function storedValues(folder: string, values: object[]): Promise<Record<string, unknown>[]> {
  const { ask, stop } = await talk('values.py', [], folder)
  const answers: Record<string, unknown>[] = []
  for (const value of values) answers.push(await ask(JSON.stringify(value)))
  await stop()
  return answers
}

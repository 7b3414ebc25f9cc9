import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { request } from 'node:http'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ours = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'src', 'cli.mjs')

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

export interface Running {
  /** `http://127.0.0.1:1234/`, without what the command adds to open the files. */
  url: string
  port: number
  /** What it said so far. */
  said(): string
  /** Ends it as Ctrl-C does. */
  stop(): Promise<Ended>
}

export interface CommandOptions {
  cwd?: string
  /** In place of this process's own variables, PATH aside. */
  env?: Record<string, string>
}

/** Where the command is. */
interface Place {
  /** As `npx trackio-lite` finds it from the folder it is run in; else that of this checkout. */
  npx?: boolean
}

/** Runs the command to its end: for words and errors. */
export async function command(args: string[], options: CommandOptions = {}): Promise<Ended> {
  return start(args, options).ended
}

/**
 * Starts the command as a person does and waits for the address it prints. No browser unless the arguments
 * say so.
 */
export async function serveWith(
  args: string[],
  options: CommandOptions & Place & { browser?: boolean } = {},
): Promise<Running> {
  const { child, ended, said, interrupt } = start(
    [...args, ...(options.browser ? [] : ['--no-open']), '--port', '0'],
    options,
  )
  const address = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', () => {
      const match = /^(http:\S+)\?folder=files\/$/m.exec(said())
      if (match?.[1]) resolve(match[1])
    })
    ended.then(({ code, stderr }) => reject(new Error(`ended with ${code}: ${stderr}`)), reject)
  })
  return {
    url: address,
    port: Number(new URL(address).port),
    said,
    stop() {
      interrupt()
      return ended
    },
  }
}

function start(
  args: string[],
  { cwd, env, npx }: CommandOptions & Place,
): { child: ChildProcess; ended: Promise<Ended>; said(): string; interrupt(): void } {
  const path = { PATH: process.env.PATH ?? '' }
  const [program, words] = npx ? ['npx', ['--offline', '--no', 'trackio-lite']] : [process.execPath, [ours]]
  const child = spawn(program, [...words, ...args], {
    cwd,
    env: env ? { ...path, ...env } : process.env,
    detached: npx,
    shell: npx && process.platform === 'win32',
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  const ended = once(child, 'close').then(([code]) => ({ code, stdout, stderr }))
  return {
    child,
    ended,
    said: () => stdout,
    interrupt() {
      // a terminal tells all that run in it, so npx and what it started
      if (npx && child.pid !== undefined && process.platform !== 'win32') process.kill(-child.pid, 'SIGINT')
      else child.kill('SIGINT')
    },
  }
}

export interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: Buffer
}

/** A request whose target goes over the line as it is written: fetch would tidy `..` away before. */
export function ask(
  port: number,
  path: string,
  { method = 'GET', headers = {} }: { method?: string | undefined; headers?: Record<string, string> } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part) => parts.push(part))
      response.on('error', reject)
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }),
      )
    })
    sent.on('error', reject)
    sent.end()
  })
}

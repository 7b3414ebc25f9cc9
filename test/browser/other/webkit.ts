import { type ChildProcess, spawn } from 'node:child_process'
import { type AddressInfo, createServer } from 'node:net'
import type { Driver, Tab } from './driver.ts'

/**
 * WebKitGTK by plain WebDriver requests, on a display of its own. `language` is the system's, which becomes
 * the page's; `features` are switched on besides.
 */
export async function launchWebkit(
  { driver, browser, display }: { driver: string; browser: string; display: string },
  { language = 'en_US.UTF-8', features = [] }: { language?: string; features?: string[] } = {},
): Promise<Driver> {
  const screen = await startDisplay(display)
  const env = {
    ...process.env,
    DISPLAY: screen.name,
    LANG: language,
    LC_ALL: language,
    TZ: 'UTC',
    GDK_BACKEND: 'x11',
  }
  const port = await freePort()
  const server = spawn(driver, [`--port=${port}`], { env, stdio: 'ignore' })
  const end = async () => {
    for (const child of [server, screen.process]) await ended(child)
  }
  try {
    const ask = asker(`http://127.0.0.1:${port}`)
    await answered(ask)
    const options = {
      binary: browser,
      args: ['--automation', ...(features.length > 0 ? [`--features=${features.join(',')}`] : [])],
    }
    const made = await ask<{ sessionId: string; capabilities: { browserVersion: string } }>(
      'POST',
      '/session',
      {
        capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': options } },
      },
    )
    const session = `/session/${made.sessionId}`
    const inSession: Ask = (method, path, body) => ask(method, session + path, body)
    await inSession('POST', '/timeouts', { script: 60_000, pageLoad: 60_000, implicit: 30_000 })
    await inSession('POST', '/window/rect', { x: 0, y: 0, width: 1440, height: 900 })
    return {
      version: made.capabilities.browserVersion,
      open: async () => tabOf(inSession),
      async close() {
        await ask('DELETE', session).catch(() => undefined) // it may be gone already
        await end()
      },
    }
  } catch (error) {
    await end()
    throw error
  }
}

/** A request of W3C WebDriver, and its `value`. */
type Ask = <T = unknown>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown) => Promise<T>
/** An element, by its one member. */
type Found = Record<string, string>

/** One window for all: what it stored stays until the session ends. */
function tabOf(ask: Ask): Tab {
  const evaluate: Tab['evaluate'] = async (work, arg) => {
    const script = `const done = arguments[1]
      Promise.resolve().then(() => (${work})(arguments[0])).then((value) => done({ value }), (error) => done({ error: String(error?.stack ?? error) }))`
    const ran = await ask<{ value: Awaited<ReturnType<typeof work>> } | { error: string }>(
      'POST',
      '/execute/async',
      {
        script,
        args: [arg ?? null],
      },
    )
    if ('error' in ran) throw new Error(ran.error)
    return ran.value
  }
  return {
    evaluate,
    goto: (url) => ask('POST', '/url', { url }),
    frame: {
      async evaluate(work, arg) {
        await ask('POST', '/frame', { id: 0 })
        try {
          return await evaluate(work, arg)
        } finally {
          await ask('POST', '/frame', { id: null })
        }
      },
    },
    async setFiles(label, paths) {
      const input = await ask<Found>('POST', '/element', {
        using: 'css selector',
        value: `input[type=file][aria-label=${JSON.stringify(label)}]`,
      })
      await ask('POST', `/element/${Object.values(input)[0]}/value`, { text: paths.join('\n') })
    },
    async click(role, name) {
      const [source, flags] = typeof name === 'string' ? [name, undefined] : [name.source, name.flags]
      for (const end = Date.now() + 30_000; ; await new Promise((resolve) => setTimeout(resolve, 50))) {
        const args = [role, source, flags ?? null]
        const found = await ask<Found | null>('POST', '/execute/sync', {
          script: `return (${byRole})(...arguments)`,
          args,
        })
        // what has just come may still be moving
        const why = found
          ? await ask('POST', `/element/${Object.values(found)[0]}/click`, {}).catch(String)
          : 'none is there'
        if (why === undefined || why === null) return
        if (Date.now() > end) throw new Error(`${role} ${name}: ${why}`)
      }
    },
    close: () => ask('POST', '/url', { url: 'about:blank' }),
  }
}

/** What can be seen and has that role and name; runs in the page. */
function byRole(role: string, name: string, flags: string | null): Element | undefined {
  const all = document.querySelectorAll<HTMLElement>(
    role === 'button' ? 'button, [role=button]' : `[role=${role}]`,
  )
  return [...all].find((one) => {
    const said = (one.getAttribute('aria-label') ?? one.textContent ?? '').replaceAll(/\s+/g, ' ').trim()
    return (flags === null ? said === name : new RegExp(name, flags).test(said)) && one.checkVisibility()
  })
}

function asker(base: string): Ask {
  return async (method, path, body) => {
    const answer = await fetch(base + path, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const { value } = await answer.json()
    if (!answer.ok) throw new Error(`${method} ${path}: ${value?.error}: ${value?.message}`)
    return value
  }
}

async function answered(ask: Ask): Promise<void> {
  for (const end = Date.now() + 30_000; ; await new Promise((resolve) => setTimeout(resolve, 50))) {
    try {
      return await ask('GET', '/status')
    } catch (error) {
      if (Date.now() > end) throw error
    }
  }
}

/** Xvfb takes the first number that is free, and says which. */
async function startDisplay(path: string): Promise<{ process: ChildProcess; name: string }> {
  const process = spawn(path, ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  const said = process.stdio[3]
  const number = await new Promise<string>((resolve, reject) => {
    said?.once('data', (data) => resolve(String(data).trim()))
    process.once('error', reject)
    process.once('exit', (code) => reject(new Error(`Xvfb ended with ${code}`)))
  })
  return { process, name: `:${number}` }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // an address object, as it listens on a port
  await new Promise((resolve) => server.close(resolve))
  return port
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
    setTimeout(() => child.kill('SIGKILL'), 3000).unref()
  })
}

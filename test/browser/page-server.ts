import { readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { makeDatabase, type ServerDouble, startDouble } from '../engine/server-double.ts'
import { builtPage } from './harness.ts'

const TYPES: Record<string, string> = { '.js': 'text/javascript', '.css': 'text/css', '.html': 'text/html' }

/** A trackio server that serves the page, with one project. */
export async function servePage(bytes: Uint8Array): Promise<ServerDouble> {
  const double = await startDouble()
  double.projects.set('served', await makeDatabase(new Uint8Array(bytes)))
  double.intercept = (asked) => {
    const [, path] = /^GET \/(.*)$/.exec(asked) ?? []
    if (path === undefined || path === 'version') return undefined
    const file = path === '' ? 'index.html' : path
    const type = TYPES[extname(file)]
    return type
      ? {
          status: 200,
          headers: { 'content-type': type },
          body: readFileSync(join(builtPage(), file), 'utf8'),
        }
      : { status: 404, body: '' }
  }
  return double
}

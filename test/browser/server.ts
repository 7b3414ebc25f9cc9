import { createReadStream, statSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize, sep } from 'node:path'

export interface ServeOptions {
  /** Path the folder appears under, as on a static host with many sites: `/a/b/`. */
  subpath?: string
  /** False: answers every request with the whole file, as hosts without ranges do. */
  ranges?: boolean
  /** Lets pages of other origins read, and see the headers that range reads need. */
  cors?: boolean
  /** Sent with every answer. */
  headers?: Record<string, string>
  /** Changes an answer before it is sent: a status ends the request with it. */
  intercept?: (path: string, request: IncomingMessage) => { status?: number; delay?: number } | undefined
}

export interface SeenRequest {
  method: string
  path: string
  range: string | undefined
  status: number
  /** Bytes of the body. */
  bytes: number
}

export interface Served {
  /** Address of the folder, with the sub-path and a slash at the end. */
  url: string
  origin: string
  requests: SeenRequest[]
  /** Bytes of all bodies, or of those whose path ends so. */
  bytes(suffix?: string): number
  close(): Promise<void>
}

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.png': 'image/png',
}

/** A plain static server on the loopback for tests; `folder` is only read. Listens on a free port. */
export async function serve(folder: string, options: ServeOptions = {}): Promise<Served> {
  const base = `/${(options.subpath ?? '').split('/').filter(Boolean).join('/')}/`.replace('//', '/')
  const requests: SeenRequest[] = []
  const server = createServer((request, response) => {
    const seen: SeenRequest = {
      method: request.method ?? '',
      path: '',
      range: request.headers.range,
      status: 0,
      bytes: 0,
    }
    requests.push(seen)
    answer(folder, base, options, request, response, seen).catch((error: unknown) =>
      response.destroy(error instanceof Error ? error : undefined),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // an address object, as it listens on a port
  const origin = `http://127.0.0.1:${port}`
  return {
    url: origin + base,
    origin,
    requests,
    bytes: (suffix = '') =>
      requests.filter(({ path }) => path.endsWith(suffix)).reduce((sum, { bytes }) => sum + bytes, 0),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(
  folder: string,
  base: string,
  options: ServeOptions,
  request: IncomingMessage,
  response: ServerResponse,
  seen: SeenRequest,
): Promise<void> {
  const path = decodeURIComponent(new URL(request.url ?? '/', 'http://127.0.0.1').pathname)
  seen.path = path
  const end = (status: number, headers: Record<string, string | number> = {}) => {
    seen.status = status
    response.writeHead(status, { ...common(options), ...headers }).end()
  }
  const changed = options.intercept?.(path, request)
  if (changed?.delay) await new Promise((resolve) => setTimeout(resolve, changed.delay))
  if (changed?.status) return end(changed.status)
  if (request.method === 'OPTIONS') return end(204)
  if (request.method !== 'GET' && request.method !== 'HEAD') return end(405)
  const file = fileOf(folder, base, path)
  const info = file === undefined ? undefined : statSync(file, { throwIfNoEntry: false })
  if (file === undefined || !info?.isFile()) return end(404)

  const range = options.ranges === false ? undefined : rangeOf(seen.range, info.size)
  if (range === 'unsatisfiable') return end(416, { 'Content-Range': `bytes */${info.size}` })
  const { from, to } = range ?? { from: 0, to: info.size - 1 }
  const headers: Record<string, string | number> = {
    'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
    'Content-Length': to - from + 1,
    'Last-Modified': info.mtime.toUTCString(),
    ETag: `"${info.size.toString(16)}-${Math.trunc(info.mtimeMs).toString(16)}"`,
  }
  if (options.ranges !== false) headers['Accept-Ranges'] = 'bytes'
  if (range) headers['Content-Range'] = `bytes ${from}-${to}/${info.size}`
  seen.status = range ? 206 : 200
  response.writeHead(seen.status, { ...headers, ...common(options) })
  if (request.method === 'HEAD' || to < from) {
    response.end()
    return
  }
  const stream = createReadStream(file, { start: from, end: to })
  stream.on('data', (chunk) => {
    seen.bytes += chunk.length
  })
  stream.on('error', () => response.destroy())
  response.on('close', () => stream.destroy())
  stream.pipe(response)
}

function common(options: ServeOptions): Record<string, string> {
  const cors = {
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Allow-Headers': 'Range',
    'Access-Control-Expose-Headers': 'Content-Range, Content-Length, Accept-Ranges, ETag, Last-Modified',
  }
  return { ...(options.cors ? cors : {}), ...options.headers }
}

function fileOf(folder: string, base: string, path: string): string | undefined {
  if (!path.startsWith(base)) return undefined
  const inside = path.slice(base.length)
  const file = normalize(join(folder, inside === '' || inside.endsWith('/') ? `${inside}index.html` : inside))
  return file.startsWith(normalize(folder + sep)) ? file : undefined
}

/**
 * One range of bytes, as `bytes=0-99`, `bytes=100-` or `bytes=-50`; others are answered with the whole file.
 */
function rangeOf(
  header: string | undefined,
  size: number,
): { from: number; to: number } | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '')
  if (!match || (!match[1] && !match[2])) return undefined
  const from = match[1] ? Number(match[1]) : Math.max(0, size - Number(match[2]))
  const to = match[1] && match[2] ? Math.min(Number(match[2]), size - 1) : size - 1
  return from > to || from >= size ? 'unsatisfiable' : { from, to }
}

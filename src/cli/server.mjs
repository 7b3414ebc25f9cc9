// @ts-check
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import sirv from 'sirv'
import { sendFile } from './send-file.mjs'

/**
 * @typedef {import('node:http').IncomingMessage} Request
 * @typedef {import('node:http').ServerResponse} Response
 * @typedef {Awaited<ReturnType<typeof import('./shared-files.mjs').shareFiles>>} Shared
 */

/** Only this machine can reach it. */
const HOST = '127.0.0.1'
/** Path of the shared files below the page; the page is opened with `?folder=files/`. */
export const FILES = 'files/'

/** Sent with every answer. No CORS header: pages of other addresses get nothing. */
const ALWAYS = {
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
}

/**
 * A server of the built page, and of files that may only be read, for this machine.
 * @param {{ page: string, shared?: Shared, name?: string }} options `page`: folder of the build; `name`: what
 * the page calls the files
 */
export function makeServer({ page, shared, name }) {
  // read at each request: the build may be made anew while it is served
  const sendPage = sirv(page, {
    dev: true,
    etag: true,
    onNoMatch: (_, response) => refuse(response, 404, 'not here'),
  })
  const server = createServer((request, response) => {
    for (const [header, value] of Object.entries(ALWAYS)) response.setHeader(header, value)
    answer(request, response).catch((cause) => {
      if (response.headersSent) response.destroy()
      else refuse(response, 500, cause instanceof Error ? cause.message : String(cause))
    })
  })
  return server

  /**
   * @param {Request} request
   * @param {Response} response
   */
  async function answer(request, response) {
    // another site's name can be made to lead here (DNS rebinding): then the browser would let its pages read
    if (!isOurs(hostOf(request), portOf(server)))
      return refuse(
        response,
        421,
        `this is ${HOST}:${portOf(server)}, not ${request.headers.host ?? 'a server without a name'}`,
      )
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD')
      return refuse(response, 405, `${request.method}: files here are only read`)
    }
    const path = pathOf(request.url)
    if (path === undefined) return refuse(response, 400, 'not a path')
    if (!shared || !path.startsWith(`/${FILES}`)) {
      // a page needs no ranges but of the demo; sirv answers unusual ones wrongly, or (beyond 2^53) not at
      // all
      const [, from, to] = /^bytes=(\d{1,15})-(\d{1,15})$/.exec(request.headers.range ?? '') ?? []
      if (!(Number(from) < Number(to))) delete request.headers.range
      return sendPage(request, response)
    }
    response.setHeader('Cache-Control', 'no-store')
    // browsers say where a request comes from: an image or a script of another site's page is not for it
    const site = request.headers['sec-fetch-site']
    if (site !== undefined && site !== 'same-origin' && site !== 'none')
      return refuse(response, 403, 'files here are for this page only')
    const file = decoded(path.slice(FILES.length + 1))
    if (file === 'index.json') return sendListing(request, response, shared)
    const place = file === undefined ? undefined : await shared.locate(file)
    if (place === undefined) return refuse(response, 404, 'no such file')
    return sendFile(request, response, place)
  }

  /**
   * @param {Request} request
   * @param {Response} response
   * @param {Shared} shared
   */
  async function sendListing(request, response, shared) {
    const { files } = await shared.list()
    const body = Buffer.from(JSON.stringify({ name: name ?? shared.name, files }))
    const etag = `"${createHash('sha1').update(body).digest('base64url')}"`
    // asked every second: where nothing changed nothing is sent
    if (request.headers['if-none-match'] === etag) return void response.writeHead(304, { ETag: etag }).end()
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length, ETag: etag })
    response.end(request.method === 'HEAD' ? undefined : body)
  }
}

/**
 * Listens on the port, or on the next free one of the hundred after it where `next` is set. 0 is any free
 * port. Rejects as `listen` does.
 * @param {import('node:http').Server} server
 * @param {number} port
 * @param {{ next: boolean }} options
 * @returns {Promise<number>} the port it got
 */
export async function listen(server, port, { next }) {
  const last = next && port > 0 ? Math.min(port + 99, 65_535) : port
  for (let at = port; ; at++) {
    try {
      await new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen(at, HOST, () => resolve(server.off('error', reject)))
      })
      return portOf(server)
    } catch (cause) {
      if (at >= last || !(cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE'))
        throw cause
    }
  }
}

/** @param {number} port */
export function addressOf(port) {
  return `http://${HOST}:${port}/`
}

/** @param {import('node:http').Server} server */
function portOf(server) {
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

/**
 * The host that is asked for; undefined where two are named, of which Node would take the first.
 * @param {Request} request
 */
function hostOf(request) {
  const hosts = request.headersDistinct.host
  return hosts?.length === 1 ? hosts[0] : undefined
}

/**
 * @param {string | undefined} host
 * @param {number} port
 */
function isOurs(host, port) {
  const names = ['127.0.0.1', 'localhost', '[::1]']
  return names.some((name) => host === `${name}:${port}` || (port === 80 && host === name))
}

/**
 * The path of a request target; undefined for anything but `/…` (a proxy's request names a host there).
 * @param {string | undefined} target
 */
function pathOf(target) {
  const path = target?.split(/[?#]/, 1)[0]
  return path?.startsWith('/') ? path : undefined
}

/**
 * Names between slashes, decoded once; undefined where one is empty, `.` or `..`, or hides a slash or a zero.
 * @param {string} path
 */
function decoded(path) {
  try {
    const names = path.split('/').map(decodeURIComponent)
    return names.every((name) => !/^\.{0,2}$|[/\\\0]/.test(name)) ? names.join('/') : undefined
  } catch {
    return undefined // not percent-encoded text
  }
}

/**
 * @param {Response} response
 * @param {number} status
 * @param {string} why
 */
function refuse(response, status, why) {
  response
    .writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' })
    .end(`${why}\n`)
}

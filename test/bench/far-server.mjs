import { openSync, read as readFile, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'

const readAt = promisify(readFile)
const PIECE = 64 << 10

/**
 * Serves one file by ranges to pages of any origin, as a file host on the web does, and remembers when each
 * piece of it went out. `line`: how many MB/s all answers share and the ms before each; as fast as it goes
 * without.
 */
export async function serveFar(path, line) {
  const { size } = statSync(path)
  const fd = openSync(path)
  const name = `/bench${extname(path)}`
  const sent = [] // [Date.now(), bytes]
  const asked = [] // Date.now()
  let free = 0 // when the line is idle again
  const server = createServer(async (request, response) => {
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? []
    const start = Number(from ?? 0)
    const end = Math.min(size - 1, to ? Number(to) : size - 1)
    const common = {
      'access-control-allow-origin': '*',
      'access-control-expose-headers': 'content-range, content-length, etag, accept-ranges',
      'accept-ranges': 'bytes',
      etag: `"${size}"`,
    }
    if (request.url !== name || start > end) {
      response.writeHead(404, common).end()
      return
    }
    asked.push(Date.now())
    if (line) await wait(line.delay)
    response.writeHead(from === undefined ? 200 : 206, {
      ...common,
      'content-length': end + 1 - start,
      ...(from !== undefined && { 'content-range': `bytes ${start}-${end}/${size}` }),
    })
    // whoever gives up an answer closes it
    await pipeline(Readable.from(piecesOf(start, end)), response).catch((_givenUp) => undefined)
  })

  async function* piecesOf(start, end) {
    for (let at = start; at <= end; at += PIECE) {
      const length = Math.min(PIECE, end + 1 - at)
      const { buffer } = await readAt(fd, Buffer.alloc(length), 0, length, at)
      if (line) {
        const now = performance.now()
        free = Math.max(free, now) + length / (line.mbs * 1000)
        await wait(free - now)
      }
      sent.push([Date.now(), length])
      yield buffer
    }
  }

  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${server.address().port}${name}`,
    /**
     * Bytes and requests up to a moment of Date.now(); of requests on their way then, what was sent of them.
     */
    until: (moment) => ({
      bytes: sent.reduce((sum, [at, bytes]) => sum + (at <= moment ? bytes : 0), 0),
      requests: asked.filter((at) => at <= moment).length,
    }),
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

function wait(ms) {
  return ms > 0 ? new Promise((resolve) => setTimeout(resolve, ms)) : undefined
}

import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { gzipSync } from 'node:zlib'

const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
}

/**
 * Serves folders on loopback, plainly, the way a static host would: `mounts` is a list of [prefix, folder],
 * the first that fits wins. Remembers which files were asked for, so that the download of a visit can be
 * weighed.
 */
export async function serve(mounts) {
  const asked = new Set()
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, 'http://localhost').pathname))
    const mount = mounts.find(([prefix]) => path.startsWith(prefix))
    const file = mount && join(mount[1], path.slice(mount[0].length), path.endsWith('/') ? 'index.html' : '')
    if (!file || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end()
      return
    }
    asked.add(file)
    response.writeHead(200, {
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      'cache-control': 'max-age=3600',
    })
    createReadStream(file).pipe(response)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    forget: () => asked.clear(),
    /** Bytes of what was asked for since `forget`, as a host with gzip would send them. */
    gzipped: () =>
      [...asked].map((file) => ({ file, bytes: gzipSync(readFileSync(file), { level: 9 }).length })),
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

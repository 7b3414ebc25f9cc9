// @ts-check
import { open } from 'node:fs/promises'
import { extname } from 'node:path'
import { etagOf } from './shared-files.mjs'

/*
 * The page itself is sent by sirv; files that are being written are not, because sirv 3.0.2 takes size and
 * bytes at two moments (a file that grew in between sends more than its Content-Length, which spoils the
 * connection), reads `bytes=0-0` as the whole file and `bytes=-9` as the first ten bytes, and ends the
 * process when a file cannot be read. Here size and bytes come from one open file, and If-Match is honoured.
 */

/** Larger answers are streamed; the page asks for 16 MiB at most. */
const AT_ONCE = 16 << 20

/**
 * Types a browser shows or plays without running anything. All else is bytes: a logged .html must not become
 * a page of this address.
 */
const TYPES = new Map([
  ...['png', 'gif', 'webp', 'avif', 'bmp'].map(
    (type) => /** @type {const} */ ([`.${type}`, `image/${type}`]),
  ),
  ['.jpg', 'image/jpeg'],
  ['.jpeg', 'image/jpeg'],
  ['.mp4', 'video/mp4'],
  ['.webm', 'video/webm'],
  ['.wav', 'audio/wav'],
  ['.mp3', 'audio/mpeg'],
])

/**
 * Answers with a file or one range of it. With If-Match a file that is another by now, or changes while it is
 * read, is answered 412 and never half old, half new.
 * @param {import('node:http').IncomingMessage} request GET or HEAD
 * @param {import('node:http').ServerResponse} response
 * @param {string} place
 */
export async function sendFile(request, response, place) {
  const file = await open(place, 'r')
  try {
    for (;;) {
      const before = await file.stat({ bigint: true })
      const etag = etagOf(before)
      const size = Number(before.size)
      const wanted = request.headers['if-match']
      if (wanted !== undefined && wanted !== '*' && wanted !== etag)
        return void response.writeHead(412, { ETag: etag }).end()
      const range = rangeOf(request.headers.range, size)
      if (range === 'none') return void response.writeHead(416, { 'Content-Range': `bytes */${size}` }).end()
      const { from, to } = range ?? { from: 0, to: size }
      const headers = {
        'Content-Type': TYPES.get(extname(place).toLowerCase()) ?? 'application/octet-stream',
        'Content-Length': to - from,
        'Accept-Ranges': 'bytes',
        'Last-Modified': before.mtime.toUTCString(),
        ETag: etag,
        ...(range && { 'Content-Range': `bytes ${from}-${to - 1}/${size}` }),
      }
      const status = range ? 206 : 200
      if (request.method === 'HEAD' || to === from) return void response.writeHead(status, headers).end()
      if (to - from > AT_ONCE) {
        response.writeHead(status, headers)
        return await stream(file, response, from, to)
      }
      const bytes = await readAll(file, from, to - from)
      const same = etagOf(await file.stat({ bigint: true })) === etag
      // without If-Match a file that only grew is what it was; one that was cut while it was read is read
      // again
      if (!same && (wanted !== undefined || bytes.length < to - from)) continue
      return void response.writeHead(status, headers).end(bytes)
    }
  } finally {
    await file.close()
  }
}

/**
 * One range, as `bytes=0-99`, `bytes=100-` or `bytes=-50`; undefined (the whole file) for none, several or
 * another unit; 'none' where it begins behind the end. `to` is exclusive.
 * @param {string | undefined} header
 * @param {number} size
 * @returns {{ from: number, to: number } | 'none' | undefined}
 */
export function rangeOf(header, size) {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '')
  if (!match || (!match[1] && !match[2])) return undefined
  if (match[1] && match[2] && Number(match[2]) < Number(match[1])) return undefined
  const from = match[1] ? Number(match[1]) : Math.max(0, size - Number(match[2]))
  const to = match[1] && match[2] ? Math.min(Number(match[2]) + 1, size) : size
  return from >= to ? 'none' : { from, to }
}

/**
 * @param {import('node:fs/promises').FileHandle} file
 * @param {number} from
 * @param {number} length
 */
async function readAll(file, from, length) {
  const bytes = Buffer.allocUnsafe(length)
  let done = 0
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, from + done)
    if (bytesRead === 0) break
    done += bytesRead
  }
  return bytes.subarray(0, done)
}

/**
 * @param {import('node:fs/promises').FileHandle} file
 * @param {import('node:http').ServerResponse} response its connection is cut when the file ends too soon:
 * whoever waits then knows
 * @param {number} from
 * @param {number} to
 */
async function stream(file, response, from, to) {
  let at = from
  while (at < to && !response.destroyed) {
    const bytes = await readAll(file, at, Math.min(1 << 20, to - at))
    if (bytes.length === 0) return void response.destroy()
    at += bytes.length
    if (!response.write(bytes))
      await new Promise((resolve) => response.once('drain', resolve).once('close', resolve))
  }
  response.end()
}

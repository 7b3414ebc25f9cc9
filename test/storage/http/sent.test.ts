import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { onSent } from '../../../src/storage/http/sent.ts'
import { makeServer } from '../../../src/storage/http/server-requests.ts'
import { makeHubClient } from '../../../src/storage/hub/hub-requests.ts'

let url: string
/** Bytes of bodies that arrived. */
let arrived = 0
let fail = 0
const http = createServer(async (request, response) => {
  for await (const chunk of request) arrived += (chunk as Buffer).length
  response.writeHead(fail-- > 0 ? 500 : 200, { 'content-type': 'application/json' }).end('{"data":null}')
})

beforeAll(async () => {
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const address = http.address()
  url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`
})
afterAll(() => {
  http.closeAllConnections()
  http.close()
})

test('every byte of a body that arrives somewhere is counted, tries that failed too; reading counts nothing', async () => {
  let told: [string, number] | undefined
  onSent((host, bytes) => {
    told = [host, bytes]
  })
  told = undefined // what other files of this process sent was told at once
  const { host } = new URL(url)
  const server = makeServer(url)
  await server.file('media/x.png')
  expect(told).toBeUndefined()
  await server.call('rename_run', { name: 'é😀', text: 'x'.repeat(1000) })
  expect(arrived).toBeGreaterThan(1000)
  expect(told).toEqual([host, arrived])

  const client = makeHubClient({ hub: url, clock: { now: () => 0, pause: async () => {} } })
  const place = { kind: 'dataset', id: 'me/data', hub: url, writing: true } as unknown as Parameters<
    typeof client.fetch
  >[0]
  const send = client.fetch(place)
  for (const body of [
    'text é',
    new Blob(['blob é']),
    new TextEncoder().encode('bytes'),
    new ArrayBuffer(7),
  ]) {
    await send(`${url}upload`, { method: 'POST', body })
    expect(told).toEqual([host, arrived])
  }
  fail = 2
  await send(`${url}upload`, { method: 'POST', body: 'again' })
  expect(told).toEqual([host, arrived])
})

test('every place that asks a network is known: those that send a body count it', () => {
  const folder = join(import.meta.dirname, '..', '..', '..', 'src')
  const asking = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    // what a page that trains sends is its own affair: its alerts go to the address that it gave. The command
    // only serves
    .filter((path) => /\.tsx?$/.test(path) && !path.startsWith('client/'))
    .filter((path) =>
      /(?<![.\w])fetch\((?!signal)['`\w]|new (XMLHttpRequest|WebSocket|EventSource|WebTransport)|sendBeacon/.test(
        readFileSync(join(folder, path), 'utf8'),
      ),
    )
  expect(asking.map((path) => path.replaceAll('\\', '/')).sort()).toEqual([
    'engine/exports/html.ts', // the page's own files
    'engine/publish/frontend.ts', // the page's own files
    'storage/files/demo.ts', // the file beside the page
    'storage/files/embedded-data.ts', // a data: address
    'storage/http/client.ts', // counts: all that is asked of others, the Hub and servers among them
    'storage/http/static-config.ts', // two files beside the page, which the first page needs before the client
    'storage/http/upload.ts', // with progress, for the client
    'storage/hub/hub-requests.ts', // names a method so, which asks through the client
  ])
})

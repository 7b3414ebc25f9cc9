import { createServer } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { isAbort } from '../../../src/model/errors.ts'
import { lookBeside } from '../../../src/storage/http/static-config.ts'

const PAGE = '<!doctype html><title>a page for every path</title>'
const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

/** A host with these files; any other path is answered with `otherwise`, or 404. */
async function host(
  files: Record<string, unknown>,
  otherwise?: string,
): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    asked.push(path)
    const file = files[path]
    if (file === undefined && otherwise === undefined) response.writeHead(404).end()
    else response.end(file === undefined ? otherwise : typeof file === 'string' ? file : JSON.stringify(file))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  return { url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`, asked }
}

const OURS = { '/app/version': { app: 'trackio-lite' }, '/app/config.json': { mode: 'none' } }

test('a plain host has neither, and answers both questions', async () => {
  const { url, asked } = await host(OURS)
  expect(await lookBeside(`${url}/app/index.html?db=x#y`)).toEqual({ kind: 'none' })
  expect(asked.sort()).toEqual(['/app/config.json', '/app/version'])
})

test('a trackio server is found under any path of its page, with our own config.json in its folder', async () => {
  const { url } = await host(
    { ...OURS, '/app/version': { version: '0.43.0', api_version: 1, writes_paused: false } },
    PAGE,
  )
  expect(await lookBeside(`${url}/app/metrics`)).toEqual({
    kind: 'server',
    url: `${url}/app/`,
    version: '0.43.0',
  })
})

test('a static Space is found by what trackio wrote over config.json, and a token in it is not kept', async () => {
  const config = {
    mode: 'static',
    project: 'my project',
    bucket_id: 'me/bucket',
    private: false,
    version: '0.43.0',
  }
  const { url } = await host({ ...OURS, '/app/config.json': config })
  const found = {
    project: 'my project',
    bucket: 'me/bucket',
    dataset: undefined,
    private: false,
    version: '0.43.0',
    leakedToken: false,
  }
  expect(await lookBeside(`${url}/app/`)).toEqual({ kind: 'static', config: found })

  const old = await host({
    '/config.json': {
      mode: 'static',
      project: 'p',
      dataset_id: 'me/data',
      private: true,
      hf_token: 'hf_secret',
    },
  })
  const answer = await lookBeside(`${old.url}/`)
  expect(answer).toMatchObject({
    kind: 'static',
    config: { dataset: 'me/data', private: true, leakedToken: true },
  })
  expect(JSON.stringify(answer)).not.toContain('secret')
})

test('hosts that answer every path with a page, or with other JSON, have neither', async () => {
  for (const files of [
    {},
    { '/config.json': { mode: 'static' } },
    { '/config.json': [1], '/version': '"1.2"' },
    { '/version': { api_version: 2 } },
  ])
    expect(await lookBeside(`${(await host(files, PAGE)).url}/`)).toEqual({ kind: 'none' })
  expect(await lookBeside(`${(await host({})).url}/`)).toEqual({ kind: 'none' })
})

test('a page from disk, within a frame or offline asks nobody or finds nothing', async () => {
  for (const base of ['file:///dist/index.html', 'about:srcdoc', 'blob:null/1', 'http://127.0.0.1:1/'])
    expect(await lookBeside(base), base).toEqual({ kind: 'none' })
})

test('a host that says nothing has neither, after a while', async () => {
  const server = createServer(() => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`
  expect(await lookBeside(url, undefined, 100)).toEqual({ kind: 'none' })
  expect(isAbort(await lookBeside(url, AbortSignal.abort(), 100).catch((cause: unknown) => cause))).toBe(true)
})

test('looking can be given up', async () => {
  const { url } = await host(OURS)
  const reason = await lookBeside(`${url}/app/`, AbortSignal.abort()).catch((cause: unknown) => cause)
  expect(isAbort(reason)).toBe(true)
})

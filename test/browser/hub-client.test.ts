import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { uploadFiles } from '@huggingface/hub'
import { build } from 'vite'
import { beforeAll, describe, expect, test } from 'vitest'
import { type HubDouble, type HubOptions, startHub } from '../hub/double.ts'
import { compared, randomBytes } from '../hub/helpers.ts'
import { type Opened, openPage, useBrowser, useFolder, useServer } from './harness.ts'

/*
 * The client in a page: what the double allows pages of another origin is what they need, and no more.
 */

const TOKEN = 'hf_ann'
const folder = useFolder()
const browser = await useBrowser()
const site = await useServer(folder)

beforeAll(async () => {
  const entry = createRequire(import.meta.url)
    .resolve('@huggingface/hub')
    .replace(/dist\/index\.js$/, 'dist/browser/index.mjs')
  await build({
    configFile: false,
    logLevel: 'error',
    build: { outDir: folder, lib: { entry, formats: ['es'], fileName: () => 'client.js' }, target: 'es2023' },
  })
  writeFileSync(
    join(folder, 'index.html'),
    '<!doctype html><title>client</title><script type="module">import * as client from "./client.js"; Object.assign(window, { client })</script>',
  )
})

async function inPage(
  options: HubOptions,
  run: (hub: HubDouble, opened: Opened) => Promise<void>,
  allowed: RegExp[] = [],
): Promise<void> {
  const hub = await startHub(options)
  hub.setToken('ann', TOKEN)
  const opened = await openPage(browser, site.url)
  try {
    await opened.page.waitForFunction(() => 'client' in window)
    await run(hub, opened)
    opened.expectClean(...allowed)
    expect(hub.leaks()).toEqual([])
  } finally {
    await opened.close()
    await hub.stop()
  }
}

declare global {
  interface Window {
    client: typeof import('@huggingface/hub')
  }
}

/** Downloads part of a file in the page and gives it as base64. */
function download(
  { page }: Opened,
  asked: {
    hubUrl: string
    name: string
    path: string
    accessToken?: string
    xet: boolean
    from?: number
    to?: number
  },
) {
  return page.evaluate(async ({ hubUrl, name, path, accessToken, xet, from, to }) => {
    const repo = { type: 'dataset' as const, name }
    const blob = await window.client.downloadFile({
      repo,
      path,
      hubUrl,
      xet,
      ...(accessToken ? { accessToken } : {}),
    })
    if (!blob) return null
    const part = new Uint8Array(await (from === undefined ? blob : blob.slice(from, to)).arrayBuffer())
    let text = ''
    for (const byte of part) text += String.fromCharCode(byte)
    return btoa(text)
  }, asked)
}
const bytesOf = (text: string | null) => (text === null ? null : Buffer.from(text, 'base64'))

describe('a page of another origin', () => {
  const bytes = randomBytes(1, 500_000)

  test('lists and reads public files without a single preflight', async () => {
    await inPage(
      {},
      async (hub, opened) => {
        hub.repo('dataset', 'ann/runs', { files: { 'a.parquet': bytes, 'runs.json': '[]\n'.repeat(1000) } })
        const asked = { hubUrl: hub.url, name: 'ann/runs', xet: false }
        const paths = await opened.page.evaluate(async (hubUrl) => {
          const list = []
          for await (const { path } of window.client.listFiles({ repo: 'datasets/ann/runs', hubUrl }))
            list.push(path)
          return list
        }, hub.url)
        expect(paths).toEqual(['a.parquet', 'runs.json'])
        expect(
          compared(
            bytesOf(await download(opened, { ...asked, path: 'a.parquet', from: 100_000, to: 200_000 })),
            bytes.slice(100_000, 200_000),
          ),
        ).toBe('the same')
        expect(bytesOf(await download(opened, { ...asked, path: 'runs.json' }))).toHaveLength(3000)
        expect(hub.requests.filter(({ method }) => method === 'OPTIONS')).toEqual([])
        // redirected from one origin to another, a request has no origin left
        expect(hub.requests.filter(({ host }) => host === 'cdn').map(({ origin }) => origin)).toEqual([
          'null',
        ])
        expect(await download(opened, { ...asked, path: 'no.txt' })).toBeNull() // so X-Error-Code was readable
      },
      [/404/],
    )
  })

  test('reads private files with a token, which stays with the Hub', async () => {
    await inPage({}, async (hub, opened) => {
      hub.repo('dataset', 'ann/secret', { private: true, files: { 'a.parquet': bytes, 'runs.json': '[]' } })
      const asked = { hubUrl: hub.url, name: 'ann/secret', accessToken: TOKEN }
      for (const xet of [true, false]) {
        const part = await download(opened, { ...asked, path: 'a.parquet', xet, from: 250_000, to: 350_000 })
        expect(compared(bytesOf(part), bytes.slice(250_000, 350_000))).toBe('the same')
      }
      expect(bytesOf(await download(opened, { ...asked, path: 'runs.json', xet: false }))).toEqual(
        Buffer.from('[]'),
      )
      expect(
        hub.requests.filter(({ method, host }) => method === 'OPTIONS' && host !== 'cdn').length,
      ).toBeGreaterThan(0)
      expect(
        new Set(hub.requests.filter(({ host }) => host === 'cdn').map(({ authorization }) => authorization)),
      ).toEqual(new Set(['none']))
    })
  })

  test('puts a file together from several runs of one xorb, in one request', async () => {
    await inPage({}, async (hub, opened) => {
      hub.repo('dataset', 'ann/runs')
      const common = { repo: 'datasets/ann/runs', hubUrl: hub.url, accessToken: TOKEN }
      const changed = randomBytes(2, 2_000_000)
      await uploadFiles({ ...common, files: [{ path: 'a.parquet', content: new Blob([changed]) }] })
      changed.set(bytes.slice(0, 100), 1_000_000)
      await uploadFiles({ ...common, files: [{ path: 'a.parquet', content: new Blob([changed]) }] })
      const got = await download(opened, { hubUrl: hub.url, name: 'ann/runs', path: 'a.parquet', xet: true })
      expect(compared(bytesOf(got), changed)).toBe('the same')
      expect(
        hub.requests.some(
          ({ host, range, status }) => host === 'cdn' && range?.includes(',') && status === 206,
        ),
      ).toBe(true)
    })
  })

  test('can do nothing at the CDN that needs a preflight, unless the double says so', async () => {
    const multi = async (hub: HubDouble, { page }: Opened) => {
      hub.repo('dataset', 'ann/runs', { files: { 'a.parquet': bytes } })
      return page.evaluate(async (url) => {
        const headers = { Range: 'bytes=0-9,20-29' }
        return fetch(url, { headers }).then(
          ({ status }) => status,
          ({ message }) => message,
        )
      }, `${hub.url}/datasets/ann/runs/resolve/main/a.parquet`)
    }
    await inPage({}, async (hub, opened) => expect(await multi(hub, opened)).toBe('Failed to fetch'), [
      /CORS|net::ERR_FAILED/,
    ])
    await inPage({ cdn: { preflight: true } }, async (hub, opened) =>
      expect(await multi(hub, opened)).toBe(206),
    )
  })

  // asking whether Xet knows a chunk logs a 404 where it does not
  test('publishes to a bucket and to a dataset', async () => {
    await inPage(
      {},
      async (hub, opened) => {
        await opened.page.evaluate(
          async ({ hubUrl, accessToken, text }) => {
            const content = new Blob([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))])
            for (const type of ['bucket', 'dataset'] as const) {
              const repo = { type, name: 'ann/made' }
              await window.client.createRepo({ repo, hubUrl, accessToken })
              await window.client.uploadFiles({
                repo,
                hubUrl,
                accessToken,
                files: [{ path: 'a.parquet', content }],
              })
            }
          },
          { hubUrl: hub.url, accessToken: TOKEN, text: Buffer.from(bytes).toString('base64') },
        )
        for (const type of ['bucket', 'dataset'] as const)
          expect(compared(hub.files(type, 'ann/made').get('a.parquet'), bytes)).toBe('the same')
      },
      [/v1\/chunks/],
    )
  })

  test('publishes over LFS, in parts', async () => {
    await inPage({ xet: false, lfs: { multipartAbove: 100_000, partSize: 200_000 } }, async (hub, opened) => {
      hub.repo('dataset', 'ann/runs')
      await opened.page.evaluate(
        async ({ hubUrl, accessToken, text }) => {
          const content = new Blob([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))])
          const files = [
            { path: 'a.parquet', content },
            { path: 'b.parquet', content: content.slice(0, 1000) },
          ]
          await window.client.uploadFiles({ repo: 'datasets/ann/runs', hubUrl, accessToken, files })
        },
        { hubUrl: hub.url, accessToken: TOKEN, text: Buffer.from(bytes).toString('base64') },
      )
      expect(compared(hub.files('dataset', 'ann/runs').get('a.parquet'), bytes)).toBe('the same')
      expect(hub.requests.filter(({ method }) => method === 'PUT')).toHaveLength(4)
    })
  })

  test('signs in by going to the Hub and coming back', async () => {
    await inPage({}, async (hub, { page }) => {
      hub.app({ clientId: 'page', redirectUris: [site.url] })
      hub.signIn('ann')
      const hubUrl = hub.url
      const url = await page.evaluate(
        (options) => window.client.oauthLoginUrl({ clientId: 'page', ...options }),
        {
          hubUrl,
          redirectUrl: site.url,
        },
      )
      await page.goto(url)
      expect(new URL(page.url()).searchParams.get('code')).toMatch(/^[0-9a-f]+$/)
      await page.waitForFunction(() => 'client' in window)
      const result = await page.evaluate(
        async (options) => {
          const signedIn = await window.client.oauthHandleRedirectIfPresent(options)
          return signedIn ? signedIn.userInfo.preferred_username : undefined
        },
        { hubUrl },
      )
      expect(result).toBe('ann')
    })
  })
})

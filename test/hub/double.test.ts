import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  downloadFile,
  fileDownloadInfo,
  fileExists,
  listDatasets,
  listFiles,
  listSpaces,
  pathsInfo,
  type RepoId,
  spaceInfo,
} from '@huggingface/hub'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type HubDouble, startHub } from './double.ts'
import { all, compared, randomBytes } from './helpers.ts'

let hub: HubDouble
beforeEach(async () => {
  hub = await startHub()
})
afterEach(() => hub.stop())

const dataset: RepoId = { type: 'dataset', name: 'ann/runs' }
const bucket: RepoId = { type: 'bucket', name: 'ann/data' }

describe('listing', () => {
  test('folders come first, at any depth when asked', async () => {
    hub.repo('dataset', 'ann/runs', {
      files: { 'metrics.parquet': 'PAR1', 'runs.json': '[]', 'aux/a/b.parquet': 'x', 'aux/c.txt': 'y' },
    })
    const files = await all(listFiles({ repo: dataset, hubUrl: hub.url }))
    expect(files.map(({ type, path }) => `${type} ${path}`)).toEqual([
      'directory aux',
      'file metrics.parquet',
      'file runs.json',
    ])
    const below = await all(
      listFiles({ repo: dataset, path: 'aux', recursive: true, expand: true, hubUrl: hub.url }),
    )
    expect(below.map(({ type, path }) => `${type} ${path}`)).toEqual([
      'directory aux/a',
      'file aux/a/b.parquet',
      'file aux/c.txt',
    ])
    expect(below[1]?.lastCommit?.title).toBe('initial commit')
    expect(below[1]?.lfs).toMatchObject({ size: 1, pointerSize: 126 })
    await expect(all(listFiles({ repo: dataset, path: 'no/such', hubUrl: hub.url }))).rejects.toMatchObject({
      statusCode: 404,
    })
    await expect(all(listFiles({ repo: dataset, revision: 'gone', hubUrl: hub.url }))).rejects.toThrow(
      'Invalid rev id: gone',
    )
  })

  test('10,000 files come in ten pages', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, index) => [`media/run/${index}/image.txt`, `${index}`]),
    )
    hub.repo('bucket', 'ann/data', { files })
    hub.repo('dataset', 'ann/runs', { files })
    const listed = await all(listFiles({ repo: dataset, recursive: true, hubUrl: hub.url }))
    expect(listed.filter(({ type }) => type === 'file')).toHaveLength(10_000)
    expect(hub.requests).toHaveLength(21) // 10,000 files, as many folders, and the two above them
    expect(new Set(listed.map(({ path }) => path)).size).toBe(20_002)
    // compressed, as the Hub sends JSON: some 300 bytes an entry uncompressed
    expect(hub.requests.reduce((sum, seen) => sum + seen.bytes, 0)).toBeLessThan(2_000_000)
    hub.clear()
    const folders = await all(listFiles({ repo: bucket, path: 'media/run', hubUrl: hub.url }))
    expect(folders).toHaveLength(10_000)
    expect(hub.requests).toHaveLength(10)
  })

  test('a bucket is listed by folder or by prefix, in both forms', async () => {
    hub.repo('bucket', 'ann/data', {
      files: { 'media/files/a.png': 'a', 'media/films/b.png': 'b', 'metrics.parquet': 'x' },
    })
    const paths = async (address: string) => {
      const items: { path: string }[] = await (
        await fetch(`${hub.url}/api/buckets/ann/data/tree${address}`)
      ).json()
      return items.map(({ path }) => path)
    }
    expect(await paths('/media%2Ffiles?recursive=true')).toEqual(['media/files/a.png'])
    expect(await paths('?prefix=media/files/&recursive=true')).toEqual(['media/files/a.png'])
    expect(await paths('?prefix=media/fil')).toEqual(['media/files', 'media/films'])
    expect(await paths('/no/such?recursive=true')).toEqual([])
    const [file] = await pathsInfo({
      repo: bucket,
      paths: ['metrics.parquet', 'media', 'no'],
      hubUrl: hub.url,
    })
    expect(file).toMatchObject({
      type: 'file',
      size: 1,
      xetHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      oid: undefined,
    })
    expect(file?.uploadedAt).toMatch(/^\d{4}-/)
    const info = await (await fetch(`${hub.url}/api/buckets/ann/data`)).json()
    expect(info).toMatchObject({ id: 'ann/data', private: false, size: 3, totalFiles: 3 })
  })

  test('a Space tells its sdk, tags, card and volumes', async () => {
    hub.repo('space', 'ann/Track_io', {
      sdk: 'gradio',
      files: {
        'README.md': '---\nsdk: gradio\ntags:\n- trackio\ndatasets:\n- ann/runs\nhf_oauth: true\n---\n# hi',
      },
      volumes: [{ type: 'bucket', source: 'ann/data', mountPath: '/data' }],
    })
    hub.repo('space', 'ann/other', { sdk: 'static' })
    const space = await spaceInfo({
      name: 'ann/Track_io',
      additionalFields: ['tags', 'cardData', 'runtime', 'subdomain'],
      hubUrl: hub.url,
    })
    expect(space).toMatchObject({
      sdk: 'gradio',
      subdomain: 'ann-track-io',
      cardData: { datasets: ['ann/runs'], hf_oauth: true },
      runtime: { stage: 'RUNNING', volumes: [{ type: 'bucket', source: 'ann/data', mountPath: '/data' }] },
    })
    expect(space.tags).toContain('trackio')
    const found = await all(listSpaces({ search: { owner: 'ann', tags: ['trackio'] }, hubUrl: hub.url }))
    expect(found.map(({ name }) => name)).toEqual(['ann/Track_io'])
  })

  test('private repositories are listed for their owner only', async () => {
    hub.repo('dataset', 'ann/runs', { private: true })
    hub.repo('dataset', 'ann/open')
    hub.setToken('ann', 'hf_ann')
    const names = async (accessToken?: string) =>
      (
        await all(
          listDatasets({
            search: { owner: 'ann' },
            hubUrl: hub.url,
            ...(accessToken ? { accessToken } : {}),
          }),
        )
      ).map(({ name }) => name)
    expect(await names()).toEqual(['ann/open'])
    expect(await names('hf_ann')).toEqual(['ann/runs', 'ann/open'])
  })
})

describe('downloading', () => {
  const bytes = randomBytes(1, 300_000)

  test('large files are read by ranges from the CDN, or put together from Xet', async () => {
    hub.repo('dataset', 'ann/runs', { files: { 'a.parquet': bytes } })
    const plain = await downloadFile({ repo: dataset, path: 'a.parquet', hubUrl: hub.url, xet: false })
    expect(compared(await plain?.slice(1000, 2000).arrayBuffer(), bytes.slice(1000, 2000))).toBe('the same')
    expect(hub.requests.at(-1)).toMatchObject({
      host: 'cdn',
      range: 'bytes=1000-1999',
      status: 206,
      bytes: 1000,
    })
    const xet = await downloadFile({ repo: dataset, path: 'a.parquet', hubUrl: hub.url })
    expect(compared(await xet?.slice(100_000, 101_000).arrayBuffer(), bytes.slice(100_000, 101_000))).toBe(
      'the same',
    )
    expect(hub.requests.at(-1)).toMatchObject({
      host: 'cdn',
      status: 206,
      path: expect.stringMatching(/^\/xorb\/default\//),
    })
    // one or two chunks of at most 128 KiB, not the file
    expect(hub.requests.at(-1)?.bytes).toBeLessThan(270_000)
    expect(hub.leaks()).toEqual([])
  })

  test('small files stay on the Hub, which compresses them and then hides their size', async () => {
    const text = '{"a": 1}\n'.repeat(1000)
    hub.repo('dataset', 'ann/runs', { files: { 'runs.json': text } })
    const blob = await downloadFile({ repo: dataset, path: 'runs.json', hubUrl: hub.url })
    expect([blob?.size, await blob?.text()]).toEqual([9000, text])
    expect(hub.requests.every(({ host }) => host === 'hub')).toBe(true)
    expect(hub.requests.at(-1)?.bytes).toBeLessThan(500)
    const head = await headersOf(`${hub.url}/datasets/ann/runs/resolve/main/runs.json`, 'gzip')
    expect(head.location).toMatch(/^\/api\/resolve-cache\/datasets\/ann\/runs\/[0-9a-f]{40}\/runs\.json\?/)
    const cached = await headersOf(hub.url + head.location, 'gzip')
    expect([cached['content-length'], cached['accept-ranges'], cached['content-encoding']]).toEqual([
      undefined,
      undefined,
      'gzip',
    ])
    const plain = await headersOf(hub.url + head.location, 'identity')
    expect([plain['content-length'], plain['accept-ranges']]).toEqual(['9000', 'bytes'])
  })

  test('names of any kind are found when their segments are encoded', async () => {
    const path = 'média/run #1? 100%/ä+b&c.txt'
    const encoded = path.split('/').map(encodeURIComponent).join('/')
    hub.repo('dataset', 'ann/runs', { files: { [path]: 'text' } })
    hub.repo('bucket', 'ann/data', { files: { [path]: 'text' } })
    for (const repo of [dataset, bucket]) {
      expect(await (await downloadFile({ repo, path: encoded, hubUrl: hub.url }))?.text()).toBe('text')
      expect(await (await downloadFile({ repo, path: encoded, hubUrl: hub.url, xet: false }))?.text()).toBe(
        'text',
      )
      expect((await pathsInfo({ repo, paths: [path], hubUrl: hub.url }))[0]?.path).toBe(path)
      expect(
        (await all(listFiles({ repo, path: 'm%C3%A9dia/run%20%231%3F%20100%25', hubUrl: hub.url })))[0]?.path,
      ).toBe(path)
    }
    // unencoded, the client cuts the name at its # (lib/file-download-info.ts puts it into the address as it
    // is)
    expect(await downloadFile({ repo: dataset, path, hubUrl: hub.url })).toBeNull()
  })

  test('a signed address can be used again until it expires, and cannot be forged', async () => {
    hub.repo('dataset', 'ann/runs', { files: { 'a.parquet': bytes } })
    const { url } = await fetch(`${hub.url}/datasets/ann/runs/resolve/main/a.parquet`, {
      headers: { Range: 'bytes=0-0' },
    })
    expect(new URL(url).origin).toBe(hub.cdnUrl)
    const status = async (address: string, range = 'bytes=5-9') =>
      (await fetch(address, { headers: { Range: range } })).status
    expect(await status(url)).toBe(206)
    expect(await status(url, 'bytes=300000-300001')).toBe(416)
    expect(await status(url.replace('Expires=', 'Expires=9'))).toBe(403)
    hub.expireLinks()
    expect(await status(url)).toBe(403)
    const blob = await downloadFile({ repo: dataset, path: 'a.parquet', hubUrl: hub.url, xet: false })
    expect(compared(await blob?.arrayBuffer(), bytes)).toBe('the same')
  })

  test('addresses expire by the clock', async () => {
    let now = Date.now()
    const other = await startHub({ now: () => now, cdn: { lifetime: 60 } })
    other.repo('dataset', 'ann/runs', { files: { 'a.parquet': bytes } })
    const { url } = await fetch(`${other.url}/datasets/ann/runs/resolve/main/a.parquet`)
    now += 59_000
    expect((await fetch(url)).status).toBe(200)
    now += 3_000
    expect((await fetch(url)).status).toBe(403)
    await other.stop()
  })

  test('an old commit is read as it was', async () => {
    hub.repo('dataset', 'ann/runs', { files: { 'a.txt': 'one' }, commits: [{ files: { 'a.txt': 'two' } }] })
    const first = (await (await fetch(`${hub.url}/api/datasets/ann/runs/commits/main`)).json())[1].id
    const { sha } = await (await fetch(`${hub.url}/api/datasets/ann/runs/revision/main`)).json()
    const text = async (revision?: string) =>
      (
        await downloadFile({
          repo: dataset,
          path: 'a.txt',
          ...(revision ? { revision } : {}),
          hubUrl: hub.url,
        })
      )?.text()
    expect([await text(), await text(sha), await text(first)]).toEqual(['two', 'two', 'one'])
  })

  test('a file of this disk is served without being read whole', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hub-double-'))
    try {
      writeFileSync(join(folder, 'big.db'), bytes)
      hub.repo('bucket', 'ann/data')
      hub.addFolder('bucket', 'ann/data', folder, 'trackio/')
      const blob = await downloadFile({ repo: bucket, path: 'trackio/big.db', hubUrl: hub.url, xet: false })
      expect(compared(await blob?.slice(7, 99).arrayBuffer(), bytes.slice(7, 99))).toBe('the same')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test('what the client asks about one file is answered: its hashes, the pointer, whether it is there', async () => {
    hub.repo('dataset', 'ann/runs', { files: { 'a.parquet': bytes, 'a.txt': 'a' } })
    const info = await fileDownloadInfo({ repo: dataset, path: 'a.parquet', hubUrl: hub.url })
    expect(info?.xet?.hash).toBe(
      (await pathsInfo({ repo: dataset, paths: ['a.parquet'], hubUrl: hub.url }))[0]?.xetHash,
    )
    expect(info?.size).toBe(300_000)
    const pointer = await downloadFile({ repo: dataset, path: 'a.parquet', raw: true, hubUrl: hub.url })
    expect(await pointer?.text()).toBe(
      `version https://git-lfs.github.com/spec/v1\noid sha256:${JSON.parse(info?.etag ?? '')}\nsize 300000\n`,
    )
    expect(await fileDownloadInfo({ repo: dataset, path: 'no.txt', hubUrl: hub.url })).toBeNull()
    expect(await fileExists({ repo: dataset, path: 'a.txt', hubUrl: hub.url })).toBe(true)
    expect(await fileExists({ repo: dataset, path: 'no.txt', hubUrl: hub.url })).toBe(false)
  })
})

/** Headers of a HEAD request; fetch would follow redirects, and unpack on its own. */
function headersOf(url: string, encoding: string): Promise<Record<string, string | string[] | undefined>> {
  return new Promise((resolve, reject) => {
    const options = { method: 'HEAD', headers: { 'Accept-Encoding': encoding } }
    get(url, options, (response) => {
      response.resume()
      resolve(response.headers)
    }).on('error', reject)
  })
}

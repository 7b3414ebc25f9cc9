import {
  commit,
  copyFile,
  createBranch,
  createRepo,
  deleteFile,
  deleteRepo,
  downloadFile,
  listCommits,
  listFiles,
  pathsInfo,
  type RepoId,
  uploadFiles,
} from '@huggingface/hub'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type HubDouble, startHub } from './double.ts'
import { all, compared, randomBytes } from './helpers.ts'

const TOKEN = 'hf_ann'
let hub: HubDouble

async function start(options?: Parameters<typeof startHub>[0]): Promise<void> {
  hub = await startHub(options)
  hub.setToken('ann', TOKEN)
}
afterEach(() => hub.stop())

const asked = (method: string, part: string) =>
  hub.requests.filter((seen) => seen.method === method && seen.path.includes(part))
const read = async (repo: RepoId, path: string, xet: boolean) => {
  const blob = await downloadFile({ repo, path, hubUrl: hub.url, accessToken: TOKEN, xet })
  return blob && new Uint8Array(await blob.arrayBuffer())
}

describe('repositories', () => {
  beforeEach(() => start())
  const repo: RepoId = { type: 'dataset', name: 'ann/runs' }
  const common = () => ({ repo, hubUrl: hub.url, accessToken: TOKEN })

  test('a dataset is created, filled over Xet and read back the same, by ranges and by reconstruction', async () => {
    const big = randomBytes(1, 3_000_000)
    await createRepo({ ...common(), visibility: 'private' })
    const made = await uploadFiles({
      ...common(),
      files: [
        { path: 'metrics.parquet', content: new Blob([big]) },
        { path: 'runs.json', content: new Blob(['[]']) },
        { path: 'media/a b#1?%/é.txt', content: new Blob(['ü']) },
      ],
    })
    expect(made?.commit.oid).toMatch(/^[0-9a-f]{40}$/)
    for (const xet of [true, false])
      expect(compared(await read(repo, 'metrics.parquet', xet), big)).toBe('the same')
    const blob = await downloadFile({ ...common(), path: 'metrics.parquet' })
    expect(
      compared(await blob?.slice(1_000_000, 1_500_000).arrayBuffer(), big.slice(1_000_000, 1_500_000)),
    ).toBe('the same')
    expect([...hub.files('dataset', 'ann/runs').keys()].sort()).toEqual([
      '.gitattributes',
      'media/a b#1?%/é.txt',
      'metrics.parquet',
      'runs.json',
    ])
    const [info] = await pathsInfo({ ...common(), paths: ['metrics.parquet'] })
    expect(info?.lfs?.size).toBe(3_000_000)
    expect(info?.xetHash).toMatch(/^[0-9a-f]{64}$/)
    expect(hub.leaks()).toEqual([])
  })

  test('the same content again sends no data', async () => {
    await createRepo(common())
    const files = [{ path: 'a.parquet', content: new Blob([randomBytes(2, 400_000)]) }]
    await uploadFiles({ ...common(), files })
    expect(asked('POST', '/v1/xorbs/')).toHaveLength(1)
    hub.clear()
    await uploadFiles({ ...common(), files })
    expect([...asked('POST', '/v1/xorbs/'), ...asked('POST', '/v1/shards'), ...asked('PUT', '/')]).toEqual([])
    // the commit itself happens, as on the Hub, but changes nothing
    const [first, second] = await all(listCommits(common()))
    expect(first?.title).toBe('Add 1 files')
    expect(second?.title).toBe('Add 1 files')
  })

  test('files are replaced and deleted, and an old commit still reads as it was', async () => {
    hub.repo('dataset', 'ann/runs', { files: { 'a.txt': 'old', 'b.txt': 'b' } })
    const [before] = await all(listCommits(common()))
    await commit({
      ...common(),
      title: 'Replace',
      parentCommit: String(before?.oid),
      operations: [
        { operation: 'addOrUpdate', path: 'a.txt', content: new Blob(['new']) },
        { operation: 'delete', path: 'b.txt' },
      ],
    })
    expect(
      Object.fromEntries([...hub.files('dataset', 'ann/runs')].map(([path, bytes]) => [path, String(bytes)])),
    ).toEqual({
      'a.txt': 'new',
    })
    const old = await downloadFile({ ...common(), path: 'a.txt', revision: String(before?.oid) })
    expect(await old?.text()).toBe('old')
    await expect(
      commit({ ...common(), title: 'Late', parentCommit: String(before?.oid), operations: [] }),
    ).rejects.toMatchObject({
      statusCode: 412,
    })
    await expect(deleteFile({ ...common(), path: 'b.txt' })).rejects.toMatchObject({ statusCode: 404 })
  })

  test('branches and pull requests leave main alone', async () => {
    hub.repo('dataset', 'ann/runs', { files: { 'a.txt': 'a' } })
    await createBranch({ ...common(), branch: 'next' })
    await uploadFiles({ ...common(), branch: 'next', files: [{ path: 'b.txt', content: new Blob(['b']) }] })
    const pull = await uploadFiles({
      ...common(),
      isPullRequest: true,
      files: [{ path: 'c.txt', content: new Blob(['c']) }],
    })
    expect(pull?.pullRequestUrl).toBe(`${hub.url}/datasets/ann/runs/discussions/1`)
    const paths = async (revision: string) =>
      (await all(listFiles({ ...common(), revision }))).map(({ path }) => path)
    expect(await paths('main')).toEqual(['a.txt'])
    expect(await paths('next')).toEqual(['a.txt', 'b.txt'])
    expect(await paths('refs/pr/1')).toEqual(['a.txt', 'c.txt'])
  })

  test('a static Space is created and published into', async () => {
    const space: RepoId = { type: 'space', name: 'ann/page' }
    const { repoUrl } = await createRepo({ ...common(), repo: space, sdk: 'static' })
    expect(repoUrl).toBe(`${hub.url}/spaces/ann/page`)
    const readme = '---\nsdk: static\ntags:\n  - trackio\ndatasets: [ann/runs]\n---\n'
    await uploadFiles({
      ...common(),
      repo: space,
      files: [{ path: 'README.md', content: new Blob([readme]) }],
    })
    const info = await (await fetch(`${hub.url}/api/spaces/ann/page`)).json()
    expect(info).toMatchObject({
      sdk: 'static',
      datasets: ['ann/runs'],
      subdomain: 'ann-page',
      runtime: { stage: 'RUNNING' },
    })
    expect(info.tags).toContain('trackio')
  })

  test('who may not write is told why', async () => {
    hub.repo('dataset', 'ann/runs')
    hub.setToken('ann', 'hf_reads', { scopes: ['read-repos'] })
    hub.setToken('bob', 'hf_bob')
    const files = [{ path: 'a.txt', content: new Blob(['a']) }]
    await expect(uploadFiles({ ...common(), accessToken: 'hf_reads', files })).rejects.toMatchObject({
      statusCode: 403,
    })
    await expect(uploadFiles({ ...common(), accessToken: 'hf_bob', files })).rejects.toMatchObject({
      statusCode: 403,
    })
    await expect(uploadFiles({ repo, hubUrl: hub.url, files })).rejects.toMatchObject({ statusCode: 401 })
    await expect(createRepo({ ...common(), repo: { type: 'dataset', name: 'eve/x' } })).rejects.toThrow(
      /namespace "eve"/,
    )
    await expect(createRepo(common())).rejects.toMatchObject({ statusCode: 409 })
    await expect(deleteRepo({ ...common(), accessToken: 'hf_bob' })).rejects.toMatchObject({
      statusCode: 403,
    })
    await deleteRepo(common())
    await expect(all(listFiles(common()))).rejects.toMatchObject({ statusCode: 404 })
  })
})

describe('without Xet', () => {
  test('large files go to the store in one piece', async () => {
    await start({ xet: false })
    const repo: RepoId = { type: 'dataset', name: 'ann/runs' }
    const bytes = randomBytes(3, 200_000)
    await createRepo({ repo, hubUrl: hub.url, accessToken: TOKEN })
    const files = [{ path: 'a.bin', content: new Blob([bytes]) }]
    await uploadFiles({ repo, hubUrl: hub.url, accessToken: TOKEN, files })
    expect(
      asked('PUT', '/lfs-upload/').map(({ host, received, authorization }) => [
        host,
        received,
        authorization,
      ]),
    ).toEqual([['cdn', 200_000, 'none']])
    expect(compared(await read(repo, 'a.bin', true), bytes)).toBe('the same')
    hub.clear()
    await uploadFiles({ repo, hubUrl: hub.url, accessToken: TOKEN, files })
    expect(asked('PUT', '/')).toEqual([])
  })

  test('or in parts', async () => {
    await start({ xet: false, lfs: { multipartAbove: 100_000, partSize: 64_000 } })
    const repo: RepoId = { type: 'dataset', name: 'ann/runs' }
    const bytes = randomBytes(4, 200_000)
    await createRepo({ repo, hubUrl: hub.url, accessToken: TOKEN })
    await uploadFiles({
      repo,
      hubUrl: hub.url,
      accessToken: TOKEN,
      files: [{ path: 'a.bin', content: new Blob([bytes]) }],
    })
    expect(
      asked('PUT', '/lfs-part/')
        .map(({ received }) => received)
        .sort(),
    ).toEqual([64_000, 64_000, 64_000, 8_000])
    expect(compared(await read(repo, 'a.bin', false), bytes)).toBe('the same')
  })
})

describe('buckets', () => {
  beforeEach(() => start())
  const repo: RepoId = { type: 'bucket', name: 'ann/data' }
  const common = () => ({ repo, hubUrl: hub.url, accessToken: TOKEN })

  test('a bucket is created, filled, listed and read back the same', async () => {
    const big = randomBytes(5, 2_000_000)
    const text = new TextEncoder().encode('step,loss\n1,0.5\n'.repeat(20_000))
    const numbers = new Uint8Array(
      Float32Array.from({ length: 100_000 }, (_, index) => Math.sin(index / 100)).buffer,
    )
    await createRepo({ ...common(), visibility: 'public' })
    await uploadFiles({
      ...common(),
      files: [
        { path: 'metrics.parquet', content: new Blob([big]) },
        { path: 'aux/text.csv', content: new Blob([text]) },
        { path: 'aux/numbers.bin', content: new Blob([numbers]) },
        { path: 'media/a b#1?%/é.txt', content: new Blob(['ü']) },
        { path: 'empty', content: new Blob([]) },
      ],
    })
    // compressible data was sent compressed, so what is stored went through LZ4 and byte grouping
    expect(asked('POST', '/v1/xorbs/').reduce((sum, { received }) => sum + received, 0)).toBeLessThan(
      2_400_000,
    )
    const stored = hub.files('bucket', 'ann/data')
    expect(compared(stored.get('aux/text.csv'), text)).toBe('the same')
    expect(compared(stored.get('aux/numbers.bin'), numbers)).toBe('the same')
    for (const xet of [true, false]) {
      expect(compared(await read(repo, 'metrics.parquet', xet), big)).toBe('the same')
      expect(compared(await read(repo, 'aux/numbers.bin', xet), numbers)).toBe('the same')
      expect(
        compared(await read(repo, 'media/a%20b%231%3F%25/%C3%A9.txt', xet), new TextEncoder().encode('ü')),
      ).toBe('the same')
      expect(compared(await read(repo, 'empty', xet), new Uint8Array())).toBe('the same')
    }
    const files = await all(listFiles({ ...common(), recursive: true }))
    expect(files.filter(({ type }) => type === 'file').map(({ path, size }) => [path, size])).toEqual([
      ['aux/numbers.bin', 400_000],
      ['aux/text.csv', 320_000],
      ['empty', 0],
      ['media/a b#1?%/é.txt', 2],
      ['metrics.parquet', 2_000_000],
    ])
    expect(files.every(({ type, xetHash }) => type !== 'file' || /^[0-9a-f]{64}$/.test(xetHash ?? ''))).toBe(
      true,
    )
    expect(hub.leaks()).toEqual([])
  })

  test('the same content again sends no data, nor does content that stands elsewhere', async () => {
    const bytes = randomBytes(6, 500_000)
    hub.repo('dataset', 'bob/other', { files: { 'x.parquet': bytes } })
    await createRepo(common())
    const files = [{ path: 'a.parquet', content: new Blob([bytes]) }]
    await uploadFiles({ ...common(), files })
    await uploadFiles({ ...common(), files })
    expect(asked('GET', '/v1/chunks/').map(({ status }) => status)).toEqual([200, 200])
    expect(asked('POST', '/v1/xorbs/')).toEqual([])
    expect(compared(await read(repo, 'a.parquet', true), bytes)).toBe('the same')
  })

  test('what changed in the middle of a file is all that is sent', async () => {
    const bytes = randomBytes(7, 4_000_000)
    await createRepo(common())
    await uploadFiles({ ...common(), files: [{ path: 'a.db', content: new Blob([bytes]) }] })
    hub.clear()
    bytes.set(randomBytes(8, 100), 2_000_000)
    await uploadFiles({ ...common(), files: [{ path: 'a.db', content: new Blob([bytes]) }] })
    expect(asked('POST', '/v1/xorbs/').reduce((sum, { received }) => sum + received, 0)).toBeLessThan(300_000)
    for (const xet of [true, false]) expect(compared(await read(repo, 'a.db', xet), bytes)).toBe('the same')
    const blob = await downloadFile({ ...common(), path: 'a.db' })
    expect(
      compared(await blob?.slice(1_900_000, 2_200_000).arrayBuffer(), bytes.slice(1_900_000, 2_200_000)),
    ).toBe('the same')
  })

  test('what was not uploaded, or not as its hash says, is refused', async () => {
    await createRepo(common())
    hub.repo('dataset', 'ann/runs')
    const post = async (url: string, body: string | Uint8Array<ArrayBuffer>, token = TOKEN) => {
      const response = await fetch(url, {
        method: 'POST',
        body,
        headers: { Authorization: `Bearer ${token}` },
      })
      return `${response.status} ${await response.text()}`
    }
    const add = JSON.stringify({ type: 'addFile', path: 'a', xetHash: 'ab'.repeat(32) })
    expect(await post(`${hub.url}/api/buckets/ann/data/batch`, add)).toMatch(/^422 .*was not uploaded/)
    const lfs = { key: 'lfsFile', value: { path: 'a.bin', algo: 'sha256', oid: 'ab'.repeat(32), size: 1 } }
    const lines = [{ key: 'header', value: { summary: 'x' } }, lfs]
      .map((line) => JSON.stringify(line))
      .join('\n')
    expect(await post(`${hub.url}/api/datasets/ann/runs/commit/main`, lines)).toMatch(
      /^400 .*LFS pointer pointed to a file that does not exist/,
    )
    const token = async (kind: string) => {
      const response = await fetch(`${hub.url}/api/buckets/ann/data/xet-${kind}-token`, {
        headers: { Authorization: `Bearer ${TOKEN}` },
      })
      const { accessToken }: { accessToken: string } = await response.json()
      return accessToken
    }
    const xorb = `${hub.casUrl}/v1/xorbs/default/${'ab'.repeat(32)}`
    const chunk = Uint8Array.from([0, 1, 0, 0, 0, 1, 0, 0, 65]) // one chunk, "A", as it is
    expect(await post(xorb, chunk, await token('write'))).toMatch(
      /^400 xorb: its bytes have the hash [0-9a-f]{64}, not abab/,
    )
    expect(await post(xorb, chunk.slice(0, 8), await token('write'))).toMatch(/^400 xorb: chunk 0 is cut off/)
    expect(await post(xorb, chunk, await token('read'))).toMatch(/^403/)
    expect(await post(xorb, chunk, 'xet_none')).toMatch(/^401/)
    expect(hub.files('bucket', 'ann/data').size).toBe(0)
  })

  test('files are copied without their bytes, and deleted', async () => {
    hub.repo('dataset', 'ann/runs', { files: { 'a.parquet': randomBytes(9, 100_000) } })
    await createRepo(common())
    hub.clear()
    await copyFile({
      hubUrl: hub.url,
      accessToken: TOKEN,
      source: { repo: { type: 'dataset', name: 'ann/runs' }, path: 'a.parquet' },
      destination: { repo: { type: 'bucket', name: 'ann/data' }, path: 'b.parquet' },
    })
    expect(hub.requests.filter(({ host }) => host !== 'hub')).toEqual([])
    expect(compared(await read(repo, 'b.parquet', true), randomBytes(9, 100_000))).toBe('the same')
    await deleteFile({ ...common(), path: 'b.parquet' })
    expect(hub.files('bucket', 'ann/data').size).toBe(0)
    await expect(deleteFile({ ...common(), path: 'b.parquet' })).rejects.toMatchObject({ statusCode: 422 })
  })

  test('an append keeps the file right', async () => {
    const bytes = randomBytes(10, 300_000)
    hub.repo('bucket', 'ann/data', { files: { 'log.bin': bytes } })
    const original = await downloadFile({ ...common(), path: 'log.bin' })
    if (!original) throw new Error('log.bin is missing')
    const edits = [{ content: new Blob(['more']), start: bytes.length, end: bytes.length }]
    await commit({
      ...common(),
      title: 'Append',
      operations: [{ operation: 'edit', path: 'log.bin', originalContent: original, edits }],
    })
    expect(
      compared(hub.files('bucket', 'ann/data').get('log.bin'), Buffer.concat([bytes, Buffer.from('more')])),
    ).toBe('the same')
  })
})

import { checkRepoAccess, downloadFile, listFiles, pathsInfo } from '@huggingface/hub'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type HubDouble, startHub } from './double.ts'

let hub: HubDouble
beforeEach(async () => {
  hub = await startHub()
})
afterEach(() => hub.stop())

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}

describe('reading', () => {
  test('the client lists, describes and downloads a dataset', async () => {
    const bytes = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 7919) >> 5)
    hub.repo('dataset', 'ann/runs', { files: { 'metrics.parquet': bytes, 'runs.json': '[{"name":"a"}]', 'aux/configs.parquet': 'x' } })
    const repo = { type: 'dataset' as const, name: 'ann/runs' }
    const files = await all(listFiles({ repo, recursive: true, hubUrl: hub.url }))
    expect(files.map(({ type, path, size }) => [type, path, size])).toEqual([
      ['directory', 'aux', 0],
      ['file', 'aux/configs.parquet', 1],
      ['file', 'metrics.parquet', 300_000],
      ['file', 'runs.json', 14],
    ])
    const [info] = await pathsInfo({ repo, paths: ['metrics.parquet', 'no/such'], hubUrl: hub.url })
    expect(info?.lfs?.size).toBe(300_000)
    const blob = await downloadFile({ repo, path: 'metrics.parquet', hubUrl: hub.url, xet: false })
    expect(new Uint8Array((await blob?.slice(1000, 2000).arrayBuffer()) ?? [])).toEqual(bytes.slice(1000, 2000))
    expect(hub.requests.at(-1)).toMatchObject({ host: 'cdn', range: 'bytes=1000-1999', status: 206, bytes: 1000, authorization: 'none' })
    const small = await downloadFile({ repo, path: 'runs.json', hubUrl: hub.url })
    expect(await small?.text()).toBe('[{"name":"a"}]')
    expect(hub.leaks()).toEqual([])
  })

  test('a token goes to the Hub only, and opens what is private', async () => {
    hub.repo('dataset', 'ann/secret', { private: true, files: { 'a.parquet': 'bytes' } })
    hub.setToken('ann', 'hf_ann')
    hub.setToken('bob', 'hf_bob')
    const repo = { type: 'dataset' as const, name: 'ann/secret' }
    await expect(checkRepoAccess({ repo, hubUrl: hub.url })).rejects.toMatchObject({ statusCode: 401 })
    await expect(checkRepoAccess({ repo, hubUrl: hub.url, accessToken: 'hf_bob' })).rejects.toMatchObject({ statusCode: 404 })
    await checkRepoAccess({ repo, hubUrl: hub.url, accessToken: 'hf_ann' })
    const blob = await downloadFile({ repo, path: 'a.parquet', hubUrl: hub.url, accessToken: 'hf_ann', xet: false })
    expect(await blob?.text()).toBe('bytes')
    expect(hub.requests.some(({ host, authorization }) => host === 'hub' && authorization === 'hub token')).toBe(true)
    expect(hub.leaks()).toEqual([])
  })
})

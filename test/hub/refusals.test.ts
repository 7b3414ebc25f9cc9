import {
  checkRepoAccess,
  datasetInfo,
  downloadFile,
  listFiles,
  type RepoId,
  repoExists,
  whoAmI,
} from '@huggingface/hub'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type HubDouble, startHub } from './double.ts'
import { all } from './helpers.ts'

let hub: HubDouble
beforeEach(async () => {
  hub = await startHub()
})
afterEach(() => hub.stop())

const dataset: RepoId = { type: 'dataset', name: 'ann/runs' }

describe('refusals', () => {
  test('what is private looks like what is missing', async () => {
    hub.repo('dataset', 'ann/runs', { private: true, files: { 'a.parquet': 'bytes' } })
    hub.setToken('ann', 'hf_ann')
    hub.setToken('bob', 'hf_bob')
    hub.setToken('ann', 'hf_name_only', { canReadPrivate: false })
    const missing: RepoId = { type: 'dataset', name: 'ann/missing' }
    for (const repo of [dataset, missing]) {
      await expect(checkRepoAccess({ repo, hubUrl: hub.url })).rejects.toMatchObject({ statusCode: 401 })
      await expect(checkRepoAccess({ repo, hubUrl: hub.url, accessToken: 'hf_bob' })).rejects.toMatchObject({
        statusCode: 404,
      })
      expect(await repoExists({ repo, hubUrl: hub.url })).toBe(false)
    }
    await expect(
      checkRepoAccess({ repo: dataset, hubUrl: hub.url, accessToken: 'hf_name_only' }),
    ).rejects.toMatchObject({
      statusCode: 404,
    })
    const response = await fetch(`${hub.url}/api/datasets/ann/runs`)
    expect([response.headers.get('X-Error-Code'), response.headers.get('X-Error-Message')]).toEqual([
      null,
      'Invalid username or password.',
    ])
    for (const xet of [true, false]) {
      const blob = await downloadFile({
        repo: dataset,
        path: 'a.parquet',
        hubUrl: hub.url,
        accessToken: 'hf_ann',
        xet,
      })
      expect(await blob?.text()).toBe('bytes')
    }
    expect(hub.leaks()).toEqual([])
  })

  test('a token that is unknown, revoked or too old is named as such', async () => {
    hub.repo('dataset', 'ann/runs')
    hub.setToken('ann', 'hf_ann')
    expect((await whoAmI({ hubUrl: hub.url, accessToken: 'hf_ann' })).name).toBe('ann')
    hub.revoke('hf_ann')
    hub.setToken('ann', 'hf_old', { expiresIn: -1 })
    await expect(datasetInfo({ name: 'ann/runs', hubUrl: hub.url, accessToken: 'hf_ann' })).rejects.toThrow(
      'Invalid credentials in Authorization header',
    )
    await expect(datasetInfo({ name: 'ann/runs', hubUrl: hub.url, accessToken: 'hf_old' })).rejects.toThrow(
      /expired/,
    )
  })

  test('behind a gate, names are open and files are not', async () => {
    hub.repo('dataset', 'ann/runs', { gated: 'manual', granted: ['eve'], files: { 'a.parquet': 'bytes' } })
    for (const name of ['ann', 'bob', 'eve']) hub.setToken(name, `hf_${name}`)
    expect((await datasetInfo({ name: 'ann/runs', hubUrl: hub.url })).gated).toBe('manual')
    expect(await all(listFiles({ repo: dataset, hubUrl: hub.url }))).toHaveLength(1)
    const asked = async (token?: string) => {
      const headers: Record<string, string> = token ? { Authorization: `Bearer ${token}` } : {}
      const response = await fetch(`${hub.url}/datasets/ann/runs/resolve/main/a.parquet`, { headers })
      return [response.status, response.headers.get('X-Error-Code'), (await response.text()).slice(0, 80)]
    }
    expect(await asked()).toEqual([
      401,
      'GatedRepo',
      'Access to dataset ann/runs is restricted. You must have access to it and be auth',
    ])
    expect(await asked('hf_bob')).toEqual([
      403,
      'GatedRepo',
      'Access to dataset ann/runs is restricted and you are not in the authorized list.',
    ])
    expect(await asked('hf_eve')).toEqual([200, null, 'bytes'])
    const check = async (path: string, token: string) =>
      (
        await fetch(`${hub.url}/api/datasets/ann/runs/auth-check${path}`, {
          headers: { Authorization: `Bearer ${token}` },
        })
      ).status
    expect([
      await check('', 'hf_bob'),
      await check('', 'hf_eve'),
      await check('/write', 'hf_eve'),
      await check('/write', 'hf_ann'),
    ]).toEqual([403, 200, 403, 200])
  })

  test('too many requests are refused with the time to wait, as often as asked', async () => {
    hub.repo('dataset', 'ann/runs', { files: { 'a.txt': 'a' } })
    hub.limitNext(1, { RateLimit: '"api";r=0;t=42', 'Retry-After': 42 }, ({ path }) =>
      path.includes('/tree/'),
    )
    expect((await fetch(`${hub.url}/api/datasets/ann/runs`)).headers.get('RateLimit-Policy')).toBe(
      '"fixed window";"api";q=1000;w=300',
    )
    const refused = await fetch(`${hub.url}/api/datasets/ann/runs/tree/main`)
    expect([refused.status, refused.headers.get('RateLimit'), refused.headers.get('Retry-After')]).toEqual([
      429,
      '"api";r=0;t=42',
      '42',
    ])
    expect(await all(listFiles({ repo: dataset, hubUrl: hub.url }))).toHaveLength(1)
  })

  test('preflights are answered for what the client sends, and the headers it reads are exposed, errors included', async () => {
    const asked = {
      Origin: 'http://page.example',
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'authorization,content-type',
    }
    const preflight = await fetch(`${hub.url}/api/datasets/ann/runs/paths-info/main`, {
      method: 'OPTIONS',
      headers: asked,
    })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('Access-Control-Allow-Headers')).toBe('authorization,content-type')
    expect(preflight.headers.get('Access-Control-Allow-Methods')).toMatch('POST')
    const missing = await fetch(`${hub.url}/datasets/ann/runs/resolve/main/a`, {
      headers: { Origin: 'http://page.example' },
    })
    expect(missing.status).toBe(401)
    expect(missing.headers.get('Access-Control-Allow-Origin')).toBe('http://page.example')
    expect(missing.headers.get('Access-Control-Expose-Headers')).toMatch('X-Error-Code')
  })

  test('the Hub can fail, and hang up', async () => {
    hub.repo('dataset', 'ann/runs')
    hub.failNext(1, 503)
    await expect(all(listFiles({ repo: dataset, hubUrl: hub.url }))).rejects.toMatchObject({
      statusCode: 503,
    })
    hub.failNext(1, 0)
    await expect(
      fetch(`${hub.url}/api/datasets/ann/runs`, { headers: { Connection: 'close' } }),
    ).rejects.toThrow(TypeError)
    expect(await all(listFiles({ repo: dataset, hubUrl: hub.url }))).toEqual([])
  })

  test('a renamed repository, or another spelling, is found under its new name', async () => {
    hub.repo('dataset', 'ann/Old', { files: { 'a.txt': 'a' } })
    hub.move('dataset', 'ann/Old', 'ann/New')
    for (const name of ['ann/Old', 'ann/new']) {
      expect((await datasetInfo({ name, hubUrl: hub.url })).name).toBe('ann/New')
      expect(
        await (
          await downloadFile({ repo: { type: 'dataset', name }, path: 'a.txt', hubUrl: hub.url })
        )?.text(),
      ).toBe('a')
    }
    expect((await fetch(`${hub.url}/api/datasets/ann%2FNew/tree`)).status).toBe(400)
  })
})

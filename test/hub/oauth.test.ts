import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { createRepo, oauthHandleRedirect, oauthLoginUrl, uploadFiles, whoAmI } from '@huggingface/hub'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type HubDouble, startHub } from './double.ts'

const APP = 'client-1'
const BACK = 'http://127.0.0.1:5173/'

let hub: HubDouble
beforeEach(async () => {
  hub = await startHub()
  hub.app({ clientId: APP, redirectUris: [BACK] })
  hub.signIn('ann')
})
afterEach(() => hub.stop())

/** Goes to the sign-in page as a browser would, and gives the address it sends the browser back to. */
async function visit(url: string): Promise<URL> {
  const response = await fetch(url, { redirect: 'manual' })
  if (response.status !== 302) throw new Error(`${response.status}: ${await response.text()}`)
  return new URL(response.headers.get('location') ?? '')
}

interface Kept {
  codeVerifier?: string
  nonce?: string
}

async function signIn(scopes: string, clientId = APP, redirectUrl = BACK) {
  const kept: Kept = {}
  const url = await oauthLoginUrl({
    clientId,
    hubUrl: hub.url,
    redirectUrl,
    scopes,
    state: 'mine',
    localStorage: kept,
  })
  return oauthHandleRedirect({ ...kept, hubUrl: hub.url, redirectedUrl: (await visit(url)).href })
}

describe('signing in', () => {
  test('through the client: the token works, names its person, and ends after eight hours', async () => {
    const result = await signIn('openid profile email read-repos')
    expect(result).toMatchObject({
      state: 'mine',
      scope: 'openid profile email read-repos',
      userInfo: { preferred_username: 'ann', email: 'ann@example.org' },
    })
    expect(Math.round((result.accessTokenExpiresAt.getTime() - Date.now()) / 60_000)).toBe(480)
    expect(await whoAmI({ hubUrl: hub.url, accessToken: result.accessToken })).toMatchObject({
      name: 'ann',
      auth: { type: 'oauth' },
    })
    hub.repo('dataset', 'ann/secret', { private: true })
    expect(
      (
        await fetch(`${hub.url}/api/datasets/ann/secret`, {
          headers: { Authorization: `Bearer ${result.accessToken}` },
        })
      ).status,
    ).toBe(200)
    expect(hub.leaks()).toEqual([])
  })

  test('by hand: a code is good once, for its address and with its verifier', async () => {
    const verifier = 'v'.repeat(43)
    const query = new URLSearchParams({
      client_id: APP,
      redirect_uri: BACK,
      response_type: 'code',
      scope: 'openid',
      state: 'a b',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    })
    const codeOf = async () => {
      const back = await visit(`${hub.url}/oauth/authorize?${query}`)
      expect(back.searchParams.get('state')).toBe('a b')
      return back.searchParams.get('code') ?? ''
    }
    const exchange = async (more: Record<string, string>) => {
      const body = new URLSearchParams({
        grant_type: 'authorization_code',
        redirect_uri: BACK,
        code_verifier: verifier,
        ...more,
      })
      const response = await fetch(`${hub.url}/oauth/token`, { method: 'POST', body })
      const { access_token = '', error, error_description } = await response.json()
      return error ? `${error}: ${error_description}` : access_token.slice(0, 9)
    }
    const code = await codeOf()
    expect(await exchange({ code })).toBe('hf_oauth_')
    expect(await exchange({ code })).toBe('invalid_grant: the code is unknown, used or too old')
    expect(await exchange({ code: await codeOf(), code_verifier: 'w'.repeat(43) })).toMatch(
      'code_verifier does not fit',
    )
    expect(await exchange({ code: await codeOf(), redirect_uri: 'http://127.0.0.1:1/' })).toMatch(
      'redirect_uri is another',
    )
  })

  test('is refused by the person, or for an app or address that is not known', async () => {
    hub.signIn(undefined)
    await expect(signIn('openid')).rejects.toThrow('access_denied: The user denied the request')
    await expect(signIn('openid', 'other')).rejects.toThrow('Invalid client_id: other')
    await expect(signIn('openid', APP, 'http://127.0.0.1:5174/')).rejects.toThrow('is not one of the app')
    hub.app({ clientId: 'any-port', redirectUris: ['http://127.0.0.1/'] })
    hub.signIn('ann')
    expect((await signIn('openid', 'any-port', 'http://127.0.0.1:5174/')).userInfo.preferred_username).toBe(
      'ann',
    )
    hub.app({ clientId: 'with-secret', redirectUris: [BACK], secret: 'shh' })
    await expect(signIn('openid', 'with-secret')).rejects.toThrow(/invalid_client/)
  })

  test('an app may be described at its own address', async () => {
    const server = createServer((request, response) => {
      const client_id = `http://127.0.0.1:${request.socket.localPort}/.well-known/oauth-cimd`
      response.end(JSON.stringify({ client_id, client_name: 'Trackio Lite', redirect_uris: [BACK] }))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : undefined
    try {
      const result = await signIn('openid', `http://127.0.0.1:${port}/.well-known/oauth-cimd`)
      expect(result.userInfo.preferred_username).toBe('ann')
    } finally {
      server.closeAllConnections()
      server.close()
    }
  })
})

test('scopes bound what a token may do', async () => {
  hub.setToken('ann', 'hf_ann')
  const files = [{ path: 'a.txt', content: new Blob(['a']) }]
  const reads = (await signIn('read-repos')).accessToken
  const contributes = (await signIn('contribute-repos')).accessToken
  const writes = (await signIn('write-repos')).accessToken
  const repo = (name: string) => ({
    repo: { type: 'dataset' as const, name: `ann/${name}` },
    hubUrl: hub.url,
  })
  await createRepo({ ...repo('old'), accessToken: 'hf_ann' })
  await expect(createRepo({ ...repo('new'), accessToken: reads })).rejects.toMatchObject({ statusCode: 403 })
  await expect(createRepo({ ...repo('new'), accessToken: writes })).rejects.toMatchObject({ statusCode: 403 })
  await createRepo({ ...repo('new'), accessToken: contributes, visibility: 'private' })
  await uploadFiles({ ...repo('new'), accessToken: contributes, files })
  await expect(uploadFiles({ ...repo('old'), accessToken: contributes, files })).rejects.toMatchObject({
    statusCode: 403,
  })
  await uploadFiles({ ...repo('old'), accessToken: writes, files })
})

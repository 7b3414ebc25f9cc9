import { cpSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readFixture } from '../engine/golden-fixtures.ts'
import { type HubDouble, startHub } from '../hub/double.ts'
import { expectProject } from './expected.ts'
import { builtPage, openPage, ready, serve, useBrowser, useFolder, useServer } from './harness.ts'
import { drawn, onPage } from './steps.ts'

/*
 * Every connector of the Hub, in the built page, against the double of the Hub: test/hub.
 */

const FIXTURES = join(import.meta.dirname, '..', 'fixtures')
const folder = useFolder()
const browser = await useBrowser()
const site = await useServer(builtPage())
let hub: HubDouble

const data = (name: string, ...more: string[]): string => join(FIXTURES, name, 'data', ...more)

beforeAll(async () => {
  hub = await startHub()
  hub.setUser('me')
  hub.setUser('guest')
  hub.setToken('me', 'hf_readtokenofme12345', { scopes: ['read-repos'] })
  const put = (type: 'dataset' | 'bucket' | 'space', id: string, from: string, options = {}): void => {
    hub.repo(type, id, options)
    hub.addFolder(type, id, from)
  }
  put('dataset', 'me/scheduler', data('parquet-0.43.0'))
  put('dataset', 'me/early', data('parquet-0.2.4'))
  put('dataset', 'me/static', data('static-dataset-0.23.0', 'dataset'))
  put('dataset', 'me/files', data('v0.1.1'))
  put('dataset', 'me/secret', data('parquet-0.36.0'), { private: true })
  put('bucket', 'me/demo-bucket', data('static-0.43.0', 'bucket'))
  put('bucket', 'me/live-bucket', data('bucket-0.43.0'))
  put('space', 'me/demo', data('static-0.43.0', 'space'), { sdk: 'static' })
  hub.repo('space', 'me/live', { sdk: 'gradio' })
  hub.repo('space', 'me/lost', { sdk: 'gradio' })
  hub.repo('dataset', 'me/cats')
  hub.putFiles('dataset', 'me/cats', { 'cats.csv': 'a,b\n', 'README.md': '# cats' })
  // as published: the built page with trackio's config.json written over ours
  const published = join(folder, 'space')
  cpSync(builtPage(), published, { recursive: true })
  cpSync(data('static-0.43.0', 'space', 'config.json'), join(published, 'config.json'))
})

afterAll(async () => {
  await hub?.stop()
})

const at = (query: string): string => `${site.url}?hub=${encodeURIComponent(hub.url)}${query && '&'}${query}`

async function names(page: Page): Promise<string[]> {
  return page.evaluate(async () => (await window.trackio?.projects())?.map(({ name }) => name) ?? [])
}

describe('a link opens', () => {
  test.each([
    ['a scheduler’s Dataset', 'dataset=me/scheduler', 'parquet-0.43.0', undefined],
    ['a Dataset of an early release', 'dataset=me/early', 'parquet-0.2.4', undefined],
    ['a Dataset that holds .db files', 'dataset=me/files', 'v0.1.1', undefined],
    ['a static export in a Dataset', 'dataset=me/static', 'static-dataset-0.23.0', 'static'],
    ['a static export in a bucket', 'bucket=me/demo-bucket', 'static-0.43.0', 'demo-bucket'],
    ['the live tree of a bucket, its inbox merged in', 'bucket=me/live-bucket', 'bucket-0.43.0', undefined],
    ['a static Space, by its config.json', 'space=me/demo', 'static-0.43.0', 'demo project.v4 ö'],
    ['a live Space, by the bucket that trackio made for it', 'space=me/live', 'bucket-0.43.0', undefined],
    [
      'a page of the Hub in a parameter',
      `dataset=${'{hub}'}/datasets/me/scheduler/tree/main`,
      'parquet-0.43.0',
      undefined,
    ],
  ])('%s', async (_, query, fixture, name) => {
    hub.clear()
    const { page, expectClean, close } = await openPage(
      browser,
      at(query.replace('{hub}', encodeURIComponent(hub.url))),
    )
    await onPage(page, 'metrics')
    await ready(page)
    const [expected] = readFixture(fixture).projects
    if (!expected) throw new Error('no project')
    await expectProject(page, name ?? expected.project, expected)
    expect(hub.leaks()).toEqual([])
    expect(await page.locator('footer').innerText()).toMatch(/read from 127\.0\.0\.1/)
    expectClean()
    await close()
  })
})

test('the page published as a static dashboard opens its project with nothing clicked', async () => {
  const space = await serve(join(folder, 'space'))
  const { page, expectClean, close } = await openPage(
    browser,
    `${space.url}?hub=${encodeURIComponent(hub.url)}`,
  )
  await onPage(page, 'metrics')
  await ready(page)
  const [expected] = readFixture('static-0.43.0').projects
  if (!expected) throw new Error('no project')
  await expectProject(page, 'demo project.v4 ö', expected)
  await drawn(page, 'train/loss')
  // media of a static export have no project in their path
  const image = expected.runs
    .flatMap((run) => run.media ?? [])
    .find(({ found_at: found, in: where }) => found !== null && where === 'metric')
  const size = await page.evaluate(
    async (path) => (await window.trackio?.media('demo project.v4 ö', path))?.size,
    image?.file_path ?? '',
  )
  expect(size).toBe(image?.bytes)
  expectClean()
  await close()
  await space.close()
})

test('a name typed on the Open page opens, and becomes a link', async () => {
  const { page, expectClean, close } = await openPage(browser, at(''))
  await ready(page)
  await page.getByRole('textbox', { name: 'Dataset' }).fill('me/scheduler')
  await page.getByRole('button', { name: 'Open', exact: true }).click()
  await onPage(page, 'metrics')
  await ready(page)
  expect(new URL(page.url()).searchParams.get('dataset')).toBe('me/scheduler')
  await page.getByRole('button', { name: 'Source' }).click()
  await page.getByRole('menuitem', { name: 'Open another' }).click()
  await page.getByRole('radio', { name: 'Bucket' }).click()
  await page.getByRole('textbox', { name: 'Bucket' }).fill('me/live-bucket')
  await page.getByRole('button', { name: 'Open', exact: true }).click()
  await onPage(page, 'metrics')
  await ready(page)
  expect(await names(page)).toEqual(['demoprojectv4ö', 'liveprojecté', 'registry-models'])
  expectClean()
  await close()
})

describe('private data', () => {
  test('asks for a token, reads with it, and gives it to the Hub alone', async () => {
    hub.clear()
    const { page, expectClean, close } = await openPage(browser, at('dataset=me/secret'))
    await page.getByRole('alert').getByText('private or does not exist (401)').waitFor()
    await page.getByRole('textbox', { name: 'Token' }).fill('hf_wrongwrongwrong1')
    await page.getByRole('button', { name: 'Use token' }).click()
    await page.getByRole('alert').getByText('does not accept the token').waitFor()
    // it stays in the field to be corrected, but is not sent along any more, which would keep public data
    // from opening too
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute('type')))
      .toBe('password')
    expect(await page.getByRole('textbox', { name: 'Token' }).inputValue()).toBe('hf_wrongwrongwrong1')
    expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).not.toContain('hf_')
    await page.getByRole('textbox', { name: 'Token' }).fill('hf_readtokenofme12345')
    await page.getByRole('button', { name: 'Use token' }).click()
    await onPage(page, 'metrics')
    await ready(page)
    const [expected] = readFixture('parquet-0.36.0').projects
    if (!expected) throw new Error('no project')
    await expectProject(page, expected.project, expected)
    expect(hub.leaks()).toEqual([])
    expect(page.url()).not.toContain('hf_')
    expect(await page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain('hf_')
    // the browser says each refusal in its console; that is its own word
    expectClean(/status of 401/)
    await close()
  })

  test('signing in at the Hub brings one back to what one wanted to see', async () => {
    hub.app({
      clientId: 'the-app',
      redirectUris: [site.url],
      scopes: ['openid', 'profile', 'read-repos', 'gated-repos'],
    })
    hub.signIn('me')
    const { page, expectClean, close } = await openPage(browser, at('dataset=me/secret'), {
      before: async (blank) => {
        await blank.addInitScript((hub) => {
          const variables = {
            OAUTH_CLIENT_ID: 'the-app',
            OAUTH_SCOPES: 'openid profile read-repos',
            OPENID_PROVIDER_URL: hub,
          }
          Reflect.set(window, 'huggingface', { variables })
        }, hub.url)
      },
    })
    await page.getByRole('button', { name: 'Sign in' }).click()
    await onPage(page, 'metrics')
    await ready(page)
    expect(await names(page)).toEqual(['pointcloudsév2'])
    const address = new URL(page.url())
    expect([address.searchParams.get('dataset'), address.searchParams.has('code')]).toEqual([
      'me/secret',
      false,
    ])
    expect(hub.leaks()).toEqual([])
    expectClean(/status of 401/)
    await close()
  })
})

test('a Hub that only a link names is offered no sign-in, and a token with letters that none has is refused in words', async () => {
  const { page, expectClean, close } = await openPage(browser, at('dataset=me/secret'), {
    before: async (blank) => {
      await blank.addInitScript(() =>
        Reflect.set(window, 'huggingface', { variables: { OAUTH_CLIENT_ID: 'the-app' } }),
      )
    },
  })
  await page.getByRole('alert').getByText('private or does not exist (401)').waitFor()
  expect(await page.getByRole('button', { name: 'Sign in' }).count()).toBe(0)
  await page.getByLabel(/^Token/).fill('hf_ü')
  await page.getByRole('button', { name: 'Use token' }).click()
  await page.getByRole('alert').getByText('not an access token').waitFor()
  expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).not.toContain('hf_')
  expectClean(/status of 401/)
  await close()
})

test('of several names in an address each that fails is told of, and the others open', async () => {
  const { page, close } = await openPage(
    browser,
    at('dataset=me/nothing-there&dataset=me/cats&bucket=me/live-bucket'),
  )
  await onPage(page, 'metrics')
  await ready(page)
  expect(await names(page)).toEqual(['liveprojecté', 'registry-models'])
  const words = (await page.locator('.notice').allInnerTexts()).join(' ')
  expect(words).toMatch(/me\/nothing-there/)
  expect(words).toMatch(/nothing of trackio's/)
  await close()
})

test('a link that compares projects of two repositories opens both again, and names what is not there', async () => {
  const { page, expectClean, close } = await openPage(
    browser,
    at('dataset=me/scheduler&bucket=me/live-bucket#/metrics?project=demoprojectv4ö&with=liveprojecté,lost'),
  )
  await ready(page)
  const runs = page.getByRole('group', { name: 'Runs' }).getByRole('checkbox')
  const labels = await runs.evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? ''))
  expect(labels.some((label) => label.startsWith('liveprojecté/'))).toBe(true)
  await page.getByText('no project of this name is open: lost').waitFor()
  const query = new URL(page.url()).searchParams
  expect([query.getAll('dataset'), query.getAll('bucket'), query.get('hub')]).toEqual([
    ['me/scheduler'],
    ['me/live-bucket'],
    hub.url,
  ])
  expectClean()
  await close()
})

describe('what cannot be opened says why, and what to do', () => {
  test.each([
    ['dataset=me/nothing-there', /private or does not exist \(401\).*Check the name/],
    ['dataset=me/cats', /me\/cats: nothing of trackio's on 127\.0\.0\.1.*Give the Dataset, Bucket or folder/],
    ['dataset=me', /me.*user\/name/],
    ['space=me/lost', /me\/lost/],
  ])('%s', async (query, words) => {
    const { page, close } = await openPage(browser, at(query))
    await ready(page)
    expect((await page.getByRole('alert').allInnerTexts()).join(' ').replaceAll('\n', ' ')).toMatch(words)
    await close()
  })

  test('too many requests: waits as long as the Hub asks, in words, and goes on by itself', async () => {
    hub.limitNext(1, { 'retry-after': '2' }, ({ path }) => path.includes('/tree/'))
    const { page, close } = await openPage(browser, at('dataset=me/scheduler'))
    await page
      .getByText(/asks for a pause|too many requests|wait/i)
      .first()
      .waitFor()
    await onPage(page, 'metrics')
    await ready(page)
    expect(await names(page)).toEqual(['demoprojectv4ö'])
    await close()
  })
})

test('what was read before is there without the Hub', async () => {
  const away = await startHub()
  away.repo('dataset', 'me/kept')
  away.addFolder('dataset', 'me/kept', data('parquet-0.43.0'))
  const { page, close } = await openPage(
    browser,
    `${site.url}?hub=${encodeURIComponent(away.url)}&dataset=me/kept`,
  )
  await onPage(page, 'metrics')
  await ready(page)
  const [expected] = readFixture('parquet-0.43.0').projects
  if (!expected) throw new Error('no project')
  await expectProject(page, expected.project, expected)
  await away.stop()
  await page.reload()
  await onPage(page, 'metrics')
  await ready(page)
  await expectProject(page, expected.project, expected)
  await page.getByText(/shown as it was on/).waitFor()
  await close()
})

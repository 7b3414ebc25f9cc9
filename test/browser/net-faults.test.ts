import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Double, FAULTS, type Fault, startDouble } from '../storage/faults/double.ts'
import { database, ROWS } from '../storage/faults/files.ts'
import { builtPage, openPage, ready, useBrowser, useServer } from './harness.ts'
import { history, onPage, said } from './steps.ts'

/*
 * A few of the faults of test/storage/faults as a person meets them: what the page says. All of them are held
 * against the engine there.
 */

const browser = await useBrowser()
const site = await useServer(builtPage())
let double: Double

beforeAll(async () => {
  double = await startDouble(await database(1), await database(2))
}, 60_000)
afterAll(async () => {
  await double?.close()
})

const address = (host = double): string =>
  `${site.url}?${new URLSearchParams([['db', `${host.url}/run.db`]])}`

/**
 * A host that answers every page at first, and then none: a browser says no more of it than that nothing
 * came.
 */
const noCors: Fault = ({ midway, good }) => {
  if (midway) good({ headers: { 'access-control-allow-origin': undefined } })
  return midway
}

describe.concurrent('what a host does wrong', () => {
  test.sequential.each<[string, Fault | undefined, RegExp]>([
    [
      'the page of a captive portal',
      FAULTS['the page of a captive portal']?.fault,
      /run\.db.*a web page came in its place.*sign-in/,
    ],
    [
      '206 shifted by a page',
      FAULTS['206 shifted by a page']?.fault,
      /the host sent other bytes \(bytes \d+-\d+\/\d+\) than bytes [\d,]+ to [\d,]+/,
    ],
    ['replaced midway', FAULTS['replaced midway, ETag']?.fault, /changed on its host while it was read/],
    ['no CORS header midway', noCors, /no answer \(Failed to fetch\).*Check the connection/],
    [
      'reset in a body',
      FAULTS['reset in a body']?.fault,
      /the connection broke off after [\d,]+ of [\d,]+ bytes/,
    ],
  ])('%s is told as what it is', async (_, fault, words) => {
    double.set(fault)
    const { page, close } = await openPage(browser, address())
    await expect
      .poll(async () => (await said(page)).join('\n').replaceAll('\n', ' '), { timeout: 15_000 })
      .toMatch(words)
    await close()
  })

  test.sequential('a host that gives no ranges any more midway still gives all rows', async () => {
    double.set(FAULTS['200 instead of 206 midway']?.fault)
    const { page, close } = await openPage(browser, address())
    await onPage(page, 'metrics')
    await ready(page)
    const { values } = (await history(page, 'run', 'first')).loss ?? { values: [] }
    expect([values.length, values[0], values.at(-1)]).toEqual([ROWS, 100_000, 100_000 + 2 * ROWS - 2])
    await close()
  })
})

// beside those above: it waits, and has a host of its own
describe.concurrent('what a host does not do', () => {
  test('a host that says nothing is told of after 10 s', async () => {
    const silent = await startDouble(new Uint8Array(1 << 20), new Uint8Array())
    silent.set(() => true)
    const start = performance.now()
    const { page, close } = await openPage(browser, address(silent))
    const { host } = new URL(silent.url)
    await page
      .getByText(new RegExp(`nothing from ${host} for 1\\d s: given up after 60 s`))
      .first()
      .waitFor({ timeout: 20_000 })
    expect(performance.now() - start).toBeGreaterThan(9000)
    await close()
    await silent.close()
  }, 40_000)
})

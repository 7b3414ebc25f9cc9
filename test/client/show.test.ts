import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import * as trackio from '../../src/client/api.ts'
import { show, useHome } from '../../src/client/show.ts'
import { makeBench } from './setup.ts'

/** A page of another origin's dashboard, in a tab: what was sent to it, and how it says that it is there. */
interface Tab {
  closed: boolean
  sent: unknown[]
  ready(): void
  postMessage(message: unknown): void
  close(): void
}

const page = new EventTarget()
let listeners = 0

function makeTab(): Tab {
  const tab: Tab = {
    closed: false,
    sent: [],
    ready() {
      page.dispatchEvent(
        Object.assign(new Event('message'), {
          source: tab,
          data: { protocol: 'trackio-view', type: 'ready' },
        }),
      )
    },
    postMessage: (message) => void tab.sent.push(message),
    close() {
      tab.closed = true
    },
  }
  return tab
}

let tab: Tab
beforeEach(async () => {
  makeBench()
  await trackio.init({ project: 'demo' })
  trackio.log({ loss: 1 })
  await trackio.finish()
  tab = makeTab()
  listeners = 0
  vi.stubGlobal('location', new URL('https://page.example/'))
  vi.stubGlobal('window', { open: () => tab })
  vi.stubGlobal('addEventListener', (type: string, listener: EventListener) => {
    if (type === 'message') listeners++
    page.addEventListener(type, listener)
  })
  vi.stubGlobal('removeEventListener', (type: string, listener: EventListener) => {
    if (type === 'message') listeners--
    page.removeEventListener(type, listener)
  })
  useHome('https://other.example/trackio.js')
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('a dashboard that is ready gets the database, and is listened to no more', async () => {
  await show({ project: 'demo' })
  expect(listeners).toBe(1)
  tab.ready()
  await vi.waitFor(() => expect(tab.sent).toMatchObject([{ type: 'open', files: [{ name: 'demo.db' }] }]))
  expect(listeners).toBe(0)
})

test('one that is closed before it was ready is listened to no more, whoever closed it', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const shown = await show({ project: 'demo' })
  shown.close()
  expect(listeners).toBe(0)
  tab = makeTab()
  await show({ project: 'demo' })
  tab.closed = true
  vi.advanceTimersByTime(2000)
  expect([listeners, vi.getTimerCount()]).toEqual([0, 0])
})

test('one that never gets ready is said, and listened to no more', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const said = vi.spyOn(console, 'warn').mockImplementation(() => {})
  await show({ project: 'demo' })
  vi.advanceTimersByTime(59_000)
  expect([listeners, said.mock.calls.length]).toEqual([1, 0])
  vi.advanceTimersByTime(2000)
  expect([listeners, vi.getTimerCount()]).toEqual([0, 0])
  expect(said.mock.calls.flat().join()).toContain('https://other.example/')
})

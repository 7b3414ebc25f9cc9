import { afterEach, expect, test } from 'vitest'
import type { LocalStoreApi } from '../../../src/bridge/writer-api.ts'
import { type BrowserServices, makeSharedStore } from '../../../src/engine/tracking/leader-election.ts'
import type { Batch } from '../../../src/model/tracking.ts'
import { memoryTree, type WriteTree } from '../../../src/storage/opfs/write-tree.ts'

// Several tabs in one process: locks that are given in turn, channels of Node. Real tabs are in
// test/browser/tracking.test.ts.

const opened: Site[] = []
afterEach(() => {
  for (const site of opened.splice(0)) for (const channel of site.channels) channel.close()
})

test('the first tab owns the storage, the others pass on what they are asked, and the next in line takes over', async () => {
  const site = makeSite()
  const [first, second, third] = [site.tab(), site.tab(), site.tab()]
  expect(await first.writer.write(batch(0))).toEqual({ lastId: 1 })
  expect(await second.writer.write(batch(1))).toEqual({ lastId: 2 })
  expect(await third.writer.begin(START)).toMatchObject({
    name: 'dainty-sunset-0',
    keeping: { kind: 'stored' },
  })
  await expect(third.writer.exportDatabase('none')).rejects.toMatchObject({
    name: 'TrackioError',
    action: 'trackio.projects() lists those there are.',
  })
  expect(site.owners).toBe(1)
  await first.close()
  expect(await third.writer.write(batch(2))).toEqual({ lastId: 3 })
  expect(site.owners).toBe(2)
  expect(await second.writer.projects()).toEqual(['demo'])
})

test('what was asked of an owner that died is asked of the next one, and stored once', async () => {
  const site = makeSite()
  const first = site.tab()
  await first.writer.write(batch(0))
  const second = site.tab()
  // it takes the rows and dies before it can answer
  first.deaf = true
  const asked = second.writer.write(batch(1))
  await first.died()
  expect(await asked).toEqual({ lastId: 2 })
  expect(await second.writer.write(batch(1))).toEqual({ lastId: 2 })
})

test('what a follower asks twice, since it hears late who leads, is done once: no id is used up', async () => {
  const site = makeSite()
  const [first, second] = [site.tab(), site.tab()]
  await first.writer.write(batch(0))
  expect(await second.writer.write(batch(1))).toEqual({ lastId: 2 })
  second.sayAgain()
  await second.writer.projects() // asked after it
  expect(await second.writer.write(batch(2))).toEqual({ lastId: 3 })
})

test('a tab that is suspended gives the storage away and comes back as one of the others', async () => {
  const site = makeSite()
  const [first, second] = [site.tab(), site.tab()]
  await first.writer.write(batch(0))
  await first.writer.suspend()
  expect(await second.writer.write(batch(1))).toEqual({ lastId: 2 })
  await first.writer.resume()
  expect(await first.writer.write(batch(2))).toEqual({ lastId: 3 })
  expect(site.owners).toBe(2)
})

test('a tab that is suspended while it opens the storage leaves it to the next, and comes back when it is resumed', async () => {
  const site = makeSite()
  const opening = hold()
  const first = site.tab({ open: opening.wait(() => site.open()) })
  const second = site.tab()
  await turn()
  const suspended = first.writer.suspend()
  opening.go()
  await suspended
  first.deaf = true // it sleeps
  expect(await second.writer.write(batch(0))).toEqual({ lastId: 1 })
  first.deaf = false
  await first.writer.resume()
  await second.close()
  expect(await first.writer.write(batch(1))).toEqual({ lastId: 2 })
})

test('nor does one take the storage that is suspended before it may ask for it', async () => {
  const site = makeSite()
  const asking = hold()
  const first = site.tab({ allowed: asking.wait(async () => {}) })
  const suspended = first.writer.suspend()
  asking.go()
  await suspended
  await turn()
  first.deaf = true
  expect(await site.tab().writer.write(batch(0))).toEqual({ lastId: 1 })
})

test('a tab that is resumed twice stands in line once: suspended again it owns nothing', async () => {
  const site = makeSite()
  const [first, second] = [site.tab(), site.tab()]
  await first.writer.write(batch(0))
  await Promise.all([first.writer.resume(), second.writer.resume(), second.writer.resume()])
  await first.writer.suspend()
  first.deaf = true
  expect(await second.writer.write(batch(1))).toEqual({ lastId: 2 })
  await second.writer.suspend()
  second.deaf = true
  first.deaf = false
  await first.writer.resume()
  expect(await first.writer.write(batch(2))).toEqual({ lastId: 3 })
})

test.each([
  ['no locks', { locks: undefined }, /no Web Locks/],
  [
    'no storage',
    { allowed: () => Promise.reject(new DOMException('denied', 'SecurityError')) },
    /^SecurityError: denied$/,
  ],
  [
    'storage that cannot be opened',
    { open: () => Promise.reject(new DOMException('broken', 'InvalidStateError')) },
    /^InvalidStateError: broken$/,
  ],
])(
  'with %s everything is kept in memory, and said why',
  async (_, without: Partial<BrowserServices>, why) => {
    const { writer } = makeSite().tab(without)
    expect(await writer.begin(START)).toMatchObject({
      keeping: { kind: 'memory', why: expect.stringMatching(why) },
    })
    expect(await writer.write(batch(0))).toEqual({ lastId: 1 })
    expect((await writer.exportDatabase('demo')).size).toBeGreaterThan(4096)
  },
)

const START = { project: 'demo', name: null, id: 'f'.repeat(32), resume: 'never' as const, space: null }

function batch(row: number): Batch {
  return {
    run: { project: 'demo', id: 'a'.repeat(32), name: 'r' },
    space: null,
    rows: {
      ids: '0123456789abcdef0123',
      first: row,
      times: Float64Array.of(1e12 + row),
      steps: Float64Array.of(row),
      payloads: '{}',
    },
  }
}

/** Holds up what is done in between. */
function hold(): { wait<T>(work: () => Promise<T>): () => Promise<T>; go(): void } {
  let go = (): void => {}
  const held = new Promise<void>((resolve) => {
    go = resolve
  })
  return { wait: (work) => () => held.then(work), go: () => go() }
}

/** Everything that waits for nothing has been done. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve))
}

interface Site {
  /** How many tabs have opened the storage so far. */
  owners: number
  channels: BroadcastChannel[]
  tab(without?: Partial<BrowserServices>): Tab
  open(): Promise<WriteTree>
}

interface Tab {
  writer: LocalStoreApi
  /** Its channel answers nobody any more. */
  deaf: boolean
  /** Sends once more what it sent last. */
  sayAgain(): void
  close(): Promise<void>
  /** Ends without giving anything back: its lock goes to the next. */
  died(): Promise<void>
}

function makeSite(): Site {
  const files = memoryTree()
  /** Who holds the lock, and who waits for it. */
  const line: { run: () => void; left: () => void }[] = []
  const open = async (): Promise<WriteTree> => {
    site.owners++
    return { ...files, kind: 'stored' }
  }
  const site: Site = { owners: 0, channels: [], tab, open }
  opened.push(site)
  return site

  function tab(without: Partial<BrowserServices> = {}): Tab {
    let mine: (typeof line)[number] | undefined
    const made: Tab = {
      deaf: false,
      sayAgain: () => {},
      writer: makeSharedStore({
        locks: {
          request: (_name: string, options: LockOptions, task: () => Promise<unknown>) =>
            new Promise<unknown>((resolve, reject) => {
              const turn = {
                run: () => void task().then(resolve, reject).finally(turnOver),
                left: () => turnOver(),
              }
              const turnOver = (): void => {
                const at = line.indexOf(turn)
                if (at >= 0) line.splice(at, 1)
                if (at === 0) line[0]?.run()
              }
              options.signal?.addEventListener('abort', () => {
                if (line.indexOf(turn) <= 0) return // who has it keeps it, as in browsers
                line.splice(line.indexOf(turn), 1)
                reject(options.signal?.reason)
              })
              mine = turn
              line.push(turn)
              if (line.length === 1) turn.run()
            }),
        } as unknown as BrowserServices['locks'],
        channel(name) {
          const channel = new BroadcastChannel(name)
          site.channels.push(channel)
          const post = channel.postMessage.bind(channel)
          channel.postMessage = (message) => {
            made.sayAgain = () => post(message)
            if (!made.deaf) post(message)
          }
          return channel
        },
        allowed: async () => {},
        open,
        ...without,
      }),
      close: () => made.writer.suspend(),
      async died() {
        mine?.left()
      },
    }
    return made
  }
}

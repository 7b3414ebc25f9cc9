import { expect, test } from 'vitest'
import type { OpenDataset } from '../../../src/engine/formats/dataset.ts'
import { emptyReader } from '../../../src/engine/formats/empty-reader.ts'
import type { ProjectFiles } from '../../../src/engine/formats/project-files.ts'
import { serverFiles } from '../../../src/engine/formats/trackio-server/server-files.ts'
import { makeReadQueue, type ReadQueue } from '../../../src/engine/projects/read-queue.ts'
import { lateDataset } from '../../../src/engine/sources/lazy.ts'
import type { Reading } from '../../../src/model/catalogue.ts'
import { TrackioError } from '../../../src/model/errors.ts'

/*
 * The order in which files are read, with files that read when the test says so.
 */

interface Slow extends OpenDataset {
  /** How often reading began. */
  reads: number
  state(): Reading['state']
  /** Reads to the end; a stop ends it before. */
  finish(): void
  /** Answers the refresh that waits. */
  refreshed(outcome: 'same' | 'more' | 'other'): void
  refreshes: number
}

/** A file whose reading goes on until `finish`, or until it is stopped. */
function slow(path: string): Slow {
  let state: Reading['state'] = 'reading'
  let stop: 'no' | 'cancel' | 'pause' = 'no'
  const stopped = (): typeof stop => stop
  let wake: (() => void) | undefined
  let answer: ((outcome: 'same' | 'more' | 'other') => void) | undefined
  const reader = emptyReader(() => ({ state, bytes: 0, totalBytes: 1, rows: 0 }))
  const file: Slow = {
    path,
    bytes: 1,
    projects: [{ info: { name: path, file: path, bytes: 1 }, reader }],
    notices: [],
    reads: 0,
    refreshes: 0,
    async read() {
      file.reads++
      if (state === 'done') return
      state = 'reading'
      stop = 'no'
      await new Promise<void>((resolve) => {
        wake = resolve
      })
      wake = undefined
      if (stopped() === 'no') state = 'done'
      if (stopped() === 'cancel') state = 'cancelled'
    },
    stop(how) {
      stop = how
      if (wake) wake()
      else if (how === 'cancel' && state === 'reading') state = 'cancelled'
    },
    done: () => state === 'done',
    refresh: () => {
      file.refreshes++
      return new Promise((resolve) => {
        answer = resolve
      })
    },
    state: () => state,
    finish: () => wake?.(),
    refreshed: (outcome) => answer?.(outcome),
  }
  return file
}

const FILES = serverFiles('x', '1')
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

function reading(): { queue: ReadQueue; told: string[] } {
  const told: string[] = []
  const queue = makeReadQueue({
    tell: (file, whole) => {
      if (whole) told.push(`${file.path} ${file.projects[0]?.reader.reading().state}`)
    },
    changed: (file) => told.push(`${file.path} changed`),
    readAnew: async () => false,
  })
  return { queue, told }
}

test('a file that waits its turn can be cancelled: it says so, and whoever waited for it goes on', async () => {
  const { queue, told } = reading()
  const [a, b] = [slow('a'), slow('b')]
  queue.add(a)
  queue.add(b)
  queue.pump()
  const ended = queue.end(b)
  queue.cancel(b)
  await ended
  expect([b.state(), b.reads, told]).toEqual(['cancelled', 0, ['b cancelled']])
  a.finish()
  await turn()
  expect(b.reads).toBe(0)
})

test('what gave way to another file and was cancelled meanwhile is not read again', async () => {
  const { queue } = reading()
  const [a, b] = [slow('a'), slow('b')]
  queue.add(a)
  queue.add(b)
  queue.pump()
  queue.watch(b)
  queue.cancel(a)
  await turn()
  b.finish()
  await turn()
  expect([a.reads, a.state(), b.state()]).toEqual([1, 'cancelled', 'done'])
})

test('a source that is closed while its file gives way is not read again either', async () => {
  const { queue } = reading()
  const [a, b] = [slow('a'), slow('b')]
  queue.add(a)
  queue.add(b)
  queue.pump()
  queue.watch(b)
  queue.drop(a)
  await turn()
  b.finish()
  await turn()
  expect(a.reads).toBe(1)
})

test('a refresh that does not end holds up no other file, neither its reading nor its refresh', async () => {
  const { queue } = reading()
  const [far, near, other] = [slow('far'), slow('near'), slow('other')]
  void queue.again(far, FILES)
  queue.add(near)
  queue.pump()
  await turn()
  near.finish()
  await queue.end(near)
  const again = queue.again(other, FILES)
  await turn()
  other.refreshed('same')
  expect(await again).toBe('same')
  expect([far.refreshes, near.state(), other.refreshes]).toEqual([1, 'done', 1])
})

test('a file that waited is read on after a refresh that read nothing', async () => {
  const { queue } = reading()
  const [a, b] = [slow('a'), slow('b')]
  queue.add(a)
  queue.add(b)
  queue.pump()
  const ended = queue.end(b)
  const again = queue.again(b, FILES)
  await turn()
  b.refreshed('same')
  await again
  a.finish()
  await turn()
  expect(b.reads).toBe(1)
  b.finish()
  await ended
  expect(b.state()).toBe('done')
})

test('a file that is being read pauses for its own refresh, and goes on', async () => {
  const { queue, told } = reading()
  const a = slow('a')
  queue.add(a)
  queue.pump()
  const again = queue.again(a, FILES)
  await turn()
  expect(told).toEqual([])
  a.refreshed('same')
  await again
  expect(a.reads).toBe(2)
  a.finish()
  await turn()
  expect(told).toEqual(['a done'])
})

test('cancelling a file while it pauses for its refresh is told, and ends the wait', async () => {
  const { queue, told } = reading()
  const a = slow('a')
  queue.add(a)
  queue.pump()
  const ended = queue.end(a)
  const again = queue.again(a, FILES)
  queue.cancel(a)
  await turn()
  a.refreshed('same')
  await again
  await ended
  expect([a.reads, a.state(), told.at(-1)]).toEqual([1, 'cancelled', 'a cancelled'])
})

/** A lazy file whose opening waits. */
function lazily(inner: OpenDataset): {
  file: OpenDataset
  open(): void
  fail(error: Error): void
  signals: AbortSignal[]
  listed: ProjectFiles[]
} {
  let resolve: (file: OpenDataset) => void = () => {}
  let reject: (error: Error) => void = () => {}
  const signals: AbortSignal[] = []
  const listed: ProjectFiles[] = []
  const file = lateDataset(FILES, (projectFiles, signal) => {
    listed.push(projectFiles)
    signals.push(signal)
    return new Promise((yes, no) => {
      resolve = yes
      reject = no
      signal.addEventListener('abort', () => no(signal.reason))
    })
  })
  return { file, open: () => resolve(inner), fail: (error) => reject(error), signals, listed }
}

const stateOf = (file: OpenDataset): string | undefined => file.projects[0]?.reader.reading().state

test('a part behind a network that is cancelled while it is opened is not read', async () => {
  const { queue } = reading()
  const inner = slow('inner')
  const { file, open, signals } = lazily(inner)
  queue.add(file)
  queue.pump()
  const ended = queue.end(file)
  queue.cancel(file)
  open()
  await ended
  expect([stateOf(file), inner.reads, signals[0]?.aborted]).toEqual(['cancelled', 0, true])
  // and can be taken up again
  queue.resume(file)
  open()
  await turn()
  inner.finish()
  await turn()
  expect([stateOf(file), inner.reads]).toEqual(['done', 1])
})

test('one that gives way while it is opened gives way', async () => {
  const { queue } = reading()
  const inner = slow('inner')
  const { file, open } = lazily(inner)
  const wanted = slow('wanted')
  queue.add(file)
  queue.add(wanted)
  queue.pump()
  queue.watch(wanted)
  open()
  await turn()
  expect([inner.reads, wanted.reads]).toEqual([0, 1])
  wanted.finish()
  await turn()
  expect(inner.reads).toBe(1)
})

test('one that cannot be opened says why in its project, and is tried again when it is resumed', async () => {
  const { queue } = reading()
  const inner = slow('inner')
  const { file, open, fail } = lazily(inner)
  queue.add(file)
  queue.pump()
  const ended = queue.end(file)
  fail(new TrackioError('x', 'no answer', 'Try again.'))
  await ended
  const [notice] = file.projects[0]?.reader.notices() ?? []
  expect([stateOf(file), notice?.text, notice?.action]).toEqual(['failed', 'no answer', 'Try again.'])
  queue.resume(file)
  open()
  await turn()
  expect(inner.reads).toBe(1)
})

test('one that nobody has looked at takes a newer listing without being opened, and is opened as it is listed then', async () => {
  const { queue } = reading()
  const { file, listed } = lazily(slow('inner'))
  const later = serverFiles('x', '2')
  expect(await file.refresh(later)).toBe('same')
  queue.add(file)
  queue.pump()
  await turn()
  expect(listed).toEqual([later])
})

test('a file that a row names is found though nobody has looked at its project, which is opened once for both', async () => {
  const picture = new Blob(['png'])
  const inner: Slow = Object.assign(slow('inner'), {
    media: async (path: string) => (path === 'a.png' ? picture : undefined),
  })
  const { file, open, listed } = lazily(inner)
  const [found, lost] = [file.media?.('a.png'), file.media?.('b.png')]
  const reading = file.read(() => {})
  open()
  expect([await found, await lost]).toEqual([picture, undefined])
  expect(listed).toHaveLength(1)
  inner.finish()
  await reading
})

test('runs are changed only where the opened file can change them', async () => {
  const { file, open } = lazily(slow('inner'))
  expect([file.renameRun, file.deleteRun]).toEqual([undefined, undefined])
  const reading = file.read(() => {})
  open()
  await turn()
  expect([file.renameRun, file.deleteRun]).toEqual([undefined, undefined])
  file.stop('cancel')
  await reading
})

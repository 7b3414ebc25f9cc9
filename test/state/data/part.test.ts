import { createRoot } from 'solid-js'
import { expect, test, vi } from 'vitest'
import { IncompleteError } from '../../../src/model/errors.ts'
import type { Notice } from '../../../src/model/source.ts'
import { createJobs } from '../../../src/state/base/job.ts'
import { createParts, isPart, type Parts } from '../../../src/state/data/part.ts'
import { makeDownloads } from '../../../src/state/data/write-downloads.ts'
import { engineDouble } from '../../engine-double.ts'
import { settle } from '../../settle.ts'

const missing = () => new IncompleteError('nanogpt.db', '8,082 of 30,000 rows', 'the line broke')

function setUp() {
  const readOn: string[] = []
  const parts: Parts = createRoot(() => createParts(async (project) => void readOn.push(project)))
  return { parts, readOn }
}

test('a person is asked before a part is saved, and gets it when they say so', async () => {
  const { parts } = setUp()
  const asked: boolean[] = []
  const offered = parts.offer('p', async (part) => {
    asked.push(part)
    if (!part) throw missing()
    return 'a part'
  })
  await settle()
  expect(parts.question()).toMatchObject({ read: '8,082 of 30,000 rows', why: 'the line broke' })
  parts.question()?.answer('part')
  expect([await offered, asked, parts.question()]).toEqual(['a part', [false, true], undefined])
})

test('reading on is tried as often as they want, cancelling gives nothing', async () => {
  const { parts, readOn } = setUp()
  let tries = 0
  const offered = parts.offer('p', async () => {
    if (++tries < 3) throw missing()
    return 'all'
  })
  for (const times of [1, 2]) {
    await settle()
    expect(tries).toBe(times)
    parts.question()?.answer('on')
  }
  expect([await offered, readOn]).toEqual(['all', ['p', 'p']])
  const given = parts.offer('p', async () => {
    throw missing()
  })
  await settle()
  parts.question()?.answer('none')
  expect([await given, parts.question()]).toEqual([undefined, undefined])
})

test('what is given up meanwhile asks no more, and two questions come one after the other', async () => {
  const { parts } = setUp()
  const abort = new AbortController()
  const fails = async () => {
    throw missing()
  }
  const first = parts.offer('p', fails, abort.signal)
  const second = parts.offer('q', fails)
  await settle()
  abort.abort()
  expect(await first).toBe(undefined)
  await settle()
  parts.question()?.answer('none')
  expect(await second).toBe(undefined)
})

test('other failures are what they are', async () => {
  const { parts } = setUp()
  await expect(
    parts.offer('p', async () => {
      throw new Error('gone')
    }),
  ).rejects.toThrow('gone')
})

test('a download asks, and its file says that it is a part', async () => {
  const { parts } = setUp()
  const told: Notice[] = []
  const saved: string[] = []
  const engine = engineDouble({
    async export({ part }) {
      if (!part) throw missing()
      return {
        name: 'nanogpt-part.csv',
        blob: new Blob(['# part: 8,082 of 30,000 rows, the line broke\n']),
        notices: [],
        whole: false,
      }
    },
    async csv({ part }) {
      if (!part) throw missing()
      return new Blob(['# part: 8,082 of 30,000 rows, the line broke\n'])
    },
  })
  vi.stubGlobal('document', { baseURI: 'https://page.example/' })
  const tell = (notice: Notice) => void told.push(notice)
  const save = (_: Blob, name: string) => void saved.push(name)
  const downloads = makeDownloads({ engine, jobs: createJobs(tell), tell, parts, save, rest: async () => [] })
  for (const download of [
    () => downloads.project('p', 'nanogpt', 'csv'),
    () => downloads.csv('p', 'nanogpt', 'train/loss', ['r']),
  ]) {
    const done = download()
    await settle()
    parts.question()?.answer('part')
    await done
  }
  const none = downloads.project('p', 'nanogpt', 'csv')
  await settle()
  parts.question()?.answer('none')
  await none
  expect([saved, told]).toEqual([['nanogpt-part.csv', 'nanogpt-train-loss-part.csv'], []])
  expect(await isPart(new Blob(['run,run_id\n']))).toBe(false)
  vi.unstubAllGlobals()
})

test('what a download leaves behind is told over the charts where nobody shows it any more', async () => {
  const { parts } = setUp()
  const told: Notice[] = []
  const left: Notice = { level: 'warn', subject: 'p', text: '1 media file is left behind' }
  const asked: AbortSignal[] = []
  const downloads = makeDownloads({
    engine: engineDouble({
      export: async () => ({ name: 'p.db', blob: new Blob(), notices: [left], whole: false }),
    }),
    jobs: createJobs((notice) => void told.push(notice)),
    tell: (notice) => void told.push(notice),
    parts,
    save: () => {},
    async rest(_, signal) {
      asked.push(signal)
      return []
    },
  })
  vi.stubGlobal('document', { baseURI: 'https://page.example/' })
  await downloads.project('p', 'p', 'db', () => true)
  expect(told).toEqual([])
  await downloads.project('p', 'p', 'db', () => false)
  await downloads.project('p', 'p', 'db')
  expect(told).toEqual([left, left])
  expect(asked.map((signal) => signal instanceof AbortSignal)).toEqual([true, true, true])
  vi.unstubAllGlobals()
})

import { createRoot, createSignal } from 'solid-js'
import { expect, test } from 'vitest'
import { createInSight } from '../../../src/state/pages/in-sight.ts'

function setUp(most: number) {
  return createRoot((dispose) => {
    const [of, setOf] = createSignal<string | undefined>('one')
    const asked: { of: string; wanted: number[]; answer(found: string[]): void; fail(error: Error): void }[] =
      []
    const seen = createInSight<number, string>({
      ...{ subject: 'heads', of, most },
      ask: (project, wanted) =>
        new Promise((answer, fail) => asked.push({ of: project, wanted, answer, fail })),
    })
    return { seen, asked, setOf, dispose }
  })
}
const soon = (): Promise<void> => new Promise((done) => setImmediate(done))

test('what comes into sight is asked for together, the last of it first, and kept', async () => {
  const { seen, asked, dispose } = setUp(2)
  for (const n of [1, 2, 3]) expect(seen.get(`${n}`, n)).toBeUndefined()
  await soon()
  expect(asked.map(({ wanted }) => wanted)).toEqual([[2, 3]])
  expect(seen.busy()).toBe(true)
  asked[0]?.answer(['two', 'three'])
  await soon()
  expect(asked[1]?.wanted).toEqual([1])
  asked[1]?.answer(['one'])
  await soon()
  expect(['1', '2', '3'].map((id) => seen.get(id, Number(id)))).toEqual(['one', 'two', 'three'])
  expect(seen.busy()).toBe(false)
  expect(asked.length).toBe(2)
  dispose()
})

test('what was read of another project is forgotten, also where it comes late', async () => {
  const { seen, asked, setOf, dispose } = setUp(5)
  seen.get('1', 1)
  await soon()
  setOf('other')
  asked[0]?.answer(['of the first'])
  await soon()
  expect(seen.get('1', 1)).toBeUndefined()
  await soon()
  expect(asked[1]).toMatchObject({ of: 'other', wanted: [1] })
  asked[1]?.answer(['of the other'])
  await soon()
  expect(seen.get('1', 1)).toBe('of the other')
  dispose()
})

test('a failure is said, asks for nothing more by itself, and is tried again when somebody wants that', async () => {
  const { seen, asked, dispose } = setUp(5)
  seen.get('1', 1)
  await soon()
  asked[0]?.fail(new Error('a disk is gone'))
  await soon()
  expect(seen.failed()).toBe('a disk is gone')
  expect(seen.get('1', 1)).toBeUndefined()
  await soon()
  expect(asked.length).toBe(1)
  seen.retry()
  seen.get('1', 1)
  await soon()
  expect(asked.length).toBe(2)
  dispose()
})

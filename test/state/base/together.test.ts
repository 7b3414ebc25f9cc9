import { describe, expect, it } from 'vitest'
import { together } from '../../../src/state/base/together.ts'

describe('questions of one turn', () => {
  function doubles(until: Promise<void> = Promise.resolve()) {
    const sent: { queries: number[]; signal: AbortSignal }[] = []
    const ask = together<number, string>(async (queries, signal) => {
      sent.push({ queries, signal })
      await until
      return queries.map((query) => `of ${query}`)
    })
    return { sent, ask }
  }

  it('are one question, and each has its own answer', async () => {
    const { sent, ask } = doubles()
    expect(await Promise.all([ask(1), ask(2), ask(1)])).toEqual(['of 1', 'of 2', 'of 1'])
    expect(sent.map(({ queries }) => queries)).toEqual([[1, 2, 1]])
    await ask(3)
    expect(sent).toHaveLength(2)
  })

  it('are asked without those that were given up before, and given up with the last of them', async () => {
    const { sent, ask } = doubles(new Promise(() => {}))
    const [one, two, three] = [new AbortController(), new AbortController(), new AbortController()]
    const answers = [one, two, three].map(({ signal }, i) => ask(i, signal))
    one.abort(new Error('gone'))
    await expect(answers[0]).rejects.toThrow('gone')
    expect(sent.map(({ queries }) => queries)).toEqual([[1, 2]])
    two.abort(new Error('gone too'))
    await expect(answers[1]).rejects.toThrow('gone too')
    expect(sent[0]?.signal.aborted).toBe(false)
    three.abort()
    await expect(answers[2]).rejects.toThrow()
    expect(sent[0]?.signal.aborted).toBe(true)
    await expect(ask(4, one.signal)).rejects.toThrow('gone')
    expect(sent).toHaveLength(1)
  })

  it('fail together', async () => {
    const ask = together<number, string>(() => Promise.reject(new Error('no such project')))
    const [one, two] = await Promise.allSettled([ask(1), ask(2)])
    expect([one?.status, two?.status]).toEqual(['rejected', 'rejected'])
  })
})

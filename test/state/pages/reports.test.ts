import { createRoot, createSignal } from 'solid-js'
import { expect, test } from 'vitest'
import type { Answer, Query } from '../../../src/model/questions.ts'
import { MARKDOWN } from '../../../src/model/report.ts'
import type { TypedValues } from '../../../src/model/typed-values.ts'
import { createReports, createReportTexts, type Report } from '../../../src/state/pages/reports.ts'
import { engineDouble } from '../../engine-double.ts'

function valuesOf(count: number): TypedValues {
  return {
    ...{ runs: ['a'], keys: ['note'], kinds: [MARKDOWN] },
    ...{ run: new Int32Array(count), key: new Int32Array(count), kind: new Int32Array(count) },
    row: Int32Array.from({ length: count }, (_, i) => i),
    step: Float64Array.from({ length: count }, (_, i) => 10 * i),
    time: new Float64Array(count),
    reading: { state: 'done', bytes: 0, totalBytes: 0, rows: count },
    ...{ complete: true, notices: [], version: `${count}` },
  }
}
const soon = (): Promise<void> => new Promise((done) => setImmediate(done))

test('a search that is typed on is given up for the next one, and grows with what comes', async () => {
  await createRoot(async (dispose) => {
    const [text, setText] = createSignal('')
    const searches: {
      query: Query<'searchReports'>
      signal: AbortSignal | undefined
      answer(hits: number[]): void
    }[] = []
    const { ask } = engineDouble({
      values: async () => valuesOf(3),
      searchReports: (query, { signal }) =>
        new Promise<Answer<'searchReports'>>((resolve) =>
          searches.push({
            ...{ query, signal },
            answer: (hits) => resolve({ hits: Int32Array.from(hits), searched: 3, letters: 30, ms: 1 }),
          }),
        ),
    })
    const reports = createReports({
      ...{ ask, text, project: () => 'p', version: () => 1, live: () => false },
    })
    await soon()
    expect(reports.all().map(({ step }) => step)).toEqual([0, 10, 20])
    setText('los')
    await soon()
    setText('loss')
    await soon()
    expect(searches[0]?.signal?.aborted).toBe(true)
    expect(searches[1]?.query.at).toEqual([0, 1, 2].map((row) => ({ run: 'a', key: 'note', row })))
    searches[0]?.answer([9, 9, 9])
    searches[1]?.answer([0, 2, 0])
    await soon()
    expect([...(reports.hits()?.hits.values() ?? [])]).toEqual([2])
    expect(reports.searching()).toBe(false)
    setText('')
    await soon()
    expect(reports.hits()).toBeUndefined()
    dispose()
  })
})

test('the text before stays until the one that is wanted is read', async () => {
  await createRoot(async (dispose) => {
    const report = (row: number): Report => ({
      ...{ id: `${row}`, run: 'a', key: 'note', kind: MARKDOWN },
      ...{ row, step: row, time: 0 },
    })
    const [wanted, setWanted] = createSignal([report(1)])
    const answers: ((texts: string[]) => void)[] = []
    const { ask } = engineDouble({
      valuesAt: () =>
        new Promise((resolve) =>
          answers.push((texts) => resolve(texts.map((_value) => ({ _type: MARKDOWN, _value })))),
        ),
    })
    const texts = createReportTexts(ask, () => 'p', wanted)
    await soon()
    expect(texts.waits()).toBe(true)
    answers[0]?.(['one'])
    await soon()
    expect(texts.waits()).toBe(false)
    setWanted([report(2), report(1)])
    await soon()
    expect(texts.waits()).toBe(true)
    expect(texts.read()?.texts.map(({ text }) => text)).toEqual(['one'])
    answers[1]?.(['two', 'one'])
    await soon()
    expect(texts.read()?.reports.map(({ id }) => id)).toEqual(['2', '1'])
    expect(texts.read()?.texts.map(({ text }) => text)).toEqual(['two', 'one'])
    dispose()
  })
})

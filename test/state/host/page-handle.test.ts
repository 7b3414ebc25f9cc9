import { expect, test } from 'vitest'
import type { Catalogue, Reading } from '../../../src/model/catalogue.ts'
import type { App } from '../../../src/state/app.ts'
import { makeHandle } from '../../../src/state/host/page-handle.ts'
import { engineDouble } from '../../engine-double.ts'

/** A project of which only a sample was read, until somebody asks for the rest. */
function preview(state: Reading['state'], after: Reading['state'] = 'done') {
  let now = state
  const asked: string[] = []
  const project = { id: 'p', name: 'demo', source: 's1', file: 'demo.db', bytes: 1 }
  const run = (name: string) => ({ key: name, id: name, name, group: null, status: null, config: null })
  const catalogue = () => ({
    runs: now === 'done' ? [run('sampled'), run('late')] : [run('sampled')],
    metrics: now === 'done' ? [{ name: 'loss' }, { name: 'rare' }] : [{ name: 'loss' }],
    others: [],
    reading: {
      state: now,
      bytes: 0,
      totalBytes: 0,
      rows: 8082,
      totalRows: 30_000,
      ...(now === 'failed' && { why: 'the line broke' }),
    },
  })
  const engine = engineDouble({
    settled: async () => {},
    resume: async () => {
      asked.push('resume')
      now = after
    },
    catalogue: async () => catalogue() as unknown as Catalogue,
    history: async ({ run, metrics }) => {
      asked.push(`${run} ${metrics}`)
      return {}
    },
  })
  const app = {
    settled: { setBusy: () => {} },
    sources: { projects: () => [project], project: () => project, list: () => [] },
  } as unknown as App
  return { handle: makeHandle(app, engine), asked }
}

test('runs and history of a preview are those of the whole project', async () => {
  const { handle, asked } = preview('held')
  expect((await handle.runs('demo')).map(({ name }) => name)).toEqual(['sampled', 'late'])
  expect(asked).toEqual(['resume'])
  const later = preview('held')
  await later.handle.history('demo', 'late', { metrics: ['rare'] })
  expect(later.asked).toEqual(['resume', 'late rare'])
})

test('what somebody stopped, or what failed, is tried again for whoever asks; a project that is read is not', async () => {
  for (const state of ['cancelled', 'failed'] as const) {
    const { handle, asked } = preview(state)
    await handle.history('demo', 'late')
    expect(asked).toEqual(['resume', 'late undefined'])
  }
  const { handle, asked } = preview('done')
  await handle.history('demo', 'late')
  expect(asked).toEqual(['late undefined'])
  // what fails again is no answer
  for (const ask of ['runs', 'history'] as const) {
    const broken = preview('failed', 'failed')
    await expect(broken.handle[ask]('demo', 'sampled')).rejects.toMatchObject({
      name: 'IncompleteError',
      subject: 'demo.db',
      message: '8,082 of 30,000 rows read: the line broke',
    })
  }
})

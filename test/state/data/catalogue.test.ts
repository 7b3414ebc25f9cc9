import { createRoot, createSignal } from 'solid-js'
import { expect, test } from 'vitest'
import type { Catalogue, Reading } from '../../../src/model/catalogue.ts'
import { createProjectData } from '../../../src/state/data/catalogue.ts'
import { engineDouble } from '../../engine-double.ts'
import { settle } from '../../settle.ts'

function reading(rows: number, state: Reading['state'] = 'done'): Reading {
  return { state, bytes: rows, totalBytes: rows, rows }
}

function catalogue(rows: number): Catalogue {
  const project = { id: 'p', name: 'p', source: 's', file: 'p.db', bytes: 0 }
  return {
    project,
    runs: [],
    metrics: [],
    counts: new Uint32Array(0),
    others: [],
    rows,
    exact: true,
    reading: reading(rows),
    notices: [],
  }
}

/** A project that is looked at, and how often its catalogue was asked for. */
function setUp() {
  let rows = 1
  let asked = 0
  const engine = engineDouble({
    catalogue: async () => {
      asked++
      return catalogue(rows)
    },
  })
  return createRoot((dispose) => {
    const [project] = createSignal<string | undefined>('p')
    const data = createProjectData(engine, project)
    return {
      data,
      dispose,
      asked: () => asked,
      /** What the engine says after a look at a live project that has more rows. */
      grow() {
        rows++
        data.onEvent({ kind: 'catalogue', project: 'p' })
        data.onEvent({ kind: 'reading', project: 'p', reading: reading(rows) })
        data.onEvent({ kind: 'data', project: 'p' })
      },
    }
  })
}

test('the catalogue of a live project is asked for once each time it grew', async () => {
  const { data, asked, grow, dispose } = setUp()
  await settle()
  expect(asked()).toBe(1)
  for (const times of [2, 3]) {
    grow()
    await settle()
    expect([asked(), data.catalogue()?.rows, data.version()]).toEqual([times, times, times])
  }
  dispose()
})

test('a last row that is told of before the first catalogue is here is no end', async () => {
  const { data, dispose } = setUp()
  data.onEvent({ kind: 'reading', project: 'p', reading: reading(1) })
  expect([data.catalogue(), data.ended()]).toEqual([undefined, false])
  await settle()
  expect(data.ended()).toBe(true)
  dispose()
})

test('it is asked for again when reading ends, however it does', async () => {
  const { data, asked, dispose } = setUp()
  await settle()
  data.onEvent({ kind: 'reading', project: 'p', reading: reading(1, 'reading') })
  await settle()
  expect(asked()).toBe(1)
  for (const [i, state] of (['cancelled', 'failed', 'done'] as const).entries()) {
    data.onEvent({ kind: 'reading', project: 'p', reading: reading(1, state) })
    await settle()
    expect(asked()).toBe(i + 2)
    data.onEvent({ kind: 'reading', project: 'p', reading: reading(1, 'reading') })
    await settle()
  }
  dispose()
})

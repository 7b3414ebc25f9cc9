import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/api.ts'
import { members } from '../../../src/engine/columns/members.ts'
import { idAt, makeRowIds, pushId, reorderIds } from '../../../src/engine/columns/row-ids.ts'
import type { RunRow } from '../../../src/model/run-rows.ts'
import { combinedId, type NamedFile } from '../../../src/model/source.ts'
import { filesOf, readFixture } from '../golden-fixtures.ts'
import { memoryDatabase } from '../sqlite-files.ts'

const TABLE =
  'CREATE TABLE metrics (id INTEGER PRIMARY KEY, run_id TEXT, timestamp TEXT, run_name TEXT, step INTEGER, metrics TEXT, log_id TEXT)'

function stamp(second: number): string {
  return new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString().replace('.000Z', '+00:00')
}

interface Logged {
  run: string
  step: number | null
  at: number
  values: string
}

async function fileOf(rows: readonly Logged[], name = 'p.db'): Promise<NamedFile> {
  const { db, file, close } = await memoryDatabase()
  db.exec(TABLE)
  for (const { run, step, at, values } of rows)
    db.exec({
      sql: 'INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) VALUES (?, ?, ?, ?, ?)',
      bind: [run, stamp(at), run, step, values],
    })
  const bytes = file().slice()
  close()
  return { path: name, file: new File([bytes], name) }
}

async function opened(files: NamedFile[]) {
  const engine = createEngine()
  const source = await engine.open({ kind: 'files', name: 'drop', files, live: false })
  const project = combinedId(source.projects.map(({ id }) => id))
  await engine.ask('settled', { project })
  return { engine, project }
}

const short = ({ step, cells }: RunRow) => [step, ...cells]

describe('rows of a run', () => {
  test('stay the rows they were logged in, each with the digits that were written', async () => {
    const { engine, project } = await opened([
      await fileOf([
        { run: 'a', step: 1, at: 1, values: '{"loss":1.0,"lr":1e-05,"name":"x, \\"}\\" y"}' },
        { run: 'b', step: 1, at: 1, values: '{"loss": 0.50}' },
        { run: 'a', step: 1, at: 2, values: '{"eval":18446744073709551615,"n":null,"t":{"a":[1.50, 2]}}' },
        { run: 'a', step: 2, at: 3, values: '{"loss":"NaN"}' },
      ]),
    ])
    const keys = ['loss', 'lr', 'eval', 'name', 'n', 't']
    const { rows, total } = await engine.ask('runRows', { project, run: 'a', keys, from: 0, count: 10 })
    expect(total).toBe(3)
    expect(rows.map(short)).toEqual([
      [1, '1.0', '1e-05', undefined, '"x, \\"}\\" y"', undefined, undefined],
      [1, undefined, undefined, '18446744073709551615', undefined, 'null', '{"a":[1.50, 2]}'],
      [2, '"NaN"', undefined, undefined, undefined, undefined, undefined],
    ])
    expect(rows.map(({ timestamp }) => timestamp)).toEqual([stamp(1), stamp(2), stamp(3)])
  })

  test('that came out of order are in the order of time', async () => {
    const { engine, project } = await opened([
      await fileOf([
        { run: 'a', step: 3, at: 30, values: '{"v":3}' },
        { run: 'b', step: 9, at: 1, values: '{"v":9}' },
        { run: 'a', step: 1, at: 10, values: '{"v":1}' },
        { run: 'a', step: 2, at: 20, values: '{"v":2}' },
      ]),
    ])
    const { rows } = await engine.ask('runRows', { project, run: 'a', keys: ['v'], from: 0, count: 9 })
    expect(rows.map(short)).toEqual([
      [1, '1'],
      [2, '2'],
      [3, '3'],
    ])
  })

  test('are found by step: the first row of it, else of the next one, else the last row', async () => {
    const steps = [0, 10, 10, 20, 40]
    const rows = steps.map((step, at) => ({ run: 'a', step, at, values: `{"v":${at}}` }))
    const { engine, project } = await opened([await fileOf(rows)])
    const at = async (step: number, from = 0) => {
      const found = await engine.ask('runRows', { project, run: 'a', keys: ['v'], from, count: 2, step })
      return [found.at, found.from, ...found.rows.map(({ cells }) => Number(cells[0]))]
    }
    expect(await at(10)).toEqual([1, 1, 1, 2])
    expect(await at(11)).toEqual([3, 3, 3, 4])
    expect(await at(20, -2)).toEqual([3, 1, 1, 2])
    expect(await at(99)).toEqual([4, 4, 4])
    expect(await at(-5, -2)).toEqual([0, 0, 0, 1])
  })

  test('whose steps go back are found where the step stands first', async () => {
    const rows = [5, 6, 2, null, 3, 6].map((step, at) => ({ run: 'a', step, at, values: `{"v":${at}}` }))
    const { engine, project } = await opened([await fileOf(rows)])
    const ask = { project, run: 'a', keys: ['v'], from: 0, count: 1 }
    const at = async (step: number) => (await engine.ask('runRows', { ...ask, step })).at
    expect(await Promise.all([2, 3, 4, 6, 1].map(at))).toEqual([2, 4, 0, 1, 2])
  })

  test('hold long texts only as far as they are wanted', async () => {
    const text = 'x'.repeat(20_000)
    const { engine, project } = await opened([
      await fileOf([{ run: 'a', step: 0, at: 0, values: `{"v":1,"text":"${text}"}` }]),
    ])
    const ask = { project, run: 'a', keys: ['text', 'v'], from: 0, count: 1 }
    expect((await engine.ask('runRows', ask)).rows[0]?.cells).toEqual([`"${text}"`, '1'])
    expect((await engine.ask('runRows', { ...ask, most: 5 })).rows[0]?.cells).toEqual(['"xxxx…', '1'])
  })

  test('are told of where their payload is no object, and there are none of a run that is not there', async () => {
    const { engine, project } = await opened([await fileOf([{ run: 'a', step: 0, at: 0, values: '[1]' }])])
    const ask = { project, run: 'a', keys: ['v'], from: 0, count: 1 }
    expect((await engine.ask('runRows', ask)).rows[0]).toMatchObject({
      unreadable: '[1]',
      cells: [undefined],
    })
    await expect(engine.ask('runRows', { ...ask, run: 'nobody' })).rejects.toThrow('no run of this id')
  })

  test('that wait in the inbox stand among those of the database', async () => {
    const waiting = (step: number, at: number, values: string) =>
      `{"kind":"metric","project":"p","run":"a","run_id":"a","step":${step},"timestamp":"${stamp(at)}","log_id":"l${step}","metrics":${values}}\n`
    const inbox = new File([waiting(2, 15, '{"v":2.50}'), waiting(5, 40, '{"v":5.0}')], '0.jsonl')
    const database = await fileOf(
      [1, 3, 4].map((step) => ({ run: 'a', step, at: step * 10, values: `{"v":${step}.0}` })),
      'trackio/p.db',
    )
    const files = [database, { path: 'trackio/inbox/aa/0.jsonl', file: inbox }]
    const { engine, project } = await opened(files)
    const { rows } = await engine.ask('runRows', { project, run: 'a', keys: ['v'], from: 0, count: 9 })
    expect(rows.map(short)).toEqual([
      [1, '1.0'],
      [2, '2.50'],
      [3, '3.0'],
      [4, '4.0'],
      [5, '5.0'],
    ])
    // the same without a database
    const alone = await opened([{ path: 'trackio/inbox/aa/0.jsonl', file: inbox }])
    const ask = { project: alone.project, run: 'a', keys: ['v'], from: 0, count: 9 }
    expect((await alone.engine.ask('runRows', ask)).rows.map(short)).toEqual([
      [2, '2.50'],
      [5, '5.0'],
    ])
  })

  test('of projects side by side are those of the project', async () => {
    const one = await fileOf([{ run: 'a', step: 0, at: 0, values: '{"v":1.0}' }], 'one.db')
    const two = await fileOf([{ run: 'a', step: 0, at: 0, values: '{"v":2.0}' }], 'two.db')
    const { engine, project } = await opened([one, two])
    const { runs } = await engine.ask('catalogue', { project })
    const values = runs.map(async ({ key }) => {
      const { rows } = await engine.ask('runRows', { project, run: key, keys: ['v'], from: 0, count: 1 })
      return rows[0]?.cells[0]
    })
    expect(await Promise.all(values)).toEqual(['1.0', '2.0'])
  })
})

describe('row ids', () => {
  const all = (ids: number[]) => {
    const made = makeRowIds()
    for (const id of ids) pushId(made, id)
    return made
  }
  const list = (ids: ReturnType<typeof makeRowIds>) =>
    Array.from({ length: ids.length }, (_, i) => idAt(ids, i))

  test('that follow each other take no room; others come back as they went in', () => {
    expect(all(Array.from({ length: 1000 }, (_, i) => i + 7)).data).toBeUndefined()
    for (const ids of [
      [5, 6, 7, 9, 12],
      [1, 3],
      [4_294_967_294, 4_294_967_295, 4_294_967_296, 9],
      [3, 4, -1, -2],
    ])
      expect(list(all(ids))).toEqual(ids)
    const many = Array.from({ length: 500 }, (_, i) => i * 3)
    expect(list(all(many))).toEqual(many)
    expect(idAt(all([1]), 1)).toBeNaN()
  })
  test('move with their rows', () => {
    const ids = all([10, 11, 12])
    reorderIds(ids, Uint32Array.of(2, 0, 1))
    expect(list(ids)).toEqual([12, 10, 11])
  })
})

test('members of an object keep the text they were written with', () => {
  const text = '{ "a" : 1.0 , "b":[1, {"c": "}"}], "\\u0061b": -0.0,"s":"\\\\","a":2e0 }'
  expect([...members(text)]).toEqual([
    ['a', '2e0'],
    ['b', '[1, {"c": "}"}]'],
    ['ab', '-0.0'],
    ['s', '"\\\\"'],
  ])
  expect(members('{}').size).toBe(0)
  // a text of megabytes needs no stack
  expect(members(`{"t":"${'x\\n'.repeat(2_000_000)}"}`).get('t')?.length).toBe(6_000_002)
})

test('what a run holds beside numbers is counted by kind, and its artifacts by their links', async () => {
  const { engine, project } = await opened(filesOf('v0.43.0', /^demoproject.*\.db(-wal)?(\.gz)?$/))
  const wanted = readFixture('v0.43.0').projects.find(({ file }) => file.startsWith('demoproject'))
  const { runs } = await engine.ask('catalogue', { project })
  let artifacts = 0
  for (const run of runs) {
    const { others, artifacts: linked } = await engine.ask('runBeside', { project, run: run.key })
    artifacts += linked
    const expected: [string, Record<string, number>][] = []
    const logged = wanted?.runs.find(({ id }) => id === run.id)?.other ?? {}
    for (const [name, { kinds }] of Object.entries(logged)) expected.push([name, kinds])
    expect(new Map(others?.map(({ name, kinds }) => [name, kinds])), run.name).toEqual(new Map(expected))
  }
  expect(artifacts).toBeGreaterThan(0)
})

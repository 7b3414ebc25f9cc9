import { expect, test } from 'vitest'
import { createEngine } from '../../../../src/engine/api.ts'
import { type Fragment, nextSteps, readLines } from '../../../../src/engine/formats/fragments/fragments.ts'
import { layoutOf } from '../../../../src/engine/formats/layout.ts'
import type { ProjectFiles } from '../../../../src/engine/formats/project-files.ts'
import { openDataset } from '../../../../src/engine/formats/registry.ts'
import type { NamedFile, SourceInfo } from '../../../../src/model/source.ts'
import { countedTree } from '../../../storage/counted-tree.ts'
import { filesOf } from '../../golden-fixtures.ts'
import { memoryDatabase } from '../../sqlite-files.ts'

const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes)

function line(step: number | null, more: object = {}): string {
  const record = {
    v: 1,
    kind: 'metric',
    project: 'my p.',
    run: 'r',
    run_id: 'id',
    metrics: { v: step ?? -1 },
    step,
    ...more,
  }
  return `${JSON.stringify({ timestamp: '2026-01-01T00:00:00+00:00', log_id: `l${step}`, ...record })}\n`
}

function inbox(...files: string[]): NamedFile[] {
  return files.map((lines, i) => ({
    path: `trackio/inbox/aa/0000000${i}.jsonl`,
    file: new File([lines], `${i}`, { lastModified: 1 }),
  }))
}

async function opened(files: NamedFile[]): Promise<{
  info: SourceInfo
  values(): Promise<Record<string, number[]>>
  give(files: NamedFile[]): Promise<void>
}> {
  const engine = createEngine()
  const info = await engine.open({ kind: 'files', name: 'trackio', files, live: true })
  const project = info.projects[0]?.id ?? ''
  return {
    info,
    async values() {
      const { v } = await engine.ask('history', { project, run: 'id' })
      return { steps: [...(v?.steps ?? [])], values: [...(v?.values ?? [])] }
    },
    give: async (next) => void (await engine.refresh({ source: info.id, files: next })),
  }
}

const parseFragments = (lines: string): Fragment[] => readLines(new TextEncoder().encode(lines)).fragments

test('a payload keeps the bytes it was written with; traces are left out of it', () => {
  const [a, b] = parseFragments(
    [
      '{"kind":"metric","project":"p","run":"r","metrics":{"a": 1.0,"n":18446744073709551615,"s":"x, \\"}\\" y"},"step":1}',
      '{"kind":"metric","project":"p","run":"r","metrics":{"t":{"_type":"trackio.trace","messages":[{"a":"}"}]},"ts":[null,{"_type":"trackio.trace"}],"k":2},"step":2}',
    ].join('\n'),
  )
  expect(text(a?.payload)).toBe('{"a": 1.0,"n":18446744073709551615,"s":"x, \\"}\\" y"}')
  expect(text(b?.payload)).toBe('{"k":2}')
})

test('what is no log call is skipped: other kinds, broken lines, an empty one', () => {
  const lines = [
    '{"kind":"alert","project":"p","run":"r"}',
    '{"kind":"metric","project":"p"',
    '',
    '[1]',
    '{"kind":"metric","run":"r","metrics":{}}',
  ]
  expect(parseFragments(lines.join('\n'))).toEqual([])
})

test('a call without metrics is a row without values; one without a project or a run is none, as trackio has it', () => {
  const lines = [
    '{"kind":"metric","project":"p","run":"r","step":1}',
    '{"kind":"metric","project":"p","run":"r","metrics":null,"step":2}',
    '{"kind":"metric","project":"","run":"r","metrics":{}}',
    '{"kind":"metric","project":"p","run":"","metrics":{}}',
    '{"kind":"metric","project":"p","run":"r","run_id":"","metrics":{},"step":3}',
  ]
  expect(parseFragments(lines.join('\n')).map(({ step, id, payload }) => [step, id, text(payload)])).toEqual([
    [1, 'r', '{}'],
    [2, 'r', '{}'],
    [3, 'r', '{}'],
  ])
})

test('around a line, what is white space to Python among bytes is none of it', () => {
  const call = (step: number): string =>
    `{"kind":"metric","project":"p","run":"r","metrics":{},"step":${step}}`
  const beyond = [
    `\x1c${call(3)}`,
    `${call(4)}\x85`,
    '\x1f',
    `\u00a0${call(5)}`,
    `${call(6)}\u3000`,
    `\ufeff${call(7)}`,
    `\0${call(8)}`,
  ]
  const lines = [`${call(1)}\v`, ` \t${call(2)}\f `, '\f\v', ...beyond, call(9)]
  const { fragments, skipped } = readLines(new TextEncoder().encode(lines.join('\n')))
  expect(fragments.map(({ step }) => step)).toEqual([1, 2, 9])
  expect(skipped).toBe(beyond.length)
})

test('missing steps of a run count on from its greatest stored one, each run for itself', () => {
  const of = (name: string, step: number | null) => parseFragments(line(step, { run: name, run_id: name }))
  const batch = ['a', 'a', 'b', 'a'].flatMap((name, i) => of(name, i === 1 ? 40 : null))
  expect(nextSteps(batch, ({ name }) => (name === 'a' ? 7 : undefined))).toEqual([8, 40, 0, 9])
})

test('fragments without a database are projects of their own, and a missing step follows the stored ones', async () => {
  const { info, values, give } = await opened(inbox(line(0) + line(4), line(null, { log_id: 'x' })))
  expect(info.projects.map(({ name }) => name)).toEqual(['myp'])
  // one batch: its own rows do not count for the missing step
  expect(await values()).toEqual({ steps: [0, 4, 0], values: [0, 4, -1] })
  await give(
    inbox(line(0) + line(4), line(null, { log_id: 'x' }), line(5) + line(5) + line(null, { log_id: 'y' })),
  )
  expect(await values()).toEqual({ steps: [0, 4, 0, 5, 5], values: [0, 4, -1, 5, -1] })
})

test('of a bucket, rows that trackio has imported meanwhile are not shown twice', async () => {
  const files = filesOf('bucket-0.43.0')
  const engine = createEngine()
  const info = await engine.open({ kind: 'files', name: 'trackio', files, live: true })
  const id = info.projects[0]?.id ?? ''
  const rows = async (): Promise<number> => {
    await engine.ask('settled', { project: id })
    return (await engine.ask('catalogue', { project: id })).rows
  }
  expect(await rows()).toBe(21)
  await engine.refresh({
    source: info.id,
    files: files.filter(({ path }) => !path.includes('b40d66ce61384251')),
  })
  expect(await rows()).toBe(15)
  await engine.refresh({ source: info.id, files: files.filter(({ path }) => !path.includes('inbox')) })
  expect(await rows()).toBe(12)
})

/** A database of trackio's with so many rows, and the log id of the last one. */
async function database(rows: number, logId: string | null = null): Promise<Uint8Array> {
  const { db, file, close } = await memoryDatabase()
  db.exec(
    'CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT, timestamp TEXT, run_name TEXT, step INTEGER, metrics TEXT, log_id TEXT)',
  )
  for (let i = 0; i < rows; i++) {
    db.exec({
      sql: 'INSERT INTO metrics (run_id, timestamp, run_name, step, metrics, log_id) VALUES (?,?,?,?,?,?)',
      bind: [
        'id',
        `2025-01-01T00:00:${String(i).padStart(2, '0')}+00:00`,
        'r',
        i,
        `{"v":${i}}`,
        i === rows - 1 ? logId : null,
      ],
    })
  }
  const bytes = file().slice()
  close()
  return bytes
}

const stored = async (name: string, rows: number, logId?: string): Promise<NamedFile> => ({
  path: `trackio/${name}.db`,
  file: new File([(await database(rows, logId)).slice()], name, { lastModified: rows }),
})

/** A project by name: how many rows it has in all sources that are open. */
async function folder(...files: NamedFile[]) {
  const engine = createEngine()
  let info = await engine.open({ kind: 'files', name: 'trackio', files, live: true })
  return {
    async rows(): Promise<Record<string, number>> {
      const found: Record<string, number> = {}
      for (const { id, name } of info.projects) {
        await engine.ask('settled', { project: id })
        expect(found).not.toHaveProperty(name)
        found[name] = (await engine.ask('catalogue', { project: id })).rows
      }
      return found
    },
    async give(...next: NamedFile[]) {
      info = await engine.refresh({ source: info.id, files: next })
    },
    steps: async (name: string, run: string) =>
      Array.from(
        (
          await engine.ask('history', {
            project: info.projects.find((one) => one.name === name)?.id ?? '',
            run,
          })
        ).v?.steps ?? [],
      ),
  }
}

test('names that differ and are the same on disk are one project, whoever wrote them', async () => {
  const both = inbox(line(0) + line(1, { project: 'm.y.p' }), line(1) + line(2, { project: 'my/p' }))
  const { rows, steps } = await folder(...both)
  // the call of step 1 is in both
  expect([await rows(), await steps('myp', 'id')]).toEqual([{ myp: 3 }, [0, 1, 2]])
})

test('a database that comes with the fragments of its project takes them, and leaves them when it goes', async () => {
  const other = line(0, { project: 'other', log_id: 'o' })
  const { rows, give } = await folder(...inbox(other))
  expect(await rows()).toEqual({ other: 1 })
  await give(await stored('myp', 2), ...inbox(other, line(3)))
  expect(await rows()).toEqual({ other: 1, myp: 3 })
  await give(...inbox(other, line(3)))
  expect(await rows()).toEqual({ other: 1, myp: 1 })
})

test('calls that wait beside a database of 0 bytes are shown all the same', async () => {
  const engine = createEngine()
  const files = [{ path: 'trackio/myp.db', file: new File([], 'myp.db') }, ...inbox(line(0))]
  const info = await engine.open({ kind: 'files', name: 'trackio', files, live: true })
  const rows = await Promise.all(
    info.projects.map(async ({ id, name }) => [name, (await engine.ask('catalogue', { project: id })).rows]),
  )
  expect(rows).toEqual([
    ['myp', 0],
    ['myp', 1],
  ])
})

test('a run that the database does not know, and a call that it has already', async () => {
  const calls =
    line(1, { log_id: 'have' }) + line(9) + line(0, { run: 'new', run_id: 'n', config: { lr: 1 } })
  const { rows, steps } = await folder(await stored('myp', 2, 'have'), ...inbox(calls))
  expect([await rows(), await steps('myp', 'id'), await steps('myp', 'n')]).toEqual([
    { myp: 4 },
    [0, 1, 9],
    [0],
  ])
})

test('rows without a time come before those with one, as trackio sorts them', async () => {
  const late =
    line(5, { timestamp: '2026-01-01T00:00:05+00:00' }) +
    line(6, { timestamp: null }) +
    line(7) +
    line(8, { timestamp: null })
  const { steps } = await folder(await stored('myp', 2), ...inbox(late))
  expect(await steps('myp', 'id')).toEqual([6, 8, 0, 1, 7, 5])
})

test('an inbox of other projects costs a database nothing: its new rows alone are read, and each fragment once for all databases', async () => {
  const others = inbox(line(0, { project: 'other' }), line(1, { project: 'other' }))
  const tree = await countedTree([await stored('a', 3), await stored('b', 3), ...others])
  const open = async (units: ProjectFiles[]) => {
    for (const projectFiles of units) {
      const file = await openDataset(projectFiles, tree, {})
      await file.read(() => {})
    }
  }
  await open(await layoutOf(await tree.list(), { name: 'x', prefer: 'database' }))
  expect(tree.blobs.sort()).toEqual(others.map(({ path }) => path))

  const grown = await countedTree([await stored('a', 5), ...others])
  const [projectFiles] = await layoutOf(await tree.list(), { name: 'x', prefer: 'database' })
  const [later] = await layoutOf(await grown.list(), { name: 'x', prefer: 'database' })
  if (!projectFiles || !later) throw new Error('no database')
  let now = tree
  const file = await openDataset(
    projectFiles,
    {
      ...tree,
      bytes: (path, options) => now.bytes(path, options),
      blob: (path, options) => now.blob(path, options),
    },
    {},
  )
  await file.read(() => {})
  now = grown
  expect(await file.refresh(later)).toBe('more')
  expect(file.projects[0]?.reader.runs()[0]?.rows).toBe(5)
})

test('calls of its own that come later are added to a database as it is', async () => {
  const mine = await stored('myp', 2)
  const { rows, give, steps } = await folder(mine, ...inbox(line(0, { project: 'other' })))
  expect(await rows()).toEqual({ myp: 2, other: 1 })
  await give(mine, ...inbox(line(0, { project: 'other' }), line(7)))
  expect([await rows(), await steps('myp', 'id')]).toEqual([{ myp: 3, other: 1 }, [0, 1, 7]])
  await give(await stored('myp', 4), ...inbox(line(0, { project: 'other' })))
  expect([await rows(), await steps('myp', 'id')]).toEqual([{ myp: 4, other: 1 }, [0, 1, 2, 3]])
})

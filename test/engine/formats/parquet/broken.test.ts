import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compressorsFor } from '../../../../src/engine/formats/parquet/pages.ts'
import { openParquet } from '../../../../src/engine/formats/parquet/parquet-file.ts'
import type { Chunk, Leaf } from '../../../../src/engine/formats/parquet/parquet-table.ts'
import { LIMITS } from '../../../../src/engine/formats/parquet/plan.ts'
import { TrackioError } from '../../../../src/model/errors.ts'
import type { Notice } from '../../../../src/model/source.ts'
import { makeRandom } from '../../../random.ts'
import { countedTree } from '../../../storage/counted-tree.ts'
import { namedFile } from '../../golden-fixtures.ts'
import { doubles, made, structure } from './made-table.ts'
import { openDataset, openMade, unitOf } from './parquet-files.ts'

const FIXTURES = join(import.meta.dirname, '..', '..', '..', 'fixtures')

function fixture(path: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(join(FIXTURES, path)))
}

async function failure(
  bytes: Uint8Array<ArrayBuffer>,
): Promise<{ subject: string; message: string; action: string }> {
  const error = await openMade(bytes).then(
    () => undefined,
    (cause: unknown) => cause,
  )
  if (!(error instanceof TrackioError)) throw new Error(`expected a TrackioError instead of ${error}`)
  const { subject, message, action } = error
  return { subject, message, action }
}

describe('a file that is no whole Parquet file', () => {
  const whole = made([...structure(50), doubles('x', Array(50).fill(1))])

  it.each<[string, Uint8Array<ArrayBuffer>, RegExp]>([
    ['without a byte', new Uint8Array(0), /^empty: /],
    ['of 5 bytes', new TextEncoder().encode('hello'), /^not a Parquet file: it begins with "hello"/],
    [
      'that is a page of text',
      new TextEncoder().encode('<!doctype html>\n<html>no such file</html>'),
      /^not a Parquet file: it begins with "<!doctype html>/,
    ],
    ['cut off', whole.slice(0, -20), /^cut off: it begins as a Parquet file, but has no footer at its end/],
    [
      'whose end was cut out',
      Uint8Array.from([...whole.slice(0, 40), ...whole.slice(-8)]),
      /^broken: its footer should have [\d,]+ bytes/,
    ],
    [
      'with garbage for a footer',
      Uint8Array.from([...whole.slice(0, 40), ...Array(60).fill(0x5c), 60, 0, 0, 0, ...whole.slice(-4)]),
      /^broken: its footer cannot be read/,
    ],
    [
      'whose data are missing',
      Uint8Array.from([...whole.slice(0, 4), ...whole.slice(-8 - footerLength(whole))]),
      /^broken: bytes \d+ to \d+ of \w+ are not in the file/,
    ],
    ['that is encrypted', Uint8Array.from([...whole.slice(0, -4), 0x50, 0x41, 0x52, 0x45]), /^encrypted: /],
  ])('%s is said to be so', async (_, bytes, message) => {
    const error = await failure(bytes)
    expect(error.subject).toBe('made.parquet')
    expect(error.message).toMatch(message)
    expect(error.action).not.toBe('')
  })
})

describe('a Parquet file of somebody else', () => {
  it('is refused with its columns', async () => {
    const error = await failure(
      made([doubles('price', [1, 2]), { name: 'city', type: 'STRING', data: ['x', 'y'] }]),
    )
    expect(error.message).toBe(
      "a Parquet file, but not one of trackio's: it has the columns price, city, and none called run_name",
    )
  })

  it('is read where it has the columns that count: times of any type, no step, no ids', async () => {
    const when = [
      new Date('2026-01-02T00:00:00Z'),
      new Date('2026-01-01T00:00:00Z'),
      new Date('2026-01-03T00:00:00Z'),
    ]
    const { reader } = await openMade(
      made([
        { name: 'timestamp', type: 'TIMESTAMP', data: when },
        { name: 'run_name', type: 'STRING', data: ['r', 'r', 'r'] },
        doubles('x', [2, 1, 3]),
      ]),
    )
    await reader.load?.(undefined)
    const [run] = reader.runs()
    expect({ id: run?.id, rows: run?.rows, ...run?.span() }).toMatchObject({
      id: null,
      rows: 3,
      firstTime: '2026-01-01T00:00:00.000Z',
      first: when[1]?.getTime(),
      last: when[2]?.getTime(),
    })
    expect([...(run?.columns.steps.data.subarray(0, 3) ?? [])]).toEqual([0, 1, 2])
    expect([...(run?.columns.metrics[0]?.data.subarray(0, 3) ?? [])]).toEqual([1, 2, 3])
  })

  it('may leave out run names: those rows are not shown, and counted', async () => {
    const columns = structure(6, ['r']).map((column) =>
      column.name === 'run_name' ? { ...column, data: ['r', null, 'r', null, null, 'r'] } : column,
    )
    const { reader } = await openMade(made([...columns, doubles('x', [1, 2, 3, 4, 5, 6])]))
    await reader.load?.(['x'])
    expect(reader.runs().map(({ name, rows }) => ({ name, rows }))).toEqual([{ name: 'r', rows: 3 }])
    expect([...(reader.runs()[0]?.columns.metrics[0]?.data.subarray(0, 3) ?? [])]).toEqual([1, 3, 6])
    expect(reader.notices().map(({ text }) => text)).toContain('3 rows not shown: no run name')
  })

  it('may have two columns of one name: numbers once, and what is no number beside them', async () => {
    const columns = [
      doubles('key1', [1, 2]),
      doubles('key2', [3, 4]),
      { name: 'key3', type: 'STRING' as const, data: ['a', null] },
    ]
    const bytes = made([...structure(2, ['r']), ...columns])
    // the writer has no way to say it: the names are changed in the footer
    for (let i = 0; i + 4 <= bytes.length; i++)
      if (String.fromCharCode(...bytes.subarray(i, i + 3)) === 'key') bytes[i + 3] = 0x31
    const { reader } = await openMade(bytes)
    await reader.load?.(undefined)
    expect(reader.unread?.()).toMatchObject([{ name: 'key1', points: 2 }])
    expect(reader.runs()[0]?.columns.metrics[0]?.data.subarray(0, 2)).toEqual(Float64Array.of(1, 2))
    expect(reader.others?.()).toEqual([{ name: 'key1', kinds: { string: 1 } }])
    expect(reader.notices()).toContainEqual({
      level: 'warn',
      subject: 'made.parquet',
      text: 'key1: more than one column of numbers has this name; the first is shown',
    })
  })

  it('may hold JSON as text, which counts by what it is', async () => {
    const data = ['{"_type":"trackio.table","_value":[]}', '{"a":1}', '[1]', '[', 'plain', null]
    const { reader } = await openMade(
      made([
        ...structure(6, ['r']),
        { name: 'k', type: 'STRING', data },
        { name: 'words', type: 'STRING', data: ['a', 'b', 'c', 'd', 'e', 'f'] },
      ]),
    )
    expect(reader.others?.()).toEqual([
      { name: 'k', kinds: { 'trackio.table': 1, dict: 1, list: 1, string: 2 } },
      { name: 'words', kinds: { string: 6 } },
    ])
  })
})

describe('a footer without statistics', () => {
  it('has its metrics counted by reading them, and says so', async () => {
    const { reader, tree } = await openMade(
      made(
        [
          ...structure(100, ['r']),
          doubles(
            'x',
            Array.from({ length: 100 }, (_, i) => (i % 3 ? i : null)),
          ),
          doubles('none', Array(100).fill(null)),
        ],
        { statistics: false },
      ),
    )
    expect(reader.unread?.()).toEqual([
      { name: 'x', points: 66, mostInOneRun: 66, integer: false, beyondSafe: 0 },
    ])
    expect(texts(reader.notices())).toContain(
      'the footer does not say how many values x, none have: read and counted',
    )
    const before = tree.requests()
    await reader.load?.(undefined)
    expect(tree.requests()).toBe(before)
  })
})

describe('what cannot be decoded', () => {
  it('is named: an encoding that went out of use', async () => {
    const bytes = made([
      ...structure(40),
      doubles(
        'x',
        Array.from({ length: 40 }, (_, i) => i / 3),
        'UNCOMPRESSED',
      ),
    ])
    const { reader, tree } = await openMade(bytes.slice(), { ...LIMITS, tail: 64, gap: 0 })
    await reader.load?.(['x'])
    const [offset = 0] = tree.opened.get('made.parquet')?.loads.at(-1) ?? []
    const told: string[] = []
    // one byte of the page's header is the encoding; 8 stands for BIT_PACKED
    for (let at = offset; at < offset + 40; at++) {
      const changed = bytes.slice()
      changed[at] = 8
      const opened = await openMade(changed)
      await opened.reader.load?.(['x']).catch((cause: Error) => told.push(cause.message))
    }
    expect(told).toContain('x cannot be read: unsupported encoding: BIT_PACKED')
  })

  it('is named: a codec that nobody reads', async () => {
    const leaf: Leaf = { index: 0, path: [], element: { name: 'x' } }
    const meta = { codec: 'LZO' } as Chunk['meta'] // all that is looked at
    await expect(
      compressorsFor('made.parquet', [{ leaf, meta, start: 0, end: 1, rows: 1, index: undefined }]),
    ).rejects.toThrow(/is compressed with LZO, which cannot be read here/)
  })
})

describe('what a project is told once', () => {
  it('names what Parquet cannot hold', async () => {
    const { reader } = await openMade(made([...structure(2), doubles('x', [1, 2])]))
    expect(reader.notices()).toEqual([
      {
        level: 'info',
        subject: 'made.parquet',
        text: 'Parquet exports hold no alerts',
        action: expect.stringContaining('.db'),
      },
    ])
  })

  it('names what pandas lost in the exports up to 0.23', async () => {
    const { reader } = await openMade(fixture('parquet-0.2.4/data/projé-x.parquet'))
    expect(
      texts(reader.notices()).filter((text) => text.startsWith('written by a trackio older than 0.24')),
    ).toHaveLength(1)
    const newer = await openMade(fixture('parquet-0.43.0/data/demoprojectv4ö.parquet'))
    expect(texts(newer.reader.notices())).toEqual(['Parquet exports hold no alerts'])
  })
})

describe('damage', () => {
  it('in a side table leaves a hole and a word about it', async () => {
    const files = [
      namedFile('p.parquet', made([...structure(4), doubles('x', [1, 2, 3, 4])])),
      namedFile('p_configs.parquet', 'not at all'),
      namedFile('runs.json', '{"no": "list"}'),
    ]
    const tree = await countedTree(files)
    const projectFiles = unitOf(tree, 'p.parquet')
    const { reader } = await openDataset(
      {
        ...projectFiles,
        tables: { ...projectFiles.tables, configs: tree.entry('p_configs.parquet') },
        runs: tree.entry('runs.json'),
      },
      tree,
    )
    expect(reader.reading()).toMatchObject({ state: 'done', rows: 4 })
    const warned = reader.notices().filter(({ level }) => level === 'warn')
    expect(
      warned.map(({ subject, text }) => ({ subject, text })).sort((a, b) => (a.subject < b.subject ? -1 : 1)),
    ).toEqual([
      {
        subject: 'p_configs.parquet',
        text: 'not a Parquet file: it begins with "not at all"; configs are not shown',
      },
      { subject: 'runs.json', text: 'not a list of runs with names; runs without metrics are not listed' },
    ])
  })

  it('in the rows of one row group leaves those before it', async () => {
    const bytes = made(
      [
        ...structure(400),
        doubles(
          'x',
          Array.from({ length: 400 }, (_, i) => i),
        ),
      ],
      { rowGroupSize: 100 },
    )
    const clean = await openMade(bytes.slice(), { ...LIMITS, tail: 64, gap: 0 })
    const loads = clean.tree.opened.get('made.parquet')?.loads ?? []
    // the third group's first chunk
    const [offset = 0] = loads.filter(([at]) => at < bytes.length / 2).toSorted(([a], [b]) => b - a)[0] ?? []
    bytes.fill(0xff, offset, offset + 30)
    const tree = await countedTree([{ path: 'made.parquet', file: new File([bytes], 'made.parquet') }])
    const file = await openParquet(unitOf(tree), tree)
    await expect(file.read(() => {})).rejects.toThrow(/ cannot be read: /)
    const reader = file.projects[0]?.reader
    const rows = reader?.reading().rows ?? 0
    expect(rows % 100).toBe(0)
    expect(rows).toBeGreaterThan(0)
    expect(rows).toBeLessThan(400)
    expect(reader?.exact()).toBe(false)
    await reader?.load?.(['x'])
    expect(reader?.runs().map((run) => run.columns.metrics[0]?.length)).toEqual([rows / 2, rows / 2])
    expect(reader?.notices().at(-1)?.level).toBe('error')
    await expect(file.read(() => {})).rejects.toThrow(/ cannot be read: /)
    expect(reader?.reading().rows).toBe(rows)
  })

  it('anywhere ends in an answer or in a TrackioError, never in anything else', async () => {
    const random = makeRandom(11)
    for (const path of [
      'parquet-extra-0.43.0/data/producer.parquet',
      'parquet-0.2.3/data/oldéx.parquet',
      'parquet-odd/data/no statistics.parquet',
      'parquet-odd/data/zstd.parquet',
    ]) {
      const original = fixture(path)
      for (let round = 0; round < 60; round++) {
        const bytes = original.slice()
        for (let n = 0; n < 3; n++) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256)
        const opened = await openMade(bytes).catch(expectOurs)
        await opened?.reader.load?.(undefined).catch(expectOurs)
      }
    }
  })
})

function expectOurs(cause: unknown): undefined {
  expect(cause).toBeInstanceOf(TrackioError)
  return undefined
}

function texts(notices: Notice[]): string[] {
  return notices.map(({ text }) => text)
}

function footerLength(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(bytes.length - 8, true)
}

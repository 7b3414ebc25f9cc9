import { describe, expect, it } from 'vitest'
import { mediaPaths } from '../../../../src/compute/media-paths.ts'
import { metricsAmong } from '../../../../src/engine/formats/parquet/doubt.ts'
import { groupDataset } from '../../../../src/engine/formats/parquet/names.ts'
import type { ParquetFiles } from '../../../../src/engine/formats/parquet/parquet-files.ts'
import { countedTree } from '../../../storage/counted-tree.ts'
import { filesOf, namedFile, readFixture } from '../../golden-fixtures.ts'
import { sidesOf } from '../../sides.ts'
import { doubles, made, structure } from './made-table.ts'
import { openDataset, unitOf, unitsOf } from './parquet-files.ts'

describe('files that logged values name', () => {
  it.each([
    ['a scheduler Dataset: as stored', 'demo/run/0/a.png', 'media/', [], ['media/demo/run/0/a.png']],
    [
      'up to 0.3.3: with media/ in front',
      'media/demo/run/0/a.png',
      'media/',
      [],
      ['media/media/demo/run/0/a.png', 'media/demo/run/0/a.png'],
    ],
    [
      'a static export: without the project, raw or canonical',
      'demoproject/run/0/a.png',
      'x/media/',
      ['demo project/', 'demoproject/'],
      ['x/media/run/0/a.png', 'x/media/demoproject/run/0/a.png'],
    ],
    [
      'of a project under another name: without the first part',
      'old/run/0/a.png',
      'media/',
      ['new/'],
      ['media/run/0/a.png', 'media/old/run/0/a.png'],
    ],
    [
      'written on Windows',
      'demo\\run\\0\\a.png',
      'media/',
      ['demo'],
      ['media/run/0/a.png', 'media/demo/run/0/a.png'],
    ],
    ['a way out of the folder', 'demo/../../secret', 'media/', [], ['media/demo/_/_/secret']],
    [
      'of a run called a//b',
      'demo/a//b/0/a.png',
      'media/',
      [],
      ['media/demo/a//b/0/a.png', 'media/demo/a/_/b/0/a.png'],
    ],
    ['nothing', '', 'media/', [], []],
  ])('%s', (_, path, folder, strip, expected) => {
    expect(mediaPaths(path, folder, strip)).toEqual(expected)
  })

  it.each(['static-0.43.0', 'static-dataset-0.23.0', 'parquet-0.36.0'])(
    'are found in %s, where the notes say',
    async (folder) => {
      const { projects } = readFixture(folder)
      const files = filesOf(folder, /./)
      const tree = await countedTree(files)
      const [projectFiles] = unitsOf(tree, files, projects[0]?.project ?? '')
      if (!projectFiles) throw new Error('no projectFiles')
      const { file } = await openDataset(projectFiles, tree)
      const media = projects[0]?.runs.flatMap((run) => run.media ?? []) ?? []
      expect(media.length).toBeGreaterThan(5)
      for (const { file_path, found_at, bytes } of media) {
        const blob = await file.media?.(file_path)
        expect(blob?.size, `${file_path}, found at ${found_at}`).toBe(found_at === null ? undefined : bytes)
      }
      expect(await file.media?.('demo/no such/0/a.png')).toBeUndefined()
    },
  )
})

describe('refresh', () => {
  it('is the same as long as every stamp is, and another revision otherwise', async () => {
    const files = [
      namedFile('p.parquet', made([...structure(2), doubles('x', [1, 2])])),
      namedFile('runs.json', '[]'),
      namedFile('p_traces.parquet', 'whatever'),
    ]
    const tree = await countedTree(files)
    const plain = unitOf(tree, 'p.parquet')
    const projectFiles: ParquetFiles = { ...plain, runs: tree.entry('runs.json') }
    const { file } = await openDataset(projectFiles, tree)
    const metrics = tree.entry('p.parquet')
    const refreshed = (tables: ParquetFiles['tables']) => file.refresh(withTables(projectFiles, tables))
    expect(await refreshed({ metrics: { ...metrics } })).toBe('same')
    expect(await refreshed({ metrics: { ...metrics, stamp: 'new' } })).toBe('other')
    expect(await refreshed({ metrics, traces: tree.entry('p_traces.parquet') })).toBe('other')
    expect(await refreshed({})).toBe('other')
    expect(await file.refresh(plain)).toBe('other')
  })
})

describe('runs of runs.json', () => {
  const list = (runs: object[]) => namedFile('runs.json', JSON.stringify(runs))

  async function namesWith(
    runs: object[],
    withIds = true,
  ): Promise<{ id: string | null; name: string; createdAt: string }[]> {
    const columns = structure(4, ['a', 'b']).filter(({ name }) => withIds || name !== 'run_id')
    const tree = await countedTree([
      namedFile('metrics.parquet', made([...columns, doubles('x', [1, 2, 3, 4])])),
      list(runs),
    ])
    const { reader } = await openDataset(
      { ...unitOf(tree, 'metrics.parquet'), runs: tree.entry('runs.json') },
      tree,
    )
    return sidesOf(reader)
      .listedOnly()
      .map(({ id, name, createdAt }) => ({ id, name, createdAt }))
  }

  it('are listed where the metrics do not have them, by their id', async () => {
    expect(
      await namesWith([
        { id: 'id of a', name: 'a', created_at: '2026-01-01', last_step: 1, log_count: 2 },
        { id: 'id of b', name: 'renamed', created_at: '2026-01-01', last_step: 1, log_count: 2 },
        {
          id: 'z',
          name: 'only used',
          created_at: '2026-01-02T00:00:00+00:00',
          last_step: null,
          log_count: 0,
        },
      ]),
    ).toEqual([{ id: 'z', name: 'only used', createdAt: '2026-01-02T00:00:00+00:00' }])
  })

  it('are known by their name before 0.24', async () => {
    expect(await namesWith([{ name: 'a', last_step: 1, log_count: 2 }, { name: 'c' }], false)).toEqual([
      { id: null, name: 'c', createdAt: '' },
    ])
  })
})

describe('rows of one time', () => {
  it('come by id, also in a file that was put together in another order', async () => {
    const order = [3, 0, 2, 1]
    const rows = structure(4, ['r']).map((column) => {
      const data = order.map((i) => Array.from(column.data)[i])
      return {
        ...column,
        data: column.name === 'timestamp' ? data.map(() => '2026-01-01T00:00:00+00:00') : data,
      }
    })
    const tree = await countedTree([
      namedFile('p.parquet', made([...rows, doubles('x', order)], { rowGroupSize: 2 })),
    ])
    const { reader } = await openDataset(unitOf(tree, 'p.parquet'), tree)
    await reader.load?.(['x'])
    expect(reader.runs()[0]?.columns.metrics[0]?.data.subarray(0, 4)).toEqual(Float64Array.of(0, 1, 2, 3))
    expect(reader.runs()[0]?.columns.steps.data.subarray(0, 4)).toEqual(Float64Array.of(0, 1, 2, 3))
  })
})

describe('a name that leaves it open', () => {
  it('is settled by the columns', async () => {
    const metrics = made([...structure(2), doubles('x', [1, 2])])
    const system = made([
      ...structure(2).filter(({ name }) => name !== 'step'),
      doubles('gpu/0/power', [1, 2]),
    ])
    const files = [
      namedFile('a_system.parquet', metrics),
      namedFile('b_system.parquet', system),
      namedFile('c.parquet', metrics),
      namedFile('c_system.parquet', system),
      namedFile('d_configs.parquet', 'broken'),
    ]
    const tree = await countedTree(files)
    const paths = files.map(({ path }) => path)
    const known = await metricsAmong(tree, paths)
    expect([...known]).toEqual(['a_system.parquet'])
    expect([...tree.opened.keys()]).toEqual(['a_system.parquet', 'b_system.parquet', 'd_configs.parquet'])
    expect(
      groupDataset(paths, known).map(({ project, tables }) => ({ project, tables: Object.keys(tables) })),
    ).toEqual([
      { project: 'a_system', tables: ['metrics'] },
      { project: 'b', tables: ['system'] },
      { project: 'c', tables: ['metrics', 'system'] },
      { project: 'd', tables: ['configs'] },
    ])
  })
})

function withTables(files: ParquetFiles, tables: ParquetFiles['tables']): ParquetFiles {
  return { ...files, tables }
}

import { describe, expect, it } from 'vitest'
import { doubtful, groupDataset, isMetricsTable } from '../../../../src/engine/formats/parquet/names.ts'
import { canonicalProject } from '../../../../src/model/project-name.ts'

describe('files of a scheduler Dataset', () => {
  it('are grouped by project, sidecars by their suffix', () => {
    expect(
      groupDataset([
        'README.md',
        'b.parquet',
        'a_configs.parquet',
        'a_system.parquet',
        'a.parquet',
        'media/a/x/0/picture.png',
      ]),
    ).toEqual([
      {
        project: 'a',
        tables: { metrics: 'a.parquet', configs: 'a_configs.parquet', system: 'a_system.parquet' },
      },
      { project: 'b', tables: { metrics: 'b.parquet' } },
    ])
  })

  it('with the longest suffix first: links of other projects are no project a_external', () => {
    expect(
      groupDataset(['a.parquet', 'a_external_run_artifact_links.parquet', 'a_run_artifact_links.parquet']),
    ).toEqual([
      {
        project: 'a',
        tables: {
          metrics: 'a.parquet',
          external_run_artifact_links: 'a_external_run_artifact_links.parquet',
          run_artifact_links: 'a_run_artifact_links.parquet',
        },
      },
    ])
    expect(groupDataset(['a_external_run_artifact_links.parquet'])).toEqual([
      { project: 'a', tables: { external_run_artifact_links: 'a_external_run_artifact_links.parquet' } },
    ])
  })

  it('take an artifact table for one only beside its project, its database or its artifact versions', () => {
    expect(groupDataset(['model_artifacts.parquet'])).toEqual([
      { project: 'model_artifacts', tables: { metrics: 'model_artifacts.parquet' } },
    ])
    for (const beside of ['model.parquet', 'model.db', 'model_artifact_versions.parquet']) {
      const [project] = groupDataset([beside, 'model_artifacts.parquet'])
      expect(project).toMatchObject({ project: 'model', tables: { artifacts: 'model_artifacts.parquet' } })
    }
  })

  it('stay with their folder', () => {
    expect(groupDataset(['x/a.parquet', 'y/a.parquet', 'y/a_configs.parquet', 'x/_system.parquet'])).toEqual([
      { project: '_system', tables: { metrics: 'x/_system.parquet' } },
      { project: 'a', tables: { metrics: 'x/a.parquet' } },
      { project: 'a', tables: { metrics: 'y/a.parquet', configs: 'y/a_configs.parquet' } },
    ])
  })

  it('are doubtful where a name fits a side table without its project, or one with tables of its own', () => {
    expect(doubtful(['a.parquet', 'a_system.parquet', 'a_configs.parquet'])).toEqual([])
    expect(doubtful(['a_system.parquet', 'b_artifacts.parquet'])).toEqual(['a_system.parquet'])
    expect(doubtful(['a.parquet', 'a_system.parquet', 'a_system_configs.parquet'])).toEqual([
      'a_system.parquet',
    ])
  })

  it('count as metrics where their columns said so', () => {
    const paths = ['a.parquet', 'a_system.parquet', 'a_system_configs.parquet']
    expect(groupDataset(paths, new Set(['a_system.parquet']))).toEqual([
      { project: 'a', tables: { metrics: 'a.parquet' } },
      { project: 'a_system', tables: { metrics: 'a_system.parquet', configs: 'a_system_configs.parquet' } },
    ])
  })
})

describe('columns', () => {
  it('tell metrics from system metrics and traces', () => {
    expect(isMetricsTable(['id', 'timestamp', 'run_name', 'step', 'loss'])).toBe(true)
    expect(isMetricsTable(['id', 'timestamp', 'run_name', 'gpu/0/power'])).toBe(false)
    expect(
      isMetricsTable(['id', 'run_id', 'timestamp', 'run_name', 'step', 'key', 'trace_index', 'messages']),
    ).toBe(false)
  })
})

describe('canonical names', () => {
  it('keep letters of any script, digits, - and _', () => {
    expect(canonicalProject('my proj.é/x')).toBe('myprojéx')
    expect(canonicalProject('demo project.v4 ö')).toBe('demoprojectv4ö')
    expect(canonicalProject('./. ')).toBe('default')
  })
})

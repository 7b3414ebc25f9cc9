import { basename, dirname } from 'node:path'
import type { OpenDataset, ProjectReader } from '../../../../src/engine/formats/dataset.ts'
import { groupDataset, type ParquetTable } from '../../../../src/engine/formats/parquet/names.ts'
import { openParquet } from '../../../../src/engine/formats/parquet/parquet-file.ts'
import type { ParquetFiles } from '../../../../src/engine/formats/parquet/parquet-files.ts'
import { LIMITS, type Limits } from '../../../../src/engine/formats/parquet/plan.ts'
import { makeProject, type Project } from '../../../../src/engine/projects/project.ts'
import type { Series } from '../../../../src/model/metric.ts'
import { canonicalProject } from '../../../../src/model/project-name.ts'
import type { NamedFile } from '../../../../src/model/source.ts'
import { type CountedTree, countedTree } from '../../../storage/counted-tree.ts'
import type { History } from '../../golden-checks.ts'

/** A file of a Dataset, opened and with its rows read. */
export interface OpenedParquet {
  file: OpenDataset
  reader: ProjectReader
  project: Project
  tree: CountedTree
}

/** Bytes of one table as the only file of a project called `made`. */
export function unitOf(tree: CountedTree, path = 'made.parquet'): ParquetFiles {
  return {
    format: 'parquet',
    path,
    project: basename(path, '.parquet'),
    tables: { metrics: tree.entry(path) },
    runs: undefined,
    media: 'media/',
    strip: [],
  }
}

/**
 * The projects of a fixture's folder: a static export where there is a `runs.json`, else a scheduler Dataset.
 * `project`: the raw name of the former.
 */
export function unitsOf(tree: CountedTree, files: readonly NamedFile[], project: string): ParquetFiles[] {
  const paths = files.map(({ path }) => path)
  const runs = paths.find((path) => basename(path) === 'runs.json')
  if (runs) {
    const root = `${dirname(runs)}/`
    const metrics = `${root}metrics.parquet`
    const tables: ParquetFiles['tables'] = paths.includes(metrics) ? { metrics: tree.entry(metrics) } : {}
    for (const path of paths.filter((one) => one.startsWith(`${root}aux/`))) {
      const name = basename(path, '.parquet')
      tables[(name === 'system_metrics' ? 'system' : name) as ParquetTable] = tree.entry(path)
    }
    const strip = [`${project}/`, `${canonicalProject(project)}/`]
    return [
      {
        format: 'parquet',
        path: metrics,
        project,
        tables,
        runs: tree.entry(runs),
        media: `${root}media/`,
        strip,
      },
    ]
  }
  return groupDataset(paths).map(({ project: name, tables }) => ({
    format: 'parquet',
    path: tables.metrics ?? Object.values(tables)[0] ?? '',
    project: name,
    tables: Object.fromEntries(Object.entries(tables).map(([table, path]) => [table, tree.entry(path)])),
    runs: undefined,
    media: 'media/',
    strip: [],
  }))
}

export async function openDataset(
  projectFiles: ParquetFiles,
  tree: CountedTree,
  limits: Limits = LIMITS,
): Promise<OpenedParquet> {
  const file = await openParquet(projectFiles, tree, { limits })
  await file.read(() => {})
  const [only] = file.projects
  if (!only) throw new Error('no project')
  const project = makeProject({ ...only.info, id: 'p', source: 's' }, only.reader)
  return { file, reader: only.reader, project, tree }
}

/** Opens one table that a test made. */
export async function openMade(
  bytes: ArrayBuffer | Uint8Array<ArrayBuffer>,
  limits?: Limits,
  before?: (path: string) => Promise<void>,
): Promise<OpenedParquet> {
  const tree = await countedTree([{ path: 'made.parquet', file: new File([bytes], 'made.parquet') }], before)
  return openDataset(unitOf(tree), tree, limits)
}

/** What is ready of a project's metrics. */
export function historyOf({ project, reader }: OpenedParquet): History {
  return async (run) => {
    const one = project.run(run.key)
    const history: Record<string, Series> = {}
    for (const name of reader.keys().names) {
      const series = one && project.series(one, name)
      if (series) history[name] = series
    }
    return history
  }
}

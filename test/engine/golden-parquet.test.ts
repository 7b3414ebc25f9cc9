import { parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { describe, expect, it } from 'vitest'
import { createEngine } from '../../src/engine/api.ts'
import { LIMITS } from '../../src/engine/formats/parquet/plan.ts'
import type { SideCount } from '../../src/model/catalogue.ts'
import type { Run } from '../../src/model/run.ts'
import type { NamedFile, Notice } from '../../src/model/source.ts'
import { countedTree } from '../storage/counted-tree.ts'
import { historyOf, type OpenedParquet, openDataset, unitsOf } from './formats/parquet/parquet-files.ts'
import { checkMetrics, checkOthers, checkRuns, checkSeries } from './golden-checks.ts'
import type { ExpectedProject } from './golden-fixtures.ts'
import { filesOf, fixtureFolders, readFixture } from './golden-fixtures.ts'

/*
 * One checker for every folder of test/fixtures that holds Parquet: what the reader says must be what pyarrow
 * read.
 */

describe.each(fixtureFolders('tables'))('%s', (folder) => {
  const { projects } = readFixture(folder)
  const files = filesOf(folder, /./)

  async function openAll(limits = LIMITS): Promise<(OpenedParquet & { wanted: ExpectedProject })[]> {
    const tree = await countedTree(files)
    const units = unitsOf(tree, files, projects[0]?.project ?? '')
    expect(units.map(({ project }) => project).sort()).toEqual(projects.map(({ project }) => project).sort())
    return Promise.all(
      units.map(async (projectFiles) => {
        const wanted = projects.find(({ project }) => project === projectFiles.project)
        if (!wanted) throw new Error(`${projectFiles.project} is not expected`)
        return { ...(await openDataset(projectFiles, tree, limits)), wanted }
      }),
    )
  }

  it('reads as pyarrow does', async () => {
    for (const opened of await openAll()) await check(opened)
  })

  it('opens in the engine as a dropped folder', async () => {
    const engine = createEngine()
    const source = await engine.open({ kind: 'files', name: 'drop', files, live: false })
    expect(complaints(source.notices)).toEqual([])
    expect(source.projects).toHaveLength(projects.length)
    for (const wanted of projects) {
      // a static export's name stands in the Space's config.json, which did not come along: its folder's is
      // taken
      const project = source.projects.find(({ name }) => projects.length === 1 || name === wanted.project)
      if (!project) throw new Error(`no project ${wanted.project}`)
      await engine.ask('settled', { project: project.id })
      const catalogue = await engine.ask('catalogue', { project: project.id })
      expect(complaints(catalogue.notices)).toEqual([])
      checkOthers(catalogue.others, wanted)
      const isListed = (run: Run): boolean =>
        run.rows > 0 || wanted.runs.some(({ id, name }) => id === run.id && name === run.name)
      await checkRuns(
        catalogue,
        (run) => engine.ask('history', { project: project.id, run: run.key }),
        wanted,
        isListed,
      )
      checkMetrics(await engine.ask('catalogue', { project: project.id }), wanted)
      expect(await engine.ask('countBeside', { project: project.id })).toEqual(
        await rowsBeside(files, wanted.project),
      )
    }
    await engine.close(source.id)
  })

  it('reads the same in tiny pieces', async () => {
    for (const opened of await openAll({ tail: 16, gap: 0, most: 61, ahead: 2 })) await check(opened)
  })

  it('knows before a metric is read how many points it has', async () => {
    for (const { reader, wanted } of await openAll()) {
      const points: Record<string, number> = {}
      for (const { metrics } of wanted.runs)
        for (const [name, { values }] of Object.entries(metrics))
          points[name] = (points[name] ?? 0) + values.length
      if (!reader.unread) continue
      const known = reader.unread()
      expect(Object.fromEntries(known.map((metric) => [metric.name, metric.points]))).toEqual(points)
      for (const { name, mostInOneRun, beyondSafe } of known) {
        const most = Math.max(...wanted.runs.map(({ metrics }) => metrics[name]?.values.length ?? 0))
        expect(mostInOneRun, name).toBeLessThanOrEqual(most)
        expect(beyondSafe, name).toBeLessThanOrEqual(wanted.beyond_safe?.[name] ?? points[name] ?? 0)
      }
    }
  })

  it('gives metrics that are asked for one by one, and only those', async () => {
    for (const opened of await openAll()) {
      const { reader, project, wanted } = opened
      if (!reader.load || !reader.unread) continue
      const asked = new Set(
        reader
          .runs()
          .flatMap((run) =>
            run.columns.metrics.flatMap((column, key) => (column ? [reader.keys().names[key] ?? ''] : [])),
          ),
      )
      for (const { name } of reader.unread()) {
        await reader.load([name, 'no such metric'])
        asked.add(name)
        for (const run of project.catalogue().runs) {
          const expected = wanted.runs.find((one) => one.id === run.id && one.name === run.name)
          const history = await historyOf(opened)(run)
          expect(Object.keys(history).sort()).toEqual(
            Object.keys(expected?.metrics ?? {})
              .filter((one) => asked.has(one))
              .sort(),
          )
          const series = expected?.metrics[name]
          if (series && history[name]) checkSeries(history[name], series, `${name} of ${run.name}`)
        }
      }
    }
  })
})

async function check(opened: OpenedParquet & { wanted: ExpectedProject }): Promise<void> {
  const { reader, project, wanted } = opened
  await reader.load?.(undefined)
  const catalogue = project.catalogue()
  expect(complaints(catalogue.notices)).toEqual([])
  expect({ exact: catalogue.exact, state: catalogue.reading.state }).toEqual({ exact: true, state: 'done' })
  await checkRuns(catalogue, historyOf(opened), wanted)
  checkMetrics(catalogue, wanted)
  checkOthers(reader.others?.() ?? catalogue.others, wanted)
}

/** Rows of the tables beside the metrics, each read whole. */
async function rowsBeside(files: readonly NamedFile[], project: string): Promise<SideCount[]> {
  const counts: SideCount[] = []
  for (const table of ['traces', 'artifacts', 'system'] as const) {
    const names = [
      `${project}_${table}.parquet`,
      `aux/${table === 'system' ? 'system_metrics' : table}.parquet`,
    ]
    const found = files.find(({ path }) => names.some((name) => path === name || path.endsWith(`/${name}`)))
    if (!found) continue
    const rows = await parquetReadObjects({ file: await found.file.arrayBuffer(), compressors })
    if (rows.length > 0) counts.push({ table, rows: rows.length })
  }
  // none of its own: those of other projects that its runs used are of use to a page all the same
  const uses = [`${project}_external_run_artifact_links.parquet`, 'aux/external_run_artifact_links.parquet']
  if (
    !counts.some(({ table }) => table === 'artifacts') &&
    files.some(({ path }) => uses.some((name) => path === name || path.endsWith(`/${name}`)))
  )
    counts.push({ table: 'artifacts', rows: 0 })
  return counts
}

/** What is lost is said at level info; anything more is a fault. */
function complaints(notices: Notice[]): Notice[] {
  return notices.filter(({ level }) => level !== 'info')
}

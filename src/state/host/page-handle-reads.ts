import type { AskEngine } from '../../bridge/ask-engine.ts'
import type { EngineApi } from '../../bridge/engine-api.ts'
import { readAlerts } from '../../bridge/logged-alerts.ts'
import { readArtifacts } from '../../bridge/logged-artifacts.ts'
import { readFiles } from '../../bridge/logged-files.ts'
import { type LoggedMedia, type MediaWanted, readMedia } from '../../bridge/logged-media.ts'
import { readReports } from '../../bridge/logged-reports.ts'
import { readTables } from '../../bridge/logged-tables.ts'
import { readTraces } from '../../bridge/logged-traces.ts'
import { artifactPaths } from '../../compute/artifact-paths.ts'
import { percentileOf } from '../../compute/percentile-name.ts'
import type { Catalogue } from '../../model/catalogue.ts'
import { incomplete } from '../../model/errors.ts'
import { HISTOGRAM } from '../../model/histogram.ts'
import type { Run } from '../../model/run.ts'
import type { ProjectInfo } from '../../model/source.ts'
import type { App } from '../app.ts'
import type { Handle } from './page-api.ts'

/** What the handle reads from projects. */
export function makeReads(
  app: App,
  engine: EngineApi,
): Omit<Handle, 'ready' | 'projects' | 'getViewState' | 'protocolVersion'> {
  const ask: AskEngine = (question) => question(engine)

  /**
   * Of the whole project: a sample need not have met every run. What was held back, stopped or failed is read
   * now; what fails again is no answer.
   */
  async function catalogueOf(
    { id, file }: ProjectInfo,
    signal?: AbortSignal | undefined,
  ): Promise<Catalogue> {
    await engine.ask('settled', { project: id }, { signal })
    const catalogue = await engine.ask('catalogue', { project: id })
    if (catalogue.reading.state === 'done') return catalogue
    await engine.resume(id)
    await engine.ask('settled', { project: id }, { signal })
    const again = await engine.ask('catalogue', { project: id })
    if (again.reading.state !== 'done') throw incomplete(file, again.reading)
    return again
  }

  function media(project: string, path: string): Promise<Blob | undefined>
  function media(project: string, options?: MediaWanted): Promise<LoggedMedia[]>
  async function media(
    project: string,
    of: string | MediaWanted = {},
  ): Promise<Blob | undefined | LoggedMedia[]> {
    const info = findProject(app, project)
    if (typeof of === 'string') return app.sources.media(info.id, of)
    const { runs } = await catalogueOf(info, of.signal)
    const run = of.run === undefined ? undefined : findRun(runs, of.run).key
    return readMedia(engine, info.id, { ...of, run }, (path) => app.sources.media(info.id, path, of.signal))
  }

  return {
    runs: async (project) =>
      (await catalogueOf(findProject(app, project))).runs.map(({ id, name, group, status, config }) => ({
        id,
        name,
        group,
        status,
        config,
      })),
    async history(project, run, { metrics: wanted, signal } = {}) {
      const info = findProject(app, project)
      const { runs, metrics, others } = await catalogueOf(info, signal)
      const { key } = findRun(runs, run)
      if (wanted) {
        const known = new Set(metrics.map(({ name }) => name))
        const held = new Set(others.flatMap(({ name, kinds }) => (HISTOGRAM in kinds ? [name] : [])))
        const unknown = wanted.filter((name) => !known.has(name) && !held.has(percentileOf(name)?.key ?? ''))
        if (unknown.length > 0)
          throw new Error(
            `trackio.history: no metric ${list(unknown)} in ${info.name}; there are ${list([...known])}`,
          )
      }
      const series = await engine.ask('history', { project: info.id, run: key, metrics: wanted }, { signal })
      return Object.fromEntries(
        Object.entries(series).map(([name, { steps, values, times }]) => [
          name,
          { steps, values, timestamps: times },
        ]),
      )
    },
    async tables(project, { key, run, signal } = {}) {
      const info = findProject(app, project)
      const { runs } = await catalogueOf(info, signal)
      const wanted = run === undefined ? undefined : findRun(runs, run).key
      return readTables(engine, info.id, { key, run: wanted, signal })
    },
    async traces(project, { run, signal } = {}) {
      const info = findProject(app, project)
      const { runs } = await catalogueOf(info, signal)
      const wanted = run === undefined ? undefined : findRun(runs, run).key
      return readTraces(engine, info.id, { run: wanted, signal })
    },
    media,
    async alerts(project, { run, ...wanted } = {}) {
      const info = findProject(app, project)
      if (run === undefined) return readAlerts(ask, info.id, wanted)
      const { runs } = await catalogueOf(info, wanted.signal)
      return readAlerts(ask, info.id, { ...wanted, run: findRun(runs, run).key })
    },
    async artifacts(project, options = {}) {
      const { id } = findProject(app, project)
      // of a given folder the page has what the engine was not handed
      return readArtifacts(
        ask,
        id,
        options,
        async (digest, signal) =>
          (await app.sources.beneath(id, (name) => artifactPaths(name, digest), signal)) ??
          engine.ask('artifactFile', { project: id, digest }, { signal }),
      )
    },
    async files(project, options = {}) {
      const { id } = findProject(app, project)
      return readFiles(ask, id, options, () => app.sources.files(id, options.signal))
    },
    async reports(project, { run, ...wanted } = {}) {
      const info = findProject(app, project)
      const { runs } = await catalogueOf(info, wanted.signal)
      const key = run === undefined ? undefined : findRun(runs, run).key
      return readReports(engine, info.id, { ...wanted, run: key })
    },
    async query(project, sql, { bind, most, signal } = {}) {
      const { id } = findProject(app, project)
      return engine.ask('sql', { project: id, text: sql, bind, most }, { signal })
    },
  }
}

function findProject(app: App, wanted: string | undefined): ProjectInfo {
  const all = app.sources.projects()
  if (wanted === undefined) {
    const current = app.sources.project()
    if (current) return current
  }
  const found = all.find(({ id }) => id === wanted) ?? all.find(({ name }) => name === wanted)
  if (found) return found
  throw new Error(
    `trackio: no project ${JSON.stringify(wanted)}; open are ${list(all.map(({ name }) => name))}`,
  )
}

function findRun(runs: readonly Run[], wanted: string): Run {
  const byId = runs.find(({ id, key }) => id === wanted || key === wanted)
  if (byId) return byId
  const named = runs.filter(({ name }) => name === wanted)
  const [first] = named
  if (!first)
    throw new Error(
      `trackio: no run ${JSON.stringify(wanted)}; there are ${list(runs.map(({ name }) => name))}`,
    )
  if (named.length > 1) {
    throw new Error(
      `trackio: ${named.length} runs are called ${JSON.stringify(wanted)}; name one by its id: ${list(named.map(({ key }) => key))}`,
    )
  }
  return first
}

/** A few names, so that a message stays readable with a thousand runs. */
function list(names: readonly string[]): string {
  if (names.length === 0) return 'none'
  const shown = names.slice(0, 8).map((name) => JSON.stringify(name))
  return names.length > shown.length
    ? `${shown.join(', ')} and ${names.length - shown.length} more`
    : shown.join(', ')
}

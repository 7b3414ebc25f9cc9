import type { EngineApi } from '../bridge/engine-api.ts'
import type { Catalogue } from '../model/catalogue.ts'
import type { Json, Run } from '../model/run.ts'
import type { ProjectInfo } from '../model/source.ts'
import type { App } from './app.ts'
import { PROTOCOL_VERSION, reportOf, type ViewReport } from './report.ts'

export interface HandleProject {
  id: string
  name: string
  source: string
  file: string
}

export interface HandleRun {
  id: string | null
  name: string
  group: string | null
  status: string | null
  config: { [key: string]: Json } | null
}

export interface HandleSeries {
  steps: Float64Array
  values: Float64Array
  /** ms since 1970 */
  timestamps: Float64Array
}

/** The reading handle of the console, of notebooks and of checks: the same engine that the page uses. */
export interface Handle {
  /** Resolves when all visible charts are drawn and exact. */
  ready(): Promise<void>
  projects(): Promise<HandleProject[]>
  runs(project: string): Promise<HandleRun[]>
  /** Every logged point, unsampled, in row order. Without `metrics`: all of them. */
  history(project: string, run: string, options?: { metrics?: string[] }): Promise<Record<string, HandleSeries>>
  /** The file that a logged value names by its `file_path`, wherever the project lies; undefined where it is lost. */
  media(project: string, path: string): Promise<Blob | undefined>
  /** What is on screen, in the words of trackio's own dashboard. */
  getViewState(): ViewReport
  protocolVersion: number
}

declare global {
  interface Window {
    trackio?: Handle
  }
}

export function makeHandle(app: App, engine: EngineApi): Handle {
  /** Of the whole project: a sample need not have met every run. What was held back, stopped or failed is read now. */
  async function catalogueOf({ id }: ProjectInfo): Promise<Catalogue> {
    await engine.settled(id)
    const catalogue = await engine.catalogue(id)
    if (catalogue.reading.state === 'done') return catalogue
    await engine.resume(id)
    await engine.settled(id)
    return engine.catalogue(id)
  }

  return {
    ready: () => app.settled.wait(),
    projects: async () =>
      app.sources.projects().map(({ id, name, source, file }) => ({
        id,
        name,
        source: app.sources.list().find(({ info }) => info.id === source)?.info.name ?? source,
        file,
      })),
    runs: async (project) =>
      (await catalogueOf(findProject(app, project))).runs.map(({ id, name, group, status, config }) => ({
        id,
        name,
        group,
        status,
        config,
      })),
    async history(project, run, options) {
      const info = findProject(app, project)
      const { runs, metrics } = await catalogueOf(info)
      const { key } = findRun(runs, run)
      const wanted = options?.metrics
      if (wanted) {
        const known = new Set(metrics.map(({ name }) => name))
        const unknown = wanted.filter((name) => !known.has(name))
        if (unknown.length > 0)
          throw new Error(`trackio.history: no metric ${list(unknown)} in ${info.name}; there are ${list([...known])}`)
      }
      const series = await engine.history(info.id, key, wanted)
      return Object.fromEntries(
        Object.entries(series).map(([name, { steps, values, times }]) => [name, { steps, values, timestamps: times }]),
      )
    },
    media: async (project, path) => app.sources.media(findProject(app, project).id, path),
    getViewState: () => reportOf(app),
    protocolVersion: PROTOCOL_VERSION,
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
  throw new Error(`trackio: no project ${JSON.stringify(wanted)}; open are ${list(all.map(({ name }) => name))}`)
}

function findRun(runs: readonly Run[], wanted: string): Run {
  const byId = runs.find(({ id, key }) => id === wanted || key === wanted)
  if (byId) return byId
  const named = runs.filter(({ name }) => name === wanted)
  const [first] = named
  if (!first) throw new Error(`trackio: no run ${JSON.stringify(wanted)}; there are ${list(runs.map(({ name }) => name))}`)
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
  return names.length > shown.length ? `${shown.join(', ')} and ${names.length - shown.length} more` : shown.join(', ')
}

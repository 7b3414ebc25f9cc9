import type { EngineApi } from '../../bridge/engine-api.ts'
import type { LoggedMedia, MediaWanted } from '../../bridge/logged-media.ts'
import type { App } from '../app.ts'
import type { Handle } from './page-api.ts'
import { PROTOCOL_VERSION, reportOf } from './report.ts'

export function makeHandle(app: App, engine: EngineApi): Handle {
  const reads = async () => (await import('./page-handle-reads.ts')).makeReads(app, engine)
  // part of a settled page: whoever served it may be gone right afterwards. A call that needs what did not
  // come says so
  app.settled.setBusy('handle', true)
  void reads()
    .catch(() => undefined)
    .finally(() => app.settled.setBusy('handle', false))
  function media(project: string, path: string): Promise<Blob | undefined>
  function media(project: string, options?: MediaWanted): Promise<LoggedMedia[]>
  async function media(
    project: string,
    of?: string | MediaWanted,
  ): Promise<Blob | undefined | LoggedMedia[]> {
    const read = await reads()
    return typeof of === 'string' ? read.media(project, of) : read.media(project, of)
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
    runs: async (project) => (await reads()).runs(project),
    history: async (project, run, options) => (await reads()).history(project, run, options),
    tables: async (project, options) => (await reads()).tables(project, options),
    traces: async (project, options) => (await reads()).traces(project, options),
    media,
    alerts: async (project, options) => (await reads()).alerts(project, options),
    artifacts: async (project, options) => (await reads()).artifacts(project, options),
    files: async (project, options) => (await reads()).files(project, options),
    reports: async (project, options) => (await reads()).reports(project, options),
    query: async (project, sql, options) => (await reads()).query(project, sql, options),
    getViewState: () => reportOf(app),
    protocolVersion: PROTOCOL_VERSION,
  }
}

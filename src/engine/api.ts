import type { EngineApi, EngineEvent } from '../bridge/engine-api.ts'
import { percentileOf } from '../compute/percentile-name.ts'
import { type IncompleteError, TrackioError } from '../model/errors.ts'
import { type LineKey, metricOf, metricsOf } from '../model/line-key.ts'
import { MARK_KEY } from '../model/mark.ts'
import type { Answers, Kind, Progress, Query, Waiting } from '../model/questions.ts'
import type { RunKey } from '../model/run.ts'
import { isSystem, isTraces, loggedOf, membersOf, type ProjectId, systemOf } from '../model/source.ts'
import type { Frame, FrameQuery } from '../model/view.ts'
import { onSent } from '../storage/http/sent.ts'
import { lookBeside } from '../storage/http/static-config.ts'
import { makeTokenTable } from '../storage/http/token-table.ts'
import type { Project } from './projects/project.ts'
import { isUnread } from './projects/read-queue.ts'
import type { Copied } from './questions/exports-and-saved.ts'
import { frameOf } from './questions/frame.ts'
import { frameVersionOf } from './questions/frame-version.ts'
import type { LoggedTables } from './questions/logged-tables.ts'
import type { Together } from './sources/comparisons.ts'
import { inWords, looking, makeSources } from './sources/open-sources.ts'
import type { ProjectEntry } from './sources/opened-source.ts'
import type { Systems } from './sources/systems.ts'
import { makeWhole, type RowsOptions } from './sources/whole.ts'

const rows = () => import('./questions/history.ts')
// fetched while nothing is asked (engine.worker.ts), so that no crosshair waits for it
const probing = () => import('./questions/probe.ts')
/** For columns of the table of runs. */
const measures = () => import('./questions/measures.ts')
const traces = () => import('./questions/traces.ts')
const histograms = () => import('./questions/histograms.ts')
const typedValues = () => import('./projects/typed-values.ts')
const ofSystem = () => import('./questions/system.ts')
const groupRows = () => import('./questions/group-rows.ts')
const grouping = () => import('./questions/group-frame.ts')
const keeping = () => import('./questions/exports-and-saved.ts')

/**
 * The worker's side of everything: answers the contract with the open sources and what this browser keeps.
 */
export function createEngine(): EngineApi {
  const listeners = new Set<(event: EngineEvent) => void>()
  const tokens = makeTokenTable()
  const sources = makeSources({
    tokenFor: tokens.of,
    emit(event) {
      for (const one of [event, ...(together?.echoes(event) ?? [])])
        for (const listener of listeners) listener(one)
    },
  })
  const { readQueue, entry } = sources
  /** Few look at several projects as one, or at system metrics: the code comes with the first question about them. */
  let together: Together | undefined
  let systems: Systems | undefined
  /** Of numbers of traces: made by the question for them. */
  let ofTraces: ((main: Project) => Project) | undefined
  /** Percentiles of histograms as metrics: likewise. */
  let derived: ((project: Project) => Project) | undefined
  let tables: LoggedTables | undefined
  const logged = (id: ProjectId): Project => together?.of(id) ?? entry(id).project
  const of = (id: ProjectId): Project =>
    isTraces(id) && ofTraces
      ? ofTraces(logged(loggedOf(id)))
      : isSystem(id) && systems
        ? systems.of(id)
        : (derived?.(logged(id)) ?? logged(id))
  onSent((host, bytes) => {
    for (const listener of listeners) listener({ kind: 'sent', host, bytes })
  })
  const whole = makeWhole(readQueue, entry)

  const answers: Answers = {
    catalogue: async ({ project }) => of(project).catalogue(),
    async countBeside({ project }) {
      const counts = await of(project).countBeside()
      tellReceived(project)
      return counts
    },
    async alerts({ project }, { signal }) {
      const found = await of(project).alerts(signal)
      tellReceived(project)
      return found
    },
    async traces({ project, ...query }, { signal }) {
      const found = await (await traces()).tracesOf(logged(project), query, signal)
      tellReceived(project)
      return found
    },
    tracePreviews: async ({ project, at, text }) => (await traces()).previewsOf(logged(project), at, text),
    tracesAt: async ({ project, at, store }) => (await traces()).tracesAt(logged(project), at, store),
    trace: async ({ project, id }, { signal }) => (await traces()).traceOf(logged(project), id, signal),
    searchTraces: async ({ project, text }, { signal, onProgress }) =>
      (await traces()).searchTraces(logged(project), text, onProgress, signal),
    async traceSeries({ project }) {
      ofTraces = (await traces()).seriesOf
      return ofTraces(logged(project)).catalogue()
    },
    async system({ project }, { signal, onProgress }) {
      const all = await withSystems()
      await all.update(
        project,
        (rows) =>
          onProgress?.({
            text: `reading system metrics: ${rows.toLocaleString('en')} rows`,
            bytes: 0,
            totalBytes: 0,
          }),
        signal,
      )
      tellReceived(project)
      return all.of(systemOf(project)).catalogue()
    },
    async systemStats(query, { signal }) {
      await load(query.project, query.metrics, signal)
      return (await ofSystem()).systemStatsOf(of(query.project), query)
    },
    async systemStrip(query, { signal }) {
      await load(query.project, [query.metric], signal)
      return (await ofSystem()).stripOf(of(query.project), query)
    },
    async systemSamples(query, { signal }) {
      signal?.throwIfAborted()
      return (await ofSystem()).samplesOf(of(query.project), query)
    },
    async frame(query, { signal }) {
      const frame = await framed(await loaded(query, signal), query)
      // a chart stands: what it does not need comes now, and is there when whoever served the page has gone
      for (const code of [rows, looking, grouping]) code().catch(() => {})
      return frame
    },
    async newFrame({ frame: query, version }, { signal }) {
      const project = await loaded(query, signal)
      return frameVersionOf(project, query) === version ? undefined : framed(project, query)
    },
    async probe(query, { signal }) {
      signal?.throwIfAborted()
      const project = of(query.project)
      if (query.groups || query.base)
        return (await import('./questions/group-probe.ts')).groupProbeOf(project, query)
      return (await probing()).probeOf(project, query)
    },
    async zoomOn(query, { signal }) {
      const axes = [query.from, query.to].flatMap((x) => (x.kind === 'metric' ? [x.name] : []))
      await load(query.project, axes, signal)
      return (await import('./questions/zoom-on.ts')).zoomOn(of(query.project), query)
    },
    async stats({ project, metrics, runs }, { signal }) {
      await load(project, metrics, signal)
      return (await rows()).statsOf(of(project), { metrics, runs }, signal)
    },
    async measure({ project, metric, measure, runs }, { signal }) {
      const metrics = measure.by === 'best' ? [metric, measure.of] : [metric]
      const [{ measureOf }] = await Promise.all([measures(), load(project, metrics, signal)])
      return measureOf(of(project), { metric, measure, runs }, signal)
    },
    async sparks({ project, metric, runs, width }, { signal }) {
      const [{ sparksOf }] = await Promise.all([measures(), load(project, [metric], signal)])
      return sparksOf(of(project), { metric, width, runs }, signal)
    },
    async table({ project, metric, runs, from, count, part }, { signal }) {
      const [{ tableOf }] = await withRows(rows(), () =>
        all(project, metricsOf(runs, metric), { part, signal }),
      )
      return tableOf(of(project), metric, runs, from, count)
    },
    async runRows({ project, run, ...range }, { signal }) {
      const found = of(project)
      const one = found.run(run)
      if (!one) {
        if (found.listsOnly(run)) return { from: 0, rows: [], total: 0, keepsText: true }
        throw new TrackioError(run, `no run of this id in ${found.info.name}`)
      }
      const answer = await found.rows(one, range, signal)
      tellReceived(project)
      return answer
    },
    async runBeside({ project, run }) {
      return of(project).beside(run)
    },
    async groupTable(query, { signal }) {
      const [{ groupPageOf }] = await withRows(groupRows(), () =>
        all(query.project, metricsIn(query), { part: query.part, signal }),
      )
      return groupPageOf(of(query.project), query)
    },
    async groupCsv(query, { signal }) {
      const [{ groupCsvOf }, missing] = await withRows(groupRows(), () =>
        all(query.project, metricsIn(query), { part: query.part, signal }),
      )
      return groupCsvOf(of(query.project), query, { missing, signal })
    },
    async history({ project, run, metrics }, { signal }) {
      const [{ historyOf }] = await withRows(rows(), () => all(project, metrics, { signal }))
      return historyOf(of(project), run, metrics)
    },
    async csv({ project, metric, runs, part }, { signal }) {
      const [{ csvOf }, missing] = await withRows(import('./exports/csv-lines.ts'), () =>
        all(project, metricsOf(runs, metric), { part, signal }),
      )
      return csvOf(of(project), metric, runs, { missing, signal })
    },
    async values({ project, kinds }, { signal }) {
      const found = await (await typedValues()).typedValuesOf(logged(project), kinds, signal)
      tellReceived(project)
      return found
    },
    async valuesAt({ project, at }, { signal }) {
      const found = await (await typedValues()).valuesOf(logged(project), at, signal)
      tellReceived(project)
      return found
    },
    async histograms(query, { signal }) {
      const found = await (await histograms()).histogramsAnswer(logged(query.project), query, signal)
      tellReceived(query.project)
      return found
    },
    async newHistograms(query, { signal }) {
      const { project } = query.histograms
      const found = await (await histograms()).newHistogramsAnswer(logged(project), query, signal)
      tellReceived(project)
      return found
    },
    async tableView(query, waiting) {
      const found = await (await loggedTables()).view(logged(query.project), query, waiting)
      tellReceived(query.project)
      return found
    },
    tableRows: async (query, waiting) => (await loggedTables()).rows(logged(query.project), query, waiting),
    tableSummary: async (query, waiting) =>
      (await loggedTables()).summary(logged(query.project), query, waiting),
    tableRow: async (query, waiting) => (await loggedTables()).row(logged(query.project), query, waiting),
    tableText: async (query, waiting) => (await loggedTables()).text(logged(query.project), query, waiting),
    tableKey: async (query, waiting) => (await loggedTables()).key(logged(query.project), query, waiting),
    tableDiff: async (query, waiting) =>
      (await loggedTables()).diff([logged(query.a.project), logged(query.b.project)], query, waiting),
    async media({ project, path }, { signal }) {
      for (const { dataset } of entriesOf(project)) {
        signal?.throwIfAborted()
        const found = await dataset.media?.(path, signal)
        if (found) return found
      }
      return undefined
    },
    settled: async ({ project }, { signal }) =>
      void (await Promise.all(membersOf(project).map((member) => whole.settle(member, false, signal)))),
    kept: async () => (await keeping()).listKept(),
    keep: async ({ project }, waiting) => (await keeping()).keepCopy(copied(project), inWords(waiting)),
    renameKept: async ({ name, to, tracked }) => (await keeping()).renameKept(name, to, tracked),
    removeKept: async ({ name, tracked }) => (await keeping()).removeKept(name, tracked),
    async export({ project, form, frontend, part }, waiting) {
      if (form !== 'csv')
        return (await keeping()).exportProject(copied(project), form, frontend, inWords(waiting))
      const [{ exportRows }, missing] = await withRows(keeping(), () =>
        all(project, undefined, { part, signal: waiting.signal }),
      )
      return exportRows(of(project), inWords(waiting), missing)
    },
    publish: async ({ project, options }, waiting) =>
      (await import('./publish/publish.ts')).publish(copied(project), options, {
        ...waiting,
        tokenFor: tokens.of,
      }),
    cacheSize: async () => (await import('../storage/hub/hub-cache.ts')).cacheSize(),
    forgetCache: async () => (await import('../storage/hub/hub-cache.ts')).forgetCache(),
    marks: ({ project }, { signal }) => of(project).marks(signal),
    setMark: ({ project, run, mark }) => {
      const { dataset, project: to, source } = entry(project)
      if (!dataset.setMetadata)
        throw new TrackioError(source.connector.name, 'notes and tags cannot be written here')
      return dataset.setMetadata(to.info.name, MARK_KEY + run, JSON.stringify(mark))
    },
    renameRun: ({ project, run, name }) =>
      change(project, run, (entry, logged) =>
        entry.dataset.renameRun?.(entry.project.info.name, logged, name),
      ),
    deleteRun: ({ project, run }) =>
      change(project, run, (entry, logged) => entry.dataset.deleteRun?.(entry.project.info.name, logged)),
  }

  return {
    ask: async <K extends Kind>(kind: K, query?: Query<K>, waiting: Waiting<Progress<K>> = {}) => {
      const answer: Answers[K] | undefined = answers[kind]
      if (!answer) throw new Error(`engine: no question ${kind}`)
      if (asksSystem(query)) await withSystems()
      if (!derived && asksPercentile(query))
        derived = (await import('./projects/percentiles.ts')).withPercentiles
      const { project = '', frame, histograms: pictures } = Object(query)
      const id: ProjectId = frame?.project ?? pictures?.project ?? project
      if (!together && !isSystem(id) && membersOf(id)[0] !== loggedOf(id)) {
        const { makeTogether } = await import('./sources/comparisons.ts')
        together ??= makeTogether(sources)
      }
      return answer(query as Query<K>, waiting) // the table of questions says which have none
    },
    open: (ref, waiting = {}) => sources.open(ref, waiting),
    refresh: ({ source, files }, { signal } = {}) => sources.refresh(source, files, signal),
    async close(id) {
      sources.close(id)
      together?.forgetClosed()
      tables?.forgetClosed((project) => membersOf(project).every(sources.has))
    },
    authorize: async ({ origin, token }) => tokens.set(origin, token),
    beside: async (base) => (await lookBeside(base)).kind,
    async watch(id) {
      for (const { dataset } of entriesOf(id).reverse()) {
        if (isUnread(dataset) && !readQueue.isWaiting(dataset)) readQueue.add(dataset)
        whole.isWanted(dataset)
        readQueue.watch(dataset)
      }
      readQueue.pump()
    },
    async cancel(id) {
      for (const { dataset } of entriesOf(id)) readQueue.cancel(dataset)
    },
    async resume(id) {
      for (const { dataset } of entriesOf(id)) {
        whole.isWanted(dataset)
        readQueue.resume(dataset)
      }
    },
    async onEvent(listener) {
      listeners.add(listener)
    },
  }

  async function loggedTables(): Promise<LoggedTables> {
    tables ??= (await import('./questions/logged-tables.ts')).makeLoggedTables()
    return tables
  }

  async function withSystems(): Promise<Systems> {
    systems ??= (await import('./sources/systems.ts')).makeSystems(entry)
    return systems
  }

  function entriesOf(id: ProjectId): ProjectEntry[] {
    return membersOf(id).map(entry)
  }

  function tellReceived(id: ProjectId): void {
    for (const { source } of entriesOf(id)) sources.tellReceived(source)
  }

  /** Waits for all rows, and for these metrics of them. */
  function all(
    id: ProjectId,
    metrics: string[] | undefined,
    options: RowsOptions,
  ): Promise<IncompleteError | undefined> {
    return whole.all(
      id,
      async () => {
        if (isSystem(id)) await systems?.whole(id, options.signal)
        await load(id, metrics, options.signal)
      },
      () => of(id).info.file,
      options,
    )
  }

  /** The project that a chart asks about, with what it asks for at hand. */
  async function loaded(query: FrameQuery, signal: AbortSignal | undefined): Promise<Project> {
    const found = of(query.project)
    await load(query.project, metricsIn(query), signal)
    return found
  }

  async function load(
    id: ProjectId,
    metrics: string[] | undefined,
    signal?: AbortSignal | undefined,
  ): Promise<void> {
    await of(id).load(metrics, signal)
    tellReceived(id)
  }

  async function change(
    id: ProjectId,
    key: RunKey,
    act: (entry: ProjectEntry, run: { id: string | null; name: string }) => Promise<void> | undefined,
  ): Promise<void> {
    const one = entry(id)
    const run = one.project.run(key)
    if (!run)
      throw new TrackioError(
        key,
        `no run of this name in ${one.project.info.name}`,
        'It may have been renamed or deleted meanwhile.',
      )
    const done = act(one, run)
    if (!done) throw new TrackioError(one.source.connector.name, 'runs cannot be changed here')
    await done
    // once it is folded, a change may leave size and time of the file as they were
    one.source.stamps.delete(one.dataset.path)
    await sources.refresh(one.source.id)
  }

  /** A project with where its bytes are. */
  function copied(id: ProjectId): Copied {
    const { project, dataset, source } = entry(id)
    const { tree } = source.connector
    const files = source.projectFiles.get(dataset.path)
    if (!tree || !files)
      throw new TrackioError(
        project.info.name,
        'a live server gives out rows, not the database itself',
        'Copy its .db file from the folder that the server runs in.',
      )
    return { tree, files, project: project.info.name, from: source.connector.name }
  }
}

/** It is about the system metrics of a project. */
function asksSystem(query: object | undefined): boolean {
  const { project, frame } = (query ?? {}) as { project?: unknown; frame?: { project?: unknown } }
  return [project, frame?.project].some((id) => typeof id === 'string' && isSystem(id))
}

/** It is about a percentile of a histogram, or may be: a metric can have such a name. */
function asksPercentile(query: object | undefined): boolean {
  const { frame, metric, measure, metrics = [], runs = [], x } = (query ?? {}) as AnyMetrics
  if (frame) return asksPercentile(frame)
  const names = [metric, measure?.of, x?.name, ...metrics, ...runs.map((line) => metricOf(line, ''))]
  return names.some((name) => name !== undefined && percentileOf(name) !== undefined)
}

/** What names metrics in any question. */
interface AnyMetrics {
  frame?: AnyMetrics
  metric?: string
  /** `best(max p50 of grads)`: of another metric where that one is best. */
  measure?: { of?: string }
  metrics?: string[]
  runs?: LineKey[]
  x?: { name?: string }
}

/** All metrics that a chart asks for, its x axis among them. */
function metricsIn({ metric, runs, x }: Pick<FrameQuery, 'metric' | 'runs' | 'x'>): string[] {
  const metrics = metricsOf(runs, metric)
  return x.kind === 'metric' ? [...metrics, x.name] : metrics
}

/** Groups and differences take more than a first chart does. */
async function framed(project: Project, query: FrameQuery): Promise<Frame> {
  if (!query.groups && !query.base && !query.envelope) return frameOf(project, query)
  return (await grouping()).groupFrameOf(project, query)
}

/**
 * Fetches code while all rows are waited for, and then waits for those that came meanwhile: whoever answers at
 * once has rows of one state.
 */
async function withRows<T>(
  code: Promise<T>,
  all: () => Promise<IncompleteError | undefined>,
): Promise<[T, IncompleteError | undefined]> {
  const [fetched] = await Promise.all([code, all()])
  return [fetched, await all()]
}

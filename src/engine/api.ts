import type { EngineApi, EngineEvent } from '../bridge/engine-api.ts'
import { percentileOf } from '../compute/percentile-name.ts'
import { type IncompleteError, isAbort, TrackioError } from '../model/errors.ts'
import type { FileRef } from '../model/file.ts'
import { type LineKey, metricOf, metricsOf } from '../model/line-key.ts'
import { MARK_KEY } from '../model/mark.ts'
import type { Answers, Kind, Progress, Query, Waiting } from '../model/questions.ts'
import type { FileHash } from '../model/report.ts'
import {
  isSystem,
  isTraces,
  loggedOf,
  membersOf,
  type NamedFile,
  type ProjectId,
  systemOf,
} from '../model/source.ts'
import type { Frame, FrameQuery, Probe, ProbeQuery } from '../model/view.ts'
import { withBeside } from '../storage/files/beside-tree.ts'
import { onSent } from '../storage/http/sent.ts'
import { lookBeside } from '../storage/http/static-config.ts'
import { makeTokenTable } from '../storage/http/token-table.ts'
import type { Holdings } from './exports/contents.ts'
import type { Project } from './projects/project.ts'
import { isUnread } from './projects/read-queue.ts'
import type { ArtifactPlace } from './questions/artifact-files.ts'
import type { Copied } from './questions/exports-and-saved.ts'
import { frameOf } from './questions/frame.ts'
import { frameVersionOf } from './questions/frame-version.ts'
import type { LoggedTables } from './questions/logged-tables.ts'
import type { OpenProjects } from './questions/memory.ts'
import type { ProjectFileAnswers } from './questions/project-files.ts'
import type { Sql } from './questions/sql.ts'
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
const artifactFiles = () => import('./questions/artifact-files.ts')
const histograms = () => import('./questions/histograms.ts')
const typedValues = () => import('./projects/typed-values.ts')
const reports = () => import('./questions/reports.ts')
const ofSystem = () => import('./questions/system.ts')
const groupRows = () => import('./questions/group-rows.ts')
const grouping = () => import('./questions/group-frame.ts')
const keeping = () => import('./questions/exports-and-saved.ts')
const changing = () => import('./questions/changes.ts')

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
  let sql: Sql | undefined
  let files: ProjectFileAnswers | undefined
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
    async artifacts({ project }, { signal }) {
      // lineage asks for projects that nobody looks at
      for (const { dataset } of entriesOf(project)) await dataset.opened?.(signal)
      const { withoutFiles } = await artifactFiles()
      const without = new Map<ProjectId, string>()
      for (const id of membersOf(project)) {
        const why = await withoutFiles(artifactPlace(id), signal)
        if (why !== undefined) without.set(id, why)
      }
      const found = await logged(project).artifacts(without, signal)
      tellReceived(project)
      return found
    },
    artifactManifest: ({ project, version }, { signal }) =>
      entry(project).project.artifactManifest(version, signal),
    async artifactFile({ project, ...which }, waiting) {
      const found = await (await artifactFiles()).fileOf(artifactPlace(project), which, waiting)
      tellReceived(project)
      return found
    },
    artifactFiles: ({ project }, { signal }) => entry(project).project.artifactFiles(signal),
    async artifactZip({ project, version, given }, waiting) {
      const found = await (await artifactFiles()).zipOf(artifactPlace(project, given), version, waiting)
      tellReceived(project)
      return found
    },
    async verifyArtifacts({ project, files, given }, waiting) {
      const [{ findFile }, { verifyFiles }] = await Promise.all([
        artifactFiles(),
        import('./questions/verify.ts'),
      ])
      const place = artifactPlace(project, given)
      const found = await verifyFiles(files, (digest) => findFile(place, digest, waiting.signal), waiting)
      tellReceived(project)
      return found
    },
    async registries({ project }, waiting) {
      const { registriesOf } = await import('./questions/registries.ts')
      const found = await registriesOf(new Set(entriesOf(project).map(({ source }) => source)), waiting)
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
    countTraces: async ({ project, run }, { signal }) =>
      (await traces()).countTraces(logged(project), run, signal),
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
      return probed(of(query.project), query)
    },
    async probes(queries, { signal }) {
      signal?.throwIfAborted()
      return Promise.all(queries.map((query) => probed(of(query.project), query)))
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
    async reportHeads({ project, at }, { signal }) {
      const found = await (await reports()).headsOf(logged(project), at, signal)
      tellReceived(project)
      return found
    },
    async searchReports({ project, at, text }, { signal, onProgress }) {
      const found = await (await reports()).searchReports(logged(project), at, text, onProgress, signal)
      tellReceived(project)
      return found
    },
    reportChanges: async ({ project, pairs }, { signal }) =>
      (await reports()).changesOf(logged(project), pairs, signal),
    async fileHashes({ project }, waiting) {
      const found: FileHash[] = []
      for (const member of membersOf(project)) {
        const { tree, files } = copied(member, undefined)
        const name = files.path.slice(files.path.lastIndexOf('/') + 1)
        const file: FileRef = { project: member, path: files.path, name }
        const sha256 = await ofFile(file, (answers) => answers.hash(file, waiting))
        found.push({ name, sha256, bytes: (await tree.find(files.path))?.size ?? 0 })
      }
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
      let failure: { cause: unknown } | undefined
      for (const { dataset } of entriesOf(project)) {
        signal?.throwIfAborted()
        try {
          const found = await dataset.media?.(path, signal)
          if (found) return found
        } catch (cause) {
          if (isAbort(cause)) throw cause
          // another one may have it
          failure ??= { cause }
        }
      }
      if (failure) throw failure.cause
      return undefined
    },
    async files({ project }, { signal }) {
      const { listFiles } = await import('./questions/file-list.ts')
      const found = await listFiles(entriesOf(project), signal)
      tellReceived(project)
      return found
    },
    fileLook: ({ file }, { signal }) => ofFile(file, (files) => files.look(file, signal)),
    fileBytes: ({ file, from, count }, { signal }) =>
      ofFile(file, (files) => files.bytes(file, from, count, signal)),
    fileLines: ({ file, encoding }, waiting) => ofFile(file, (files) => files.lines(file, encoding, waiting)),
    searchFile: ({ file, encoding, search }, waiting) =>
      ofFile(file, (files) => files.search(file, encoding, search, waiting)),
    jsonPart: (query, waiting) => ofFile(query.file, (files) => files.json(query, waiting)),
    fileHash: ({ file }, waiting) => ofFile(file, (files) => files.hash(file, waiting)),
    fileBlob: ({ file }, waiting) => ofFile(file, (files) => files.blob(file, waiting)),
    settled: async ({ project }, { signal }) =>
      void (await Promise.all(membersOf(project).map((member) => whole.settle(member, false, signal)))),
    kept: async () => (await keeping()).listKept(),
    keep: async ({ project, beside }, waiting) =>
      (await keeping()).keepCopy(copiedWhole(project, beside), inWords(waiting)),
    renameKept: async ({ name, to, tracked }) => (await keeping()).renameKept(name, to, tracked),
    removeKept: async ({ name, tracked }) => (await keeping()).removeKept(name, tracked),
    async export({ project, form, frontend, part, beside }, waiting) {
      if (form !== 'csv')
        return (await keeping()).exportProject(copiedWhole(project, beside), form, frontend, inWords(waiting))
      const [{ exportRows }, missing] = await withRows(keeping(), () =>
        all(project, undefined, { part, signal: waiting.signal }),
      )
      const holdings = await holdingsIn(project, beside, waiting.signal, false)
      return exportRows(of(project), inWords(waiting), missing, holdings)
    },
    async exportPlans({ project, beside }, { signal }) {
      await whole.settle(project, false, signal)
      return (await keeping()).plansOf(copied(project, beside), signal)
    },
    async publish({ project, options, beside }, waiting) {
      const what = copiedWhole(project, beside)
      const [{ publish }, { lostFiles }] = await Promise.all([
        import('./publish/publish.ts'),
        import('./exports/contents.ts'),
      ])
      // first: what fails here must not pass for a publishing that failed
      const lost = lostFiles(await what.holdings(waiting.signal))
      const done = await publish(what, options, { ...waiting, tokenFor: tokens.of })
      return { ...done, notices: [...done.notices, ...lost] }
    },
    cached: async () => (await import('../storage/hub/hub-cache.ts')).listCache(),
    forgetCache: async ({ of }) => (await import('../storage/hub/hub-cache.ts')).forgetCache(of),
    memory: async () => (await import('./questions/memory.ts')).memoryOf(openProjects()),
    freeMemory: async ({ project }) =>
      (await import('./questions/memory.ts')).freeMemory(openProjects(), project),
    async sql({ project, ...query }, waiting) {
      if (membersOf(project).length > 1)
        throw new TrackioError('SQL', 'asks one project at a time', 'Take the others from beside it.')
      const { reader, dataset, source } = entry(project)
      const files = source.projectFiles.get(dataset.path)
      sql ??= (await import('./questions/sql.ts')).makeSql()
      const { name } = entry(project).project.info
      const whole = async (): Promise<void> => void (await all(project, undefined, waiting))
      // laid over a reader of the dataset, they make another one
      const changed = !dataset.projects.some((one) => one.reader === reader)
      const { tree } = source.connector
      const found = await sql.ask({ name, reader, changed, tree, files, whole }, query, waiting)
      tellReceived(project)
      return found
    },
    marks: ({ project }, { signal }) => of(project).marks(signal),
    setMark: ({ project, run, mark }) => {
      const { dataset, project: to, source } = entry(project)
      if (!dataset.setMetadata)
        throw new TrackioError(source.connector.name, 'notes and tags cannot be written here')
      return dataset.setMetadata(to.info.name, MARK_KEY + run, JSON.stringify(mark))
    },
    hold: ({ project, changes }) => sources.hold(project, changes),
    async reread({ project }) {
      const { dataset, source } = entry(project)
      dataset.refresh = async () => 'other'
      source.stamps.delete(dataset.path)
    },
    changeStored: async ({ place, change, id }) => (await changing()).changeStored(place, change, id),
    async changeThere({ project, change }) {
      const { changeThere } = await changing()
      const one = entry(project)
      try {
        await changeThere(one.dataset, one.project.info.name, one.source.connector.name, change)
      } catch (cause) {
        // some of it may be done; that looking fails too is what the next look says
        await lookAnew(one).catch(() => {})
        throw cause
      }
      await lookAnew(one)
    },
    async changeFile({ project, change, file, folder }) {
      const { project: found, dataset, source } = entry(project)
      const { changeOnDisk } = await changing()
      await changeOnDisk(source.projectFiles.get(dataset.path), found.info.name, change, { file, folder })
    },
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
      sql?.forget()
      tables?.forgetClosed((project) => membersOf(project).every(sources.has))
      files?.forgetClosed(sources.has)
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
    tables ??= (await import('./questions/logged-tables.ts')).makeLoggedTables(
      async () => (await projectFiles()).tables,
    )
    return tables
  }

  async function projectFiles(): Promise<ProjectFileAnswers> {
    files ??= (await import('./questions/project-files.ts')).makeProjectFiles(entry)
    return files
  }

  async function ofFile<T>({ project }: FileRef, ask: (files: ProjectFileAnswers) => Promise<T>): Promise<T> {
    const found = await ask(await projectFiles())
    tellReceived(project)
    return found
  }

  async function withSystems(): Promise<Systems> {
    systems ??= (await import('./sources/systems.ts')).makeSystems(entry)
    return systems
  }

  function openProjects(): OpenProjects {
    const holders = [tables?.holder, systems?.holder].filter((holder) => holder !== undefined)
    return { projects: sources.entries(), together: together?.all() ?? [], holders }
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

  /** Once it is folded, a change may leave size and time of the file as they were. */
  async function lookAnew({ source, dataset }: ProjectEntry): Promise<void> {
    source.stamps.delete(dataset.path)
    await sources.refresh(source.id)
  }

  /** A project with where the files of its artifacts are. */
  function artifactPlace(id: ProjectId, given?: ArtifactPlace['given']): ArtifactPlace {
    const { project, dataset, source } = entry(id)
    return {
      project,
      dataset,
      tree: source.connector.tree,
      files: source.projectFiles.get(dataset.path),
      given,
    }
  }

  /**
   * What a project has, beside its data too; of a server, which has no files, what it tells. `look`: whether all
   * files that it names are there.
   */
  async function holdingsIn(
    id: ProjectId,
    beside: NamedFile[] | undefined,
    signal: AbortSignal | undefined,
    look = true,
  ): Promise<Holdings> {
    const { lookedInto } = await import('./exports/contents.ts')
    const [first] = entriesOf(id)
    const files = first?.source.projectFiles.get(first.dataset.path)
    const tree = first?.source.connector.tree
    // several projects together have no files of their own
    const alone = membersOf(id).length === 1 && tree && files
    return lookedInto(
      of(id),
      alone ? { tree: withBeside(tree, beside ?? []), files } : undefined,
      look,
      signal,
    )
  }

  /** For copies of its files, in which what is shown as deleted still stands. */
  function copiedWhole(id: ProjectId, beside: NamedFile[] | undefined): Copied {
    const what = copied(id, beside)
    if (!sources.isHeld(id)) return what
    const why = 'a change of it can still be undone, and its files are as they were before'
    throw new TrackioError(what.project, why, 'Press Undo or Now beside the change, and ask again.')
  }

  /** A project with where its bytes are; `beside`: files that its source did not list. */
  function copied(id: ProjectId, beside: NamedFile[] | undefined): Copied {
    const { project, dataset, source } = entry(id)
    const tree = source.connector.tree && withBeside(source.connector.tree, beside ?? [])
    const files = source.projectFiles.get(dataset.path)
    if (!tree || !files)
      throw new TrackioError(
        project.info.name,
        'a live server gives out rows, not the database itself',
        'Copy its .db file from the folder that the server runs in.',
      )
    return {
      ...{ tree, files, project: project.info.name, from: source.connector.name },
      holdings: (signal) => holdingsIn(id, beside, signal),
    }
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

async function probed(project: Project, query: ProbeQuery): Promise<Probe> {
  if (query.groups || query.base)
    return (await import('./questions/group-probe.ts')).groupProbeOf(project, query)
  return (await probing()).probeOf(project, query)
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

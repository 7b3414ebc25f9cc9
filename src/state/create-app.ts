import { batch, createEffect, createMemo, createSignal, getOwner, onCleanup, runWithOwner } from 'solid-js'
import type { Connection } from '../bridge/connect.ts'
import type { EngineApi, EngineEvent } from '../bridge/engine-api.ts'
import { ROWS_CHANNEL } from '../bridge/writer-api.ts'
import { printNumbersBy, sameNumbers } from '../compute/number-style.ts'
import type { Notice } from '../model/source.ts'
import { chartDefaults } from './address/chart-defaults.ts'
import { createLocation } from './address/location.ts'
import { type PageRules, ruleOf } from './address/page-rules.ts'
import { createPatterns } from './address/patterns.ts'
import { createPreferences } from './address/preferences.ts'
import { createTheme } from './address/theme.ts'
import type { App } from './app.ts'
import { createJobs } from './base/job.ts'
import { createLate } from './base/late.ts'
import { createChanges } from './changes/changes.ts'
import { createArrangement } from './data/arrangement.ts'
import { createProjectData } from './data/catalogue.ts'
import { makeHub } from './data/hub.ts'
import { fetchDownloads, makeLateDownloads } from './data/late-downloads.ts'
import { createLibrary } from './data/library.ts'
import { createParts } from './data/part.ts'
import { createSettled } from './data/readiness.ts'
import { makeHandle } from './host/page-handle.ts'
import { createLateAlerts } from './pages/late-alerts.ts'
import { createLateSystem } from './pages/late-system.ts'
import { createMarks } from './runs/marks.ts'
import { createRanks } from './runs/ranks.ts'
import { createRuns } from './runs/runs.ts'
import { makeHandles } from './sources/file-handles.ts'
import { createLive } from './sources/live.ts'
import { takeRedirected } from './sources/sign-in.ts'
import { createSources, fetchGivenFiles, fetchReopening } from './sources/sources.ts'
import { openWanted } from './sources/start.ts'
import { makeTokens, takeTokens } from './sources/tokens.ts'
import { createView } from './view/chart-actions.ts'
import { createLateGroups } from './view/late-groups.ts'
import { createLatePanels } from './view/late-panels.ts'
import { createHistogramNames, createMetricNames, createMetrics } from './view/metric-list.ts'
import { createNotices, READER } from './view/notices.ts'
import { createPage } from './view/page.ts'

export interface AppOptions {
  demo: { name: string; fetch(signal: AbortSignal): Promise<File> }
  /** Which pages there are. */
  pages: PageRules
  version: string
  /** The engine shares the page's thread. */
  slow?: boolean
  /** Starts the worker that lays out lineage; without one this thread does it. */
  startLayout?: App['startLayout']
  /** Tells when the engine crashed, and whether another one has taken its place. */
  onCrash?: Connection['onCrash']
}

export function createApp(engine: EngineApi, options: AppOptions): App {
  const given = takeTokens()
  const redirected = takeRedirected()
  const preferences = createPreferences()
  const charts = createMemo(() => preferences.value().charts)
  const location = createLocation(
    options.pages,
    createMemo(() => chartDefaults(charts())),
  )
  const numbers = createMemo(() => preferences.value().numbers, undefined, { equals: sameNumbers })
  printNumbersBy(numbers)
  // whether the page lies beside a project is only looked for where its address names none
  const [probing, setProbing] = createSignal(location.wanted().length === 0)
  // until all that the address names was tried
  const [starting, setStarting] = createSignal(true)
  const handles = makeHandles()
  const tokens = makeTokens(engine)
  const sources = createSources({
    engine,
    location,
    preferences,
    handles,
    tokens,
    demo: options.demo,
    starting,
  })
  const projectId = sources.asked
  const told = (subject: string) => (error: unknown) => sources.fail(error, subject)
  const parts = createParts(readOn)
  const jobs = createJobs(sources.tell)
  const library = createLibrary(engine, jobs, sources.tell, sources.rest)
  const downloads = makeLateDownloads({ engine, jobs, tell: sources.tell, parts, rest: sources.rest })
  const projectName = createMemo(() => sources.project()?.name)
  const data = createProjectData(engine, projectId)
  const theme = createTheme(location, preferences)
  const names = createMetricNames(data)
  const histograms = createHistogramNames(data)
  const patterns = createPatterns()
  const ranks = createRanks({
    engine,
    project: projectId,
    runs: () => data.catalogue()?.runs ?? [],
    version: data.version,
    ended: data.ended,
  })
  const live = createLive(sources.source)
  const marks = createMarks({
    engine,
    preferences,
    project: projectId,
    projectName,
    // what is tracked in this browser; runs of a project beside it belong to another source
    writable: () => sources.source()?.kind === 'tracked' && sources.beside().length === 0,
    ended: data.ended,
    failed: told('notes and tags'),
  })
  const runs = createRuns({
    location,
    preferences,
    data,
    projectName,
    theme,
    metricNames: names,
    ranks,
    live,
    patterns,
    marks,
  })
  const changes = createChanges({
    ...{ engine, sources, library, marks, fail: sources.fail },
    runs: () => data.catalogue()?.runs ?? [],
    isLive: runs.isLive,
    restarting: () => reopening(),
    keepCopy: async ({ id, name }) => {
      const before = keptNames()
      await library.keep(id, name)
      const kept = keptNames().find((one) => !before.includes(one))
      if (kept !== undefined) await sources.openKept(kept)
    },
  })
  const panels = createLatePanels(
    { ...{ location, names, theme, patterns }, shown: runs.shown },
    told('charts of several metrics'),
  )
  const arrangement = createArrangement({
    ...{ location, preferences, data, projectName },
    names: () => [...names(), ...histograms()],
    movePanel(title, before) {
      const all = panels.all()
      if (!all?.find(title)) return false
      all.move(title, before)
      return true
    },
  })
  const metrics = createMetrics(location, data, names, histograms, runs, arrangement, patterns, panels.all)
  /** The engine ended, and what was open is on its way into the next one. */
  const [reopening, setReopening] = createSignal(false)
  const settled = createSettled(
    () => [location.view(), projectId(), theme(), sources.opening() !== undefined, reopening()],
    () =>
      starting() ||
      reopening() ||
      patterns.waits() ||
      !panels.ready() ||
      sources.opening() !== undefined ||
      sources.retaking() ||
      (projectId() !== undefined &&
        data.status().kind !== 'failed' &&
        (!data.ended() || !runs.filterReady() || !runs.colorsReady())),
  )
  const view = createView({
    engine,
    location,
    preferences,
    data,
    project: projectId,
    projectName,
    runs,
    metrics,
    arrangement,
    settled,
    theme,
    downloads,
    panels,
    alerts: () => alerts()?.all() ?? [],
    under: () => under(),
    groups: (x) =>
      createLateGroups(
        { engine, location, runs, project: projectId, projectName, x, downloads, ready: settled.ready },
        sources.fail,
      ),
    tell: sources.tell,
    dismiss: sources.dismiss,
    readOn: () => readOn(projectId() ?? ''),
  })

  const page = createPage(location, sources, starting)
  const needs = createMemo(() => ruleOf(options.pages, page())?.needs)

  const onEvent = (event: EngineEvent) => {
    sources.onEvent(event)
    data.onEvent(event)
  }
  engine.onEvent(onEvent).catch(told(READER))

  options.onCrash?.(({ why, again }) => {
    notices.crashed(why, again)
    if (!again) return
    setReopening(true)
    sources
      .reopen()
      .catch(told(READER))
      .finally(() => setReopening(false))
  })

  // a crash that comes sooner fetches it itself
  createEffect(() => {
    if (!settled.ready()) return
    for (const code of [fetchReopening, fetchDownloads, fetchGivenFiles]) code().catch(() => undefined)
  })
  createEffect(() => {
    const id = projectId()
    // only an order of reading; the charts ask for themselves
    if (id !== undefined) engine.watch(id).catch(() => undefined)
  })

  const counts = createLate(
    settled.ready,
    async () => {
      const { createSideCounts } = await import('./data/side-counts.ts')
      return () => createSideCounts({ engine, project: projectId, data, settled })
    },
    told('counts'),
  )
  const sideCounts = createMemo(() => counts()?.() ?? [])
  const alerts = createLateAlerts(
    {
      engine,
      project: projectId,
      data,
      // a page of alerts waits for no charts
      ready: () => settled.ready() || needs() === 'alerts',
      wanted: () => needs() === 'alerts' || sideCounts().some(({ table }) => table === 'alerts'),
      live: () => Boolean(sources.source()?.info.live),
    },
    sources.fail,
  )
  const filesLooked = () => needs() === 'files'
  const files = createLate(
    () => settled.ready() || filesLooked(),
    async () => {
      const { createProjectFiles } = await import('./pages/project-files.ts')
      return () =>
        createProjectFiles({
          ...{ files: sources.files, project: projectId, looked: filesLooked },
          free: () => settled.ready() && data.ended() && sources.source()?.info.host === '',
        })
    },
    told('files'),
  )
  // once looked at, they are followed: a strip below a chart goes on while the page of them is left
  const [systemWanted, setSystemWanted] = createSignal(false)
  const underName = location.field('under')
  const system = createLateSystem(
    {
      engine,
      project: projectId,
      data,
      wanted: () => systemWanted() || needs() === 'system' || underName() !== undefined,
      live: () => Boolean(sources.source()?.info.live),
    },
    sources.fail,
  )
  const under = createMemo(() => {
    const name = underName()
    return name === undefined ? undefined : system()?.under(name)
  })
  const notices = createNotices({
    ...{ location, sources, data, metrics, runs, patterns, settled },
    started: () => !starting(),
    slow: options.slow ?? false,
    alerts: alertNotices,
  })

  const app: App = {
    location,
    preferences,
    sources,
    tokens,
    jobs,
    library,
    downloads,
    hub: makeHub(engine, sources.tell, sources.rest),
    parts,
    handles,
    data,
    runs,
    ranks,
    marks,
    changes,
    metrics,
    arrangement,
    sideCounts,
    files,
    alerts,
    system,
    wantSystem: () => setSystemWanted(true),
    view,
    ask: engine.ask,
    startLayout: options.startLayout,
    panels,
    settled,
    patterns,
    page,
    needs,
    started: () => !starting(),
    probing,
    theme,
    setTheme(choice) {
      preferences.set({ theme: choice })
      if (location.view().theme !== undefined) location.patch({ theme: choice })
    },
    notices: notices.all,
    dismissNotice: notices.dismiss,
    cancelReading: () => withProject((id) => engine.cancel(id)),
    resumeReading: () => withProject(readOn),
    version: options.version,
  }

  /**
   * Charts lack marks then. The page of alerts says itself that it has none, and a source that is lost has
   * said so.
   */
  function alertNotices(): readonly Notice[] {
    const status = alerts()?.status()
    if (status?.kind === 'ready') return status.notices
    const said = needs() === 'alerts' || sources.source()?.stale !== undefined
    return status?.kind === 'failed' && !said ? [status.notice] : []
  }

  function keptNames(): string[] {
    const status = library.status()
    return status.kind === 'ready' ? status.projects.map(({ name }) => name) : []
  }

  async function readOn(id: string): Promise<void> {
    if (id === projectId()) data.expectMore()
    settled.poke()
    await engine.resume(id)
  }

  function withProject(act: (id: string) => Promise<void>): void {
    const id = projectId()
    if (id !== undefined) act(id).catch(told(sources.project()?.name ?? id))
  }

  // rows that another tab of this browser has just logged need not wait for the next look
  if (typeof BroadcastChannel !== 'undefined') {
    const rows = new BroadcastChannel(ROWS_CHANNEL)
    rows.onmessage = () => {
      for (const { info, kind } of sources.list()) if (kind === 'tracked') void sources.look(info.id)
    }
    onCleanup(() => rows.close())
  }

  window.trackio = makeHandle(app, engine)
  // a page that stands alone has nobody to talk to
  if (window.parent !== window || window.opener !== null) {
    const allowed = new URLSearchParams(window.location.search).getAll('origin')
    const owner = getOwner()
    import('./host/host.ts')
      .then(({ createHost }) => runWithOwner(owner, () => createHost(app, { allowed })))
      .catch(told('messages of other pages'))
  }
  onCleanup(() => {
    delete window.trackio
  })

  openWanted({
    ...{ engine, location, sources, tokens, given, redirected },
    demo: options.demo.name,
    probing: probing(),
    onProbed: () => setProbing(false),
  })
    .catch(told('start'))
    .finally(() => batch(() => [setProbing(false), setStarting(false)]))
  return app
}

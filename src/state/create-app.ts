import {
  type Accessor,
  batch,
  createComputed,
  createEffect,
  createMemo,
  createSignal,
  getOwner,
  on,
  onCleanup,
  runWithOwner,
  untrack,
} from 'solid-js'
import type { Connection } from '../bridge/connect.ts'
import type { EngineApi, EngineEvent } from '../bridge/engine-api.ts'
import { ROWS_CHANNEL } from '../bridge/writer-api.ts'
import type { Notice } from '../model/source.ts'
import { createLocation, isFramed, type ViewLocation } from './address/location.ts'
import { type PageRules, ruleOf } from './address/page-rules.ts'
import { createPatterns } from './address/patterns.ts'
import { createPreferences, type Preferences } from './address/preferences.ts'
import type { App } from './app.ts'
import { createArrangement } from './data/arrangement.ts'
import { createProjectData } from './data/catalogue.ts'
import { createLibrary } from './data/library.ts'
import { createParts } from './data/part.ts'
import { createSettled } from './data/readiness.ts'
import { createSideCounts } from './data/side-counts.ts'
import { makeHandle } from './host/page-handle.ts'
import type { ProjectAlerts } from './pages/alerts.ts'
import { createRanks } from './runs/ranks.ts'
import { createRuns } from './runs/runs.ts'
import { dataNotices, textOf } from './sources/data-notices.ts'
import { makeHandles } from './sources/file-handles.ts'
import { createLive } from './sources/live.ts'
import { takeRedirected } from './sources/sign-in.ts'
import { createSources } from './sources/sources.ts'
import { makeTokens, takeTokens } from './sources/tokens.ts'
import { createView } from './view/chart-actions.ts'
import { createMetricNames, createMetrics } from './view/metric-list.ts'

/** How long nothing is drawn while it is looked whether the page was served with something to open. */
const PROBE_MS = 4000

export interface AppOptions {
  demo: { name: string; fetch(signal: AbortSignal): Promise<File> }
  /** Which pages there are. */
  pages: PageRules
  version: string
  /** The engine shares the page's thread. */
  slow?: boolean
  /** Tells when the engine crashed, and whether another one has taken its place. */
  onCrash?: Connection['onCrash']
}

export function createApp(engine: EngineApi, options: AppOptions): App {
  const given = takeTokens()
  const redirected = takeRedirected()
  const preferences = createPreferences()
  const location = createLocation(options.pages)
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
  const parts = createParts(readOn)
  const library = createLibrary({ engine, tell: sources.tell, parts })
  const projectName = createMemo(() => sources.project()?.name)
  const data = createProjectData(engine, projectId)
  const theme = createTheme(location, preferences)
  const names = createMetricNames(data)
  const patterns = createPatterns()
  const ranks = createRanks({
    engine,
    project: projectId,
    runs: () => data.catalogue()?.runs ?? [],
    version: data.version,
    ended: data.ended,
  })
  const live = createLive(sources.source)
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
  })
  const arrangement = createArrangement({ location, preferences, data, projectName, names })
  const metrics = createMetrics(location, data, names, runs, arrangement, patterns)
  const settled = createSettled(
    () => [location.view(), projectId(), theme(), sources.opening() !== undefined],
    () =>
      starting() ||
      patterns.waits() ||
      sources.opening() !== undefined ||
      sources.retaking() ||
      (projectId() !== undefined &&
        data.status().kind !== 'failed' &&
        (!data.ended() || !runs.filterReady())),
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
    library,
    alerts: () => alerts()?.all() ?? [],
    readOn: () => readOn(projectId() ?? ''),
  })

  const wantedPage = location.field('page')
  const page = createMemo(() => {
    const wanted = wantedPage()
    const { home, open } = options.pages
    const rule = ruleOf(options.pages, wanted)
    if (rule?.needs === 'nothing') return wanted
    const underWay = (starting() || sources.opening()) && (location.wanted().length > 0 || sources.isBeside())
    if (sources.list().length === 0 && !underWay && !isFramed(location.view().sidebar)) return open
    return rule ? wanted : home
  })
  const needs = createMemo(() => ruleOf(options.pages, page())?.needs)
  createComputed(() => {
    document.documentElement.dataset.page = page()
  })

  const onEvent = (event: EngineEvent) => {
    sources.onEvent(event)
    data.onEvent(event)
  }
  const told = (subject: string) => (error: unknown) => sources.fail(error, subject)
  engine.onEvent(onEvent).catch(told(READER))

  const [alerts, setAlerts] = createSignal<ProjectAlerts>()
  const [dismissed, setDismissed] = createSignal<ReadonlySet<string>>(new Set())
  const [linkNotices, setLinkNotices] = createSignal<typeof import('./view/link-notices.ts').linkNotices>()
  settled.setBusy('notices', true)
  import('./view/link-notices.ts')
    .then((module) => setLinkNotices(() => module.linkNotices))
    .catch(told('what the address asks for'))
    .finally(() => settled.setBusy('notices', false))
  const notices = createMemo(() => {
    const linked = linkNotices()?.(!starting(), location, sources, data, runs, metrics) ?? []
    const all = [
      ...(options.slow ? [SLOW] : []),
      ...linked,
      ...patterns.notices(location.view()),
      ...dataNotices(sources, data),
      ...alertNotices(),
    ]
    return all.filter((notice) => !dismissed().has(textOf(notice)))
  })

  let lastCrash: Notice | undefined
  options.onCrash?.(({ why, again }) => {
    // what was said of the one before is over
    if (lastCrash) sources.dismiss(lastCrash)
    lastCrash = again ? restarted(why) : ended(why)
    sources.tell(lastCrash)
    if (again) void sources.reopen()
  })

  createEffect(() => {
    const id = projectId()
    // only an order of reading; the charts ask for themselves
    if (id !== undefined) engine.watch(id).catch(() => undefined)
  })

  // a page of alerts waits for no charts
  const due = () => settled.ready() || needs() === 'alerts'
  const sideCounts = createSideCounts({ engine, project: projectId, data, settled })
  const owner = getOwner()
  createEffect(
    on(due, (now) => {
      if (!now || untrack(alerts)) return
      // charts need none of it
      import('./pages/alerts.ts').then(
        ({ createAlerts }) =>
          runWithOwner(owner, () => {
            const wanted = () => needs() === 'alerts' || sideCounts().some(({ table }) => table === 'alerts')
            const live = () => Boolean(sources.source()?.info.live)
            setAlerts(
              (known) =>
                known ?? createAlerts({ engine, project: projectId, data, ready: due, wanted, live }),
            )
          }),
        told('alerts'),
      )
    }),
  )

  const app: App = {
    location,
    preferences,
    sources,
    tokens,
    library,
    parts,
    handles,
    data,
    runs,
    metrics,
    arrangement,
    sideCounts,
    alerts,
    view,
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
    notices,
    dismissNotice(notice) {
      // a failure that happens again must be said again
      if (sources.failures().includes(notice)) sources.dismiss(notice)
      else setDismissed(new Set(dismissed()).add(textOf(notice)))
    },
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
    import('./host/host.ts')
      .then(({ createHost }) => runWithOwner(owner, () => createHost(app, { allowed })))
      .catch(told('messages of other pages'))
  }
  onCleanup(() => {
    delete window.trackio
  })

  openWanted()
    .catch(told('start'))
    .finally(() => batch(() => [setProbing(false), setStarting(false)]))
  return app

  /** What the address asks for, one after the other: each joins the picker, the first is shown. */
  async function openWanted(): Promise<void> {
    for (const [origin, token] of given) await tokens.set(origin, token).catch(told(origin))
    if (redirected) {
      const { finishSignIn } = await import('./sources/sign-in-hub.ts')
      await finishSignIn(redirected, tokens).catch(told('sign-in'))
    }
    if (probing()) {
      // an engine that is gone says so where something is opened
      const asked = engine.beside(document.baseURI).catch(() => 'none' as const)
      const open = (beside: Awaited<typeof asked>) =>
        beside === 'none' ? undefined : sources.openBeside(beside)
      const beside = await Promise.race([
        asked,
        new Promise<undefined>((resolve) => setTimeout(resolve, PROBE_MS)),
      ])
      const opening = beside && open(beside)
      setProbing(false)
      await opening
      // an answer after that still counts, unless a person has opened something by then
      const free = () => sources.list().length === 0 && !sources.opening()
      if (!beside) void asked.then((late) => (free() ? open(late) : undefined)).catch(told('start'))
      return
    }
    for (const [i, link] of location.wanted().entries()) {
      const isDemo = link.as === 'db' && link.texts.length === 1 && link.texts[0] === options.demo.name
      await (isDemo ? sources.openDemo() : sources.openLink(link, i === 0))
    }
  }
}

const SLOW: Notice = {
  level: 'info',
  subject: 'sandboxed frame',
  text: 'the page around it gives it no origin of its own, so rows are read on the page’s own thread, and nothing is kept between visits',
  action: 'Add allow-same-origin to the frame’s sandbox attribute, or open the page in a tab of its own.',
}

const READER = 'the page’s worker'

function restarted(why: string): Notice {
  const action = 'What was open is read anew.'
  return { level: 'warn', subject: READER, text: `ended, and was started again (${why})`, action }
}

function ended(why: string): Notice {
  return {
    level: 'error',
    subject: READER,
    text: `ended (${why})`,
    action: 'Reload the page to go on.',
    reload: true,
  }
}

function createTheme(location: ViewLocation, preferences: Preferences): Accessor<'light' | 'dark'> {
  const query = window.matchMedia('(prefers-color-scheme: dark)')
  const [system, setSystem] = createSignal(query.matches)
  const onChange = () => setSystem(query.matches)
  query.addEventListener('change', onChange)
  onCleanup(() => query.removeEventListener('change', onChange))
  const linked = location.field('theme')
  const theme = createMemo(() => {
    const choice = linked() ?? preferences.value().theme
    return choice === 'auto' ? (system() ? 'dark' : 'light') : choice
  })
  // before any effect of a chart, which reads the tokens of the new theme
  createComputed(() => {
    document.documentElement.dataset.theme = theme()
  })
  return theme
}

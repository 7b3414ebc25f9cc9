import { type Accessor, createContext, useContext } from 'solid-js'
import type { EngineApi } from '../bridge/engine-api.ts'
import type { LayoutWorker } from '../bridge/lineage-layout.ts'
import type { SideCount } from '../model/catalogue.ts'
import type { Notice } from '../model/source.ts'
import type { ThemeChoice } from './address/link.ts'
import type { ViewLocation } from './address/location.ts'
import type { PageRule } from './address/page-rules.ts'
import type { Patterns } from './address/patterns.ts'
import type { Preferences } from './address/preferences.ts'
import type { Jobs } from './base/job.ts'
import type { Changes } from './changes/changes.ts'
import type { Arrangement } from './data/arrangement.ts'
import type { ProjectData } from './data/catalogue.ts'
import type { Downloads } from './data/downloads.ts'
import type { Hub } from './data/hub.ts'
import type { Library } from './data/library.ts'
import type { Parts } from './data/part.ts'
import type { Settled } from './data/readiness.ts'
import type { ProjectAlerts } from './pages/alerts.ts'
import type { ProjectFiles } from './pages/project-files.ts'
import type { SystemMetrics } from './pages/system.ts'
import type { Ranks } from './runs/ranks.ts'
import type { Runs } from './runs/runs.ts'
import type { Marks } from './runs/written-marks.ts'
import type { Handles } from './sources/file-handles.ts'
import type { Sources } from './sources/sources.ts'
import type { Tokens } from './sources/tokens.ts'
import type { View } from './view/chart-actions.ts'
import type { LatePanels } from './view/late-panels.ts'
import type { Metrics } from './view/metric-list.ts'

/** Everything on screen that is not drawing: one object, in one context. */
export interface App {
  location: ViewLocation
  preferences: Preferences
  sources: Sources
  tokens: Tokens
  /** Copies and downloads on their way. */
  jobs: Jobs
  library: Library
  downloads: Downloads
  hub: Hub
  /** What is asked where not all rows could be read. */
  parts: Parts
  handles: Handles
  data: ProjectData
  runs: Runs
  /** Single numbers of a metric for every run. */
  ranks: Ranks
  /** Names, notes and tags that people gave to runs. */
  marks: Marks
  /** Of runs and projects where they lie, with undo. */
  changes: Changes
  metrics: Metrics
  arrangement: Arrangement
  /** Rows of the tables beside the metrics, once they were counted. */
  sideCounts: Accessor<readonly SideCount[]>
  /** Files beside the project's rows. Undefined until somebody looks at them, or the first charts stand. */
  files: Accessor<ProjectFiles | undefined>
  /** Undefined until the first charts stand. */
  alerts: Accessor<ProjectAlerts | undefined>
  /** Undefined until somebody looks at system metrics: their page, or what says so by `wantSystem`. */
  system: Accessor<SystemMetrics | undefined>
  wantSystem(): void
  view: View
  /** For what a single page asks: through its file in `pages`, which comes with it. */
  ask: EngineApi['ask']
  /** Starts the worker that lays out lineage; undefined where there is none. */
  startLayout: (() => LayoutWorker) | undefined
  panels: LatePanels
  settled: Settled
  patterns: Patterns
  /** The page on screen, and what it needs; the page to open something while nothing is open. */
  page: Accessor<string>
  needs: Accessor<PageRule['needs'] | undefined>
  /** All that the address names was tried. */
  started: Accessor<boolean>
  /** Not known yet whether the page was served with something to open. */
  probing: Accessor<boolean>
  theme: Accessor<'light' | 'dark'>
  setTheme(theme: ThemeChoice): void
  /** What is wrong with the address or the project, in words. */
  notices: Accessor<Notice[]>
  dismissNotice(notice: Notice): void
  cancelReading(): void
  resumeReading(): void
  version: string
}

export const AppContext = createContext<App>()

export function useApp(): App {
  const app = useContext(AppContext)
  if (!app) throw new Error('useApp: no AppContext around this component')
  return app
}

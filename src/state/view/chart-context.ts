import type { Alert } from '../../model/alert.ts'
import type { GroupPage } from '../../model/groups.ts'
import type {
  Frame,
  FrameQuery,
  Probe,
  ProbeQuery,
  RangeMode,
  Scale,
  Smoothing,
  TablePage,
  XAxis,
  Zoom,
} from '../../model/view.ts'

/** How a run is drawn: `color` as CSS (already of the current theme), `dash` in CSS pixels ([] = solid). */
export interface RunStyle {
  color: string
  dash: number[]
}

export interface ShownRun {
  key: string
  name: string
  slot: number
  style: RunStyle
  /** ms since 1970 of its first row: the tooltip then says the elapsed time. */
  created?: number
  /** Differences are taken to it: its line is thicker. */
  isBase?: boolean
}

/** What charts draw in place of runs, or as differences to a baseline. */
export interface ChartGroups {
  /** A line for each group with shown runs; none where runs are drawn. */
  lines(): ShownRun[]
  /** What a chart asks: the runs behind it, their groups, and the baseline where it shows differences. */
  asked(metric: string): Pick<FrameQuery, 'runs' | 'groups' | 'base'>
  /** The group line that stands for a run. */
  lineOf(run: string): string | undefined
  /** Runs of the baseline's group. */
  pairs(): string[]
  /** '' without one. */
  baseName(): string
  /** Each difference is that of two runs with the same seed. */
  bySeed(): boolean
  nameOfRun(run: string): string
  /** The chart shows differences to the baseline; without a metric all charts do. */
  isDifference(metric: string): boolean
  setDifference(metric: string | undefined, on: boolean): void
  /** What stands for groups, by x, of what was logged; rejects as `table` of the view does. */
  table(
    metric: string,
    from: number,
    count: number,
    how: { part: boolean; signal: AbortSignal },
  ): Promise<GroupPage>
  /** Downloads that table; asks first, where not all could be read. */
  downloadCsv(metric: string): Promise<void>
  /** Shown runs of two groups with the same seed, where each run of the first has one of its own in the second. */
  seedPairs(first: string, second: string): [run: string, run: string][]
}

/** The crosshair that all charts share, in units of the x axis. */
export interface Cursor {
  x: number
  /** The chart that has the pointer. */
  metric: string
  pinned: boolean
  /** A crosshair that was pinned before it: the difference between the two is told. */
  from?: number
}

/** What a run warned of, as far as charts mark it. */
export type AlertMark = Pick<Alert, 'level' | 'run' | 'step' | 'time' | 'title' | 'text'>

/**
 * All that charts know of the page: accessors they read and actions they call. `state` provides it; a test
 * can provide its own.
 */
export interface ChartView {
  project(): string
  /** As a person knows it: for figures and names of files. */
  projectName(): string
  /** Shown runs in drawing order (newest on top). */
  runs(): ShownRun[]
  /** What a chart draws: the shown runs, or of several metrics one line for each run and metric. */
  lines(chart: string): ShownRun[]
  isSeveral(chart: string): boolean
  /** Opens what makes a chart of several metrics, or changes this one; undefined closes it. */
  editSeveral(chart: string | undefined): void
  removeSeveral(chart: string): void
  /** Undefined where runs are drawn as they are; 'waits' while what groups them is fetched. */
  groups(): ChartGroups | 'waits' | undefined
  envelope(): boolean
  smoothing(): Smoothing
  x(): XAxis
  xScale(): Scale
  /** Page-wide, or this chart's own where it was set. */
  yScale(metric: string): Scale
  setYScale(metric: string, scale: Scale | undefined): void
  range(metric: string): RangeMode
  setRange(metric: string, range: RangeMode | undefined): void
  /** Its y axis was set for this chart alone. */
  hasOwnAxis(metric: string): boolean
  zoom(): Zoom | undefined
  /**
   * Pushes onto the zoom history; undefined resets. `replace`: overwrites the newest entry (a wheel or a pan
   * in progress).
   */
  setZoom(zoom: Zoom | undefined, replace?: boolean): void
  zoomBack(): void
  zoomForward(): void
  /** Run under the pointer or focused in the list. */
  highlight(): string | undefined
  /** The very line, where a chart has several of a run. */
  hotLine(): string | undefined
  setHighlight(run: string | undefined): void
  cursor(): Cursor | undefined
  setCursor(cursor: Cursor | undefined): void
  /** Shown runs off: how many hidden runs logged this metric; `showHidden` shows those. */
  hiddenWith(metric: string): number
  showHidden(metric: string): void
  showRaw(): boolean
  /** Of all runs of the project; empty until they are read. */
  alerts(): readonly AlertMark[]
  /** Charts mark them. */
  alertMarks(): boolean
  setAlertMarks(on: boolean): void
  theme(): 'light' | 'dark'
  /** Grows whenever the engine has more rows of this project. */
  dataVersion(): number
  /** Every row of the project was read. */
  exact(): boolean
  /** Words for a chart that waits: `reading 4.7 of 12.4 MB`; '' when nothing is being read. */
  readingText(): string
  integer(metric: string): boolean
  timeZone(): 'local' | 'utc'
  /** `version`: of the frame on screen; undefined where nothing behind it changed. */
  frame(query: FrameQuery, signal?: AbortSignal | undefined, version?: string): Promise<Frame | undefined>
  probe(query: ProbeQuery, signal?: AbortSignal | undefined): Promise<Probe>
  /** Of all rows; rejects with an IncompleteError where not all could be read, unless a `part` will do. */
  table(
    metric: string,
    from: number,
    count: number,
    how: { part: boolean; signal: AbortSignal },
  ): Promise<TablePage>
  /** Takes a reading that failed or was stopped up again; what failed is told as ever. */
  readOn(): Promise<void>
  /** Downloads all logged rows of the metric; asks first, where not all could be read. */
  downloadCsv(metric: string): Promise<void>
  /**
   * A chart, by a name of its own, says whether it waits for a frame, so that the page knows when it is
   * settled.
   */
  setBusy(chart: string, busy: boolean): void
  /**
   * The same of the frame it shows, so that the page can say how faithful its charts are; undefined while it
   * is out of sight or shows none.
   */
  setShown(chart: string, frame: Frame | undefined): void
  /** Whether it stands in the first section of the sheet. */
  isPinned(metric: string): boolean
  setPinned(metric: string, pinned: boolean): void
  /** Full screen: which metric is shown alone, and its neighbours by arrow keys. */
  fullscreen(): string | undefined
  setFullscreen(metric: string | undefined): void
}

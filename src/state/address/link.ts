import type { GroupKey } from '../../compute/group.ts'
import type { Panel } from '../../compute/panel.ts'
import type { GroupBand, GroupStatistic } from '../../model/groups.ts'
import type { RangeMode, Scale, Smoothing, XAxis, Zoom } from '../../model/view.ts'

export type Rank = { metric: string; by: 'last' | 'min' | 'max' }
/** y axis of one chart, as far as it was set for it alone. */
export interface OwnAxis {
  scale?: Scale | undefined
  range?: RangeMode | undefined
}
/** What runs are coloured by, instead of colours of their own. */
export type ColorBy = { kind: 'config'; path: string } | ({ kind: 'metric' } & Rank)
export type SidebarMode = 'auto' | 'visible' | 'collapsed' | 'hidden'
export type ThemeChoice = 'auto' | 'light' | 'dark'
export type PageRange = 'robust' | 'full' | 'zero'
/** What stands on charts while runs are grouped. */
export const DRAWN = ['runs', 'groups', 'both'] as const
export type Drawn = (typeof DRAWN)[number]
export type Columns = 'auto' | number

/**
 * Which runs are drawn. `auto`: all up to 50, of more the newest 50. `only` and `except` name runs by key or,
 * from links, by name.
 */
export type ShownRule =
  | { kind: 'auto' }
  | { kind: 'only'; keys: string[]; names: string[] }
  | { kind: 'except'; keys: string[] }
  | { kind: 'latest'; count: number }

/** All that a link carries: what a person chose on the screen. Replaced, never mutated. */
export interface ViewState {
  page: string
  project: string | undefined
  /** Names of other open projects whose runs are drawn beside those of `project`. */
  beside: string[]
  /** As written in a link: resolved against the metrics of the project. */
  metrics: string | undefined
  /** Charts of several metrics. */
  panels: readonly Panel[]
  search: { text: string; regex: boolean }
  shown: ShownRule
  smoothing: Smoothing
  x: XAxis
  xScale: Scale
  yScale: Scale
  range: PageRange
  /** By chart. */
  ownAxes: Readonly<Record<string, OwnAxis>>
  columns: Columns
  zoom: Zoom | undefined
  group: GroupKey
  draw: Drawn
  /** Of group lines. */
  statistic: GroupStatistic
  band: GroupBand
  /** What differences are taken to: `run:` and a run's key or id, or `group:` and the id of a group. */
  base: string | undefined
  /** Metrics whose charts show differences; `*`: all. */
  differences: string[]
  rank: Rank | undefined
  filter: string
  follow: boolean
  raw: boolean
  /** Extremes of every pixel column, behind each line. */
  envelope: boolean
  sidebar: SidebarMode
  navbar: boolean
  accordion: boolean
  theme: ThemeChoice | undefined
  hideEmptyTabs: boolean
  fullscreen: string | undefined
  /** Colour slots set by hand, by run key. */
  slots: Record<string, number>
  colorBy: ColorBy | undefined
  /** Names of runs in this view, by run key. */
  names: Readonly<Record<string, string>>
  /**
   * Pinned metrics, and the order of metrics and sections as far as it was set by hand. Undefined: as this
   * browser keeps it for the project.
   */
  pins: string[] | undefined
  order: string[] | undefined
  /** Parameters of the pages' own, by page. */
  own: Readonly<Record<string, Own>>
}

/** As they are written in the address, by name. */
export type Own = Readonly<Record<string, string>>

/** A value of a link that was ignored, or, where `shown` is there, taken as that: the nearest there is. */
export interface Problem {
  name: string
  value: string
  shown?: string
}

/** A file that a link shows and does not hold: it lies on the disk of whoever made the link. */
export interface WantedFile {
  /** Its name alone, without folders. */
  name: string
  /** Size in bytes, a write-ahead log included. */
  bytes: number
}

export const DEFAULT_VIEW: ViewState = {
  page: '',
  project: undefined,
  beside: [],
  metrics: undefined,
  panels: [],
  search: { text: '', regex: false },
  shown: { kind: 'auto' },
  smoothing: { kind: 'mean', width: 10, factor: 1, auto: true },
  x: { kind: 'step' },
  xScale: 'linear',
  yScale: 'linear',
  range: 'robust',
  ownAxes: {},
  columns: 'auto',
  zoom: undefined,
  group: { kind: 'none' },
  draw: 'runs',
  statistic: 'mean',
  band: 't95',
  base: undefined,
  differences: [],
  rank: undefined,
  filter: '',
  follow: false,
  raw: true,
  envelope: false,
  sidebar: 'auto',
  navbar: true,
  accordion: true,
  theme: undefined,
  hideEmptyTabs: false,
  fullscreen: undefined,
  slots: {},
  colorBy: undefined,
  names: {},
  pins: undefined,
  order: undefined,
  own: {},
}

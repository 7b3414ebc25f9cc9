import type { GroupKey } from '../../compute/group.ts'
import type { Scale, Smoothing, XAxis, Zoom } from '../../model/view.ts'

export type Rank = { metric: string; by: 'last' | 'min' | 'max' }
export type SidebarMode = 'auto' | 'visible' | 'collapsed' | 'hidden'
export type ThemeChoice = 'auto' | 'light' | 'dark'
export type PageRange = 'robust' | 'full' | 'zero'
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
  search: { text: string; regex: boolean }
  shown: ShownRule
  smoothing: Smoothing
  x: XAxis
  xScale: Scale
  yScale: Scale
  range: PageRange
  columns: Columns
  zoom: Zoom | undefined
  group: GroupKey
  rank: Rank | undefined
  filter: string
  follow: boolean
  raw: boolean
  sidebar: SidebarMode
  navbar: boolean
  accordion: boolean
  theme: ThemeChoice | undefined
  hideEmptyTabs: boolean
  fullscreen: string | undefined
  /** System metric that stands as a strip under each chart. */
  under: string | undefined
  /** Colour slots set by hand, by run key. */
  slots: Record<string, number>
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
  search: { text: '', regex: false },
  shown: { kind: 'auto' },
  smoothing: { kind: 'mean', width: 10, factor: 1, auto: true },
  x: { kind: 'step' },
  xScale: 'linear',
  yScale: 'linear',
  range: 'robust',
  columns: 'auto',
  zoom: undefined,
  group: { kind: 'none' },
  rank: undefined,
  filter: '',
  follow: false,
  raw: true,
  sidebar: 'auto',
  navbar: true,
  accordion: true,
  theme: undefined,
  hideEmptyTabs: false,
  fullscreen: undefined,
  under: undefined,
  slots: {},
  pins: undefined,
  order: undefined,
  own: {},
}

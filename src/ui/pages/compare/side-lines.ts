import type { JSX } from 'solid-js'
import type { RunKey } from '../../../model/run.ts'

/* What is compared beside config and metrics, as the rest of the page knows it: its code comes later. */

export const SIDE_SECTIONS = ['media', 'histograms', 'tables', 'traces'] as const
export type SideSection = (typeof SIDE_SECTIONS)[number]

export type SideLine =
  /** The last values of a key, a run each. `seen`: pictures or texts, which want room; others are words alone. */
  | { kind: 'media'; id: string; label: string; key: string; seen: boolean }
  /** Of all runs one over the other. */
  | { kind: 'histogram'; id: string; label: string; key: string }
  | { kind: 'table'; id: string; label: string; key: string }
  | { kind: 'traces'; id: string; label: string }

/** Why a section has no lines. */
export interface SideFailure {
  kind: 'failure'
  id: string
  section: SideSection
  label: string
  why: string
  retry: (() => void) | undefined
}

export interface Sides {
  /** Lines of a section that some of the compared runs have. */
  lines(section: SideSection): readonly SideLine[]
  failure(section: SideSection): SideFailure | undefined
  /** Which of the compared runs have it. */
  has(line: SideLine, run: RunKey): boolean
  label(line: SideLine): JSX.Element
  /** What holds for all of a line. */
  middle(line: SideLine): JSX.Element
  cell(line: SideLine, column: number): JSX.Element
  /** The same in words, for a file: `64 × 5 at step 900`; '' where nothing was logged. */
  text(line: SideLine, column: number): string
  /** Something of a line is still read for that. */
  waits(line: SideLine): boolean
  /** Histograms side by side, over the whole width. */
  outlines(keys: readonly string[], width: number): JSX.Element
  /** Goes to the page of a line; of a cell to what it shows. False where there is nothing to go to. */
  open(line: SideLine, column: number | undefined): boolean
}

export const SIDE_LABELS: Record<SideSection, string> = {
  media: 'Media',
  histograms: 'Histograms',
  tables: 'Tables',
  traces: 'Traces',
}

export function isSideLine(line: { kind: string }): line is SideLine {
  return ['media', 'histogram', 'table', 'traces'].includes(line.kind)
}

/** Height of the pictures of a line of media, px, and of such a line. */
export const PICTURE = { wide: 112, turned: 56, phone: 88 }
export const OUTLINES_HEIGHT = 240
/** A histogram is at least so wide, where the window is. */
const OUTLINES_WIDTH = 360

/** Histograms that stand beside each other in a width. */
export function outlinesAcross(width: number): number {
  return Math.max(1, Math.min(4, Math.floor(width / OUTLINES_WIDTH)))
}

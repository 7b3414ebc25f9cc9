import { type Accessor, createMemo, createSignal } from 'solid-js'
import { makeMetricTest } from '../../compute/filter.ts'
import { percentileOf } from '../../compute/percentile-name.ts'
import { resolveMetrics } from '../../compute/resolve-metrics.ts'
import type { Section } from '../../compute/section.ts'
import { sectionsOf, splitSections } from '../../compute/sections.ts'
import type { Catalogue } from '../../model/catalogue.ts'
import { HISTOGRAM } from '../../model/histogram.ts'
import type { MetricInfo } from '../../model/metric.ts'
import type { ViewLocation } from '../address/location.ts'
import type { Patterns } from '../address/patterns.ts'
import type { Arrangement } from '../data/arrangement.ts'
import type { ProjectData } from '../data/catalogue.ts'
import type { Runs } from '../runs/runs.ts'
import type { Panels } from './panels.ts'

/** An embed with up to this many metrics shows them without section heads, filling its frame. */
export const FEW_CHARTS = 4

export interface Metrics {
  /** All metrics of the project, sorted by name. */
  names: Accessor<string[]>
  info(metric: string): MetricInfo | undefined
  /** Those of the page, in sections; one without a head when `plain`. */
  sections: Accessor<Section[]>
  /** No section heads, full names: asked for by the link, or an embed with little in it. */
  plain: Accessor<boolean>
  /** Names in the order of the page. */
  listed: Accessor<string[]>
  /** Cards of the page: those, and of histograms. */
  cards: Accessor<number>
  /** It is no metric, but a key that histograms are logged under. */
  isHistogram(name: string): boolean
  /** Metrics left out because no shown run has a point. */
  empty: Accessor<number>
  showEmpty: Accessor<boolean>
  setShowEmpty(show: boolean): void
  /** Names that a link asked for and the project does not have. */
  missing: Accessor<string[]>
  /** Keys that hold other things than numbers. */
  others: Accessor<number>
  points: Accessor<number>
  /** Runs that logged a metric, hidden ones only. */
  hiddenWith(metric: string): string[]
}

/** The metrics of a project that is read from `data`: the names alone, which the list of runs needs too. */
export function createMetricNames(data: ProjectData): Accessor<string[]> {
  return createMemo(() => data.catalogue()?.metrics.map(({ name }) => name) ?? [], undefined, {
    equals: sameNames,
  })
}

/** Keys of histograms, which stand among the metrics; one that holds numbers too is a metric. */
export function createHistogramNames(data: ProjectData): Accessor<string[]> {
  return createMemo(
    () => {
      const { others = [], metrics = [] } = data.catalogue() ?? {}
      const logged = new Set(metrics.map(({ name }) => name))
      return others.flatMap(({ name, kinds }) => (HISTOGRAM in kinds && !logged.has(name) ? [name] : []))
    },
    undefined,
    { equals: sameNames },
  )
}

/** What the Metrics page shows: searched, named by a link, and with points in the shown runs. */
export function createMetrics(
  location: ViewLocation,
  data: ProjectData,
  names: Accessor<string[]>,
  histograms: Accessor<string[]>,
  runs: Runs,
  arrangement: Arrangement,
  patterns: Patterns,
  panels: Accessor<Panels | undefined>,
): Metrics {
  const asked = location.field('metrics')
  const search = location.field('search')
  const [showEmpty, setShowEmpty] = createSignal(false)
  const infos = createMemo(
    () => new Map((data.catalogue()?.metrics ?? []).map((info, row) => [info.name, { info, row }])),
  )

  const pictures = createMemo(() => new Set(histograms()))
  const all = createMemo(() => {
    if (pictures().size === 0) return names()
    // percentiles of histograms are metrics that stand in no list: a card has whoever pins one
    const pinned = arrangement.pins().filter((name) => pictures().has(percentileOf(name)?.key ?? ''))
    return [...names(), ...histograms(), ...pinned]
  })

  const resolved = createMemo<ReturnType<typeof resolveMetrics> | undefined>(() => {
    const text = asked()
    if (text === undefined) return undefined
    return patterns.attempt(
      () => resolveMetrics(text, all()),
      () => LATER,
    )
  })
  const searched = createMemo<string[]>(
    (before) => {
      const wanted = resolved()
      const { text, regex } = search()
      return patterns.attempt(
        () => {
          if (wanted === LATER) return stillIn(before, all())
          // a link that names nothing here draws nothing: what it asked for must not drown in all the others
          const base = wanted?.metrics ?? all()
          return text === '' ? base : base.filter(makeMetricTest(text, regex))
        },
        () => stillIn(before, all()),
      )
    },
    [],
    { equals: sameNames },
  )
  const withPoints = createMemo(
    () => {
      const catalogue = data.catalogue()
      // counts of a catalogue that is still being read may be 0 for a metric that is there
      if (!catalogue || !data.exact() || showEmpty()) return searched()
      const columns = shownColumns(catalogue, runs)
      if (columns.length === 0 || columns.length === catalogue.runs.length) return searched()
      return searched().filter((name) => {
        const row = infos().get(name)?.row
        return row === undefined || hasPoints(catalogue, row, columns)
      })
    },
    undefined,
    { equals: sameNames },
  )
  const accordion = location.field('accordion')
  const sidebar = location.field('sidebar')
  const prefixed = createMemo(() => sectionsOf(withPoints(), arrangement.placing()))
  const plain = createMemo(() => {
    // under heads the charts could not stand in the order of the link
    if (!accordion() || resolved() !== undefined) return true
    const [only, ...others] = splitSections(withPoints())
    return (
      sidebar() === 'hidden' &&
      (withPoints().length <= FEW_CHARTS || (others.length === 0 && only?.nested.length === 0))
    )
  })
  const sections = createMemo((): Section[] => {
    const several = panels()
    if (!plain()) return several?.placed(prefixed(), arrangement.pins()) ?? prefixed()
    // in the order of the link, where it names them
    const named = resolved() === undefined ? walk(prefixed()) : withPoints()
    const metrics = [...(several?.searched() ?? []), ...named]
    return metrics.length === 0
      ? []
      : [{ name: 'Charts', key: '*', metrics, nested: [], count: metrics.length }]
  })

  return {
    names,
    info: (metric) => infos().get(metric)?.info,
    sections,
    plain,
    listed: createMemo(() => {
      const placed = walk(sections())
      return pictures().size > 0 ? placed.filter((name) => !pictures().has(name)) : placed
    }),
    cards: createMemo(() => walk(sections()).length),
    isHistogram: (name) => pictures().has(name),
    empty: createMemo(() => searched().length - withPoints().length),
    showEmpty,
    setShowEmpty,
    missing: createMemo(() => (data.exact() ? (resolved()?.missing ?? []) : [])),
    others: createMemo(() => data.catalogue()?.others.length ?? 0),
    points: createMemo(() => (data.catalogue()?.metrics ?? []).reduce((sum, { points }) => sum + points, 0)),
    hiddenWith(metric) {
      const catalogue = data.catalogue()
      const row = infos().get(metric)?.row
      if (!catalogue || row === undefined) return []
      const at = row * catalogue.runs.length
      return catalogue.runs
        .filter((run, i) => (catalogue.counts[at + i] ?? 0) > 0 && !runs.isShown(run.key))
        .map(({ key }) => key)
    },
  }
}

/** Names in the order of the sheet. */
function walk(sections: readonly Section[]): string[] {
  return sections.flatMap((section) => [...section.metrics, ...walk(section.nested)])
}

/** Its patterns are still being tried. */
const LATER = { metrics: [], missing: [] }

/** What is still there of names that were found before. */
function stillIn(before: readonly string[], names: readonly string[]): string[] {
  const now = new Set(names)
  return before.filter((name) => now.has(name))
}

function shownColumns(catalogue: Catalogue, runs: Runs): number[] {
  const drawn = new Set(runs.shown().map(({ key }) => key))
  const columns: number[] = []
  catalogue.runs.forEach((run, i) => {
    if (drawn.has(run.key)) columns.push(i)
  })
  return columns
}

function hasPoints(catalogue: Catalogue, row: number, columns: readonly number[]): boolean {
  const at = row * catalogue.runs.length
  for (const column of columns) if ((catalogue.counts[at + column] ?? 0) > 0) return true
  return false
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, i) => name === b[i])
}
